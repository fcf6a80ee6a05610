"""Pure. Where a product or category stands in its life: growth against margin, in four quadrants (experience §6.5)."""

from dataclasses import dataclass
from decimal import Decimal

PUSH, PROTECT, FIX, CLEAR = "push", "protect", "fix", "clear"
QUADRANTS = (PUSH, PROTECT, FIX, CLEAR)
FURTHEST = Decimal(1)  # growth is drawn up to ±100 %
SHORT_COVER, LONG_COVER = 14, 90  # days


@dataclass(frozen=True)
class Standing:
    """`growth`: of units per day on sale, this period on the one before; `margin`: of the contribution, a ratio;
    `stock`: value in money; `cover`: days that the stock lasts, None where not known."""

    code: str
    growth: Decimal | None
    margin: Decimal | None
    stock: Decimal | None
    cover: Decimal | None

    @property
    def drawn_growth(self) -> Decimal | None:
        return None if self.growth is None else max(-FURTHEST, min(FURTHEST, self.growth))

    @property
    def cover_class(self) -> str:
        """short (under 14 days), long (over 90), enough, or unknown."""
        if self.cover is None:
            return "unknown"
        return "short" if self.cover < SHORT_COVER else "long" if self.cover > LONG_COVER else "enough"


def growth(now: Decimal | None, days_now: Decimal | None, then: Decimal | None, days_then: Decimal | None):
    """Units per day on sale against the period before, as a ratio; None where there was nothing to grow from."""
    if not days_now or not days_then or now is None or not then or then < 0:
        return None
    return (now / days_now) / (then / days_then) - 1


def quadrant(one: Standing, usual_margin: Decimal) -> str:
    """Growing and worth it: push, or protect the supply where the cover is short; growing with a thin margin: fix the
    margin; shrinking with a good margin: protect; with a thin one: clear. Empty where growth or margin is not known."""
    if one.growth is None or one.margin is None:
        return ""
    if one.growth >= 0:
        if one.margin < usual_margin:
            return FIX
        return PROTECT if one.cover_class == "short" else PUSH
    return PROTECT if one.margin >= usual_margin else CLEAR
