"""The desk on which figures are worked out: definitions, sources, members and sums for a set of questions."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

from metrics import dimensions, profile_grains, sources, sums
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.evaluation import Evaluation
from metrics.exchange import AVERAGE, Exchange
from metrics.models import Snapshot
from metrics.parts import Part
from metrics.periods import BadPeriod, Period
from metrics.reasons import CannotRead, Why
from metrics.sources import Source
from metrics.sums import unit_of
from metrics.units import weight_code


def moved(period: Period, name: str) -> Period:
    """The period that "py" (the year before) or "pp" (just before) compares with. Raises CannotRead."""
    try:
        return period.year_before() if name.lower() == "py" else period.before()
    except (BadPeriod, ValueError, OverflowError):
        raise CannotRead(Why("TOO_EARLY", {"period": period.text})) from None


def looked_at(period: Period, step: str) -> list[Period]:
    """The periods that one function of a formula (PY, PP, BEG, AVG_POINTS) reads for `period`. Raises CannotRead."""
    if step in ("PY", "PP"):
        return [moved(period, step)]
    try:
        opening = period.opening()
    except (BadPeriod, ValueError, OverflowError):
        raise CannotRead(Why("TOO_EARLY", {"period": period.text})) from None
    return [opening, period, *(period.split("month") if step == "AVG_POINTS" else ())]


def _years(day: dt.date, count: int) -> dt.date:
    return day.replace(year=day.year + count, day=min(day.day, 28))


class Desk:
    """Definitions, sources, members and sums for a set of questions: a fixed number of queries however many figures.

    Opening reads definitions, sources and (where wanted) members; each `load` adds one query per unit of time.
    """

    def __init__(
        self,
        codes: Iterable[str],
        periods: Iterable[Period],
        *,
        user=None,
        status: str | None = None,
        members: Iterable[str] = (),
        on: dt.date | None = None,
        known: list[Source] | None = None,
        definitions: Definitions | None = None,
        snapshot: Snapshot | None = None,
        readable=None,
    ):
        """`known`: sources that were read already; `definitions`: others than those of the last day.

        `snapshot`: the frozen versions and definitions instead of what stands now. `readable`: a query of the metrics
        that the reader may read; `definitions.readable` are then their codes.
        """
        self.periods = list(periods)
        if definitions is None and snapshot is not None:
            definitions = Definitions.frozen(snapshot, readable=readable)
        self.definitions = definitions or Definitions.on(
            max(one.last for one in self.periods), readable=readable
        )
        span = self._shifted(codes, self.periods) | set(self.periods)
        start, end = min(one.start for one in span), max(one.end for one in span)
        self.sources = known or sources.standing(start, end, status=status, user=user, snapshot=snapshot)
        self.members = Members.of(members, regions=snapshot.regions if snapshot else None)
        self.on, self.snapshot = on, snapshot

    def _shifted(self, codes, periods) -> set[Period]:
        """`periods` and every other period that the formulas of `codes` look at."""
        found = set()
        for shift in set().union({()}, *(self.definitions.shifts(code) for code in codes)):
            for period in periods:
                reached = [period]
                try:
                    for step in shift:
                        reached = [other for one in reached for other in looked_at(one, step)]
                except CannotRead:
                    continue  # the figure says so where it is asked for
                found.update(reached)
        return found

    def evaluation(
        self, codes: Iterable[str], periods: Iterable[Period], *, columns: Iterable[str] = ()
    ) -> Evaluation:
        """Load what `codes` need in `periods`, split by the columns of a slice."""
        return self.evaluations([(codes, periods, columns)])[0]

    def evaluations(self, questions: Iterable[tuple]) -> list[Evaluation]:
        """Load several (codes, periods, columns) together: as many queries as for one of them."""
        pks, asked, inside = [one.pk for one in self.sources], [], []
        for codes, periods, columns in questions:
            codes = [code for code in codes if code in self.definitions]
            bases = {base for code in codes for base in self.definitions.bases(code)}
            stocks = {base for base in bases if self.definitions[base].time_agg == "last"}
            weights = {weight_code(base) for base in bases if self.definitions[base].is_in_parts}
            wanted = sorted(self._shifted(codes, list(periods)))
            split = sums.Sums(tuple(dict.fromkeys(columns)))
            asked.append(sums.Asked(split, sorted((bases - stocks) | weights), sorted(stocks), wanted))
            inside.append(bases)
        sums.read(asked, pks)
        return [self._evaluated(one, bases, pks) for one, bases in zip(asked, inside, strict=True)]

    def _evaluated(self, asked: sums.Asked, bases: set[str], pks: list[int]) -> Evaluation:
        found, wanted = asked.sums, asked.periods
        # Without its cases a mean or median stands for itself alone, and is read by the day it was handed in for.
        in_parts = {base for base in bases if self.definitions[base].is_in_parts}
        alone = {base for base in in_parts if found.has(base) and not found.has(weight_code(base))}
        if alone:
            found.load_daily(alone, wanted, sources=pks)
        monthly = self._monthly(bases, wanted)
        evaluation = Evaluation(self.definitions, self.sources, found, self.on, monthly)
        if len(evaluation.currencies(bases)) > 1 and self.has_rates:
            return evaluation.converting(self.exchange)
        return evaluation

    @property
    def has_rates(self) -> bool:
        return any(AVERAGE in one.metrics for one in self.sources)

    @cached_property
    def exchange(self) -> Exchange:
        """The rate table among the sources, and as far as constant rates reach back from them. Three queries."""
        start = min(one.start for one in self.sources)
        before = [
            one
            for one in sources.standing(_years(start, -1), start, snapshot=self.snapshot)
            if AVERAGE in one.metrics
        ]
        return Exchange.of([*before, *self.sources])

    def _monthly(self, bases: set[str], periods: Iterable[Period]) -> frozenset:
        """The sources that know only whole months, where some period is no whole month."""
        by_month = {code for code in bases if self.definitions[code].grain == "month"}
        if not by_month or all(unit_of(one) == "M" for one in periods):
            return frozenset()
        profiles = {one.profile for one in self.sources if one.metrics & by_month}
        monthly = {name for name in profiles if profile_grains.grain(name) == "month"}
        return frozenset(one.pk for one in self.sources if one.profile in monthly)

    def sliced(self, codes: Iterable[str]) -> set[str]:
        """The stored columns by which the formulas behind `codes` take parts."""
        named = self.definitions.sliced(self.definitions.closure(codes))
        return {dimensions.column(one) for one in named} & set(dimensions.STORED)

    def keys(
        self, evaluation: Evaluation, code: str, periods: Iterable[Period], by: Iterable[str], within: Part
    ) -> list[tuple[dict, Part]]:
        """The members of the dimensions `by` that occur in `periods`, inside `within`: ({dimension: code}, part)."""
        by, columns, allowed = tuple(by), evaluation.sums.columns, dict(within.members)
        places = [(name, columns.index(dimensions.column(name))) for name in by]
        found: dict[tuple, dict[str, set]] = {}
        for members in evaluation.members(self.definitions.bases(code), periods):
            if any(members[columns.index(column)] not in codes for column, codes in allowed.items()):
                continue
            key = tuple(self.members.key(name, members[place]) for name, place in places)
            for name, place in places:
                found.setdefault(key, {}).setdefault(dimensions.column(name), set()).add(members[place])
        rows = []
        for key, split in sorted(found.items()):
            part = within
            for column, codes in split.items():
                part = part.narrowed(column, codes)
            rows.append((dict(zip(by, key, strict=True)), part))
        return rows
