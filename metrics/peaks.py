"""Pure. A peak season: its days, the limits of its own, and which days and periods it concerns.

Days are dates of the company's calendar; every span is [first day, first day after). A limit is a ratio, days, pieces …
in the unit in which the metric is stored (0.03 for 3 %); of a metric that is summed over days it bounds the change on
the same period of the year before instead, as a ratio, so that it says the same of a week and of a month.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from metrics.periods import Period

PREPARING, PEAK, AFTER = "preparing", "peak", "after"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """The lowest and the highest figure that is no exception; None leaves that side open."""

    low: Decimal | None = None
    high: Decimal | None = None
    of_change: bool = False

    def band(self, base: Decimal | None) -> "Limit | None":
        """The limits as figures. A change needs the figure of the year before, above nought; else None."""
        if not self.of_change:
            return self
        if base is None or base <= 0:
            return None
        ends = (None if one is None else base * (1 + one) for one in (self.low, self.high))
        return Limit(*ends)

    def is_outside(self, value: Decimal) -> bool:
        return self.is_above(value) or (self.low is not None and value < self.low)

    def is_above(self, value: Decimal) -> bool:
        return self.high is not None and value > self.high


@dataclass(frozen=True)
class Peak:
    """A season as figures are judged by it; `limits`: metric code → Limit."""

    name_zh: str
    name_en: str
    prepares: dt.date
    starts: dt.date
    ends: dt.date
    settles: dt.date
    platforms: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)

    @classmethod
    def read(cls, document: dict) -> "Peak":
        """Of what `document()` made."""
        days = (dt.date.fromisoformat(document[name]) for name in ("prepares", "starts", "ends", "settles"))
        limits = {code: limit(one) for code, one in document["limits"].items()}
        parts = (tuple(document[name]) for name in ("platforms", "countries"))
        return cls(document["name_zh"], document["name_en"], *days, *parts, limits)

    def phase(self, day: dt.date) -> str:
        """preparing, peak, after; "" where it does not run."""
        if not self.prepares <= day < self.settles:
            return ""
        return PREPARING if day < self.starts else PEAK if day < self.ends else AFTER

    def days_in(self, period: Period) -> int:
        return max(0, (min(self.settles, period.end) - max(self.prepares, period.start)).days)

    def peak_days_in(self, period: Period) -> int:
        return max(0, (min(self.ends, period.end) - max(self.starts, period.start)).days)

    def judges(self, period: Period) -> bool:
        """A day of its peak lies in the period, or half of the period's days lie in the season."""
        return self.peak_days_in(period) > 0 or 2 * self.days_in(period) >= (period.end - period.start).days


def limit(stored: dict) -> Limit:
    """{"low", "high": text or None, "of_change"} as a Limit."""
    ends = (None if stored[name] is None else Decimal(stored[name]) for name in ("low", "high"))
    return Limit(*ends, stored["of_change"])


def running(peaks: Iterable[Peak], day: dt.date) -> Peak | None:
    """The season that runs on `day`: of two the one in its peak, else the one whose peak comes or came nearest."""
    found = [one for one in peaks if one.phase(day)]
    return min(found, key=lambda one: _order(one, day), default=None)


def _order(one: Peak, day: dt.date) -> tuple:
    away = 0 if one.phase(day) == PEAK else min(abs((one.starts - day).days), abs((day - one.ends).days))
    return away, one.starts, one.name_en


def judging(
    peaks: Iterable[Peak], period: Period, code: str, members: Mapping[str, tuple[str, ...]] | None = None
) -> Peak | None:
    """The season whose limit of `code` holds in `period`: the one with the most days of peak there, then of all.

    `members`: dimension → the members that the figure is of. A season of some platforms or countries judges figures of
    these alone, never the whole.
    """
    found = [
        one for one in peaks if code in one.limits and one.judges(period) and _concerns(one, members or {})
    ]
    return min(
        found,
        key=lambda one: (-one.peak_days_in(period), -one.days_in(period), one.starts, one.name_en),
        default=None,
    )


def _concerns(one: Peak, members: Mapping[str, tuple[str, ...]]) -> bool:
    bounds = (("platform", one.platforms), ("country", one.countries))
    return all(
        not wanted or (members.get(dimension) and set(members[dimension]) <= set(wanted))
        for dimension, wanted in bounds
    )
