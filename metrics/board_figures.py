"""The figures of one board for one month: everything its blocks need, read with a few queries however many blocks."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import BigIntegerField, CharField, Value

from metrics import (
    aims,
    control_limits,
    dimensions,
    peaks,
    readings,
    six_twelve,
    snapshots,
)
from metrics.aims import Aims
from metrics.boards.spec import BlockSpec, Board
from metrics.compared import Compared, against
from metrics.control_limits import Judged
from metrics.definitions import Definition, Definitions
from metrics.desk import Desk, moved
from metrics.evaluation import Evaluation
from metrics.exchange import ACTUAL, Rating
from metrics.figure import Figure
from metrics.goals import Goals, stored
from metrics.models import PeakSeason, Promotion, Snapshot
from metrics.models.peak_season import read as read_season
from metrics.parts import EVERYTHING, Part
from metrics.peaks import Peak
from metrics.periods import Period
from metrics.reasons import CannotRead
from metrics.season import Promotion as Occurrence
from metrics.six_twelve import Spans
from metrics.sources import Source


@dataclass(frozen=True)
class Measured:
    """A figure of one period with its standing, and its changes against the year before and the target."""

    period: Period
    figure: Figure
    status: str
    py: Compared
    target: Compared | None = None

    @property
    def value(self) -> Decimal | None:
        return self.figure.value


class BoardFigures:
    """What a board shows of `month`, as `user` may see it. Parts raise CannotRead where currencies would be mixed."""

    def __init__(
        self,
        board: Board,
        month: Period,
        *,
        known: list[Source],
        user=None,
        on: dt.date,
        where: dict[str, str] | None = None,
        snapshot: Snapshot | None = None,
        rates: str = "actual",
        definitions: Definitions | None = None,
    ):
        """`where`: {dimension: member} that every figure is of; nothing for the whole company.

        `snapshot`: the frozen definitions, rates, goals and calendar; `known` are then its versions.
        `definitions`: those of the month, with what `user` may read, where they were read already.
        `rates`: "py" where blocks that compare places take the rates of the year before (a key of exchange.RATINGS).
        """
        self.rates = rates
        self.board, self.month, self.user, self.on, self._known = board, month, user, on, known
        self.where, self.snapshot, self._definitions = where or {}, snapshot, definitions
        self._aims: dict[tuple, Aims] = {}

    @cached_property
    def open_codes(self) -> set[str]:
        """The metrics of the board that the reader may read."""
        codes = {code for need in self.board.needs for code in need.codes}
        if self.user is None or not codes:
            return codes
        return codes & self.desk.definitions.readable

    @cached_property
    def desk(self) -> Desk:
        needs = list(self.board.needs)
        codes = sorted({code for need in needs for code in need.codes})
        periods = {one for need in needs for one in need.over(self.month)}
        by = sorted({dimension for need in needs for dimension in need.by} | self.where.keys())
        return Desk(
            codes,
            sorted(periods),
            known=self._known,
            members=by,
            on=self.on,
            snapshot=self.snapshot,
            definitions=self._definitions,
            readable=None if self.user is None else readings.open_metrics(self.user),
        )

    @property
    def definitions(self):
        return self.desk.definitions

    def definition(self, code: str) -> Definition:
        return self.definitions[code]

    def evaluation(self, by: tuple[str, ...] = ()) -> Evaluation:
        """Everything that blocks need split by exactly these dimensions: all of the board is loaded together."""
        return self._loaded[by][0]

    @cached_property
    def _loaded(self) -> dict[tuple, tuple[Evaluation, Evaluation | None]]:
        """By dimensions: the figures, and those that come in as goals of them."""
        every = list(dict.fromkeys([*(need.by for need in self.board.needs), ()]))
        wanted = {by: self._wanted(by) for by in every}
        goals = {
            by: aims.handed_in(self.desk, codes, periods if by else [*periods, self._to_come], columns)
            for by, (codes, periods, columns) in wanted.items()
        }
        questions = [*wanted.values(), *(one for one in goals.values() if one)]
        found = iter(self.desk.evaluations(questions))
        figures = {by: next(found) for by in wanted}
        return {by: (figures[by], next(found) if goals[by] else None) for by in wanted}

    @property
    def _to_come(self) -> Period:
        """The year that forecasts are about, and what they are held against."""
        return Period.containing(self.month.end, "year")

    def _wanted(self, by: tuple[str, ...]) -> tuple[list[str], list[Period], list[str]]:
        """Metrics, periods and columns that blocks need split by exactly these dimensions."""
        needs = [need for need in self.board.needs if need.by == by]
        codes = sorted({code for need in needs for code in need.codes} & self.open_codes)
        periods = sorted({one for need in needs for one in need.over(self.month)})
        columns = {dimensions.column(one) for one in (*by, *self.where)} | self.desk.sliced(codes)
        return codes, periods, sorted(columns)

    @cached_property
    def within(self) -> Part:
        """The part of the company that the page is about. Raises CannotRead for a member that does not exist."""
        return dimensions.part(self.where, self.desk.members)

    def _inside(self, part: Part) -> Part:
        for column, codes in self.within.members:
            part = part.narrowed(column, codes)
        return part

    # --- Figures --------------------------------------------------------------------------------------------

    def figure(
        self, code: str, period: Period, part: Part = EVERYTHING, *, by: tuple = (), rating: Rating = ACTUAL
    ) -> Figure:
        return self.evaluation(by).figure(code, period, self._inside(part), rating)

    def converts(self, by: tuple[str, ...] = ()) -> bool:
        """Whether amounts of several currencies meet in it, at rates that are known."""
        return self.evaluation(by).exchange is not None

    def measured(self, code: str, period: Period, part: Part = EVERYTHING, *, by: tuple = ()) -> Measured:
        """The figure of `period` with its comparisons; equal to what metrics.readings answers."""
        figure, other = self.figure(code, period, part, by=by), moved(period, "py")
        return Measured(
            period,
            figure,
            self.evaluation(by).status(figure, code, period),
            against(self.definition(code), figure, self.figure(code, other, part, by=by), period, other),
            self._against_target(code, figure, period, part, by),
        )

    def aims(self, by: tuple[str, ...] = ()) -> Aims:
        """What was aimed at, for figures split by exactly these dimensions."""
        if by not in self._aims:
            self._aims[by] = Aims.of(self.desk, self._goals, self._loaded[by][1])
        return self._aims[by]

    @cached_property
    def _goals(self) -> Goals:
        definitions = [self.definitions[code] for code in self._open_needs]
        return Goals.read(definitions, self._plan[0], kept=self.snapshot.goals if self.snapshot else None)

    @property
    def _open_needs(self) -> list[str]:
        codes = {code for need in self.board.needs for code in need.codes}
        return sorted(codes & self.open_codes & self.definitions.keys())

    @cached_property
    def _plan(self) -> tuple[list[tuple], list[Occurrence], list[Peak]]:
        """What was planned, in one query: the goals as they are stored, the promotion calendar and the peak seasons as
        they stand now."""
        over = {one for need in self.board.needs for one in need.over(self.month)} | {self._to_come}
        goals = stored(self._open_needs, over)
        text, nothing = (
            Value(one, output_field=kind) for one, kind in (("", CharField()), (None, BigIntegerField()))
        )
        days = ("starts_on", "ends_on", nothing, text, "pk")
        calendar = Promotion.objects.order_by().values_list("name_en", text, text, text, *days)
        seasons = PeakSeason.objects.documents().order_by()
        seasons = seasons.values_list("written", text, Value("season", CharField()), text, *days)
        rows = list(goals if self.snapshot else goals.union(calendar, seasons, all=True))
        promotions = sorted((row[4], row[0], row[5]) for row in rows if not row[1] and not row[2])
        found = [read_season(row[0]) for row in rows if not row[1] and row[2]]
        return (
            [row for row in rows if row[1]],
            [Occurrence(name.casefold(), start, end) for start, name, end in promotions],
            sorted(found, key=lambda one: (one.prepares, one.name_en)),
        )

    def _against_target(self, code, figure, period, part, by) -> Compared | None:
        """None where nothing was aimed at; goals are set by month, so a week has none."""
        if period.grain == "week":
            return None
        found = self.aims(by).against(code, "target", figure, period, self._inside(part))
        return found if found.value is not None else None

    def goal(self, code: str, scenario: str, period: Period) -> Figure:
        """What was set for the part of the company that the page is about."""
        return self.aims().aim(code, scenario, period, self._inside(EVERYTHING)).figure

    def members(self, code: str, periods: list[Period], by: tuple[str, ...]) -> list[tuple[dict, Part]]:
        """The members of `by` that occur in `periods`: ({dimension: code}, part)."""
        return self.desk.keys(self.evaluation(by), code, periods, by, self.within)

    # --- 6-12 -----------------------------------------------------------------------------------------------

    def spans(self, code: str) -> Spans:
        """Its periods; without weeks where figures stand in a few of them only, as of a file that is made by month."""
        found = six_twelve.spans(self.month, weekly=self.definitions.is_weekly(code))
        known = sum(self.figure(code, one).value is not None for one in found.weeks)
        return found if 2 * known >= len(found.weeks) > 0 else six_twelve.spans(self.month, weekly=False)

    def series(self, code: str, periods: tuple[Period, ...]) -> list[Measured]:
        return [self.measured(code, one) for one in periods]

    @cached_property
    def promotions(self) -> list[Occurrence]:
        if self.snapshot is not None:
            return snapshots.calendar(self.snapshot)
        return self._plan[1]

    @cached_property
    def peaks(self) -> list[Peak]:
        """The peak seasons, of a frozen month as they stood at the freeze. A partner is not judged by them, and a board
        without figures has nothing to judge."""
        if not self.open_codes or (self.user is not None and self.user.is_partner):
            return []
        if self.snapshot:
            return snapshots.peaks(self.snapshot)
        return self._plan[2]

    def season(self, code: str) -> Peak | None:
        """The peak season whose limit of `code` holds in the month."""
        return peaks.judging(self.peaks, self.month, code, dict(self.within.members))

    def judged(self, code: str) -> Judged | None:
        """The month against the limits of the two years up to it, or against those of a peak season; None where too
        little is known."""
        months = six_twelve.spans(self.month, weekly=False).months
        every = [*(one.year_before() for one in months), *months]
        found = {one: self.figure(code, one) for one in every}
        history = {
            one: figure.value
            for one, figure in found.items()
            if figure.value is not None and (not figure.covered or _is_whole(figure, one))
        }
        if peak := self.season(code):
            by_season = control_limits.judged_in(peak, peak.limits[code], self.month, history)
            if by_season:
                return by_season
        return control_limits.judged(self.month, history, self.promotions)

    def _judged_in_season(self, block: BlockSpec) -> Judged | None:
        """The month of a block that is no headline: only a peak season has limits for it."""
        peak, history = self.season(block.metric), {}
        need = next((one for one in block.needs if block.metric in one.codes), None)
        for one in {self.month, self.month.year_before()} if peak and need else ():
            if one in need.over(self.month):
                history[one] = self.figure(block.metric, one, by=need.by).value
        history = {one: value for one, value in history.items() if value is not None}
        return (
            control_limits.judged_in(peak, peak.limits[block.metric], self.month, history) if peak else None
        )

    @cached_property
    def judgements(self) -> dict[str, tuple[str, Judged]]:
        """Metric → (block that shows it, what is said of its month): every headline, and what else a peak season has
        limits for. In the order of the blocks."""
        known, found = self.open_codes and self.open_codes & self.definitions.keys(), {}
        headlines = {block.metric for block in self.board.blocks if block.kind == "six-twelve"}
        for block in self.board.blocks:
            code, leads = block.metric, block.kind == "six-twelve"
            if code in found or code not in known or (code in headlines and not leads):
                continue
            try:
                judged = self.judged(code) if leads else self._judged_in_season(block)
            except CannotRead:
                continue  # the block says why
            if judged:
                found[code] = block.code, judged
        return found

    @cached_property
    def exceptions(self) -> dict[str, Judged]:
        """The metrics among them whose month is no noise."""
        return {code: judged for code, (_block, judged) in self.judgements.items() if judged.rule}


def _is_whole(figure: Figure, period: Period) -> bool:
    return list(figure.covered) == [(period.start, period.end)]
