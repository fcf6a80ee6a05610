"""What a figure should be by its own history, its season and the promotion calendar. Pure.

Season: r is the figure of the same period a year before, with promotions where they stand now; d = ln(x / r). What is
usual is r · exp(median d), and the band reaches 3.5 robust standard deviations of the earlier d to each side: seasonal
differencing at a lag of a year on logarithms (Box and Jenkins, Time Series Analysis, 1970, ch. 9; the seasonal naive
method with drift of Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §5.2), judged by the
modified z score of Iglewicz and Hoaglin (metrics.outliers).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from metrics import outliers
from metrics.peaks import Limit, Peak
from metrics.periods import Period

LOOKED_BACK = 12
NEAR = 120  # days between the same promotion of two years, beside the year


@dataclass(frozen=True)
class Promotion:
    """One occurrence [start, end) of the promotion `key`; the same key in another year is the same promotion."""

    key: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def share_in(self, period: Period) -> Decimal:
        """The share of its days that lies in `period`."""
        inside = (min(self.end, period.end) - max(self.start, period.start)).days
        return Decimal(max(0, inside)) / self.days


@dataclass(frozen=True)
class Moved:
    """A promotion that stands in this period and not in the year before's (`is_added`), or the other way round.

    `period`: where its effect was measured, last year.
    """

    key: str
    period: Period
    is_added: bool


@dataclass(frozen=True)
class Reference:
    """The figure of the year before, `shared` promotions in both, those that `moved`, and those never seen (`new`)."""

    period: Period
    value: Decimal
    shared: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """What is usual, and the band [low, high] of what needs no sentence.

    `count`: how many earlier figures it rests on: changes on their year before where there is a `reference`, else
    the figures themselves. `is_young`: the season is known, but too few changes are; the band is that of the level.
    `peak`: the peak season whose `own` limit is the band instead; then an end may be open (None).
    """

    usual: Decimal
    low: Decimal | None
    high: Decimal | None
    count: int
    reference: Reference | None = None
    is_young: bool = False
    peak: Peak | None = None
    own: Limit | None = None

    def is_outside(self, value: Decimal) -> bool:
        return Limit(self.low, self.high).is_outside(value)


def expected(
    period: Period, history: Mapping[Period, Decimal], promotions: Sequence[Promotion] = ()
) -> Expected | None:
    """What `period` should come to after `history` (earlier periods of its kind); None with fewer than six of them.

    By season where the same period a year before is known and everything is above nought, else by the level alone.
    """
    before = sorted(one for one in history if one.end <= period.start)
    if len(before) < outliers.FEWEST:
        return None
    latest = [history[one] for one in before[-LOOKED_BACK:]]
    found = reference(period, history, promotions)
    if found is None or min(latest) <= 0:
        return _by_level(latest)
    changes = [_change(one, history, promotions) for one in before[-LOOKED_BACK:]]
    changes = [one for one in changes if one is not None]
    is_young = len(changes) < outliers.FEWEST
    spread = _young(latest, len(changes)) if is_young else outliers.spread(changes)
    drift, reach = median(changes) if changes else Decimal(), outliers.LIMIT * spread
    usual = found.value * drift.exp()
    low, high = found.value * (drift - reach).exp(), found.value * (drift + reach).exp()
    count = len(latest) if is_young else len(changes)
    return Expected(usual, *_widened(usual, low, high), count, found, is_young)


def in_peak(found: Expected | None, peak: Peak, own: Limit, base: Decimal | None) -> Expected | None:
    """`found` with the limit of a peak season as its band; None where the limit bounds a change and `base`, the figure
    of the year before, is not known. Without a history the limit is what is usual."""
    band = own.band(base)
    if band is None:
        return None
    usual = found.usual if found else band.low if band.low is not None else band.high
    return Expected(usual, band.low, band.high, found.count if found else 0, peak=peak, own=own)


def _young(latest: Sequence[Decimal], changes: int) -> Decimal:
    """How far a change strays while hardly any are known: it is the difference of two figures, each as far from what is
    usual as figures are, and its middle is no surer than the few `changes` that it rests on."""
    strays = Decimal(2) + (Decimal(2) / changes if changes else 0)
    return outliers.spread([one.ln() for one in latest]) * strays.sqrt()


def reference(
    period: Period, history: Mapping[Period, Decimal], promotions: Iterable[Promotion] = ()
) -> Reference | None:
    """The figure of the year before as it would have been with the promotions of `period`; None where it is unknown.

    A promotion that moved in brings what the period that held it then had above the mean of its two neighbours, times
    the share of its days that lies here; one that moved away takes its own along.
    """
    then = period.year_before() if period.grain != "range" else None
    if then not in history or history[then] <= 0:
        return None
    value, shared, moved, new = history[then], [], [], []
    promotions = list(promotions)
    for key in dict.fromkeys(one.key for one in promotions):
        here, there = _share(key, period, promotions), _share(key, then, promotions)
        if here and here == there:
            shared.append(key)
        elif here != there:
            home = _home(key, period, then, promotions)
            surplus = home and _surplus(key, home, history, promotions)
            if surplus:
                value += (here - there) * surplus
                moved.append(Moved(key, home, here > there))
            elif here > there:
                new.append(key)
    return Reference(then, value, tuple(shared), tuple(moved), tuple(new)) if value > 0 else None


def _share(key: str, period: Period, promotions: list[Promotion]) -> Decimal:
    return sum((one.share_in(period) for one in promotions if one.key == key), Decimal())


def _home(key: str, period: Period, then: Period, promotions: list[Promotion]) -> Period | None:
    """The period that held the promotion a year ago: around `then`, the one with most of its days."""
    near = [one for one in promotions if one.key == key and abs((one.start - then.start).days) <= NEAR]
    if not near:
        return None
    occurrence = min(near, key=lambda one: (abs((one.start - then.start).days), one.start))
    touched = [Period.containing(occurrence.start, period.grain)]
    while touched[-1].end < occurrence.end:
        touched.append(Period.containing(touched[-1].end, period.grain))
    return max(touched, key=occurrence.share_in)


def _surplus(key, home: Period, history, promotions) -> Decimal:
    """What the whole promotion brought, by the period that held most of it: above the mean of the periods beside it, of
    which it may have lifted one too."""
    beside = [home.before(), Period.containing(home.end, home.grain)]
    if home not in history or any(one not in history for one in beside):
        return Decimal()
    above = history[home] - sum(history[one] for one in beside) / 2
    more = _share(key, home, promotions) - sum(_share(key, one, promotions) for one in beside) / 2
    return max(Decimal(), above) / more if more > 0 else Decimal()


def _change(period: Period, history, promotions) -> Decimal | None:
    """ln of the figure over its reference; None where either is unknown or not above nought."""
    found = reference(period, history, promotions)
    return (history[period] / found.value).ln() if found and history[period] > 0 else None


def _by_level(latest: Sequence[Decimal]) -> Expected:
    usual, reach = Decimal(median(latest)), outliers.LIMIT * outliers.spread(latest)
    return Expected(usual, *_widened(usual, usual - reach, usual + reach), len(latest))


def _widened(usual: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """What differs by less than a tenth needs no sentence."""
    least = outliers.SMALLEST * abs(usual)
    return min(low, usual - least), max(high, usual + least)
