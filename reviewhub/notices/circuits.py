"""The door to the mail server: shut after five failures in a row, then a probe a minute; so many letters a second.

Chat has no common door: every hook has a server of its own, and a hook that fails is switched off by itself.
"""

import datetime as dt
import time

from django.conf import settings
from django.db import transaction

from reviewhub.notices.models import Channel, Circuit

FAILURES = 5
PROBE = dt.timedelta(minutes=1)
LONGEST_LINE = dt.timedelta(seconds=20)
WITH_DOOR = {Channel.EMAIL}


def shut() -> dict[str, dt.datetime]:
    """The channels whose door is shut, and when the next probe of each is due."""
    return dict(Circuit.objects.filter(opened_at__isnull=False).values_list("channel", "probe_at"))


def shut_since(before: dt.datetime) -> list[str]:
    """The channels whose door has been shut since `before` or longer."""
    return list(Circuit.objects.filter(opened_at__lte=before).values_list("channel", flat=True))


def take_probe(channel: str, *, at: dt.datetime) -> bool:
    """Whether this worker makes the probe that is due now; the next one comes a minute later."""
    due = Circuit.objects.filter(channel=channel, opened_at__isnull=False, probe_at__lte=at)
    return bool(due.update(probe_at=at + PROBE))


def failed(channel: str, *, at: dt.datetime, error: str) -> bool:
    """The other side could not be reached or did not answer; the fifth time in a row shuts the door.

    Whether it was shut already: then this was a probe, and nobody's try.
    """
    if channel not in WITH_DOOR:
        return False
    with transaction.atomic():
        Circuit.objects.get_or_create(channel=channel)
        row = Circuit.objects.select_for_update().get(channel=channel)
        was_shut = row.opened_at is not None
        row.failures, row.error = row.failures + 1, error[:300]
        if not was_shut and row.failures >= FAILURES:
            row.opened_at, row.probe_at = at, at + PROBE
        row.save(update_fields=["failures", "error", "opened_at", "probe_at"])
    return was_shut


def worked(channel: str) -> bool:
    """It answers: the door is open. Whether it was shut before."""
    failing = Circuit.objects.filter(channel=channel, failures__gt=0)
    if not failing.exists():  # as nearly always: a look costs less than a write
        return False
    opened = {"failures": 0, "opened_at": None, "probe_at": None, "error": ""}
    was_shut = bool(failing.filter(opened_at__isnull=False).update(**opened))
    failing.update(**opened)
    return was_shut


def wait_for_slot(channel: str, *, clock) -> None:
    """Take the next place in the line of this channel: all workers together send at most MAIL_PER_SECOND (F39)."""
    if not settings.MAIL_PER_SECOND:
        return
    gap = dt.timedelta(seconds=1 / settings.MAIL_PER_SECOND)
    with transaction.atomic():
        row = Circuit.objects.select_for_update().filter(channel=channel).first()
        if row is None:
            Circuit.objects.get_or_create(channel=channel)
            row = Circuit.objects.select_for_update().get(channel=channel)
        at = clock()
        # A line longer than this is none: the clock of the machine was set back.
        slot = min(max(at, row.next_slot_at or at), at + LONGEST_LINE)
        row.next_slot_at = slot + gap
        row.save(update_fields=["next_slot_at"])
    if slot > at:
        pause((slot - at).total_seconds())


def pause(seconds: float) -> None:
    """Wait; tests have a clock that jumps instead."""
    time.sleep(seconds)
