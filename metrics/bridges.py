"""Pure. Decompositions of a change that add up to the last cent."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


@dataclass(frozen=True)
class TwoDrivers:
    """then + volume + value = now, exactly."""

    then: Decimal
    volume: Decimal
    value: Decimal
    now: Decimal


def two_drivers(
    *, then: Decimal, then_count: Decimal, now: Decimal, now_count: Decimal, unit: Decimal = CENT
) -> TwoDrivers | None:
    """Total = count × average: what the count and what the average contributed, by the midpoint (Shapley) rule.

    volume = (n₁ − n₀)(a₀ + a₁)/2 and value = (a₁ − a₀)(n₀ + n₁)/2 have no residual; volume is rounded to `unit` and
    value is what then remains of the change. None where an average does not exist.
    """
    if not then_count or not now_count:
        return None
    counts = Fraction(now_count) - Fraction(then_count)
    averages = Fraction(then) / Fraction(then_count) + Fraction(now) / Fraction(now_count)
    exact = counts * averages / 2
    volume = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(unit, ROUND_HALF_UP)
    return TwoDrivers(then, volume, now - then - volume, now)
