"""What a metric is worth in one period and part of the company: sums of facts, and formulas on these sums.

Ratios are ratios of sums. A missing part or a division by zero is a figure without value and with a reason.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from metrics import comparison, formula, groups
from metrics.definitions import Definition, Definitions
from metrics.exchange import ACTUAL, AT_BUDGET, RATINGS, Exchange, Rating
from metrics.figure import Figure, joined, mixed, partly
from metrics.parts import EVERYTHING, Part
from metrics.periods import DAY, BadPeriod, Period
from metrics.reasons import CannotRead, Why
from metrics.sources import Source, lowest
from metrics.sums import Sums
from metrics.uploaded import Uploaded

DEEPEST = 50


@dataclass
class Evaluation:
    """Definitions, sources and loaded sums: everything that figures need, without a query of its own."""

    definitions: Definitions
    sources: list[Source]
    sums: Sums
    on: dt.date | None = None  # the day on which maturity is judged
    monthly: frozenset = frozenset()  # the sources that know only whole months
    exchange: Exchange | None = (
        None  # converts amounts into the company's currency; None adds up one currency only
    )
    _known: dict = field(default_factory=dict, repr=False)

    def __post_init__(self):
        self._by_pk = {source.pk: source for source in self.sources}
        self.uploaded = Uploaded(self.sources, self.sums, self.monthly, self.exchange)

    def converting(self, exchange: Exchange | None) -> "Evaluation":
        """The same with amounts converted by `exchange`; without one, of one currency only."""
        return replace(self, exchange=exchange, _known={})

    # --- One figure -----------------------------------------------------------------------------------------

    def figure(self, code: str, period: Period, part: Part = EVERYTHING, rating: Rating = ACTUAL) -> Figure:
        """The figure of `code`. Raises CannotRead where currencies would be mixed."""
        return self._remembered(code, period, part, 0, rating)

    def currencies(self, codes: Iterable[str], part: Part = EVERYTHING) -> set[str]:
        """The currencies of every amount that was loaded for the uploaded metrics `codes`, within `part`."""
        return self.uploaded.currencies((self.definitions[code] for code in codes), part)

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
        return "provisional" if found == "certified" and self.ripens_on(code, period) else found

    def ripens_on(self, code: str, period: Period) -> dt.date | None:
        """The day from which the cohorts of `period` behind `code` are complete; None where they are already.

        Charts hatch what is not ripe, certified or not.
        """
        days = max(
            (self.definitions[one].maturity_days or 0 for one in self.definitions.closure([code])), default=0
        )
        ripe = period.end + days * DAY
        return ripe if days and self.on and ripe > self.on else None

    def carriers(self, code: str, period: Period) -> list[Source]:
        """The sources that hold `code` for some day of `period`."""
        return self.uploaded.carriers(code, period)

    def carriers_of(self, codes: Iterable[str], period: Period) -> list[Source]:
        found = {one.pk: one for code in sorted(codes) for one in self.carriers(code, period)}
        return list(found.values())

    def members(self, bases: Iterable[str], periods: Iterable[Period]) -> set[tuple]:
        """Every combination of members, as in `sums.columns`, that occurs in one of `bases`."""
        bases = list(bases)
        return {fact.members for period in periods for code in bases for fact in self.sums.of(code, period)}

    def _remembered(self, code, period, part, depth, rating) -> Figure:
        key = code, period, part, rating
        if key not in self._known:
            self._known[key] = self._computed(code, period, part, depth, rating)
        return self._known[key]

    def _computed(self, code, period, part, depth, rating) -> Figure:
        definition = self.definitions.get(code)
        if definition is None:
            return Figure(None, Why("NOT_COMPUTED", {"metric": code, "function": code}))
        if not definition.is_computed:
            return self.uploaded.figure(definition, period, part, rating)
        if depth > DEEPEST:
            return Figure(None, Why("BAD_FORMULA", {"metric": code}))
        try:
            tree = definition.tree
        except formula.FormulaError:
            return Figure(None, Why("BAD_FORMULA", {"metric": code}))
        # In a formula that slices, a bare name is the whole over that dimension, and SLICE is the row's part.
        sliced = {self._column(dimension) for dimension, member in definition.parts if not member}
        question = _Question(definition, period, part, part.without(sliced), depth, rating)
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

    # --- Formulas -------------------------------------------------------------------------------------------

    def _worth(self, node: tuple, at: "_Question") -> Figure:
        match node:
            case ("number", value):
                return Figure(value)
            case ("code", code):
                return self._remembered(code, at.period, at.whole, at.depth + 1, at.rating)
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
            case ("CC", inner):
                return self._worth(inner, at.at_budget())
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
    rating: Rating = ACTUAL

    @property
    def about(self) -> dict[str, str]:
        return {"metric": self.definition.code, "period": self.period.text}

    def sliced(self, column: str, members: Iterable[str]) -> "_Question":
        part = self.whole.narrowed(column, members) if members else self.part
        return replace(self, part=part, whole=part)

    def moved(self, period: Period) -> "_Question":
        return replace(self, period=period, rating=self.rating.moved(self.period, period))

    def at_budget(self) -> "_Question":
        """At the budget rates of the period that was asked, wherever the formula came from there."""
        back = (
            self.rating.shift - RATINGS["py"].shift * (not self.rating.table)
            if self.rating.is_constant
            else 0
        )
        return replace(self, rating=replace(AT_BUDGET, shift=back))
