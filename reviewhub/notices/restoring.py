"""After a restore: what may already have been sent by the lost installation waits for an administrator (F35)."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from reviewhub.notices import waking
from reviewhub.notices.models import Delivery, Fence, Message


@transaction.atomic
def fence(*, at: dt.datetime) -> int:
    """Hold everything that has not been sent and everything that fell due before `at`; how many wait now."""
    Fence.objects.create(restored_at=at)
    unsent = [Delivery.State.QUEUED, Delivery.State.RETRY, Delivery.State.SENDING]
    held = Delivery.objects.filter(state__in=unsent).update(
        state=Delivery.State.HELD, token=None, lease_until=None
    )
    return held + Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.HELD)


def held() -> dict[str, int]:
    """How many messages and deliveries wait for a decision."""
    return {
        "messages": Message.objects.filter(state=Message.State.HELD).count(),
        "deliveries": Delivery.objects.filter(state=Delivery.State.HELD).count(),
    }


@transaction.atomic
def release(*, at: dt.datetime) -> int:
    """Send what was held; how many.

    A delivery that was being sent when the backup was made is in doubt: it goes again only where losing it is worse.
    """
    rows = Delivery.objects.filter(state=Delivery.State.HELD)
    queued = {"state": Delivery.State.QUEUED, "handed_over_at": None, "not_before": at, "created_at": at}
    freed = rows.filter(handed_over_at=None).update(**queued)
    freed += rows.filter(resend_in_doubt=True, doubts=0).update(**queued, doubts=1)
    rows.update(state=Delivery.State.IN_DOUBT, doubts=F("doubts") + 1, finished_at=at)
    waiting = Message.objects.filter(state=Message.State.HELD)
    freed += waiting.update(state=Message.State.QUEUED, not_before=at)
    transaction.on_commit(waking.wake, robust=True)
    return freed


@transaction.atomic
def drop(*, at: dt.datetime) -> int:
    """Do not send what was held: it went out before the restore; how many. The inbox keeps it.

    A delivery that was being sent when the backup was made is not called cancelled: it may have arrived.
    """
    rows = Delivery.objects.filter(state=Delivery.State.HELD)
    dropped = rows.exclude(handed_over_at=None).update(
        state=Delivery.State.IN_DOUBT, doubts=F("doubts") + 1, finished_at=at
    )
    dropped += rows.update(state=Delivery.State.CANCELLED, finished_at=at)
    waiting = Message.objects.filter(state=Message.State.HELD)
    return dropped + waiting.update(state=Message.State.SUPPRESSED, reason="sent_before_restore")
