"""Finds rows that repeat another row: by a declared key, exactly, or by every cell, for counting. Pure."""

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.intake.columns import Days, Exact, Words
from metrics.intake.text_bytes import TextBytes, mixed

LOW = np.uint32(2**20 - 1)
# Where the upper half of a 64-bit number stands among its two halves.
UPPER = 1 if sys.byteorder == "little" else 0


class RowKeys:
    """Rows by the columns of their key, as one 64-bit fingerprint each; they are sorted once at the end.

    Keys that differ have the same fingerprint once in 10^7 files of two million rows: rows that share one are looked at
    again, by what stands in them, before anybody is told.
    """

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self._prints: list[np.ndarray] = []
        self._rows: list[np.ndarray] = []
        # How many blocks were added before each table.
        self._tables: list[int] = []

    def begin_table(self) -> None:
        self._tables.append(len(self._rows))

    def add(self, columns: dict, rows: np.ndarray, mask: np.ndarray) -> None:
        if not self.names:
            return
        prints = np.zeros(len(rows), dtype=np.uint64)
        for name in self.names:
            prints = mixed(prints, _numbers(columns[name]))
        whole = bool(mask.all())
        self._rows.append((rows if whole else rows[mask]).astype(np.int32))
        self._prints.append(prints if whole else prints[mask])

    def repeated(self, listed: int, keys: Callable | None = None) -> tuple[int, list[tuple[int, int]]]:
        """(how many rows repeat a key, the first `listed` of them as (row, first row with that key)).

        `keys`(number of the table, its rows) tells the key of each of these rows as it stands in the file.
        """
        rows, tables, prints = self._alike()
        if keys is None or not len(rows):
            return _pairs(rows, prints, listed)
        numbers: dict[tuple, int] = {}
        same = np.empty(len(rows), dtype=np.int64)
        for table in np.unique(tables).tolist():
            here = np.flatnonzero(tables == table)
            for at, key in zip(here.tolist(), keys(table, rows[here]), strict=True):
                same[at] = numbers.setdefault(key, len(numbers))
        return _pairs(rows, same, listed)

    def _alike(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(rows, number of their table, fingerprints) of the rows whose fingerprint is not their own alone."""
        none = np.zeros(0, dtype=np.int64)
        if not self._rows:
            return none, none, none
        # Halves are sorted sooner than the whole; few rows share one, and only those are compared.
        halves = np.concatenate([one.view(np.uint32)[UPPER::2] for one in self._prints])
        halves.sort()
        alike = np.unique(halves[1:][halves[1:] == halves[:-1]])
        del halves
        if not len(alike):
            return none, none, none
        at = [_where(one.view(np.uint32)[UPPER::2], alike) for one in self._prints]
        rows, prints = (
            np.concatenate([one[places] for one, places in zip(blocks, at, strict=True)])
            for blocks in (self._rows, self._prints)
        )
        blocks = np.repeat(np.arange(len(at)), [len(places) for places in at])
        tables = np.searchsorted(self._tables, blocks, side="right") - 1
        _values, place, count = np.unique(prints, return_inverse=True, return_counts=True)
        several = count[place] > 1
        return rows[several], tables[several], prints[several]


def _where(halves: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The positions of the halves that are among `wanted`, which is sorted; few are looked at closely."""
    table = np.zeros(LOW + 1, dtype=bool)
    table[wanted & LOW] = True
    near = np.flatnonzero(table[halves & LOW])
    place = np.minimum(np.searchsorted(wanted, halves[near]), len(wanted) - 1)
    return near[wanted[place] == halves[near]]


def _pairs(rows: np.ndarray, keys: np.ndarray, listed: int) -> tuple[int, list[tuple[int, int]]]:
    """(how many of these rows repeat a key, the first of them with the first row of that key)."""
    if not len(rows):
        return 0, []
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    begins = np.r_[True, keys[1:] != keys[:-1]]
    firsts = rows[np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))]
    repeats, originals = rows[~begins], firsts[~begins]
    shown = np.argsort(repeats, kind="stable")[:listed]
    return len(repeats), list(zip(repeats[shown].tolist(), originals[shown].tolist(), strict=True))


def _numbers(column) -> np.ndarray:
    """One number for each row of a column of a key."""
    if isinstance(column, Words):
        return TextBytes(column.texts).prints()[column.codes]
    if isinstance(column, Days):
        return column.days.astype(np.int64).view(np.uint64)
    values = column.units if isinstance(column, Exact) else column.seconds
    if values.dtype == object:
        values = np.array([hash(str(one)) for one in values.tolist()], dtype=np.int64)
    return values.astype(np.int64).view(np.uint64)


def row_prints(cells: dict[str, pa.StringArray], rows: int) -> np.ndarray:
    """A 64-bit fingerprint of every row over all its cells."""
    prints = np.full(rows, 0x9E3779B97F4A7C15, dtype=np.uint64)
    for column in cells.values():
        coded = column.dictionary_encode()
        words = np.array(coded.dictionary.to_pylist(), dtype=object)
        if len(words):
            each = pd.util.hash_array(words, categorize=False)
            prints = (prints ^ each[coded.indices.to_numpy()]) * np.uint64(0x100000001B3)
            prints ^= prints >> np.uint64(29)
    return prints


class WholeRows:
    """Counts rows that equal an earlier one in every cell, by a 64-bit fingerprint of the row."""

    def __init__(self):
        self._prints: list[np.ndarray] = []

    def add(self, prints: np.ndarray, mask: np.ndarray) -> None:
        self._prints.append(prints[mask])

    def repeated(self) -> int:
        if not self._prints:
            return 0
        prints = np.concatenate(self._prints)
        return len(prints) - len(np.unique(prints))
