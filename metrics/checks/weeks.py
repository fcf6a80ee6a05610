"""Pure. What of the weeks of a month is judged: whole weeks, and at its ends the days that lie inside.

A week that spans two months is judged in both: in the month in which it begins by the days that this has, against
the same days of the weeks before; in the month in which it ends by all of its days, as by then both months are in.
"""

from dataclasses import dataclass

from metrics.periods import DAY, Period

BEFORE = 8
WHOLE = (0, 7)


@dataclass(frozen=True)
class Judged:
    """The days `days` (from, to; Monday is 0) of a week."""

    week: Period
    days: tuple[int, int] = WHOLE

    @property
    def is_whole(self) -> bool:
        return self.days == WHOLE

    @property
    def count(self) -> int:
        return self.days[1] - self.days[0]

    @property
    def period(self) -> Period:
        return cut(self.week, self.days)

    @property
    def history(self) -> list[Period]:
        """The same days of the eight weeks before, oldest first."""
        return [cut(one, self.days) for one in weeks_before(self.week, BEFORE)]


def cut(week: Period, days: tuple[int, int]) -> Period:
    return Period.between(week.start + days[0] * DAY, week.start + days[1] * DAY)


def weeks_before(week: Period, count: int) -> list[Period]:
    """`count` weeks in front of `week`, oldest first."""
    return [Period.containing(week.start - 7 * back * DAY, "week") for back in range(count, 0, -1)]


def judged(period: Period) -> list[Judged]:
    """Every week that ends in `period`, whole, and the days of the one that runs out of it. Oldest first."""
    found, week = [], Period.containing(period.start, "week")
    while week.start < period.end:
        left = (period.end - week.start).days
        first = 0 if left >= 7 else max(0, (period.start - week.start).days)
        found.append(Judged(week, (first, min(7, left))))
        week = Period.containing(week.end, "week")
    return found
