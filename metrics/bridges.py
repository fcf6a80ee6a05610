"""Pure. Decompositions of a change that add up to the last cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, prod

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
    volume = rounded(exact, unit)
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


def shapley(then: Sequence[Fraction], now: Sequence[Fraction], *, unit: Decimal = CENT) -> list[Decimal]:
    """What each factor of a product contributed to its change, averaged over every order in which they could change.

    With two factors this is the midpoint rule, with three the weights are 1/3 and 1/6. Rounded to `unit`, the last one
    takes what remains: the sum is the change of the product, rounded, to the last `unit`.
    """
    count, found = len(then), []
    for place in range(count):
        others, worth = [one for one in range(count) if one != place], Fraction()
        for size in range(count):
            weight = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for moved in combinations(others, size):
                rest = prod((now if one in moved else then)[one] for one in others)
                worth += weight * rest
        found.append((now[place] - then[place]) * worth)
    whole = rounded(prod(now) - prod(then), unit)
    shown = [rounded(one, unit) for one in found[:-1]]
    return [*shown, whole - sum(shown, Decimal())]


def rounded(exact: Fraction, unit: Decimal = CENT) -> Decimal:
    """Half away from zero."""
    steps = abs(exact) / Fraction(unit)
    whole = (steps.numerator * 2 + steps.denominator) // (steps.denominator * 2)
    return (whole if exact >= 0 else -whole) * unit


@dataclass(frozen=True)
class PriceVolumeMix:
    """then + gone + volume + mix + price + new (+ fx) = now, exactly, in money.

    volume, mix and price are of what was sold in both periods; `new` and `gone` of what was sold in one of them alone.
    """

    then: Decimal
    gone: Decimal
    volume: Decimal
    mix: Decimal
    price: Decimal
    new: Decimal
    now: Decimal
    fx: Decimal = Decimal()


def price_volume_mix(
    then: Mapping[str, tuple[Decimal, Decimal]],
    now: Mapping[str, tuple[Decimal, Decimal]],
    *,
    now_at_old_rates: Mapping[str, Decimal] | None = None,
    unit: Decimal = CENT,
) -> PriceVolumeMix | None:
    """From {item: (quantity, sales)} of two periods; None where nothing was sold in both.

    volume = (Q₁ − Q₀)·p̄₀, mix = Σ q₁·p₀ − Q₁·p̄₀, price = Σ q₁·(p₁ − p₀) with p̄₀ = S₀/Q₀ over items sold in both.
    With `now_at_old_rates` (sales of now at the rates of then) what currencies did is a step of its own.
    """
    alike = [one for one in then if one in now and then[one][0] > 0 and now[one][0] > 0]
    if not alike:
        return None
    sold = {one: (now_at_old_rates or {}).get(one, amount) for one, (_count, amount) in now.items()}
    whole_then, whole_now = (sum((s for _q, s in side.values()), Decimal()) for side in (then, now))
    q0, q1 = (sum((Fraction(side[one][0]) for one in alike), Fraction()) for side in (then, now))
    s0 = sum((Fraction(then[one][1]) for one in alike), Fraction())
    s1 = sum((sold[one] for one in alike), Decimal())
    at_old_prices = sum(
        (Fraction(now[one][0]) * Fraction(then[one][1]) / Fraction(then[one][0]) for one in alike), Fraction()
    )
    volume = rounded((q1 - q0) * s0 / q0, unit)
    mix = rounded(at_old_prices - q1 * s0 / q0, unit)
    like_for_like = sum((then[one][1] for one in alike), Decimal())
    return PriceVolumeMix(
        then=whole_then,
        gone=like_for_like - whole_then,
        volume=volume,
        mix=mix,
        price=s1 - like_for_like - volume - mix,
        new=sum((amount for one, amount in sold.items() if one not in alike), Decimal()),
        now=whole_now,
        fx=whole_now - sum(sold.values(), Decimal()),
    )


@dataclass(frozen=True)
class MarginBridge:
    """then + rate + mix = now, exactly, in ratios of `unit`."""

    then: Decimal
    rate: Decimal
    mix: Decimal
    now: Decimal


def margin_bridge(
    then: Mapping[str, tuple[Decimal, Decimal]],
    now: Mapping[str, tuple[Decimal, Decimal]],
    *,
    unit: Decimal = Decimal("0.000001"),
) -> MarginBridge | None:
    """From {category: (revenue, margin in money)}: rate = Σ w₁·(m₁ − m₀), mix = Σ (w₁ − w₀)·(m₀ − M₀).

    A category without revenue then is taken at the whole's margin of then. None without revenue on either side.
    """
    r0, r1 = (sum((Fraction(one[0]) for one in side.values()), Fraction()) for side in (then, now))
    if not r0 or not r1:
        return None
    whole0, whole1 = (
        sum((Fraction(one[1]) for one in side.values()), Fraction()) / revenue
        for side, revenue in ((then, r0), (now, r1))
    )
    mix = Fraction()
    for one in {*then, *now}:
        before, after = (Fraction(side.get(one, (0, 0))[0]) for side in (then, now))
        rate0 = Fraction(then[one][1]) / before if before else whole0
        mix += (after / r1 - before / r0) * (rate0 - whole0)
    first, last, mixed = rounded(whole0, unit), rounded(whole1, unit), rounded(mix, unit)
    return MarginBridge(first, last - first - mixed, mixed, last)
