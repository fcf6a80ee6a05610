"""The stored facts as exact sums: months and weeks from roll-ups, other days from observations."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, Sum
from django.db.models.fields.json import KeyTextTransform

from metrics.models import Observation, RollUp
from metrics.models.observation import CLOSINGS
from metrics.periods import Period, month_key, week_key

# Columns of Slice that figures can be split by; every other dimension stands in its JSON.
COLUMNS = ("platform", "country", "category", "channel", "segment")
# On SQLite sums are taken in two halves: a plain sum of 64-bit integers may pass 2⁶³, which it answers with an error.
HALF = 2**32
GRAINS = {"M": ("month", month_key), "W": ("week", week_key)}
MOST_DAYS = 800


class Fact(NamedTuple):
    """The sum of one source in one slice and unit of time; `day` is the unit's first, `members` follow the columns."""

    day: dt.date
    members: tuple
    source: int
    currency: str
    value: int
    rows: int


def unit_of(period: Period) -> str:
    """The coarsest stored unit that makes up `period` exactly: M, W or D."""
    if period.start.day == 1 and period.end.day == 1:
        return "M"
    return "W" if period.start.weekday() == 0 and period.days % 7 == 0 else "D"


class Sums:
    """Facts of some metrics and periods: one query for all months and weeks, and one for other days."""

    def __init__(self, columns: tuple[str, ...]):
        self.columns = columns
        self._facts: dict[tuple[str, str], dict[dt.date, list[Fact]]] = {}
        self._stocks: set[str] = set()
        self._daily: set[str] = set()

    def load(
        self,
        codes: Iterable[str],
        periods: Iterable[Period],
        *,
        sources: Iterable[int],
        stocks: Iterable[str] = (),
    ) -> None:
        """Read `codes` and `stocks` over `periods` from the submissions `sources`.

        Of `stocks` whole months and weeks are known by their closing, every other period by its days.
        """
        codes, sources, self._stocks = list(codes), list(sources), set(stocks)
        units = _by_unit(periods)
        if not sources or not (codes or self._stocks):
            return
        whole = Q()
        for unit in units.keys() & GRAINS.keys():
            keys = _keys(unit, units[unit])
            for grain, wanted in ((unit, codes), (CLOSINGS[unit], sorted(self._stocks))):
                if wanted:
                    whole |= Q(grain=grain, metric__in=wanted, period_key__in=keys)
        if whole:
            self._add(RollUp.objects.filter(whole, submission__in=sources), "grain", "period_key")
        if days := units.get("D"):
            self.load_days([*codes, *self._stocks], days, sources)

    def load_daily(self, codes: Iterable[str], periods: Iterable[Period], *, sources: Iterable[int]) -> None:
        """Read `codes` day by day over all of `periods`, for values of which each stands for itself."""
        self._daily |= set(codes)
        self.load_days(sorted(self._daily), list(periods), list(sources))

    def load_days(self, codes: list[str], spans: list[Period], sources: list[int]) -> None:
        """Read the days of `spans` beside what is known of them by month or week: `of(…, unit="D")` gives them."""
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        days = {day.start for one in spans for day in one.split("day")}
        rows = Observation.objects.filter(
            day__gte=start, day__lt=end, metric__in=codes, submission__in=sources
        )
        if len(days) < (end - start).days and len(days) <= MOST_DAYS:
            rows = rows.filter(day__in=days)
        self._add(rows, None, "day")

    def _add(self, rows, grain: str | None, key: str) -> None:
        slices = [_member_of(column) for column in self.columns]
        named = ["metric", key, "submission_id", "currency", *([grain] if grain else [])]
        grouped = (
            rows.order_by()
            .values_list(*named, *slices)
            .annotate(**_TOTALS[connection.vendor], count=Sum("rows"))
        )
        for metric, when, source, currency, *rest in grouped:
            unit = rest.pop(0) if grain else "D"
            members, (upper, lower, count) = rest[:-3], rest[-3:]
            day = first_day(unit, when)
            value = int(upper) * HALF + int(lower)
            fact = Fact(day, tuple(member or "" for member in members), source, currency, value, int(count))
            self._facts.setdefault((metric, unit), {}).setdefault(day, []).append(fact)

    def unit(self, code: str, period: Period) -> str:
        """The unit by which `code` is known in `period`: M or W (sums), m or w (closings), D (days)."""
        if code in self._daily:
            return "D"
        unit = unit_of(period)
        return CLOSINGS.get(unit, unit) if code in self._stocks else unit

    def of(self, code: str, period: Period, *, unit: str = "") -> list[Fact]:
        """The facts of `code` inside `period`, in no order; by the unit that fits best, or by `unit` (`load_days`)."""
        days = self._facts.get((code, unit or self.unit(code, period)), {})
        if len(days) <= period.days:
            return [fact for day, facts in days.items() if period.contains(day) for fact in facts]
        return [fact for part in period.split("day") for fact in days.get(part.start, ())]

    def has(self, code: str) -> bool:
        """Whether any fact of `code` was loaded."""
        return any(known == code for known, _unit in self._facts)

    def every(self, code: str) -> Iterable[Fact]:
        """Every fact of `code` that was loaded, of whatever unit."""
        for (known, _unit), days in self._facts.items():
            if known == code:
                for facts in days.values():
                    yield from facts


def _halves() -> dict:
    high = Sum(ExpressionWrapper(F("value") / HALF, output_field=BigIntegerField()))
    return {"upper": high, "lower": Sum(ExpressionWrapper(F("value") % HALF, output_field=BigIntegerField()))}


# PostgreSQL adds up 64-bit integers as numbers of any length.
_TOTALS = {"postgresql": {"upper": Sum("value") * 0, "lower": Sum("value")}, "sqlite": _halves()}


def _by_unit(periods: Iterable[Period]) -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = {}
    for period in dict.fromkeys(periods):
        found.setdefault(unit_of(period), []).append(period)
    return found


def _keys(unit: str, spans: list[Period]) -> list[int]:
    grain, key_of = GRAINS[unit]
    return sorted({key_of(part.start) for one in spans for part in one.split(grain)})


def _member_of(column: str):
    return f"slice__{column}" if column in COLUMNS else KeyTextTransform(column, "slice__other")


def first_day(unit: str, key) -> dt.date:
    """The first day of the unit that a stored key names."""
    if unit == "D":
        return key
    if unit in "Mm":
        return dt.date(key // 100, key % 100, 1)
    return dt.date.fromisocalendar(key // 100, key % 100, 1)
