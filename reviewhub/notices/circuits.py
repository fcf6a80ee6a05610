"""The doors to mail and chat: shut for a while after five failures in a row, and at most so many letters a second."""

import datetime as dt
import time

from django.conf import settings
from django.db import transaction
from django.db.models import F

from reviewhub.notices.models import Circuit

FAILURES = 5
PROBE = dt.timedelta(minutes=1)


def shut(*, at: dt.datetime) -> list[str]:
    """The channels whose door is shut and whose next probe is not due yet."""
    return list(
        Circuit.objects.filter(opened_at__isnull=False, probe_at__gt=at).values_list("channel", flat=True)
    )


def probe(channel: str, *, at: dt.datetime) -> None:
    """This claim is the probe of a shut door: the next one comes a minute later."""
    Circuit.objects.filter(channel=channel, opened_at__isnull=False).update(probe_at=at + PROBE)


def failed(channel: str, *, at: dt.datetime, error: str) -> None:
    """The other side could not be reached or did not answer; the fifth time in a row shuts the door."""
    with transaction.atomic():
        Circuit.objects.get_or_create(channel=channel)
        Circuit.objects.filter(channel=channel).update(failures=F("failures") + 1, error=error[:300])
        Circuit.objects.filter(channel=channel, failures__gte=FAILURES, opened_at=None).update(
            opened_at=at, probe_at=at + PROBE
        )


def worked(channel: str) -> None:
    """It answers: the door is open."""
    Circuit.objects.filter(channel=channel, failures__gt=0).update(
        failures=0, opened_at=None, probe_at=None, error=""
    )


def wait_for_slot(channel: str, *, clock) -> None:
    """Take the next place in the line of this channel: all workers together send at most MAIL_PER_SECOND (F39)."""
    if not settings.MAIL_PER_SECOND:
        return
    gap = dt.timedelta(seconds=1 / settings.MAIL_PER_SECOND)
    with transaction.atomic():
        Circuit.objects.get_or_create(channel=channel)
        row = Circuit.objects.select_for_update().get(channel=channel)
        at = clock()
        slot = max(at, row.next_slot_at or at)
        row.next_slot_at = slot + gap
        row.save(update_fields=["next_slot_at"])
    if slot > at:
        time.sleep((slot - at).total_seconds())
