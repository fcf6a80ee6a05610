"""Figures that are no sums: medians, and rows that repeat another, each placed on a day. Pure.

A key is a day and a slice in one integer (cells.py). What is not a sum is taken for one month, or for one upload.
"""

import numpy as np

from metrics.intake.cells import DAY_SHIFT, span_of
from metrics.intake.columns import Exact, known


class Medians:
    """The median of a number, by month, by year, or for the whole upload; it stands on the first day of its rows."""

    def __init__(self, per: str):
        self.per = per
        self.scale = 1
        self._units, self._keys = [], []

    def add(self, value: Exact, mask: np.ndarray, keys: np.ndarray) -> None:
        rows = np.flatnonzero(mask & known(value))
        self._units.append(np.broadcast_to(value.units, mask.shape)[rows])
        self._keys.append(keys[rows])
        self.scale = value.scale + 1

    def overall(self) -> "Medians":
        """The same numbers, taken for the whole upload."""
        whole = Medians("upload")
        whole.scale, whole._units, whole._keys = self.scale, self._units, self._keys
        return whole

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys of slice 0, medians at `scale`, rows)."""
        units = np.concatenate(self._units) if self._units else np.zeros(0, dtype=np.int64)
        if not len(units):
            return units, units, units
        days = np.concatenate(self._keys) >> DAY_SHIFT
        groups = span_of(days, self.per)
        keys, medians, rows = [], [], []
        for group in np.unique(groups).tolist():
            mine = groups == group
            inside = np.sort(units[mine])
            # Twice the middle, so that the mean of two middle ones is whole: half of it has one decimal more.
            twice = int(inside[(len(inside) - 1) // 2]) + int(inside[len(inside) // 2])
            keys.append(int(days[mine].min()) << DAY_SHIFT)
            medians.append(twice * 5)
            rows.append(len(inside))
        return np.array(keys, dtype=np.int64), np.array(medians, dtype=object), np.array(rows, dtype=np.int64)


class Repeats:
    """Rows that equal an earlier one in every cell, counted where they stand."""

    scale = 0

    def __init__(self):
        self._prints, self._keys = [], []

    def add(self, prints: np.ndarray, mask: np.ndarray, keys: np.ndarray) -> None:
        self._prints.append(prints[mask])
        self._keys.append(keys[mask])

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys, how many repeating rows stand there, the same number)."""
        prints = np.concatenate(self._prints) if self._prints else np.zeros(0, dtype=np.uint64)
        again = np.ones(len(prints), dtype=bool)
        again[np.unique(prints, return_index=True)[1]] = False
        keys = np.concatenate(self._keys)[again] if len(prints) else np.zeros(0, dtype=np.int64)
        found, counts = np.unique(keys, return_counts=True)
        return found, counts, counts
