"""What the lines of a commission plan read: certified figures alone, definitions pinned, rates of the budget."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from metrics import dimensions, newcomers
from metrics.definitions import FIELDS, Definition, Definitions
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.exchange import AT_BUDGET, BUDGET
from metrics.figure import Figure
from metrics.models import MetricVersion
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.sources import Source
from okr.models import Cycle, PayLine, six
from okr.payout import Reading
from okr.scoring import reached

PERCENT = Decimal(100)
NEW_BY = "sku"


@dataclass(frozen=True)
class Read:
    """A figure of a line: `value` in the unit of its metric (rates in percent), None where nobody certified it.

    `is_final`: certified, ripe and whole for the cycle; before that it is how far it has come. `sources`: certified
    versions of files behind it.
    """

    value: Decimal | None = None
    until: dt.date | None = None
    is_final: bool = False
    currency: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Stand:
    """Where a line stands: what was read of it and of its gate, and the `attained` share of its target."""

    main: Read
    gate: Read | None
    attained: Fraction | None

    @property
    def is_final(self) -> bool:
        return self.main.is_final and (self.gate is None or self.gate.is_final)

    @property
    def reading(self) -> Reading:
        """What a payment may be worked out from: nothing that is not final."""
        if not self.is_final:
            return Reading(None)
        return Reading(self.attained, share(self.gate.value) if self.gate else None)

    @property
    def so_far(self) -> Reading:
        return Reading(self.attained, share(self.gate.value) if self.gate else None)

    @property
    def sources(self) -> list[tuple[int, int]]:
        """(submission, version number) of both figures, each once."""
        both = (*self.main.sources, *(self.gate.sources if self.gate else ()))
        return sorted({(one.pk, one.number) for one in both})


def share(percent: Decimal | None) -> Fraction | None:
    return None if percent is None else Fraction(percent) / 100


def attained(line: PayLine, value: Decimal | None) -> Fraction | None:
    """figure ÷ target, or the share of the way from the baseline to it; what is to fall has its way alone."""
    target, baseline = six(line.target), six(line.baseline)
    if value is None:
        return None
    if line.basis == PayLine.Basis.WAY and baseline is not None and baseline != target:
        return reached(baseline, target, value)
    return Fraction(value) / Fraction(target) if target else None


def standings(cycle: Cycle, lines: Iterable[PayLine], *, on: dt.date) -> dict[int, Stand]:
    """Key of a line → where it stands on the day `on`, cycle to date."""
    lines = list(lines)
    if cycle.starts_on > on or not lines:
        return {one.pk: Stand(Read(), Read() if one.gate_metric_id else None, None) for one in lines}
    desk = _Figures(cycle, lines, on)
    found = {}
    for one in lines:
        main = desk.of(one.version_id, one, one.new_days)
        gate = desk.of(one.gate_version_id, one) if one.gate_metric_id else None
        found[one.pk] = Stand(main, gate, attained(one, main.value))
    return found


def budget_rate(cycle: Cycle, currency: str) -> Decimal | None:
    """What one unit of `currency` is worth in the company's, by the budget's rate of the first month; None: no rate."""
    desk = Desk([], [Period.between(cycle.starts_on, cycle.ends_on)], status="certified")
    return desk.exchange.rates.get((BUDGET, currency, cycle.starts_on)) if desk.sources else None


class _Figures:
    """Everything that the lines read, with a fixed number of queries besides one for each line of new products."""

    def __init__(self, cycle: Cycle, lines: list[PayLine], on: dt.date):
        self.whole = Period.between(cycle.starts_on, cycle.ends_on)
        self.period = Period.between(cycle.starts_on, min(cycle.ends_on, on + dt.timedelta(days=1)))
        pinned = {one.version_id for one in lines} | {one.gate_version_id for one in lines}
        rows = MetricVersion.objects.filter(pk__in=pinned - {None}).values_list("pk", *FIELDS)
        self.versions = {pk: Definition(*row) for pk, *row in rows}
        definitions = Definitions.on(self.whole.last)
        for one in self.versions.values():
            definitions = definitions.replaced(one)
        self.codes = sorted({one.code for one in self.versions.values()})
        self.named = {one.dimension for one in lines if one.dimension}
        periods = [self.period]
        if days := max((one.new_days or 0 for one in lines), default=0):
            before = dt.timedelta(days=days + newcomers.LOOKED_BACK)
            periods.append(Period.between(cycle.starts_on - before, cycle.starts_on))
        self.desk = Desk(
            self.codes, periods, status="certified", members=self.named, on=on, definitions=definitions
        )
        self.evaluation = self._evaluation(self.codes, [self.period], self.named)

    def _evaluation(self, codes: list[str], periods: list[Period], named: set[str]) -> Evaluation:
        columns = {dimensions.column(name) for name in named} | self.desk.sliced(codes)
        found = self.desk.evaluation(codes, periods, columns=sorted(columns))
        return found.converting(self.desk.exchange) if self.desk.has_rates else found

    def of(self, version: int | None, line: PayLine, new_days: int | None = None) -> Read:
        if version not in self.versions:
            return Read()
        try:
            part = EVERYTHING
            if line.dimension:
                part = dimensions.part({line.dimension: line.member}, self.desk.members)
            if new_days:
                return self._of_new(self.versions[version], part, line, new_days)
            figure = self.evaluation.figure(self.versions[version].code, self.period, part, AT_BUDGET)
        except CannotRead:
            return Read()
        return self._read(self.versions[version], figure, self.evaluation)

    def _read(self, version: Definition, figure: Figure, evaluation: Evaluation) -> Read:
        if figure.value is None:
            return Read()
        is_certified = evaluation.status(figure, version.code, self.period) == "certified"
        until = max((end for _start, end in figure.covered), default=self.period.end)
        is_whole = not figure.covered or figure.covered == ((self.whole.start, self.whole.end),)
        return Read(
            figure.value * PERCENT if version.is_ratio else figure.value,
            until,
            is_certified and is_whole and self.period == self.whole,
            figure.currency,
            tuple(one for one in self.desk.sources if one.pk in figure.sources),
        )

    def _of_new(self, version: Definition, part: Part, line: PayLine, days: int) -> Read:
        """The sum over products, each for the days of the cycle on which it was new."""
        bases, since = self.desk.definitions.bases(version.code), self.whole.start - dt.timedelta(days=days)
        first = newcomers.first_days(bases, self.desk.sources, since)
        whole = self._read(version, self.evaluation.figure(version.code, self.period, part), self.evaluation)
        if first is None or whole.value is None:
            return Read()
        spans: dict[Period, set[str]] = {}
        for product, day in first.items():
            start, end = max(day, self.period.start), min(day + dt.timedelta(days=days), self.period.end)
            if start < end:
                spans.setdefault(Period.between(start, end), set()).add(product)
        named = {NEW_BY} | ({line.dimension} if line.dimension else set())
        found = self._evaluation([version.code], list(spans), named) if spans else None
        figures = [
            found.figure(version.code, span, part.narrowed(NEW_BY, products), AT_BUDGET)
            for span, products in spans.items()
        ]
        if any(one.value is None for one in figures):
            return Read()
        total = sum((one.value for one in figures), Decimal(0))
        return Read(total, whole.until, whole.is_final, whole.currency, whole.sources)
