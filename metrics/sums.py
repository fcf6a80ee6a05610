"""The stored facts as exact sums: from the smallest summary that knows the dimensions, else from roll-ups and days."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import AutoField, BigIntegerField, CharField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.fields.json import KeyTextTransform

from metrics import summaries
from metrics.models import Observation, RollUp, Slice, Summary
from metrics.models.observation import CLOSINGS
from metrics.periods import Period, month_key, week_key

# Columns of Slice that figures can be split by; every other dimension stands in its JSON.
COLUMNS = summaries.NAMED
# On SQLite sums are taken in two halves: a plain sum of 64-bit integers may pass 2⁶³, which it answers with an error.
HALF = 2**32
GRAINS = {"M": ("month", month_key), "W": ("week", week_key)}
MOST_DAYS = 800
SLICES = -1  # in the place of a question: the row names a slice
# Summaries come in tens of thousands of rows: Django takes an integer of this kind as it comes, without a call each.
NUMBER = AutoField()


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


class Asked(NamedTuple):
    """What one Sums is asked for: `codes` and `stocks` over `periods`."""

    sums: "Sums"
    codes: list[str]
    stocks: list[str]
    periods: list[Period]


def read(asked: list[Asked], sources: Iterable[int]) -> None:
    """Read everything that is asked from the submissions `sources`, however much it is: one query of summaries, and two
    more for each Sums that no summary is fit for.

    Of stocks whole months and weeks are known by their closing, every other period by its days.
    """
    sources = list(sources)
    wanted = [one for one in asked if one.codes or one.stocks]
    if not sources or not wanted:
        return
    for one in wanted:
        one.sums.stocks = set(one.stocks)
        if not one.sums.level:
            one.sums.load_roll_ups(one, sources)
        if one.sums.level != summaries.DAILY:
            one.sums.load_rest(one, sources)
    summed = [one for one in wanted if one.sums.level]
    _read_summaries(summed, [_branches(one) for one in summed], sources)


def _read_summaries(asked: list[Asked], branches: list[list[Q]], sources: list[int]) -> None:
    """One query, a branch for each kind of unit, so that each is a search in the index and nothing but the index."""
    rows = [
        Summary.objects.order_by()
        # As an expression: with it in the index search there would be a search for each submission.
        .annotate(place=Value(place, output_field=NUMBER), of=_number(F("submission_id") + 0))
        .filter(branch, level=one.sums.level, of__in=sources)
        .values_list("place", "metric", "grain", "period_key", "of", "slice_id", "currency", "value", "rows")
        for place, (one, own) in enumerate(zip(asked, branches, strict=True))
        for branch in own
    ]
    if not rows:
        return
    if levels := {one.sums.level for one in asked if one.sums.columns}:
        rows.append(_slices(levels))
    found = list(rows[0].union(*rows[1:], all=True))
    known = {row[5]: summaries.members_of(row[1]) for row in found if row[0] == SLICES}
    added: list[dict] = [{} for _one in asked]
    members = [_members(one.sums.columns, known) for one in asked]
    for place, metric, unit, key, source, slice_id, currency, value, count in found:
        if place == SLICES:
            continue
        held = added[place]
        group = metric, unit, key, source, currency, members[place].get(slice_id, ())
        if group in held:
            before = held[group]
            held[group] = before[0] + value, before[1] + count
        else:
            held[group] = value, count
    for one, held in zip(asked, added, strict=True):
        one.sums.add(
            (metric, unit, key, Fact(first_day(unit, key), named, source, currency, *worth))
            for (metric, unit, key, source, currency, named), worth in held.items()
        )


def _branches(asked: Asked) -> list[Q]:
    units, found = _by_unit(asked.periods), []
    for unit in units.keys() & GRAINS.keys():
        keys = _keys(unit, units[unit])
        for grain, codes in ((unit, asked.codes), (CLOSINGS[unit], asked.stocks)):
            if codes:
                found.append(Q(grain=grain, metric__in=codes, period_key__in=keys))
    if (days := units.get("D")) and asked.sums.level == summaries.DAILY:
        found.append(_of_days([*asked.codes, *asked.stocks], days))
    return found


def _of_days(codes: list[str], spans: list[Period]) -> Q:
    return Q(grain="D", metric__in=codes) & _days("period_key", spans, lambda day: int(f"{day:%Y%m%d}"))


def _days(field: str, spans: list[Period], key=lambda day: day) -> Q:
    """The days of `spans`: a range where they follow each other (or are too many to be named), else each by itself."""
    start, end = min(one.start for one in spans), max(one.end for one in spans)
    days = {day.start for one in spans for day in one.split("day")}
    if len(days) < (end - start).days and len(days) <= MOST_DAYS:
        return Q((f"{field}__in", sorted(map(key, days))))
    return Q((f"{field}__gte", key(start)), (f"{field}__lt", key(end)))


def _slices(levels: set[str]):
    """The slices that stand in summaries of `levels`, as rows of the same query: their keys in the metric's place."""
    nothing, text = Value(0, output_field=NUMBER), Value("", output_field=CharField())
    found = Slice.objects.order_by().filter(pk__in=summaries.standing_for(levels))
    place = Value(SLICES, output_field=NUMBER)
    return found.values_list(place, "key", text, nothing, nothing, "pk", text, nothing, nothing)


def _members(columns: tuple[str, ...], slices: dict[int, dict[str, str]]) -> dict[int, tuple]:
    """Slice → its members in the order of `columns`."""
    if not columns:
        return {}
    return {pk: tuple(named.get(one, "") for one in columns) for pk, named in slices.items()}


class Sums:
    """Facts of some metrics and periods, split by `columns`."""

    def __init__(self, columns: tuple[str, ...]):
        self.columns = columns
        self.level = summaries.level_of(columns)
        self.stocks: set[str] = set()
        self._facts: dict[tuple[str, str], dict[dt.date, list[Fact]]] = {}
        self._daily: set[str] = set()

    def load(
        self,
        codes: Iterable[str],
        periods: Iterable[Period],
        *,
        sources: Iterable[int],
        stocks: Iterable[str] = (),
    ) -> None:
        """Read `codes` and `stocks` over `periods` from the submissions `sources`, as `read` does."""
        read([Asked(self, list(codes), sorted(stocks), list(periods))], sources)

    def load_rest(self, asked: Asked, sources: list[int]) -> None:
        """The days of periods that are no weeks or months, where summaries have none."""
        if days := _by_unit(asked.periods).get("D"):
            self.load_days([*asked.codes, *asked.stocks], days, sources)

    def load_daily(self, codes: Iterable[str], periods: Iterable[Period], *, sources: Iterable[int]) -> None:
        """Read `codes` day by day over all of `periods`, for values of which each stands for itself."""
        self._daily |= set(codes)
        self.load_days(sorted(self._daily), list(periods), list(sources))

    def load_days(self, codes: list[str], spans: list[Period], sources: list[int]) -> None:
        """Read the days of `spans` beside what is known of them by month or week: `of(…, unit="D")` gives them."""
        if self.level == summaries.DAILY:
            _read_summaries([Asked(self, codes, [], spans)], [[_of_days(codes, spans)]], sources)
            return
        rows = Observation.objects.filter(_days("day", spans), metric__in=codes, submission__in=sources)
        self._add_rows([rows], None, "day")

    def load_roll_ups(self, asked: Asked, sources: list[int]) -> None:
        """Whole months and weeks from the roll-ups themselves, added up by the database."""
        rows = [RollUp.objects.filter(branch, submission__in=sources) for branch in _branches(asked)]
        if rows:
            self._add_rows(rows, "grain", "period_key")

    def _add_rows(self, branches: list, grain: str | None, key: str) -> None:
        slices = [_member_of(column) for column in self.columns]
        named = ["metric", key, "submission_id", "currency", *([grain] if grain else [])]
        grouped = [
            rows.order_by()
            .values_list(*named, *slices)
            .annotate(**_TOTALS[connection.vendor], count=Sum("rows"))
            for rows in branches
        ]
        for metric, when, source, currency, *rest in grouped[0].union(*grouped[1:], all=True):
            unit = rest.pop(0) if grain else "D"
            members, (upper, lower, count) = rest[:-3], rest[-3:]
            value = int(upper) * HALF + int(lower)
            named = tuple(member or "" for member in members)
            self.add(
                [
                    (
                        metric,
                        unit,
                        when,
                        Fact(first_day(unit, when), named, source, currency, value, int(count)),
                    )
                ]
            )

    def add(self, facts: Iterable[tuple]) -> None:
        """(metric, unit, key, fact) beside what is known."""
        for metric, unit, _key, fact in facts:
            self._facts.setdefault((metric, unit), {}).setdefault(fact.day, []).append(fact)

    def unit(self, code: str, period: Period) -> str:
        """The unit by which `code` is known in `period`: M or W (sums), m or w (closings), D (days)."""
        if code in self._daily:
            return "D"
        unit = unit_of(period)
        return CLOSINGS.get(unit, unit) if code in self.stocks else unit

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


def _number(expression) -> ExpressionWrapper:
    return ExpressionWrapper(expression, output_field=NUMBER)


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
    """The first day of the unit that a stored key names; of a day, which is its own key, or written as a number."""
    if unit == "D":
        return key if isinstance(key, dt.date) else dt.date(key // 10000, key // 100 % 100, key % 100)
    if unit in "Mm":
        return dt.date(key // 100, key % 100, 1)
    return dt.date.fromisocalendar(key // 100, key % 100, 1)
