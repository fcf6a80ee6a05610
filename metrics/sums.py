"""The stored facts as exact sums: months and weeks from roll-ups, other days from observations."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import BigIntegerField, ExpressionWrapper, F, Sum
from django.db.models.fields.json import KeyTextTransform

from metrics.models import Observation, RollUp
from metrics.periods import Period, month_key, week_key

# Columns of Slice that figures can be split by; every other dimension stands in its JSON.
COLUMNS = ("platform", "country", "category", "channel", "segment")
# Sums are taken in two halves: a plain sum of 64-bit integers may pass 2⁶³, which SQLite answers with an error.
HALF = 2**32


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
    """Facts of some metrics and periods, loaded with one query for each unit of time."""

    def __init__(self, columns: tuple[str, ...]):
        self.columns = columns
        self._facts: dict[tuple[str, str], dict[dt.date, list[Fact]]] = {}

    def load(
        self,
        codes: Iterable[str],
        periods: Iterable[Period],
        *,
        sources: Iterable[int],
        daily: bool = False,
    ) -> None:
        """Read `codes` over `periods` from the submissions `sources`.

        `daily` reads every period day by day, for stocks.
        """
        codes, sources = list(codes), list(sources)
        wanted: dict[str, set[Period]] = {}
        for period in periods:
            wanted.setdefault("D" if daily else unit_of(period), set()).add(period)
        if not codes or not sources:
            return
        for unit, spans in wanted.items():
            rows, key = (self._days if unit == "D" else self._units)(unit, spans)
            rows = rows.filter(metric__in=codes, submission__in=sources)
            self._add(unit, rows, key)

    def _days(self, _unit, spans):
        start, end = min(one.start for one in spans), max(one.end for one in spans)
        days = {day.start for one in spans for day in one.split("day")}
        rows = Observation.objects.filter(day__gte=start, day__lt=end)
        if len(days) < (end - start).days:
            rows = rows.filter(day__in=days) if len(days) <= 800 else rows
        return rows, "day"

    def _units(self, unit, spans):
        grain, key_of = ("month", month_key) if unit == "M" else ("week", week_key)
        keys = sorted({key_of(part.start) for one in spans for part in one.split(grain)})
        rows = RollUp.objects.filter(grain=unit, period_key__gte=keys[0], period_key__lte=keys[-1])
        return rows.filter(period_key__in=keys) if len(keys) <= 800 else rows, "period_key"

    def _add(self, unit, rows, key):
        slices = [_member_of(column) for column in self.columns]
        high = Sum(ExpressionWrapper(F("value") / HALF, output_field=BigIntegerField()))
        low = Sum(ExpressionWrapper(F("value") % HALF, output_field=BigIntegerField()))
        grouped = rows.order_by().values_list("metric", key, "submission_id", "currency", *slices)
        for metric, when, source, currency, *rest in grouped.annotate(high=high, low=low, count=Sum("rows")):
            *members, upper, lower, count = rest
            day = first_day(unit, when)
            fact = Fact(
                day,
                tuple(member or "" for member in members),
                source,
                currency,
                int(upper) * HALF + int(lower),
                int(count),
            )
            self._facts.setdefault((metric, unit), {}).setdefault(day, []).append(fact)

    def of(self, code: str, period: Period, *, daily: bool = False) -> list[Fact]:
        """The facts of `code` inside `period`, in no order."""
        unit = "D" if daily else unit_of(period)
        days = self._facts.get((code, unit), {})
        if len(days) <= period.days:
            return [fact for day, facts in days.items() if period.contains(day) for fact in facts]
        return [fact for part in period.split("day") for fact in days.get(part.start, ())]


def _member_of(column: str):
    return f"slice__{column}" if column in COLUMNS else KeyTextTransform(column, "slice__other")


def first_day(unit: str, key) -> dt.date:
    """The first day of the unit that a stored key names."""
    if unit == "D":
        return key
    if unit == "M":
        return dt.date(key // 100, key % 100, 1)
    return dt.date.fromisocalendar(key // 100, key % 100, 1)
