"""Pure. Working days of a company: Monday to Friday, but for its days off and the weekends on which it works (调休).

Days are calendar days; instants are UTC, days begin and end on the wall of a zone. Asking raises nothing.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
MONTH_AND_DAY = re.compile(r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")


@dataclass(frozen=True)
class WorkingDays:
    """`off`: days on which nobody works; `on`: days at a weekend on which everybody does."""

    off: frozenset[dt.date] = frozenset()
    on: frozenset[dt.date] = frozenset()

    def has(self, day: dt.date) -> bool:
        """Whether `day` is a working day."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def following(self, day: dt.date) -> dt.date:
        """The first working day after `day`."""
        day += DAY
        while not self.has(day):
            day += DAY
        return day

    def after(self, at: dt.datetime, days: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
        """The same wall time `days` working days later, UTC. What begins on a free day begins at the next midnight
        of a working day."""
        wall = at.astimezone(zone).replace(tzinfo=None)
        if not self.has(wall.date()):
            wall = dt.datetime.combine(self.following(wall.date()), dt.time())
        for _day in range(days):
            wall = dt.datetime.combine(self.following(wall.date()), wall.time())
        return wall.replace(tzinfo=zone).astimezone(dt.UTC)


WEEK = WorkingDays()


def span(first: dt.date, last: dt.date) -> list[dt.date]:
    """The days from `first` to `last`, both included."""
    return [first + DAY * number for number in range((last - first).days + 1)]


def written(text: str, near: dt.date) -> list[dt.date] | None:
    """The days of "2026-09-20, 10-10" or “9月20日（周日）、10月10日（周六）”, in order; None when something is no day.

    Where no year is written it is the year that brings the day closest to `near`.
    """
    found, rest = [], text
    for match in MONTH_AND_DAY.finditer(text):
        years = [int(match[1])] if match[1] else [near.year - 1, near.year, near.year + 1]
        days = [day for year in years if (day := _day(year, int(match[2]), int(match[3])))]
        if not days:
            return None
        found.append(min(days, key=lambda day: abs(day - near)))
        rest = rest.replace(match[0], " ", 1)
    rest = re.sub(r"[（(](?:周|星期)[一二三四五六日天][）)]|上班|[\s,，、;；和。.]", "", rest)
    return None if rest else sorted(set(found))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def of(rows: Iterable[tuple[dt.date, dt.date, bool]]) -> WorkingDays:
    """From (first day, last day, whether they are worked)."""
    days = {True: set(), False: set()}
    for first, last, works in rows:
        days[works].update(span(first, last))
    return WorkingDays(off=frozenset(days[False] - days[True]), on=frozenset(days[True]))
