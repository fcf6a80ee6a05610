"""Pure. What changed against another period, and whether the two may be compared at all.

Coverage is a sorted list of [start, end) spans of days for which data was handed in; a day without sales is covered.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics.periods import DAY, Period

Span = tuple[dt.date, dt.date]


def union(spans: Iterable[Span]) -> list[Span]:
    """The same days as few spans, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def clipped(spans: Iterable[Span], period: Period) -> list[Span]:
    """The parts of `spans` inside `period`."""
    cut = ((max(start, period.start), min(end, period.end)) for start, end in spans)
    return union((start, end) for start, end in cut if start < end)


def days_in(spans: Iterable[Span]) -> int:
    return sum((end - start).days for start, end in spans)


def is_full(spans: Iterable[Span], period: Period) -> bool:
    return list(spans) == [(period.start, period.end)]


def counterpart(day: dt.date, now: Period, then: Period) -> dt.date | None:
    """The day of `then` that stands for `day` of `now`: the same date of the other year, else the same distance
    from the start. 29 February has none in a common year."""
    if now.grain != "week" and now.year_before() == then:
        try:
            return day.replace(year=day.year - 1)
        except ValueError:
            return None
    other = then.start + (day - now.start)
    return other if other < then.end else None


@dataclass(frozen=True)
class Aligned:
    """The parts of two periods that lie on the same days and are covered on both sides."""

    now: Period
    then: Period


def aligned(now: Period, then: Period, have_now: list[Span], have_then: list[Span]) -> Aligned | None:
    """What can be compared fairly: both periods where both are full, else one common run of days; None otherwise."""
    if is_full(have_now, now) and is_full(have_then, then):
        return Aligned(now, then)
    there = {day for start, end in have_then for day in _each(start, end)}
    pairs = [
        (day, other)
        for start, end in have_now
        for day in _each(start, end)
        if (other := counterpart(day, now, then)) in there
    ]
    if not pairs or not _is_run([day for day, _ in pairs]) or not _is_run([other for _, other in pairs]):
        return None
    return Aligned(
        Period.between(pairs[0][0], pairs[-1][0] + DAY), Period.between(pairs[0][1], pairs[-1][1] + DAY)
    )


def _each(start: dt.date, end: dt.date) -> Iterable[dt.date]:
    return (start + DAY * offset for offset in range((end - start).days))


def _is_run(days: list[dt.date]) -> bool:
    """Without a hole; the leap day alone is no hole."""
    return all(
        later - earlier == DAY or (earlier.month, earlier.day, (later - earlier).days) == (2, 28, 2)
        for earlier, later in zip(days, days[1:], strict=False)
    )


def change(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """now − then; for a ratio this is a difference in points, never a percentage of a percentage."""
    return None if now is None or then is None else now - then


def change_ratio(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    """(now − then) / then as a ratio (0.121 is +12.1 %); None where there is no positive base to measure by."""
    return None if now is None or then is None or then <= 0 else (now - then) / then
