"""Finds rows that repeat another row: by a declared key, exactly, or by every cell, for counting. Pure."""

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.intake.columns import Days, Exact, Words

DENSE = 2**62


class RowKeys:
    """Rows by the columns of their key; no hash table over rows, integers are sorted once at the end."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names
        self._codes: dict[str, dict[str, int]] = {name: {} for name in names}
        self._parts: dict[str, list[np.ndarray]] = {name: [] for name in names}
        self._rows: list[np.ndarray] = []

    def add(self, columns: dict, rows: np.ndarray, mask: np.ndarray) -> None:
        self._rows.append(rows[mask])
        for name in self.names:
            self._parts[name].append(self._coded(name, columns[name])[mask])

    def _coded(self, name, column) -> np.ndarray:
        if isinstance(column, Words):
            seen = self._codes[name]
            numbers = np.array([seen.setdefault(word, len(seen)) for word in column.words], dtype=np.int64)
            return numbers[column.codes] if len(numbers) else np.zeros(0, dtype=np.int64)
        if isinstance(column, Days):
            return column.days.astype(np.int64)
        return column.units if isinstance(column, Exact) else column.seconds

    def repeated(self, listed: int) -> tuple[int, list[tuple[int, int]]]:
        """(how many rows repeat a key, the first `listed` of them as (row, first row with that key))."""
        if not self._rows or not self.names:
            return 0, []
        rows = np.concatenate(self._rows)
        combined, size = np.zeros(len(rows), dtype=np.int64), 1
        for name in self.names:
            values, codes = np.unique(np.concatenate(self._parts[name]), return_inverse=True)
            if size * max(1, len(values)) >= DENSE:
                kept, combined = np.unique(combined, return_inverse=True)
                size = len(kept)
            combined, size = combined * len(values) + codes, size * max(1, len(values))
        order = np.argsort(combined, kind="stable")
        same = np.flatnonzero(combined[order][1:] == combined[order][:-1]) + 1
        starts = np.flatnonzero(np.r_[True, combined[order][1:] != combined[order][:-1]])
        firsts = starts[np.searchsorted(starts, same, side="right") - 1]
        repeats, originals = rows[order][same], rows[order][firsts]
        shown = np.argsort(repeats, kind="stable")[:listed]
        return len(same), list(zip(repeats[shown].tolist(), originals[shown].tolist(), strict=True))


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
