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


@dataclass(frozen=True)
class Drivers:
    """then + the sum of steps = now, exactly."""

    then: Decimal
    steps: tuple[Decimal, ...]
    now: Decimal


def three_drivers(
    *,
    then: Decimal,
    now: Decimal,
    first: tuple[Decimal, Decimal],
    second: tuple[Decimal, Decimal],
    unit: Decimal = CENT,
) -> Drivers | None:
    """Total = first × second × third (orders × units per order × price): what each contributed, by Shapley's rule.

    The third is what the total leaves: total / (first × second). A step is Δ of its driver times ⅓ (both others before,
    both after) and ⅙ (one before, one after, either way); together they make up the change without a rest. The first
    two are rounded to `unit`, the third takes what remains. None where a driver is not above nought.
    """
    sides = [[Fraction(one[place]) for one in (first, second)] for place in (0, 1)]
    if any(value <= 0 for side in sides for value in side):
        return None
    before, after = (
        [*side, Fraction(whole) / (side[0] * side[1])] for side, whole in zip(sides, (then, now), strict=True)
    )
    steps = [_shapley(before, after, place) for place in (0, 1)]
    shown = [
        (Decimal(one.numerator) / Decimal(one.denominator)).quantize(unit, ROUND_HALF_UP) for one in steps
    ]
    return Drivers(then, (*shown, now - then - sum(shown)), now)


def _shapley(before: list[Fraction], after: list[Fraction], place: int) -> Fraction:
    left, right = (one for one in range(3) if one != place)
    both = before[left] * before[right] + after[left] * after[right]
    mixed = before[left] * after[right] + after[left] * before[right]
    return (after[place] - before[place]) * (both / 3 + mixed / 6)
