"""Pure. When a series meets next: the period and the day, on the company's calendar, each with its reason (ADR 0111).

A series is the reviews of one length: week, month or quarter. Days are calendar days of the company's zone. Nothing is
raised; a reason is a code with what its sentence names.
"""

import datetime as dt
from dataclasses import dataclass, field

from metrics.periods import DAY, Period
from reviewhub.people.workdays import WorkingDays, span

GRAINS = ("month", "quarter", "week")
# The data is due at 18:00 seven days before the meeting: that moment must come after the period, and is over today.
DATA_DAYS, NOTICE_DAYS = 7, 8


@dataclass(frozen=True)
class Reason:
    """Why a value is proposed. `params`: numbers, days and names; a page puts them into words."""

    code: str
    params: dict = field(default_factory=dict)


def next_period(last: Period | None, today: dt.date, grain: str) -> tuple[Period, Reason]:
    """The period after the last one that has a meeting; after a gap, or at first, the one that runs today."""
    running = Period.containing(today, grain)
    if last is None:
        return running, Reason("first_period")
    after = Period.containing(last.end, grain)
    if after.end < running.start:
        return running, Reason("gap", {"period": last.text})
    return after, Reason("period_after", {"period": last.text})


def number(day: dt.date, start: dt.date, days: WorkingDays) -> int:
    """The how many-th working day from `start` on `day` is; a free day counts as the working day before it."""
    return max(1, sum(days.has(one) for one in span(start, day)))


def nth(number: int, start: dt.date, days: WorkingDays) -> dt.date:
    """The `number`-th working day from `start` on, `start` included."""
    day = start - DAY
    for _day in range(number):
        day = days.following(day)
    return day


def meeting_day(
    period: Period, last: tuple[Period, dt.date] | None, today: dt.date, days: WorkingDays
) -> tuple[dt.date, Reason]:
    """The same working day after the period as last time; at first the Monday after the data is due.

    Never so early that the data would be due before the period is over, or before tomorrow.
    """
    if last is None:
        wanted = period.end + dt.timedelta(days=DATA_DAYS)
        wanted += dt.timedelta(days=-wanted.weekday() % 7)
        reason = Reason("after_data")
    else:
        place = number(last[1], last[0].end, days)
        wanted = nth(place, period.end, days)
        reason = Reason("same_day", {"number": place, "day": last[1], **_calendar(period.end, wanted, days)})
    earliest = max(period.end + dt.timedelta(days=DATA_DAYS), today + dt.timedelta(days=NOTICE_DAYS))
    if wanted < earliest:
        wanted, reason = earliest, Reason("data_needs_time", {"days": DATA_DAYS})
    if days.has(wanted):
        return wanted, reason
    return days.following(wanted), Reason("free_day", {"day": wanted})


def _calendar(first, last, days):
    """How many days off the company has between two days, and how many days at a weekend it works."""
    between = span(first, last)
    return {
        "off": sum(one.weekday() < 5 and not days.has(one) for one in between),
        "on": sum(one.weekday() >= 5 and days.has(one) for one in between),
    }
