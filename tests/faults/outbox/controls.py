"""Workers in a loop: the outbox's own, and the usual ways to write one, which must fail as they are known to fail."""

import time

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from reviewhub.notices import channels, outbox, tasks
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Delivery

State = Delivery.State
NAP = 0.2


def for_ever(turn):
    """Call `turn()` again and again; a short rest when it found nothing to do."""

    def loop():
        while True:
            try:
                if not turn():
                    time.sleep(NAP)
            except OperationalError:  # the database is busy or away
                connection.close()
                time.sleep(NAP)

    return loop


def ours() -> bool:
    """The task itself, as Celery runs it."""
    return bool(tasks.tick()["sent"])


def naive() -> bool:
    """Ask what is due, send it, write it down."""
    rows = list(Delivery.objects.filter(state=State.QUEUED).order_by("not_before", "id")[:20])
    for row in rows:
        crashpoint("after_claim")
        channels.send(channels.letter(row, at=timezone.now()))
        Delivery.objects.filter(pk=row.pk).update(state=State.SENT)
        crashpoint("after_confirm")
    return bool(rows)


def mark_first() -> bool:
    """Write down that it was sent, then send it."""
    with transaction.atomic():
        rows = Delivery.objects.filter(state=State.QUEUED).order_by("not_before", "id")
        row = rows.select_for_update(skip_locked=True).first()
        if row is None:
            return False
        Delivery.objects.filter(pk=row.pk).update(state=State.SENT)
    crashpoint("after_claim")
    channels.send(channels.letter(row, at=timezone.now()))
    return True


def no_fence() -> bool:
    """Claim with a lease, send, write it down: nobody asks whether the lease has run out in between."""
    row = outbox.claim(clock=timezone.now)
    if row is None:
        return False
    crashpoint("after_claim")
    letter = channels.letter(row, at=timezone.now())
    crashpoint("after_marker")
    channels.send(letter)
    done = {"state": State.SENT, "token": None, "lease_until": None}
    Delivery.objects.filter(pk=row.pk).update(**done)
    return True


LOOPS = {turn.__name__: for_ever(turn) for turn in (ours, naive, mark_first, no_fence)}
