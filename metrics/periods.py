"""Pure. Periods of the calendar: days [start, end), their grain, and the ones beside them."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

GRAINS = ("day", "week", "month", "quarter", "year", "range")
DAY = dt.timedelta(days=1)

_FORMS = [
    ("year", re.compile(r"(\d{4})\Z")),
    ("quarter", re.compile(r"(\d{4})-?[Qq]([1-4])\Z")),
    ("month", re.compile(r"(\d{4})-(\d{2})\Z")),
    ("week", re.compile(r"(\d{4})-?[Ww](\d{2})\Z")),
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")),
]


class BadPeriod(ValueError):
    """Not one of the forms 2011, 2011-Q1, 2011-01, 2011-W05, 2011-01-31, 2010-12-01..2011-02-28."""


def month_key(day: dt.date) -> int:
    """202601 for any day of January 2026."""
    return day.year * 100 + day.month


def week_key(day: dt.date) -> int:
    """202605 for any day of ISO week 5 of 2026 (the ISO year, which may differ from the day's)."""
    year, week, _ = day.isocalendar()
    return year * 100 + week


def month_after(day: dt.date, months: int = 1) -> dt.date:
    """The first day of the month `months` after the one of `day` (negative: before)."""
    index = day.year * 12 + day.month - 1 + months
    if not dt.MINYEAR * 12 <= index < dt.MAXYEAR * 12:
        raise BadPeriod("outside the calendar")
    return dt.date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` up to, not including, `end`."""

    start: dt.date
    end: dt.date
    grain: str = "range"

    def __post_init__(self):
        if self.end <= self.start:
            raise BadPeriod(f"{self.start}..{self.end} has no days")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that `text` names; both ends of a range are included. Raises BadPeriod."""
        text = text.strip()
        if ".." in text:
            first, last = (cls.parse(side) for side in text.split("..", 1))
            return cls.between(first.start, last.end)
        for grain, form in _FORMS:
            if found := form.match(text):
                try:
                    return cls.of(grain, *map(int, found.groups()))
                except (ValueError, OverflowError) as error:
                    raise BadPeriod(f"{text!r} is not a period: {error}") from error
        raise BadPeriod(f"{text!r} is not a period; use 2011, 2011-Q1, 2011-01, 2011-W05, 2011-01-31 or a..b")

    @classmethod
    def of(cls, grain: str, year: int, *rest: int) -> "Period":
        """`of("month", 2011, 1)`, `of("week", 2011, 5)`, `of("day", 2011, 1, 31)` …"""
        if grain == "year":
            return cls(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), grain)
        if grain == "quarter":
            start = dt.date(year, rest[0] * 3 - 2, 1)
            return cls(start, month_after(start, 3), grain)
        if grain == "month":
            start = dt.date(year, rest[0], 1)
            return cls(start, month_after(start), grain)
        if grain == "week":
            start = dt.date.fromisocalendar(year, rest[0], 1)
            return cls(start, start + 7 * DAY, grain)
        start = dt.date(year, *rest)
        return cls(start, start + DAY, "day")

    @classmethod
    def containing(cls, day: dt.date, grain: str) -> "Period":
        """The day, week, month, quarter or year in which `day` lies."""
        if grain == "week":
            return cls.of("week", *day.isocalendar()[:2])
        if grain == "quarter":
            return cls.of("quarter", day.year, (day.month + 2) // 3)
        return cls.of(grain, *(day.year, day.month, day.day)[: {"year": 1, "month": 2, "day": 3}[grain]])

    @classmethod
    def between(cls, start: dt.date, end: dt.date) -> "Period":
        """[start, end) under the name of the whole day, week, month, quarter or year it is, else as a range."""
        for grain in ("day", "week", "month", "quarter", "year"):
            candidate = cls.containing(start, grain)
            if (candidate.start, candidate.end) == (start, end):
                return candidate
        return cls(start, end)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last(self) -> dt.date:
        """The last day inside."""
        return self.end - DAY

    @property
    def text(self) -> str:
        """The form that `parse` reads."""
        if self.grain == "year":
            return f"{self.start.year:04}"
        if self.grain == "quarter":
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        if self.grain == "month":
            return self.start.isoformat()[:7]
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.grain == "day":
            return self.start.isoformat()
        return f"{self.start}..{self.last}"

    def __str__(self):
        return self.text

    def before(self) -> "Period":
        """The period of the same grain just before; a range gives the same number of days before."""
        if self.grain == "range":
            return Period.between(self.start - self.days * DAY, self.start)
        return Period.containing(self.start - DAY, self.grain)

    def year_before(self) -> "Period":
        """The same period one year earlier; a week is the same ISO week, the 53rd falls back to the 52nd."""
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            last = dt.date(year - 1, 12, 28).isocalendar().week
            return Period.of("week", year - 1, min(week, last))
        start, end = _year_back(self.start), _year_back(self.end)
        return Period(start, max(end, start + DAY), self.grain)

    def opening(self) -> "Period":
        """The days whose last balance is the one that this period begins with: the month before, else 31 days."""
        if self.start.day == 1:
            return Period.containing(self.start - DAY, "month")
        return Period.between(self.start - 31 * DAY, self.start)

    def split(self, grain: str) -> Iterator["Period"]:
        """The days, weeks, months … that overlap this period, cut at its ends."""
        day = self.start
        while day < self.end:
            whole = Period.containing(day, grain)
            yield Period.between(max(whole.start, self.start), min(whole.end, self.end))
            day = whole.end

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, day: dt.date) -> bool:
        return self.start <= day < self.end


def _year_back(day: dt.date) -> dt.date:
    length = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, length))
