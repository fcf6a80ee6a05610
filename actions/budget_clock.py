"""Pure. The 48 hours that Finance has for the budget adjustment, its reminders, and what a stop does (E4, M23)."""

import datetime as dt
from collections.abc import Sequence

TERM = dt.timedelta(hours=48)
BEFORE_DUE = (24, 36, 44)
DAILY_FROM = 48
DAY_H = 24
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)
# What does not count, oldest first: (from, to); the last one may have no end yet.
Stops = Sequence[tuple[dt.datetime, dt.datetime | None]]


def due_at(opened_at: dt.datetime) -> dt.datetime:
    """172,800 elapsed seconds after the meeting's end, UTC: no change of clocks makes it longer or shorter."""
    return opened_at.astimezone(dt.UTC) + TERM


def step(opened_at: dt.datetime, hours: int, stops: Stops = ()) -> dt.datetime | None:
    """The instant (UTC) at which `hours` have counted; None while a stop that has no end lies before it."""
    at = opened_at.astimezone(dt.UTC) + hours * HOUR
    for begin, end in stops:
        if begin < at:
            if end is None:
                return None
            at += end - begin
    return at


def counted(opened_at: dt.datetime, at: dt.datetime, stops: Stops = ()) -> dt.timedelta:
    """The time from `opened_at` to `at` without what the stops took out of it."""
    gone = at.astimezone(dt.UTC) - opened_at.astimezone(dt.UTC)
    for begin, end in stops:
        gone -= max((min(end, at) if end else at) - begin, dt.timedelta())
    return gone


def steps(
    opened_at: dt.datetime, since: dt.datetime, until: dt.datetime, stops: Stops = ()
) -> list[tuple[int, dt.datetime]]:
    """(hours, instant) of the steps in (since, until], oldest first: 24, 36, 44, 48, then every day without end."""
    gone = max(DAILY_FROM, int(counted(opened_at, since, stops) / HOUR))
    first = DAILY_FROM + (gone - DAILY_FROM) // DAY_H * DAY_H
    last = int(counted(opened_at, until, stops) // HOUR)
    hours = (*BEFORE_DUE, *range(first, last + 1, DAY_H))
    found = [(each, step(opened_at, each, stops)) for each in hours]
    return [(each, at) for each, at in found if at is not None and since < at <= until]


def strongest(opened_at: dt.datetime, at: dt.datetime, stops: Stops = ()) -> int:
    """The hours of the last step that is due at `at`; 0 before the first one."""
    gone = int(counted(opened_at, at, stops) // HOUR)
    if gone >= DAILY_FROM:
        return gone - gone % DAY_H
    return max((hours for hours in BEFORE_DUE if hours <= gone), default=0)


def late_s(due: dt.datetime, at: dt.datetime) -> int:
    """Whole seconds that `at` lies after `due`; 0 in time. 48 h 00 m 01 s is one second late (B110)."""
    return max(0, (at - due) // SECOND)


def left_s(due: dt.datetime, at: dt.datetime) -> int:
    """Whole seconds that are left at `at`, a begun one counting; negative when late."""
    return -((at - due) // SECOND)
