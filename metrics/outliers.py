"""Whether a figure lies outside what its own history makes likely: the modified z score. Pure.

Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): 0.6745 (x − median) / MAD, beyond 3.5.
"""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

LIMIT = Decimal("3.5")
# Of a normal distribution: the median, and the mean, of absolute deviations in standard deviations.
MEDIAN_SHARE, MEAN_SHARE = Decimal("0.6745"), Decimal("0.7979")
FEWEST = 6
# What differs by less than a tenth needs no sentence, however calm its past was.
SMALLEST = Decimal("0.1")


def score(value: Decimal, history: Sequence[Decimal]) -> Decimal | None:
    """The modified z score; None with fewer than six earlier values, or where they were all the same.

    Where more than half of them are the same the mean of the deviations takes the place of their median.
    """
    if len(history) < FEWEST:
        return None
    middle = median(history)
    deviations = [abs(one - middle) for one in history]
    if spread := median(deviations):
        return MEDIAN_SHARE * (value - middle) / spread
    spread = sum(deviations, Decimal()) / len(deviations)
    return MEAN_SHARE * (value - middle) / spread if spread else None


def spread(history: Sequence[Decimal]) -> Decimal:
    """The robust standard deviation of `history`: MAD / 0.6745, or mean deviation / 0.7979 where the MAD is nought."""
    middle = median(history)
    deviations = [abs(one - middle) for one in history]
    if found := median(deviations):
        return found / MEDIAN_SHARE
    return sum(deviations, Decimal()) / len(deviations) / MEAN_SHARE


def stands_out(value: Decimal, history: Sequence[Decimal]) -> bool:
    """Beyond the limit, and different from the median by a tenth or more."""
    if len(history) < FEWEST:
        return False
    middle, found = median(history), score(value, history)
    if abs(value - middle) < SMALLEST * abs(middle) or value == middle:
        return False
    return found is None or abs(found) > LIMIT
