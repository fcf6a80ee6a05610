"""Pure. Why a margin moved: what the rates of the parts did, and what their mix did."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Earned:
    """Sales and profit of one part (a category)."""

    sales: Decimal
    profit: Decimal

    @property
    def rate(self) -> Decimal | None:
        return self.profit / self.sales if self.sales else None


@dataclass(frozen=True)
class RateMix:
    """then + rate + mix = now, exactly: ratios of the whole; `parts`: what each part gave to rate and mix."""

    then: Fraction
    rate: Fraction
    mix: Fraction
    now: Fraction
    parts: dict[str, tuple[Fraction, Fraction]]


def rate_mix(now: Mapping[str, Earned], then: Mapping[str, Earned]) -> RateMix | None:
    """rate = Σ w₁(m₁ − m₀) and mix = Σ (w₁ − w₀)(m₀ − M₀) (experience §6.4); w shares of sales, m and M margins.

    A part without sales before has no margin m₀: its own of today stands in, so that all of it is mix; one without
    sales today is mix alone. None where one side sold nothing, or a part sold less than nothing.
    """
    whole_now, whole_then = (sum((one.sales for one in side.values()), Decimal(0)) for side in (now, then))
    if whole_now <= 0 or whole_then <= 0 or any(one.sales < 0 for one in (*now.values(), *then.values())):
        return None
    nothing = Earned(Decimal(0), Decimal(0))
    overall = _margin(then.values(), whole_then)
    parts = {}
    for name in sorted(now.keys() | then.keys()):
        after, before = now.get(name, nothing), then.get(name, nothing)
        share_now, share_then = (
            Fraction(after.sales) / Fraction(whole_now),
            Fraction(before.sales) / Fraction(whole_then),
        )
        margin_now = Fraction(after.profit) / Fraction(after.sales) if after.sales else None
        margin_then = Fraction(before.profit) / Fraction(before.sales) if before.sales else margin_now
        rate = share_now * (margin_now - margin_then) if after.sales else Fraction(0)
        mix = (share_now - share_then) * (margin_then - overall) if margin_then is not None else Fraction(0)
        parts[name] = (rate, mix)
    rates, mixes = (sum((part[place] for part in parts.values()), Fraction(0)) for place in (0, 1))
    return RateMix(overall, rates, mixes, _margin(now.values(), whole_now), parts)


def _margin(earned, whole: Decimal) -> Fraction:
    return Fraction(sum((one.profit for one in earned), Decimal(0))) / Fraction(whole)
