"""Pure. The 48 hours that Finance has for the budget adjustment, and when it is reminded of them (E4, M23)."""

import datetime as dt

TERM = dt.timedelta(hours=48)
BEFORE_DUE = (24, 36, 44)
DAILY_FROM = 48
DAY_H = 24
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


def due_at(opened_at: dt.datetime) -> dt.datetime:
    """172,800 elapsed seconds after the meeting's end, UTC: no change of clocks makes it longer or shorter."""
    return opened_at.astimezone(dt.UTC) + TERM


def step(opened_at: dt.datetime, hours: int) -> dt.datetime:
    """The instant (UTC) of the step after `hours`."""
    return opened_at.astimezone(dt.UTC) + hours * HOUR


def steps(opened_at: dt.datetime, since: dt.datetime, until: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """(hours, instant) of the steps in (since, until], oldest first: 24, 36, 44, 48, then every day without end."""
    opened_at = opened_at.astimezone(dt.UTC)
    gone = max(DAILY_FROM, int((since - opened_at) / HOUR))
    first = DAILY_FROM + (gone - DAILY_FROM) // DAY_H * DAY_H
    last = int((until - opened_at) // HOUR)
    hours = (*BEFORE_DUE, *range(first, last + 1, DAY_H))
    return [(each, at) for each in hours if since < (at := step(opened_at, each)) <= until]


def strongest(opened_at: dt.datetime, at: dt.datetime) -> int:
    """The hours of the last step that is due at `at`; 0 before the first one."""
    gone = int((at.astimezone(dt.UTC) - opened_at) // HOUR)
    if gone >= DAILY_FROM:
        return gone - gone % DAY_H
    return max((hours for hours in BEFORE_DUE if hours <= gone), default=0)


def late_s(due: dt.datetime, at: dt.datetime) -> int:
    """Whole seconds that `at` lies after `due`; 0 in time. 48 h 00 m 01 s is one second late (B110)."""
    return max(0, (at - due) // SECOND)


def left_s(due: dt.datetime, at: dt.datetime) -> int:
    """Whole seconds that are left at `at`, a begun one counting; negative when late."""
    return -((at - due) // SECOND)
