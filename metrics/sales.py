"""The questions of the sales page: the trend, the tiles, what moved sales, and where."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from metrics import bridges, feed_lights, peak_seasons, series, sources
from metrics.bridges import TwoDrivers
from metrics.compared import Compared, against
from metrics.definitions import Definition
from metrics.desk import Desk, moved
from metrics.evaluation import Evaluation
from metrics.figure import Figure
from metrics.parts import EVERYTHING, Part
from metrics.peaks import Peak
from metrics.periods import DAY, Period
from metrics.reasons import Why
from metrics.series import Ranked
from metrics.sources import Source

TILES = ("SAL_NET", "SAL_GMV", "SAL_ORD", "SAL_AOV", "SAL_REF")
TARGET = "SAL_TGT"
METRICS = ("SAL_NET", "SAL_GMV", "SAL_ORD", "SAL_AOV")
GRAINS = ("day", "week", "month")
MOST_MEMBERS = {"country": 10, "platform": 7}


def months(found: Iterable[Source]) -> tuple[Period, Period] | None:
    """The first and the last month with sales figures among the sources."""
    sold = [one for one in found if "SAL_GROSS" in one.metrics]
    if not sold:
        return None
    first, last = min(one.start for one in sold), max(one.end for one in sold)
    return Period.containing(first, "month"), Period.containing(last - DAY, "month")


@dataclass(frozen=True)
class Measured:
    """A figure with its definition, what it is worth, and its changes by name (py, pp, target)."""

    definition: Definition
    figure: Figure
    status: str
    compare: dict[str, Compared]


@dataclass(frozen=True)
class Point:
    """One period of the trend and the same one a year before."""

    period: Period
    now: Figure
    then: Figure
    status: str


class Board:
    """Everything the page shows of one month, worked out when asked for. Raises CannotRead from any part."""

    def __init__(self, month: Period, *, grain: str, metric: str, known: list[Source], on: dt.date):
        self.month, self.grain, self.metric = month, grain, metric
        self.points = series.trend_periods(month, grain)
        self.year_before = moved(month, "py")
        self.month_before = moved(month, "pp")
        self._known, self._on = known, on

    # --- What is loaded: five queries for the whole page ----------------------------------------------------
    @cached_property
    def desk(self) -> Desk:
        periods = [self.month, self.year_before, self.month_before, *self.points]
        periods += [moved(one, "py") for one in self.points]
        return Desk(
            (*TILES, TARGET), periods, known=self._known, members=("country", "platform"), on=self._on
        )

    @cached_property
    def over_time(self) -> Evaluation:
        return self.desk.evaluation(TILES, [*self.points, *(moved(one, "py") for one in self.points)])

    @cached_property
    def peaks(self) -> list[Peak]:
        """The peak seasons, to be seen on days and weeks; months show none."""
        return [] if self.grain == "month" else peak_seasons.peaks()

    @cached_property
    def in_parts(self) -> Evaluation:
        periods = [self.month, self.year_before, self.month_before]
        return self.desk.evaluation((*TILES, TARGET), periods, columns=("country", "platform"))

    @property
    def definition(self) -> Definition:
        return self.desk.definitions[self.metric]

    @cached_property
    def bringing(self) -> dict[str, set]:
        """Metric → the series of data that bring it; nothing where no source brings the month any more."""
        lit = feed_lights.concerns(self.month, on=self._on)
        return feed_lights.bringing(self._known, self.month) if lit else {}

    # --- The parts of the page ------------------------------------------------------------------------------

    @cached_property
    def tiles(self) -> list[Measured]:
        return [self.measured(code) for code in TILES if code in self.desk.definitions]

    def measured(self, code: str, part: Part = EVERYTHING) -> Measured:
        definition, figure = self.desk.definitions[code], self.in_parts.figure(code, self.month, part)
        compare = {}
        for name, period in (("py", self.year_before), ("pp", self.month_before)):
            reference = self.in_parts.figure(code, period, part)
            compared = against(definition, figure, reference, self.month, period)
            short = self.cut_short(figure.sources | reference.sources) if compared.comparable else None
            compare[name] = Compared(compared.value, why=short) if short else compared
        if code == "SAL_NET" and TARGET in self.desk.definitions:
            target = self.in_parts.figure(TARGET, self.month, part)
            compare["target"] = against(definition, figure, target, self.month, self.month)
        return Measured(definition, figure, self.in_parts.status(figure, code, self.month), compare)

    @cached_property
    def held(self) -> dict[int, tuple[dt.date, dt.date]]:
        spans = (self.month, self.year_before, self.month_before)
        touching = [one for one in self._known if any(one.start < p.end and p.start < one.end for p in spans)]
        return sources.held(touching, code="SAL_GROSS")

    def cut_short(self, pks: Iterable[int]) -> Why | None:
        """Why figures of these sources cannot be compared: a file stops long before its period does."""
        stops = {
            one.file or one.profile: self.held[one.pk][1]
            for one in self._known
            if one.pk in self.held.keys() & pks
        }
        if not stops:
            return None
        name, end = next(iter(stops.items()))
        return Why("DATA_ENDS", {"source": name, "day": (end - DAY).isoformat()})

    @cached_property
    def trend(self) -> list[Point]:
        found = []
        for period in self.points:
            now = self.over_time.figure(self.metric, period)
            then = self.over_time.figure(self.metric, moved(period, "py"))
            found.append(Point(period, now, then, self.over_time.status(now, self.metric, period)))
        return found

    def fair(self, point: Point) -> Compared:
        """The change of one point against the year before."""
        return against(self.definition, point.now, point.then, point.period, moved(point.period, "py"))

    def history(self, code: str) -> list[Decimal | None]:
        """The values of `code` at the points of the trend."""
        return [self.over_time.figure(code, period).value for period in self.points]

    @cached_property
    def gmv(self) -> Measured:
        return self.measured("SAL_GMV")

    @cached_property
    def orders(self) -> Measured:
        return self.measured("SAL_ORD")

    @cached_property
    def drivers(self) -> TwoDrivers | None:
        """How orders and average order value moved SAL_GMV against the year before; None where not comparable."""
        sales, orders = self.gmv, self.orders
        if not (sales.compare["py"].comparable and orders.compare["py"].comparable):
            return None
        return bridges.two_drivers(
            then=sales.compare["py"].value,
            then_count=orders.compare["py"].value,
            now=sales.figure.value,
            now_count=orders.figure.value,
        )

    def ranked(self, dimension: str) -> list[Ranked]:
        """Members by the metric of this month, largest first, the small ones as one; reference: the year before."""
        fair = self.measured(self.metric).compare["py"].comparable
        rows = [
            Ranked(key[dimension], now.figure.value, now.compare["py"].value if fair else None)
            for key, now in self.members(dimension)
        ]
        # An average of the small ones together is not the sum of theirs: then each stands by itself.
        top = MOST_MEMBERS[dimension] if self.definition.adds_up else len(rows)
        return series.ranked([row for row in rows if row.value or row.reference], top=top)

    def members(self, dimension: str) -> Iterable[tuple[dict, Measured]]:
        periods = [self.month, self.year_before]
        for key, part in self.desk.keys(self.in_parts, self.metric, periods, (dimension,), EVERYTHING):
            yield key, self.measured(self.metric, part)

    def name(self, dimension: str, code: str) -> str:
        return self.desk.members.name(dimension, code)
