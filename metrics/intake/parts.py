"""Figures in two parts: shares of the largest rows, and stocks of which only the month's end counts. Pure."""

from decimal import Decimal

import numpy as np
import pandas as pd

from metrics.intake.cells import DAY_SHIFT, CellSums
from metrics.intake.columns import Exact
from metrics.units import weight_code


class TopSums:
    """Collects rows and adds up the largest of each day: `merged` gives the top part, `whole` everything."""

    def __init__(self, share: str):
        self.share, self.scale = Decimal(share), 0
        self.whole = CellSums()
        self._keys, self._units = [], []

    def add(self, keys: np.ndarray, value: Exact, mask: np.ndarray) -> np.ndarray:
        """Take the rows of `mask` that have a value; gives them."""
        mask = mask if value.known is None else mask & value.known
        units = np.broadcast_to(value.units, mask.shape)[mask]
        self.scale = value.scale
        self.whole.add(keys[mask], units, np.ones(len(units), dtype=np.int64), value.scale)
        self._keys.append(keys[mask])
        self._units.append(units)
        return mask

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys, units, rows) of the largest rows; a key of which none is among them has the sum 0."""
        found = CellSums()
        if self._keys:
            keys, units = np.concatenate(self._keys), np.concatenate(self._units)
            inside = self._largest(keys >> DAY_SHIFT, units)
            found.add(keys, np.where(inside, units, 0), np.ones(len(keys), dtype=np.int64), self.scale)
        return found.merged()

    def _largest(self, days: np.ndarray, units: np.ndarray) -> np.ndarray:
        """Which rows are among the largest of their day; rows that are not above zero do not count."""
        inside = np.zeros(len(units), dtype=bool)
        for day in np.unique(days):
            rows = np.flatnonzero((days == day) & (units > 0))
            most = -int(-len(rows) * self.share // 1)  # rounded up
            inside[rows[np.argsort(-units[rows], kind="stable")[:most]]] = True
        return inside


def without_earlier_days(facts: pd.DataFrame, aggregates: dict) -> pd.DataFrame:
    """The facts, of month-end figures only those of the last day that each month has in the file."""
    codes = {
        code for name, one in aggregates.items() if one.last_of_month for code in (name, weight_code(name))
    }
    if not codes:
        return facts
    days = pd.to_datetime(facts["day"])
    month = days.dt.year * 12 + days.dt.month
    last = days.groupby([facts["metric"], month]).transform("max")
    return facts[~facts["metric"].isin(codes) | (days == last)].reset_index(drop=True)
