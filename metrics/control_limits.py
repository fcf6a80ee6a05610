"""Pure. Whether the last point of a series is signal or noise: XmR limits, with season and promotions taken out.

Limits are mean ± 2.66 × mean moving range (Shewhart's individuals chart; Wheeler, Understanding Variation, 1993;
2.66 = 3 / d₂ for n = 2). A series with a year before it is judged by its changes on the same period of that year, with
promotions where they stand now (metrics.season.reference), so that a December is compared with Decembers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics import season
from metrics.peaks import Limit, Peak
from metrics.periods import Period

FACTOR = Decimal("2.66")
FEWEST = 12
RUN = 8
NEAR, OF = 3, 4
OUTSIDE, LONG_RUN, NEAR_LIMIT, OF_SEASON = "outside", "run", "near", "season"


@dataclass(frozen=True)
class Limits:
    """The band of noise around `middle`; of all points, the judged one included."""

    low: Decimal
    middle: Decimal
    high: Decimal

    def is_outside(self, value: Decimal) -> bool:
        return not self.low <= value <= self.high

    def is_nearer_limit(self, value: Decimal) -> bool:
        """Nearer a limit than the middle, on its side."""
        limit = self.high if value > self.middle else self.low
        return abs(value - limit) < abs(value - self.middle)


@dataclass(frozen=True)
class Judged:
    """The last point against its limits, in the unit of the figure.

    `rule`: outside, run, near, season, or "" for noise. `is_up`: to which side. `count` points made the limits;
    `seasonal` says that changes on the year before were judged. `peak`: the season whose `own` limit judged instead;
    then no points made any.
    """

    rule: str
    is_up: bool
    limits: Limits | None
    count: int
    seasonal: bool = False
    peak: Peak | None = None
    own: Limit | None = None


def limits(values: Sequence[Decimal], *, factor: Decimal = FACTOR) -> Limits | None:
    """None with fewer than twelve points."""
    if len(values) < FEWEST:
        return None
    middle = sum(values, Decimal()) / len(values)
    ranges = [abs(later - earlier) for earlier, later in zip(values, values[1:], strict=False)]
    reach = factor * sum(ranges, Decimal()) / len(ranges)
    return Limits(middle - reach, middle, middle + reach)


def rule(values: Sequence[Decimal], band: Limits) -> str:
    """The first rule that the last point breaks: outside, 8 on one side, 3 of 4 nearer the limit; "" for none."""
    last = values[-1]
    if band.is_outside(last):
        return OUTSIDE
    side = _side(last, band)
    if side and len(values) >= RUN and all(_side(one, band) == side for one in values[-RUN:]):
        return LONG_RUN
    far = [one for one in values[-OF:] if _side(one, band) == side and band.is_nearer_limit(one)]
    return NEAR_LIMIT if side and len(far) >= NEAR and band.is_nearer_limit(last) else ""


def _side(value: Decimal, band: Limits) -> int:
    return (value > band.middle) - (value < band.middle)


def judged(
    period: Period,
    history: Mapping[Period, Decimal],
    promotions: Sequence[season.Promotion] = (),
    *,
    factor: Decimal = FACTOR,
) -> Judged | None:
    """The figure of `period` judged by the points of `history` up to it; None where twelve are not known.

    Twelve changes on the year before come first; else the figures themselves. Changes are logarithms where every
    figure is above nought, else differences.
    """
    known = sorted(one for one in history if one <= period)
    if not known or known[-1] != period:
        return None
    pairs = [
        (history[one], found.value) for one in known if (found := season.reference(one, history, promotions))
    ]
    seasonal = len(pairs) >= FEWEST and season.reference(period, history, promotions) is not None
    if not seasonal:
        latest = [history[one] for one in known]
        return _answer(latest, lambda value: value, factor, seasonal=False)
    pairs = pairs[-2 * FEWEST :]
    base = pairs[-1][1]
    if all(now > 0 for now, _then in pairs):
        changes = [(now / then).ln() for now, then in pairs]
        return _answer(changes, lambda change: base * change.exp(), factor, seasonal=True)
    changes = [now - then for now, then in pairs]
    return _answer(changes, lambda change: base + change, factor, seasonal=True)


def judged_in(peak: Peak, own: Limit, period: Period, history: Mapping[Period, Decimal]) -> Judged | None:
    """The figure of `period` by the limit of a peak season, whatever came before; None where the figure, or that of the
    year before that a change needs, is not known."""
    value, band = history.get(period), own.band(history.get(period.year_before()))
    if value is None or band is None:
        return None
    rule = OF_SEASON if band.is_outside(value) else ""
    return Judged(rule, band.is_above(value), None, 0, peak=peak, own=own)


def _answer(
    points: list[Decimal], back: Callable[[Decimal], Decimal], factor: Decimal, *, seasonal: bool
) -> Judged | None:
    band = limits(points, factor=factor)
    if band is None:
        return None
    shown = Limits(back(band.low), back(band.middle), back(band.high))
    return Judged(rule(points, band), points[-1] > band.middle, shown, len(points), seasonal)
