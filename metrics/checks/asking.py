"""Asks the rules between metrics and the conditions of each metric of the figures of one period.

Everything is asked of sums that were read before, with a few queries for each way of splitting; no rule is special.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from metrics import dimensions, formula, profile_grains
from metrics.checks import conditions, rule_terms, weeks
from metrics.checks.conditions import BadCondition, Condition
from metrics.checks.results import Check
from metrics.checks.rule_terms import Scope, Term, Tolerance
from metrics.checks.seasons import Seasons, is_known
from metrics.checks.weeks import Judged
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.models import Metric, MetricVersion, RuleVersion
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.reasons import CannotRead, Why
from metrics.sums import COLUMNS

WHOLE = Scope((), "month")
EXACT = Tolerance(Decimal(0))
ADDS_UP = Tolerance(Decimal("0.001"), is_share=True)
SHARES = Tolerance(Decimal("0.0005"))
ONE = ("number", Decimal(1))
ONCE = Decimal(1)


@dataclass(frozen=True)
class Asked:
    """A metric as checks need it, by the version that holds in the period."""

    code: str
    owner: str
    grain: str
    engine: str
    conditions: str


def checks(period: Period, *, status: str | None = None, on: dt.date | None = None) -> list[Check]:
    """Every check of `period` over what stands handed in, those that do not hold first.

    status: None (certified where there is, else the newest draft) or "draft" (the newest wins), as for readings.
    """
    return _Asking(period, status, on).all()


class _Asking:
    def __init__(self, period: Period, status: str | None, on: dt.date | None):
        self.period = period
        rows = MetricVersion.objects.effective(period.last).filter(metric__in=Metric.objects.enabled())
        columns = ("metric__code", "owner_dept__code", "grain", "engine", "validation")
        self.asked = {row[0]: Asked(*row) for row in rows.order_by("metric").values_list(*columns)}
        self.judged = weeks.judged(period)
        whole = [Judged(one.week) for one in self.judged]
        spans = {one.period for one in self.judged}
        self.spans = sorted(spans.union(*(one.history for one in (*self.judged, *whole))))
        spans = [period, period.before(), *self.spans]
        self.desk = Desk(self.asked, spans, status=status, members=(*COLUMNS, "region"), on=on)
        self._loaded: dict[tuple, Evaluation] = {}
        weekly = [one.code for one in self.asked.values() if "outlier" in one.conditions]
        self.seasons = Seasons(weekly, self.judged, status=status, on=on)

    def all(self) -> list[Check]:
        rules = RuleVersion.objects.effective(self.period.last).select_related("rule").order_by("rule")
        found = [self.rule(one) for one in rules]
        for asked in self.asked.values():
            found += self.conditions(asked)
        return found

    # --- Rules between metrics ------------------------------------------------------------------------------

    def rule(self, version: RuleVersion) -> Check:
        group = "between" if version.on_fail == "reconcile" else "identity"
        check = Check(
            version.rule.code, group, version.severity, [], text=version.expression, on_fail=version.on_fail
        )
        try:
            terms, tolerance = (
                rule_terms.terms(version.expression),
                Tolerance.parse(version.tolerance),
            )
        except (formula.FormulaError, ValueError):
            check.metrics = [code for code in version.metrics if code in self.desk.definitions]
            check.departments = self.owners(check.metrics)
            check.lacks(Why("NEEDS_INPUT", {"rule": check.code}))
            return check
        self.relation(check, terms, tolerance, Scope.parse(version.scope))
        return check

    def owners(self, codes: Iterable[str]) -> list[str]:
        return sorted({self.asked[code].owner for code in codes if code in self.asked})

    def relation(self, check: Check, terms: list[Term], tolerance: Tolerance, scope: Scope) -> None:
        """Ask `terms` at every place of `scope`; a place holds when all of them do."""
        codes = sorted(set().union(*(term.codes for term in terms)))
        check.metrics, check.departments = codes, self.owners(codes)
        wanted = {
            dimensions.column(one) for one in {*scope.dimensions, *(d for t in terms for d in t.dimensions)}
        }
        if why := self.unanswerable(codes, wanted):
            check.lacks(why)
            return
        periods = self.units(scope.grain)
        evaluation = self.loaded(codes, wanted, periods)
        for period in periods:
            for key, part in self.places(evaluation, codes, period, scope.dimensions):
                self.place(check, terms, tolerance, evaluation, period, key, part)
        if not check.asked and not check.missing:
            check.lacks(Why("NO_DATA", {"metric": codes[0], "period": self.period.text}))

    def unanswerable(self, codes: list[str], columns: set[str]) -> Why | None:
        if unknown := [code for code in codes if code not in self.desk.definitions]:
            return Why("NEEDS_INPUT", {"rule": ", ".join(unknown)})
        if off := [code for code in codes if code not in self.asked]:
            return Why("METRIC_OFF", {"metric": off[0]})
        if foreign := sorted(columns - set(COLUMNS)):
            return Why("NOT_SPLIT", {"metric": codes[0], "dimension": foreign[0]})
        return None

    def units(self, grain: str) -> list[Period]:
        parts = list(self.period.split(grain))
        return parts if all(self.period.contains(one.start) for one in parts) else [self.period]

    def places(self, evaluation, codes, period, by) -> list[tuple[dict, Part]]:
        if not by:
            return [({}, EVERYTHING)]
        found: dict[tuple, tuple[dict, Part]] = {}
        for code in codes:
            for key, part in self.desk.keys(evaluation, code, [period], by, EVERYTHING):
                if all(key.values()):
                    found.setdefault(tuple(key.items()), (key, part))
        return [found[one] for one in sorted(found)]

    def place(self, check, terms, tolerance, evaluation, period, key, part) -> None:
        sides = []
        for term in terms:
            pair = [self.worth(check, side, evaluation, period, part) for side in (term.left, term.right)]
            if missing := next((one for one in pair if one.value is None), None):
                check.lacks(missing.why)
                return
            sides.append((term, pair[0].value, pair[1].value))
        broken = next((one for one in sides if not one[0].holds(one[1], one[2], tolerance)), None)
        _term, left, right = broken or sides[0]
        check.count(broken is None, period.text, key, left, right)

    def worth(self, check: Check, tree: tuple, evaluation: Evaluation, period: Period, part: Part) -> Figure:
        try:
            return evaluation.worth(
                self.summed(tree, evaluation, period, part), period, part, about=check.code
            )
        except CannotRead as refused:
            return Figure(None, refused.whys[0])

    def summed(self, tree: tuple, evaluation: Evaluation, period: Period, part: Part) -> tuple:
        """`tree` with the sums over a dimension worked out: only what has a name there counts."""
        if tree[0] != "EACH":
            return tuple(
                self.summed(one, evaluation, period, part) if isinstance(one, tuple) else one for one in tree
            )
        _each, dimension, code = tree
        keys = self.desk.keys(evaluation, code, [period], (dimension,), part)
        figures = [evaluation.figure(code, period, one) for key, one in keys if key[dimension]]
        if missing := next((one.why for one in figures if one.value is None), None):
            raise CannotRead(missing)
        if not figures:
            raise CannotRead(Why("NOT_SPLIT", {"metric": code, "dimension": dimension}))
        return "number", sum(one.value for one in figures)

    def loaded(self, codes: Iterable[str], columns: Iterable[str], periods: list[Period]) -> Evaluation:
        """The sums of everything that is split like this, read once for all checks that ask."""
        key = (tuple(sorted(columns)), tuple(periods))
        if key not in self._loaded:
            self._loaded[key] = self.desk.evaluation(self.asked, periods, columns=sorted(columns))
        return self._loaded[key]

    # --- Conditions of one metric ---------------------------------------------------------------------------

    def conditions(self, asked: Asked) -> list[Check]:
        try:
            wanted = conditions.parse(asked.conditions)
        except BadCondition:
            return []
        return [check for one in wanted if (check := self.condition(asked, one))]

    def condition(self, asked: Asked, one: Condition) -> Check | None:
        """The check of one condition; None for what was checked cell by cell while the file was read."""
        group, ask = GROUPS.get(one.name, ("", None))
        if ask is None or (one.name in COMPLETENESS and asked.engine == "app"):
            return None
        check = Check(f"{asked.code}:{one.text}", group, one.severity, [asked.code], [asked.owner], one.text)
        ask(self, check, asked, one)
        return check

    def required(self, check: Check, asked: Asked, one: Condition) -> None:
        evaluation = self.loaded([asked.code], (), [self.period])
        check.count(bool(evaluation.carriers(asked.code, self.period)), self.period.text, {})

    def complete(self, check: Check, asked: Asked, one: Condition) -> None:
        """Each member that occurs in this period or the one before has figures in each unit of this period."""
        grain, *by = one.arguments
        columns = [dimensions.column(name) for name in by]
        if why := self.unanswerable([asked.code], set(columns)):
            check.lacks(why)
            return
        units = self.units(grain)
        evaluation = self.loaded([asked.code], columns, [*units, self.period, self.period.before()])
        if not evaluation.carriers(asked.code, self.period):
            check.lacks(Why("NO_DATA", {"metric": asked.code, "period": self.period.text}))
            return
        places = [evaluation.sums.columns.index(column) for column in columns]
        seen = evaluation.members([asked.code], [self.period, self.period.before()])
        expected = sorted({tuple(members[at] for at in places) for members in seen})
        for unit in units:
            there = {
                tuple(members[at] for at in places) for members in evaluation.members([asked.code], [unit])
            }
            for members in expected:
                key = dict(zip(by, members, strict=True))
                check.count(members in there, unit.text, key)

    def related(self, check: Check, asked: Asked, one: Condition) -> None:
        """Conditions that compare the metric with a number, another metric, or the sum of its parts."""
        me = ("code", asked.code)
        each = ("EACH", one.arguments[0], asked.code) if one.arguments else None
        terms, tolerance = {
            "min": lambda: (Term(me, ">=", ("number", one.number())), EXACT),
            "max": lambda: (Term(me, "<=", ("number", one.number())), EXACT),
            "le": lambda: (Term(me, "<=", ("code", one.arguments[0])), EXACT),
            "le_min": lambda: (
                Term(me, "<=", ("MIN", *(("code", code) for code in one.arguments))),
                EXACT,
            ),
            "sum_eq": lambda: (Term(each, "==", me), ADDS_UP),
            "sum_le": lambda: (Term(each, "<=", ("code", one.arguments[1])), EXACT),
            "share100": lambda: (Term(each, "==", ONE), SHARES),
        }[one.name]()
        grain = "day" if asked.grain == "day" and one.name in ("min", "max", "le") else "month"
        self.relation(check, [terms], tolerance, Scope((), grain))
        check.departments = [asked.owner]

    def outlier(self, check: Check, asked: Asked, one: Condition) -> None:
        """Each week against the eight before it, by robust z; what its season lets expect is no outlier. Of a week
        that runs out of the month the days that it has, against the same days of those weeks."""
        if asked.grain not in ("day", "week"):
            check.lacks(Why("TOO_COARSE", {"metric": asked.code}))
            return
        limit, length = one.number(0), int(one.number(1))
        for judged in self.judged:
            self.week(check, asked.code, judged, limit, length)
        if not check.asked and check.why is None:
            check.lacks(Why("NO_DATA", {"metric": asked.code, "period": self.period.text}))

    def week(self, check: Check, code: str, judged: Judged, limit: Decimal, length: int) -> None:
        figure, factor = self.of_days(code, judged.period), self.factor(code, judged)
        if factor is None or not is_known(figure, judged.period):
            return
        # Of what is handed in by week other days are not known, but what as many of them come to.
        like = judged if factor == ONCE and not self.is_weekly(code) else Judged(judged.week)
        known = [(span, self.of_days(code, span)) for span in like.history[-length:]]
        history = [one.value * factor for span, one in known if is_known(one, span)]
        far = conditions.distance(figure.value, history)
        if far is None:
            check.lacks(Why("SHORT_HISTORY", {"metric": code, "weeks": len(history)}))
            return
        middle = sorted(history)[len(history) // 2]
        usual = abs(far) <= limit or self.seasons.explain(code, like, figure.value / factor)
        check.count(usual, judged.period.text, {}, figure.value, middle)

    def of_days(self, code: str, span: Period) -> Figure:
        return self.loaded([code], (), self.spans).figure(code, span)

    def factor(self, code: str, judged: Judged) -> Decimal | None:
        """What the weeks before are multiplied by: as many days of them, where they are known as weeks only. None
        where that says nothing; the month in which the week ends judges it."""
        definition = self.desk.definitions[code]
        if judged.is_whole or not self.is_weekly(code):
            return ONCE
        if definition.is_computed:
            return None
        return Decimal(judged.count) / 7 if definition.time_agg == "sum" else ONCE

    def is_weekly(self, code: str) -> bool:
        """Whether any of what stands behind `code` is handed in by week."""
        bases = self.desk.definitions.bases(code)
        return any(one.profile in self.weekly for one in self.desk.sources if one.metrics & bases)

    @cached_property
    def weekly(self) -> set[str]:
        names = {one.profile for one in self.desk.sources}
        return {name for name in names if profile_grains.grain(name) == "week"}

    def jump(self, check: Check, asked: Asked, one: Condition) -> None:
        """The ratio against that of the period before."""
        before = self.period.before()
        evaluation = self.loaded([asked.code], (), [self.period, before])
        now, then = (evaluation.figure(asked.code, period) for period in (self.period, before))
        if missing := next((figure for figure in (now, then) if figure.value is None), None):
            check.lacks(missing.why)
            return
        check.count(abs(now.value - then.value) <= one.number(), self.period.text, {}, now.value, then.value)


COMPLETENESS = {"required", "required_if", "complete"}
GROUPS = {
    "required": ("complete", _Asking.required),
    "required_if": ("complete", _Asking.required),
    "complete": ("complete", _Asking.complete),
    **{name: ("range", _Asking.related) for name in ("min", "max", "le", "le_min")},
    **{name: ("sum", _Asking.related) for name in ("sum_eq", "sum_le", "share100")},
    "outlier": ("trend", _Asking.outlier),
    "jump": ("trend", _Asking.jump),
}
