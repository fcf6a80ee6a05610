"""Reconciliation: what two sides say of the same thing, the bridge between, and which differences are still open."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import declared_pairs
from metrics.checks.rule_terms import Tolerance
from metrics.declared_pairs import Line, Pair
from metrics.definitions import Definition
from metrics.figure import Figure
from metrics.models import Review, RuleVersion, Ruling
from metrics.paired_figures import PairedFigures
from metrics.periods import Period
from metrics.reasons import Why
from metrics.sources import Source

Decision = Ruling.Decision
SETTLED = (Decision.ACCEPTED, Decision.LEFT, Decision.RIGHT, Decision.PARKED)
BLOCKING = "error"


@dataclass(frozen=True)
class Step:
    """One line of a bridge with its amount, who says so, and the submissions that it comes from."""

    line: Line
    amount: Decimal
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Stated:
    """What one side says, by which definition and from which submissions."""

    value: Decimal
    currency: str
    definition: Definition | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Difference:
    """A declared pair in one period: both sides, the bridge, and what it leaves unexplained.

    residual = left + lines − right (of a pair that must only not be above the other: what is above it, else 0).
    """

    pair: Pair
    period: Period
    severity: str
    left: Stated
    right: Stated
    parts: tuple[Step, ...]
    steps: tuple[Step, ...]
    residual: Decimal
    allowed: Decimal
    ruling: Ruling | None = None  # the decision that holds for it
    last: Ruling | None = None  # the latest about this period, whether it still holds or not

    @property
    def key(self) -> str:
        return f"{self.pair.rule}-{self.period.text}"

    @property
    def explained(self) -> Decimal:
        return self.left.value + sum((one.amount for one in self.steps), Decimal(0))

    @property
    def gap(self) -> Decimal:
        return self.left.value - self.right.value

    @property
    def is_conflict(self) -> bool:
        return abs(self.residual) > self.allowed

    @property
    def is_blocking(self) -> bool:
        return self.severity == BLOCKING

    @property
    def is_open(self) -> bool:
        return self.is_conflict and self.ruling is None

    @property
    def share(self) -> Decimal | None:
        return abs(self.residual) / abs(self.right.value) if self.right.value else None

    @property
    def sources(self) -> tuple[Source, ...]:
        every = (*self.left.sources, *self.right.sources, *(s for one in self.steps for s in one.sources))
        return tuple({one.pk: one for one in every}.values())


@dataclass(frozen=True)
class Waiting:
    """A declared pair of which a side is not handed in yet, and why."""

    pair: Pair
    period: Period
    why: Why


class Reconciliation:
    """Every declared pair in some periods: `differences` of those that have both sides, `waiting` for the rest."""

    def __init__(self, periods: Iterable[Period], *, pairs: Iterable[Pair] = declared_pairs.PAIRS):
        self.periods, self.pairs = list(periods), list(pairs)
        self.figures = PairedFigures(self.periods, pairs=self.pairs)
        self.differences: list[Difference] = []
        self.waiting: list[Waiting] = []
        rules = _rules(max(one.last for one in self.periods))
        decided = _Decided(self.periods)
        for period in self.periods:
            for pair in self.pairs:
                self._ask(pair, period, rules.get(pair.rule), decided)
        self.differences.sort(key=_order)

    def _ask(self, pair: Pair, period: Period, rule: RuleVersion | None, decided: "_Decided") -> None:
        sides = [self.figures.worth(text, period) for text in (pair.left.formula, pair.right.formula)]
        lines = [self.figures.worth(one.formula, period) for one in pair.lines]
        if missing := next((one for one in (*sides, *lines) if one.value is None), None):
            self.waiting.append(Waiting(pair, period, missing.why))
            return
        parts = [self.figures.worth(one.formula, period) for one in pair.parts]
        left, right = (
            self._stated(side, figure) for side, figure in zip((pair.left, pair.right), sides, strict=True)
        )
        steps = self._steps(pair.lines, lines)
        residual = left.value + sum((one.amount for one in steps), Decimal(0)) - right.value
        allowed = Tolerance.parse(rule.tolerance if rule else pair.tolerance).of(left.value, right.value)
        found = Difference(
            pair,
            period,
            rule.severity if rule else pair.severity,
            left,
            right,
            self._steps(pair.parts, parts) if all(one.value is not None for one in parts) else (),
            steps,
            residual if pair.sign == "==" else max(residual, Decimal(0)),
            allowed,
        )
        self.differences.append(decided.applied(found))

    def _steps(self, lines: Iterable[Line], figures: Iterable[Figure]) -> tuple[Step, ...]:
        return tuple(
            Step(line, figure.value, self._from(figure)) for line, figure in zip(lines, figures, strict=True)
        )

    def _stated(self, side: declared_pairs.Side, figure: Figure) -> Stated:
        definition = self.figures.definitions.get(side.metric)
        return Stated(figure.value, figure.currency, definition, self._from(figure))

    def _from(self, figure: Figure) -> tuple[Source, ...]:
        return tuple(self.figures.by_pk[pk] for pk in sorted(figure.sources))


class _Decided:
    """The decisions about these periods, and the standing ones that reach into them. Three queries."""

    def __init__(self, periods: list[Period]):
        end = max(one.end for one in periods)
        rows = Ruling.objects.filter(period_start__lt=end).select_related("decided_by", "review")
        self.latest = rows.prefetch_related("answers__answered_by", "answers__department").newest()

    def applied(self, found: Difference) -> Difference:
        """`found` with the decision that holds: of its own period, else the newest standing one before it."""
        own = self.latest.get((found.pair.rule, found.period.start))
        if own is not None:
            return _with(found, own if holds(own, found) else None, own)
        before = [
            one
            for (pair, start), one in self.latest.items()
            if pair == found.pair.rule and start < found.period.start and one.reach == Ruling.Reach.STANDING
        ]
        standing = max(before, key=lambda one: one.period_start, default=None)
        return _with(found, standing, standing)


def _with(found: Difference, ruling: Ruling | None, last: Ruling | None) -> Difference:
    return Difference(**{name: getattr(found, name) for name in _FIELDS} | {"ruling": ruling, "last": last})


_FIELDS = tuple(Difference.__dataclass_fields__)


def holds(ruling: Ruling, found: Difference) -> bool:
    """Whether the decision settles the difference as it is now.

    An official side stays official; an accepted bridge or a parked pair was about two figures: others are new.
    """
    if ruling.decision in (Decision.LEFT, Decision.RIGHT):
        return True
    same = (Decimal(ruling.left), Decimal(ruling.right), Decimal(ruling.residual))
    return ruling.decision in SETTLED and same == stated_figures(found)


def stated_figures(found: Difference) -> tuple[Decimal, Decimal, Decimal]:
    """The three figures that a decision is about, as they are kept: rounded to 10⁻⁶."""
    return tuple(
        value.quantize(Decimal("0.000001")) for value in (found.left.value, found.right.value, found.residual)
    )


def of_review(review: Review) -> Reconciliation:
    """Every declared pair in the months of a review."""
    return Reconciliation(months(review))


def months(review: Review) -> list[Period]:
    return list(Period.between(review.period_start, review.period_end).split("month"))


def open_conflicts(review: Review, *, blocking: bool = True) -> list[Difference]:
    """The differences beyond tolerance that nobody has ruled, accepted or parked; `blocking`: only those that stop
    the freeze. About eight queries."""
    found = of_review(review).differences
    return [one for one in found if one.is_open and (one.is_blocking or not blocking)]


def _rules(on: dt.date) -> dict[str, RuleVersion]:
    versions = RuleVersion.objects.effective(on).select_related("rule")
    return {one.rule.code: one for one in versions.filter(rule__code__in=declared_pairs.BY_RULE)}


def _order(one: Difference) -> tuple:
    """Open ones first, blocking before warnings, the largest share first."""
    return not one.is_open, not one.is_conflict, not one.is_blocking, -(one.share or 0), one.pair.rule
