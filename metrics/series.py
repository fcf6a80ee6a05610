"""Pure. Rows of figures: the periods of a trend, ranks, shares."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from metrics import comparison
from metrics.periods import Period

# How many points a trend has that ends with the chosen month.
LENGTHS = {"week": 13, "month": 13}
REST = "…"


@dataclass(frozen=True)
class Ranked:
    """One member of a ranking, or the rest of them together (`code` is REST, `count` how many)."""

    code: str
    value: Decimal | None
    reference: Decimal | None
    count: int = 1

    @property
    def change(self) -> Decimal | None:
        return comparison.change(self.value, self.reference)

    @property
    def change_ratio(self) -> Decimal | None:
        return comparison.change_ratio(self.value, self.reference)


def trend_periods(month: Period, grain: str) -> list[Period]:
    """The points of a trend up to the end of `month`: its days, 13 whole weeks, or 13 months."""
    if grain == "day":
        return list(month.split("day"))
    last = Period.containing(month.last, grain)
    if last.end > month.end:  # a week that runs into the next month is not over
        last = last.before()
    periods = [last]
    while len(periods) < LENGTHS[grain]:
        periods.append(periods[-1].before())
    return periods[::-1]


def ranked(
    rows: Iterable[Ranked], *, top: int, is_unknown: Callable[[str], bool] = lambda code: not code
) -> list:
    """By value, largest first; unknown members last, and more than `top` of them folded into one row."""
    known, unknown = [], []
    for row in rows:
        (unknown if is_unknown(row.code) else known).append(row)
    known.sort(key=lambda row: (row.value is None, -(row.value or 0), row.code))
    if len(known) > top:
        known = [*known[: top - 1], _rest(known[top - 1 :])]
    return [*known, *unknown]


def _rest(rows: list[Ranked]) -> Ranked:
    return Ranked(REST, _total(row.value for row in rows), _total(row.reference for row in rows), len(rows))


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    values = list(values)
    return None if any(value is None for value in values) else sum(values, Decimal(0))


def share(value: Decimal | None, total: Decimal | None) -> Decimal | None:
    """`value` / `total` as a ratio; None where it means nothing."""
    return None if value is None or not total else value / total
