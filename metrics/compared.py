"""A figure against another period or a target: the change, or in words why the two cannot be compared."""

from dataclasses import dataclass
from decimal import Decimal

from metrics import comparison
from metrics.comparison import Aligned
from metrics.definitions import Definition
from metrics.figure import Figure, mixed, partly
from metrics.periods import Period
from metrics.reasons import Why


@dataclass(frozen=True)
class Compared:
    """A reference value and the change against it; without `comparable` there is a reason in `why` and no change.

    `aligned` names the days that were compared where both sides are not covered alike: `value`, `now` and `change`
    are over those days.
    """

    value: Decimal | None
    change: Decimal | None = None
    change_ratio: Decimal | None = None
    comparable: bool = False
    why: Why | None = None
    aligned: Aligned | None = None
    now: Decimal | None = None


def changed(definition: Definition, now: Decimal | None, then: Decimal | None) -> Compared:
    """The change against `then`; of a ratio in points only, never a percentage of a percentage."""
    difference = comparison.change(now, then)
    ratio = None if definition.is_ratio else comparison.change_ratio(now, then)
    return Compared(then, difference, ratio, comparable=difference is not None)


def against(definition: Definition, now: Figure, then: Figure, period: Period, other: Period) -> Compared:
    """`now` of `period` against `then` of `other`, where both are covered on the same days; else the reason."""
    if then.value is None:
        missing = then.why if then.why.code != "NO_DATA" else Why("NO_REFERENCE", {"period": other.text})
        return Compared(None, why=missing)
    if now.value is None:
        return Compared(then.value, why=now.why)
    if mix := mixed_currencies(definition, now, then):
        return Compared(then.value, why=mix)
    common = comparison.aligned(period, other, list(now.covered), list(then.covered))
    if common == Aligned(period, other):
        return changed(definition, now.value, then.value)
    if common is None:
        return Compared(then.value, why=Why("NO_COMMON_DAYS", {"now": period.text, "then": other.text}))
    uneven = (now, period) if not comparison.is_full(now.covered, period) else (then, other)
    return Compared(then.value, why=partly(uneven[0].covered, uneven[1]), aligned=common)


def mixed_currencies(definition: Definition, now: Figure, then: Figure) -> Why | None:
    """Why two amounts say nothing about each other: they are in different currencies."""
    currencies = {now.currency, then.currency} - {""}
    return mixed(definition.code, currencies) if len(currencies) > 1 else None


def gap(figure: Figure, period: Period) -> Why | None:
    """Why a figure is missing, or that it stands for only a part of its period."""
    if figure.why is None and figure.covered and not comparison.is_full(figure.covered, period):
        return partly(figure.covered, period)
    return figure.why
