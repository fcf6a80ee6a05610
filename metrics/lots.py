"""Pure. Lead times of single lots: a total by lot, and the middle and the slow tenth, weighted by units."""

from collections.abc import Iterable, Sequence
from decimal import Decimal


def quantile(cases: Iterable[tuple[Decimal, Decimal]], share: Decimal) -> Decimal | None:
    """The least value that `share` of the weight does not exceed; cases are (value, weight)."""
    known = sorted((value, weight) for value, weight in cases if weight > 0)
    whole, reached = sum((weight for _value, weight in known), Decimal(0)), Decimal(0)
    for value, weight in known:
        reached += weight
        if reached >= whole * share:
            return value
    return None


def totals(stages: Sequence[dict[tuple, tuple[Decimal, Decimal]]]) -> list[tuple[Decimal, Decimal]]:
    """(days from order to shelf, units) of each lot that has every stage; stages map a lot to (days × units, units)."""
    if not stages:
        return []
    whole = set(stages[0]).intersection(*stages[1:])
    found = []
    for lot in sorted(whole):
        days = sum((part[lot][0] / part[lot][1] for part in stages if part[lot][1]), Decimal(0))
        found.append((days, stages[0][lot][1]))
    return found
