"""Sums and distinct counts per cell of the result, collected block by block in arrays. Pure.

A cell's key is its day and its slice in one integer: day × 2^32 + number of the slice.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.intake.columns import SAFE, Words, known

DAY_SHIFT = 32
SLICE_MASK = 2**DAY_SHIFT - 1
# Sums of blocks are brought together when they are this many, and twice as many as there are cells.
ENOUGH = 50_000
MOST_SPANS = 12 * 10_000
SPANS = {"month": "datetime64[M]", "year": "datetime64[Y]"}
# A table may have this many entries for each row; beyond it the rows are sorted.
TABLE_ROWS = 8


def distinct(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The distinct codes in order and the place of each row among them; codes run from 0 to `size`."""
    if size > TABLE_ROWS * max(1, len(codes)):
        return np.unique(codes, return_inverse=True)
    present = np.zeros(size, dtype=bool)
    present[codes] = True
    found = np.flatnonzero(present)
    places = np.empty(size, dtype=np.int64)
    places[found] = np.arange(len(found))
    return found, places[codes]


def distinct_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct keys in order and the place of each among them."""
    if not len(keys):
        return keys, keys
    days, slices = keys >> DAY_SHIFT, keys & SLICE_MASK
    first, width = int(days.min()), int(slices.max()) + 1
    found, place = distinct((days - first) * width + slices, (int(days.max()) - first + 1) * width)
    return ((found // width + first) << DAY_SHIFT) | found % width, place


def span_of(days: np.ndarray, per: str) -> np.ndarray:
    """The month or year of each day, counted from 1970; one and the same for a whole upload."""
    if per not in SPANS:
        return np.zeros(len(days), dtype=np.int64)
    return days.astype("datetime64[D]").astype(SPANS[per]).astype(np.int64)


class CellSums:
    """Exact sums and row counts per key. All blocks of one figure have the same scale, that of its expression."""

    def __init__(self):
        self.scale = 0
        self._keys, self._units, self._rows = [], [], []
        self._waiting = self._merged = 0

    def add(self, keys: np.ndarray, units: np.ndarray, rows: np.ndarray, scale: int) -> None:
        touched = np.flatnonzero(rows)
        if not len(touched):
            return
        if len(touched) < len(keys):
            keys, units, rows = keys[touched], units[touched], rows[touched]
        self.scale = scale
        self._keys.append(keys)
        self._units.append(units)
        self._rows.append(rows)
        self._waiting += len(touched)
        if self._waiting > max(ENOUGH, 2 * self._merged):
            keys, units, rows = self.merged()
            self._keys, self._units, self._rows = [keys], [units], [rows]
            self._waiting, self._merged = 0, len(keys)

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys, units at `scale`, rows), one entry per key."""
        if not self._keys:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, nothing
        keys, place = distinct_keys(np.concatenate(self._keys))
        rows = np.zeros(len(keys), dtype=np.int64)
        np.add.at(rows, place, np.concatenate(self._rows))
        return keys, _added(np.concatenate(self._units), place, len(keys)), rows


def _added(units: np.ndarray, place: np.ndarray, count: int) -> np.ndarray:
    if units.dtype != object:
        largest = max(abs(int(units.max())), abs(int(units.min())))
        if largest * len(units) < SAFE:
            sums = np.zeros(count, dtype=np.int64)
            np.add.at(sums, place, units)
            return sums
    exact = [0] * count
    for cell, value in zip(place.tolist(), units.tolist(), strict=True):
        exact[cell] += value
    return np.array(exact, dtype=object)


class DistinctValues:
    """Distinct texts with the cell of their first day; each counts in that one cell, or once a month or year."""

    def __init__(self, per: str = ""):
        self.per = per
        self._texts, self._keys, self._rows = [], [], []

    def add(self, words: Words, mask: np.ndarray, keys: np.ndarray | None) -> None:
        """`keys` holds the key of each row of the block; None where only the number of values matters."""
        rows = np.flatnonzero(mask & known(words))
        if not len(rows):
            return
        at = np.zeros(len(rows), dtype=np.int64) if keys is None else keys[rows]
        pairs = pd.DataFrame({"word": words.codes[rows], "key": at})
        grouped = pairs.groupby(["word", "key"], sort=False).size()
        codes = grouped.index.get_level_values("word").to_numpy()
        self._texts.append(words.texts.take(pa.array(codes)))
        self._keys.append(grouped.index.get_level_values("key").to_numpy(dtype=np.int64))
        self._rows.append(grouped.to_numpy())

    def _coded(self) -> np.ndarray:
        return pa.chunked_array(self._texts).combine_chunks().dictionary_encode().indices.to_numpy()

    def count(self) -> int:
        return int(self._coded().max()) + 1 if self._texts else 0

    def merged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys, how many values first appear there, how many rows those values have in all)."""
        if not self._texts:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, nothing
        codes, keys = self._coded(), np.concatenate(self._keys)
        if self.per in SPANS:
            spans = span_of(keys >> DAY_SHIFT, self.per)
            _, codes = np.unique(
                codes.astype(np.int64) * MOST_SPANS + spans - spans.min(), return_inverse=True
            )
        order = np.lexsort((np.arange(len(codes)), keys >> DAY_SHIFT, codes))
        _, first = np.unique(codes[order], return_index=True)
        rows = np.zeros(len(first), dtype=np.int64)
        np.add.at(rows, codes, np.concatenate(self._rows))
        home, place, values = np.unique(keys[order][first], return_inverse=True, return_counts=True)
        all_rows = np.zeros(len(home), dtype=np.int64)
        np.add.at(all_rows, place, rows)
        return home, values, all_rows
