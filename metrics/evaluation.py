"""What a metric is worth in one period and part of the company: sums of facts, and formulas on these sums.

Ratios are ratios of sums. A missing part or a division by zero is a figure without value and with a reason.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from metrics import comparison, formula, groups
from metrics.definitions import Definition, Definitions
from metrics.figure import Figure, joined, mixed, partly
from metrics.parts import EVERYTHING, Part
from metrics.periods import DAY, BadPeriod, Period
from metrics.reasons import CannotRead, Why
from metrics.sources import Source, lowest
from metrics.sums import Fact, Sums
from metrics.units import plain, weight_code

DEEPEST = 50
# What was counted, or taken as a median, for a month, a year or an upload by itself.
ALONE = ("per_month", "per_year", "per_upload")


@dataclass
class Evaluation:
    """Definitions, sources and loaded sums: everything that figures need, without a query of its own."""

    definitions: Definitions
    sources: list[Source]
    sums: Sums
    on: dt.date | None = None  # the day on which maturity is judged
    _known: dict = field(default_factory=dict, repr=False)

    def __post_init__(self):
        self._by_pk = {source.pk: source for source in self.sources}

    # --- One figure -----------------------------------------------------------------------------------------

    def figure(self, code: str, period: Period, part: Part = EVERYTHING) -> Figure:
        """The figure of `code`. Raises CannotRead where currencies would be mixed."""
        return self._remembered(code, period, part, 0)

    def worth(self, tree: tuple, period: Period, part: Part = EVERYTHING, *, about: str) -> Figure:
        """The figure of a formula that is no metric, such as a side of a rule. `about` names it in reasons."""
        return self._worth(tree, _Question(_Unnamed(about), period, part, part, 0))

    def status(self, figure: Figure, code: str, period: Period) -> str:
        """certified, provisional, draft or none: the least of the sources; certified but unripe is provisional, and so
        is a figure of which a ruling made the other side's official."""
        sources = [self._by_pk[pk] for pk in figure.sources]
        found = lowest(one.standing for one in sources)
        if found == "certified" and (lost := frozenset().union(*(one.overruled for one in sources))):
            found = "provisional" if lost & set(self.definitions.closure([code])) else found
        ripe = self.definitions[code].maturity_days
        if found == "certified" and ripe and self.on and period.end + ripe * DAY > self.on:
            return "provisional"
        return found

    def carriers(self, code: str, period: Period) -> list[Source]:
        """The sources that hold `code` for some day of `period`."""
        return [
            one
            for one in self.sources
            if code in one.metrics and one.start < period.end and period.start < one.end
        ]

    def carriers_of(self, codes: Iterable[str], period: Period) -> list[Source]:
        found = {one.pk: one for code in sorted(codes) for one in self.carriers(code, period)}
        return list(found.values())

    def members(self, bases: Iterable[str], periods: Iterable[Period]) -> set[tuple]:
        """Every combination of members, as in `sums.columns`, that occurs in one of `bases`."""
        bases = list(bases)
        return {
            fact.members
            for period in periods
            for code in bases
            for fact in self.sums.of(code, period, daily=self.definitions[code].is_stock)
        }

    def _remembered(self, code, period, part, depth) -> Figure:
        key = code, period, part
        if key not in self._known:
            self._known[key] = self._computed(code, period, part, depth)
        return self._known[key]

    def _computed(self, code, period, part, depth) -> Figure:
        definition = self.definitions.get(code)
        if definition is None:
            return Figure(None, Why("NOT_COMPUTED", {"metric": code, "function": code}))
        if not definition.is_computed:
            return self._summed(definition, period, part)
        if depth > DEEPEST:
            return Figure(None, Why("BAD_FORMULA", {"metric": code}))
        try:
            tree = definition.tree
        except formula.FormulaError:
            return Figure(None, Why("BAD_FORMULA", {"metric": code}))
        # In a formula that slices, a bare name is the whole over that dimension, and SLICE is the row's part.
        sliced = {self._column(dimension) for dimension, member in definition.parts if not member}
        question = _Question(definition, period, part, part.without(sliced), depth)
        if missing := self._unsliced(definition, part):
            return Figure(None, missing)
        return self._worth(tree, question)

    @staticmethod
    def _column(dimension: str) -> str:
        return "country" if dimension == "region" else dimension

    def _unsliced(self, definition: Definition, part: Part) -> Why | None:
        """Why a formula with SLICE has no value for `part`: the dimension is not stored, or must be given."""
        given = {column for column, _ in part.members}
        for dimension, member in sorted(definition.parts):
            about = {"metric": definition.code, "dimension": dimension}
            if self._column(groups.meant(dimension, member)[0]) not in self.sums.columns:
                return Why("NOT_SPLIT", about)
            if not member and self._column(dimension) not in given and not definition.adds_up:
                return Why("NEEDS_DIMENSION", about)
        return None

    # --- Uploaded metrics -----------------------------------------------------------------------------------

    def _summed(self, definition: Definition, period: Period, part: Part) -> Figure:
        code = definition.code
        carriers = self.carriers(code, period)
        covered = tuple(comparison.clipped(((one.start, one.end) for one in carriers), period))
        if not covered:
            return Figure(None, Why("NO_DATA", {"metric": code, "period": period.text}))
        if alone := self._needs_itself(definition, period, carriers):
            return Figure(None, alone, covered=covered)
        facts = self.sums.of(code, period, daily=definition.is_stock)
        for column, _members in part.members:
            place = self.sums.columns.index(column)
            if facts and not any(fact.members[place] for fact in facts):
                return Figure(None, Why("NOT_SPLIT", {"metric": code, "dimension": column}), covered=covered)
        mine = [fact for fact in facts if self._matches(fact, part)]
        if definition.is_in_parts and (weights := self._weights(code, period, part)):
            return self._divided(definition, period, mine, weights, covered)
        if definition.is_stock or not definition.adds_up:
            mine = self._taken(definition, mine)
            if mine is None:
                return Figure(None, Why("NOT_ADDITIVE_IN_TIME", {"metric": code}), covered=covered)
            if not mine:
                return Figure(None, Why("NO_DATA", {"metric": code, "period": period.text}), covered=covered)
        currencies = {fact.currency for fact in mine if definition.value_type == "money"} - {""}
        if len(currencies) > 1:
            raise CannotRead(mixed(code, currencies))
        value = plain(sum(fact.value for fact in mine), definition.value_type)
        sources = frozenset(one.pk for one in carriers)
        return Figure(value, None, sources, covered, next(iter(currencies), ""))

    def _weights(self, code: str, period: Period, part: Part) -> list[Fact]:
        facts = self.sums.of(weight_code(code), period, daily=True)
        return [fact for fact in facts if self._matches(fact, part)]

    def _divided(self, definition, period, values, weights, covered) -> Figure:
        """A figure in two parts: the sum of what was handed in over the sum of its weights, never a mean of ratios."""
        if len(currencies := {fact.currency for fact in (*values, *weights)} - {""}) > 1:
            raise CannotRead(mixed(definition.code, currencies))
        sources, currency = frozenset(fact.source for fact in weights), next(iter(currencies), "")
        value, weight = (Decimal(sum(fact.value for fact in facts)) for facts in (values, weights))
        if not weight:
            about = {"metric": definition.code, "period": period.text}
            return Figure(None, Why("DIVISION_BY_ZERO", about), sources, covered)
        unit = currency if definition.value_type == "money" else ""
        return Figure(formula.CONTEXT.divide(value, weight), None, sources, covered, unit)

    def _matches(self, fact: Fact, part: Part) -> bool:
        return all(fact.members[self.sums.columns.index(column)] in codes for column, codes in part.members)

    @staticmethod
    def _needs_itself(definition: Definition, period: Period, carriers: list[Source]) -> Why | None:
        """Why a count or median that was taken for a month, or for an upload, says nothing about another period."""
        grain = {"per_month": "month", "per_year": "year"}.get(definition.time_agg)
        if grain and Period.between(period.start, period.end).grain != grain:
            return Why(f"ONLY_PER_{grain.upper()}", {"metric": definition.code})
        wider = [one for one in carriers if one.start < period.start or period.end < one.end]
        if definition.time_agg == "per_upload" and (wider or len(carriers) > 1):
            span = Period.between((wider or carriers)[0].start, (wider or carriers)[0].end)
            return Why("ONLY_PER_UPLOAD", {"metric": definition.code, "period": span.text})
        return None

    def _taken(self, definition: Definition, facts: list[Fact]) -> list[Fact] | None:
        """A stock: the last day that each series reports. Any other statistic: the one value that was handed in."""
        if definition.time_agg == "last":
            last: dict[tuple, dt.date] = {}
            for fact in facts:
                series = self._by_pk[fact.source].series[:2]
                last[series] = max(last.get(series, fact.day), fact.day)
            facts = [fact for fact in facts if fact.day == last[self._by_pk[fact.source].series[:2]]]
            is_one = definition.value_type != "enum" or sum(fact.rows for fact in facts) <= 1
            return facts if is_one else None
        return facts if definition.time_agg in ALONE or len(facts) <= 1 else None

    # --- Formulas -------------------------------------------------------------------------------------------

    def _worth(self, node: tuple, at: "_Question") -> Figure:
        match node:
            case ("number", value):
                return Figure(value)
            case ("code", code):
                return self._remembered(code, at.period, at.whole, at.depth + 1)
            case ("SLICE", inner, ("part", dimension, member)):
                stored, members = groups.meant(dimension, member)
                return self._worth(inner, at.sliced(self._column(stored), members if member else ()))
            case ("DAYS",):
                return Figure(Decimal(at.period.days))
            case ("PY" | "PP" as function, inner):
                return self._shifted(function, inner, at)
            case ("BEG", inner):
                return self._opening(inner, at)
            case ("AVG_POINTS", inner):
                return self._mean_of_points(inner, at)
            case ("CC", _):
                return Figure(None, Why("NOT_COMPUTED", {"metric": at.definition.code, "function": "CC"}))
            case ("COALESCE", *choices):
                worth = [self._worth(one, at) for one in choices]
                return next((one for one in worth if one.value is not None), worth[-1])
            case ("IF", ("test", sign, left, right), yes, no):
                parts = [self._worth(one, at) for one in (left, right, yes, no)]
                return joined(at.about, lambda a, b, c, d: ("IF", ("test", sign, a, b), c, d), *parts)
        name, *arguments = node
        return joined(at.about, lambda *values: (name, *values), *(self._worth(one, at) for one in arguments))

    def _shifted(self, function, inner, at) -> Figure:
        """The value of another period. Both must be handed in completely, or on the same days nothing is said."""
        try:
            other = at.period.year_before() if function == "PY" else at.period.before()
        except (BadPeriod, ValueError, OverflowError):
            return Figure(None, Why("TOO_EARLY", {"period": at.period.text}))
        then = self._worth(inner, at.moved(other))
        if then.value is None:
            return then
        now = self._worth(inner, at)
        for figure, period in ((then, other), (now, at.period)):
            if figure.covered and not comparison.is_full(figure.covered, period):
                return Figure(None, partly(figure.covered, period), then.sources)
        return Figure(then.value, None, then.sources, now.covered, then.currency)

    def _opening(self, inner, at) -> Figure:
        """The balance with which the period begins: the last one handed in before its first day."""
        try:
            before = at.period.opening()
        except (BadPeriod, ValueError, OverflowError):
            return Figure(None, Why("TOO_EARLY", {"period": at.period.text}))
        then = self._worth(inner, at.moved(before))
        if then.value is None:
            return then
        if then.covered and then.covered[-1][1] != before.end:
            return Figure(None, partly(then.covered, before), then.sources)
        now = self._worth(inner, at)
        return Figure(
            then.value, None, then.sources, now.covered or ((at.period.start, at.period.end),), then.currency
        )

    def _mean_of_points(self, inner, at) -> Figure:
        """The mean of the opening balance and the balance at the end of each month in the period."""
        points = [
            self._opening(inner, at),
            *(self._worth(inner, at.moved(part)) for part in at.period.split("month")),
        ]
        if missing := next((point for point in points if point.value is None), None):
            return missing
        if len(currencies := {point.currency for point in points} - {""}) > 1:
            raise CannotRead(mixed(at.definition.code, currencies))
        total = sum(point.value for point in points)
        sources = frozenset().union(*(point.sources for point in points))
        covered = tuple(comparison.union(span for point in points[1:] for span in point.covered))
        mean = formula.CONTEXT.divide(total, Decimal(len(points)))
        return Figure(mean, None, sources, covered, next(iter(currencies), ""))


@dataclass(frozen=True)
class _Unnamed:
    """What stands in the place of a definition where a formula belongs to no metric."""

    code: str


@dataclass(frozen=True)
class _Question:
    """What a formula is asked: `part` is the row's, `whole` what a bare name means."""

    definition: Definition
    period: Period
    part: Part
    whole: Part
    depth: int

    @property
    def about(self) -> dict[str, str]:
        return {"metric": self.definition.code, "period": self.period.text}

    def sliced(self, column: str, members: Iterable[str]) -> "_Question":
        part = self.whole.narrowed(column, members) if members else self.part
        return _Question(self.definition, self.period, part, part, self.depth)

    def moved(self, period: Period) -> "_Question":
        return _Question(self.definition, period, self.part, self.whole, self.depth)
