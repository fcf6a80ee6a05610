"""Pure. What money brought: indexes, the return of the last money spent, round levels to compare with."""

from collections.abc import Sequence
from decimal import Decimal

FEWEST = 6


def indexed(values: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Each value against the mean of all that are known, which is 100."""
    known = [value for value in values if value is not None]
    mean = sum(known, Decimal(0)) / len(known) if known else Decimal(0)
    return [None if value is None or not mean else value * 100 / mean for value in values]


def slope(pairs: Sequence[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """What the last unit spent brought: the least-squares slope of sales over spend, (spend, sales) by period.

    None under six periods with both, or where spend never changed.
    """
    known = [(spend, sales) for spend, sales in pairs if spend is not None and sales is not None]
    if len(known) < FEWEST:
        return None
    count = Decimal(len(known))
    spent, sold = sum(pair[0] for pair in known) / count, sum(pair[1] for pair in known) / count
    width = sum((spend - spent) ** 2 for spend, _sales in known)
    return sum((spend - spent) * (sales - sold) for spend, sales in known) / width if width else None


def levels(values: Sequence[Decimal], count: int = 3) -> list[Decimal]:
    """A few round levels (1, 2, 5 × 10ⁿ) that lie among positive `values`."""
    known = [value for value in values if value > 0]
    if not known:
        return []
    found, power = [], Decimal(10) ** min(known).adjusted()
    while power <= max(known) * 2:
        found += [nice * power for nice in (1, 2, 5) if min(known) / 2 <= nice * power <= max(known) * 2]
        power *= 10
    step = -(-len(found) // count) or 1
    return found[::step]
