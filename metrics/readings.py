"""Reading a metric: its value for a period, split and compared, and where it comes from.

One question: `reading(code, period, by=, where=, grain=, compare=, status=, rates=, user=, on=,
snapshot=)` → `Reading`.
A page of many figures asks a `metrics.desk.Desk` once instead, and measures them with:
  `metrics.compared.against(definition, now, then, period, other)` → `Compared` against another period;
  `metrics.aims.Aims(desk, codes, periods, columns=…).against(code, "target" | "budget", figure, period, part)` →
  `Compared` against what was aimed at (two queries however many figures).
A `Compared` has value, change (points for ratios), change_ratio (None for ratios), comparable, why, aligned.
"""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q

from metrics import comparison, dimensions, sources
from metrics.aims import Aims
from metrics.answers import Reading, Row
from metrics.compared import Compared, against, changed, gap
from metrics.comparison import Aligned
from metrics.definitions import Definition, Definitions
from metrics.desk import Desk, moved
from metrics.evaluation import Evaluation
from metrics.exchange import RATES, RATINGS
from metrics.figure import Figure
from metrics.goals import BOUND, SCENARIOS
from metrics.models import Metric, Snapshot
from metrics.parts import Part
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from reviewhub.people.models import Confidentiality
from reviewhub.people.permissions import reads_confidential

GRAINS = ("day", "week", "month", "quarter", "year")
COMPARISONS = ("py", "pp", *SCENARIOS)
MOST_ROWS = 5_000
# Metrics that are handed in as the goal of others.
TARGETS = BOUND


def reading(
    code: str,
    period: Period,
    *,
    by: Iterable[str] = (),
    where: Mapping[str, Iterable[str] | str] | None = None,
    grain: str | None = None,
    compare: Iterable[str] = (),
    status: str | None = None,
    rates: str = "actual",
    user=None,
    on: dt.date | None = None,
    snapshot: Snapshot | None = None,
) -> Reading:
    """The reading of metric `code` over `period`. Raises CannotRead with the reasons in words.

    by: dimensions; where: {dimension: member or members}; grain: day … year; compare: py, pp, target, budget.
    status: None (certified where there is, else the newest draft), "certified" or "draft" (the newest wins).
    rates: "actual" (of each month, where several currencies meet), or everything in the company's currency at constant
    rates: "py" (those of the year before) or "budget".
    user: whose eyes, None is the machine; on: the day on which unripe cohorts are judged.
    snapshot: the frozen versions, definitions, rates and goals instead of what stands now.
    """
    asked = _Asked(
        code, period, tuple(by), dict(where or {}), grain, tuple(compare), status, user, on, rates, snapshot
    )
    return _Answer(asked).reading()


def unit(definition: Definition, currency: str) -> str:
    """The unit with the currency of the figures: CCY/单 of sales in pounds is GBP/单."""
    return definition.unit.replace("CCY", currency) if currency else definition.unit


def unknown_metric(code: str, definitions: Definitions) -> Why:
    names = {
        word.casefold(): one.code
        for one in definitions.values()
        for word in (one.code, one.name_zh, one.name_en)
    }
    near = difflib.get_close_matches(code.casefold(), list(names), n=3, cutoff=0.5)
    if not near:
        return Why("UNKNOWN_METRIC", {"metric": code})
    return Why(
        "UNKNOWN_METRIC_NEAR", {"metric": code, "near": ", ".join(dict.fromkeys(names[one] for one in near))}
    )


def open_to(user, code: str) -> bool:
    """Internal figures are open to colleagues, confidential ones to the data owner, to executives (who see certified
    figures only) and to the departments that own or steward them; a partner reads what is shared with it."""
    return code in open_codes(user, [code])


def open_codes(user, codes: Iterable[str]) -> set[str]:
    """Those of `codes` whose figures `user` may read. One query, and one for the abilities."""
    return set(open_metrics(user).filter(code__in=list(codes)).values_list("code", flat=True))


def open_metrics(user):
    """A query of the metrics whose figures `user` may read."""
    seen = Metric.objects.visible_to(user)
    if not reads_confidential(user):
        own = Q(versions__owner_dept=user.department_id) | Q(versions__steward_dept=user.department_id)
        seen = seen.filter(Q(confidentiality__lte=Confidentiality.INTERNAL) | own)
    return seen


@dataclass(frozen=True)
class _Asked:
    code: str
    period: Period
    by: tuple
    where: dict
    grain: str | None
    compare: tuple
    status: str | None
    user: object
    on: dt.date | None
    rates: str
    snapshot: Snapshot | None

    @property
    def shifts(self) -> list[str]:
        return [name for name in self.compare if name not in SCENARIOS]

    @property
    def is_aimed(self) -> bool:
        return any(name in SCENARIOS for name in self.compare)

    def parts(self) -> list[Period]:
        if self.grain == "day" and self.period.days > MOST_ROWS:
            raise CannotRead(Why("TOO_FINE", {"period": self.period.text, "grain": self.grain}))
        return list(self.period.split(self.grain)) if self.grain else []


class _Answer:
    def __init__(self, asked: _Asked):
        if asked.user is not None and not open_to(asked.user, asked.code):
            raise CannotRead(Why("UNKNOWN_METRIC", {"metric": asked.code}))
        if unknown := [name for name in asked.compare if name not in COMPARISONS]:
            raise CannotRead(Why("UNKNOWN_COMPARISON", {"name": unknown[0]}))
        if asked.rates not in RATES:
            raise CannotRead(Why("UNKNOWN_RATES", {"name": asked.rates}))
        self.asked, self.parts, self.rating = asked, asked.parts(), RATINGS[asked.rates]
        periods = [asked.period, *self.parts]
        periods += [moved(one, name) for name in asked.shifts for one in periods]
        self.desk = Desk(
            [asked.code, *([TARGETS[asked.code]] if asked.is_aimed and asked.code in TARGETS else [])],
            periods,
            user=asked.user,
            status=asked.status,
            members=(*asked.by, *asked.where),
            on=asked.on,
            snapshot=asked.snapshot,
        )
        if asked.code not in self.desk.definitions:
            raise CannotRead(unknown_metric(asked.code, self.desk.definitions))
        self.definition = self.desk.definitions[asked.code]
        dimensions.check(asked.code, (*asked.by, *asked.where), self.desk.definitions)
        self.evaluation = self._loaded(periods)

    def _loaded(self, periods) -> Evaluation:
        asked = self.asked
        self.part = dimensions.part(asked.where, self.desk.members)
        named = {dimensions.column(one) for one in (*asked.by, *asked.where)}
        self.columns = sorted(named | self.desk.sliced([asked.code]))
        found = self.desk.evaluation([asked.code], periods, columns=self.columns)
        if asked.rates != "actual":
            return found.converting(self.desk.exchange)
        one = len(found.currencies(self.desk.definitions.bases(asked.code), self.part)) < 2
        return found.converting(None) if one and found.exchange else found

    def _figure(self, period: Period, part: Part, asked: Period) -> Figure:
        """The figure of `period` at the rates of the period that was `asked`."""
        return self.evaluation.figure(self.asked.code, period, part, self.rating.moved(asked, period))

    @cached_property
    def aims(self) -> Aims:
        periods = [self.asked.period, *self.parts]
        return Aims(self.desk, [self.asked.code], periods, columns=self.columns)

    def reading(self) -> Reading:
        asked, period = self.asked, self.asked.period
        figure = self._figure(period, self.part, period)
        return Reading(
            definition=self.definition,
            period=period,
            unit=unit(self.definition, figure.currency),
            status=self.evaluation.status(figure, asked.code, period),
            value=figure.value,
            why=gap(figure, period),
            covered=figure.covered,
            rows=self._rows(),
            compare={
                name: self._fair(compared, name)
                for name, compared in self._compared(period, self.part, figure).items()
            },
            sources=[one for one in self.desk.sources if one.pk in figure.sources],
            ripens_on=self.evaluation.ripens_on(asked.code, period),
            rates=asked.rates,
            currency=figure.currency,
            exchanged=self._exchanged(),
            snapshot=asked.snapshot.fingerprint if asked.snapshot else "",
        )

    def _rows(self) -> list[Row]:
        rows = []
        for period in self.parts or ([self.asked.period] if self.asked.by else []):
            found = [self._row(period, key, part) for key, part in self._keys(period)]
            found.sort(key=lambda row: (row.value is None, -(row.value or 0), tuple(row.key.values())))
            rows += found
            if len(rows) > MOST_ROWS:
                raise CannotRead(
                    Why("TOO_FINE", {"period": self.asked.period.text, "grain": self.asked.grain or "–"})
                )
        return rows

    def _row(self, period, key, part) -> Row:
        figure = self._figure(period, part, period)
        named = ({"period": period.text} if self.parts else {}) | key
        status = self.evaluation.status(figure, self.asked.code, period)
        ripe = self.evaluation.ripens_on(self.asked.code, period)
        return Row(
            named, figure.value, gap(figure, period), status, self._compared(period, part, figure), ripe
        )

    def _exchanged(self) -> tuple:
        exchange = self.evaluation.exchange
        return tuple(sorted(exchange.used)) if exchange else ()

    def _keys(self, period: Period) -> list[tuple[dict, Part]]:
        if not self.asked.by:
            return [({}, self.part)]
        periods = [period, *(moved(period, name) for name in self.asked.shifts)]
        return self.desk.keys(self.evaluation, self.asked.code, periods, self.asked.by, self.part)

    def _compared(self, period: Period, part: Part, figure: Figure) -> dict[str, Compared]:
        found = {}
        for name in self.asked.compare:
            if name in SCENARIOS:
                found[name] = self.aims.against(self.asked.code, name, figure, period, part)
                continue
            other = moved(period, name)
            reference = self._figure(other, part, period)
            found[name] = against(self.definition, figure, reference, period, other)
        return found

    def _fair(self, compared: Compared, name: str) -> Compared:
        """The comparison of the whole, on the days that both sides have, where that is less than both periods."""
        if name in SCENARIOS or (compared.why and not compared.aligned) or compared.value is None:
            return compared
        common = compared.aligned or Aligned(self.asked.period, moved(self.asked.period, name))
        ends = self._data_ends(common)
        if ends:
            common = ends[0]
        elif not compared.aligned:
            return compared
        evaluation = self._loaded([common.now, common.then])
        rated = (self.rating, self.rating.moved(common.now, common.then))
        now, then = (
            evaluation.figure(self.asked.code, one, self.part, rating)
            for one, rating in zip((common.now, common.then), rated, strict=True)
        )
        params = {"now": common.now.text, "then": common.then.text}
        why = Why("ALIGNED_DATA_ENDS", params | {"source": ends[1]}) if ends else Why("ALIGNED", params)
        return replace(
            changed(self.definition, now.value, then.value), why=why, aligned=common, now=now.value
        )

    def _data_ends(self, common: Aligned) -> tuple[Aligned, str] | None:
        """A shorter pair of periods where a file stops long before its period does, and the name of that file."""
        bases = self.desk.definitions.bases(self.asked.code)
        now, then = (self.evaluation.carriers_of(bases, one) for one in (common.now, common.then))
        held = sources.held({one.pk: one for one in (*now, *then)}.values())
        if not held:
            return None
        spans = [
            comparison.clipped((held.get(one.pk, (one.start, one.end)) for one in side), period)
            for side, period in ((now, common.now), (then, common.then))
        ]
        shorter = comparison.aligned(common.now, common.then, *spans)
        if shorter is None or shorter == common:
            return None
        names = [one.file or one.profile for one in (*now, *then) if one.pk in held]
        return shorter, ", ".join(dict.fromkeys(names))
