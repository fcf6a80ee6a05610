"""Figures against what was aimed at: targets and budgets that were set, and metrics handed in as such."""

from collections.abc import Iterable
from dataclasses import replace

from metrics import comparison
from metrics.compared import Compared, changed, mixed_currencies
from metrics.comparison import Aligned
from metrics.desk import Desk
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.goals import BOUND, Aim, Goal, Goals, aim
from metrics.parts import EVERYTHING, Part
from metrics.periods import Period
from metrics.reasons import CannotRead, Why


def goals_of(desk: Desk, codes: Iterable[str], periods: Iterable[Period]) -> Goals:
    """What was set for `codes`; as it was frozen where the desk reads a snapshot. One query at most."""
    known = [code for code in dict.fromkeys(codes) if code in desk.definitions]
    kept = desk.snapshot.goals if desk.snapshot else None
    return Goals.of([desk.definitions[code] for code in known], periods, kept=kept)


def handed_in(
    desk: Desk, codes: Iterable[str], periods: Iterable[Period], columns: Iterable[str] = ()
) -> tuple | None:
    """The question (codes, periods, columns) about metrics that come in as goals of `codes`; None for none."""
    bound = {BOUND[code] for code in codes if code in BOUND} & desk.definitions.keys()
    carried = {code for code in bound if any(code in one.metrics for one in desk.sources)}
    if not carried:
        return None
    return sorted(carried), sorted({month for one in periods for month in _months(one)}), list(columns)


class Aims:
    """Targets and budgets of `codes` over `periods`: two queries however many figures are asked.

    `columns` are those of a slice by which figures will be split (as for Desk.evaluation).
    """

    def __init__(
        self, desk: Desk, codes: Iterable[str], periods: Iterable[Period], *, columns: Iterable[str] = ()
    ):
        codes, periods = list(codes), list(periods)
        self._keep(desk, goals_of(desk, codes, periods), None)
        if question := handed_in(desk, codes, periods, columns):
            self._handed_in = desk.evaluation(*question[:2], columns=question[2])

    @classmethod
    def of(cls, desk: Desk, goals: Goals, evaluation: Evaluation | None) -> "Aims":
        """Of goals and of the evaluation of `handed_in` that were loaded together with other things."""
        made = cls.__new__(cls)
        made._keep(desk, goals, evaluation)
        return made

    def _keep(self, desk: Desk, goals: Goals, evaluation: Evaluation | None) -> None:
        self.definitions, self._goals, self._handed_in = desk.definitions, goals, evaluation

    def against(
        self, code: str, scenario: str, figure: Figure, period: Period, part: Part = EVERYTHING
    ) -> Compared:
        """`figure` of `code` in `period` against its `scenario` ("target" or "budget").

        A sum that covers only some days is measured against the share of these days; `why` says so, as where the goal
        of a longer period was spread evenly. Without a goal there is no value and a reason.
        """
        definition = self.definitions[code]
        days = _covered(figure, period) if definition.time_agg == "sum" else period
        found = self.aim(code, scenario, days, part)
        if found.figure.value is None:
            return Compared(None, why=found.figure.why)
        if figure.value is None:
            return Compared(found.figure.value, why=figure.why)
        if mix := mixed_currencies(definition, figure, found.figure):
            return Compared(found.figure.value, why=mix)
        compared = changed(definition, figure.value, found.figure.value)
        if days != period:
            why = Why("ALIGNED", {"now": days.text, "then": days.text})
            return replace(compared, why=why, aligned=Aligned(days, days), now=figure.value)
        spread = Why("TARGET_SPREAD", {"metric": code, "period": period.text}) if found.spread else None
        return replace(compared, why=spread)

    def aim(self, code: str, scenario: str, period: Period, part: Part = EVERYTHING) -> Aim:
        """The goal itself: what was set for the metric, else the metric that is handed in as its goal."""
        goals = self._goals.set_for(code, scenario, part)
        missing = None
        bound = BOUND.get(code) if scenario != "forecast" else None
        if not goals and bound and self._handed_in:
            goals, missing = self._bound_goals(bound, period, part)
        return Aim(missing) if missing and not goals else aim(self.definitions[code], goals, period)

    def _bound_goals(self, code: str, period: Period, part: Part) -> tuple[list[Goal], Figure | None]:
        """The whole months of a metric that is handed in as a goal; where there are none the figure with the reason."""
        goals, missing = [], None
        for month in _months(period):
            try:
                figure = self._handed_in.figure(code, month, part)
            except CannotRead as refused:
                figure = Figure(None, refused.whys[0])
            if figure.value is not None and comparison.is_full(figure.covered, month):
                goals.append(Goal(month.start, month.end, figure.value, figure.currency))
            elif figure.why and figure.why.code != "NO_DATA":
                missing = figure
        return goals, missing


def _months(period: Period) -> list[Period]:
    """The whole months in which some day of `period` lies."""
    return [Period.containing(one.start, "month") for one in period.split("month")]


def _covered(figure: Figure, period: Period) -> Period:
    """The one run of days that the figure covers; the period itself where it covers all of it, or holes."""
    if len(figure.covered) != 1 or comparison.is_full(figure.covered, period):
        return period
    return Period.between(*figure.covered[0])
