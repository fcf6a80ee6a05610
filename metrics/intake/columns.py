"""Columns of a block of rows: texts by distinct value, exact numbers as scaled integers, days. Pure.

An `Exact` is units × 10^-scale in int64; where a result could pass 63 bits it is kept in Python integers.
Blank cells are not known: comparisons with them are false and sums leave them out.
"""

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

SAFE = 2**62
SIGNS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Texts(Sequence):
    """Distinct texts in one array; Python's own texts are made only where somebody asks for them."""

    def __init__(self, array: "pa.StringArray"):
        self.array = array

    def filled(self) -> np.ndarray:
        """Which texts are not blank."""
        import pyarrow.compute as pc  # noqa: PLC0415

        return pc.not_equal(self.array, "").to_numpy(zero_copy_only=False)

    @cached_property
    def listed(self) -> list[str]:
        return self.array.to_pylist()

    def __len__(self):
        return len(self.array)

    def __iter__(self):
        return iter(self.listed)

    def __getitem__(self, index):
        return self.listed[index]


@dataclass(frozen=True)
class Words:
    """One text per row, as a position in a list of distinct texts; "" is a blank cell."""

    codes: np.ndarray
    words: Sequence[str]

    def __len__(self):
        return len(self.codes)

    def at(self, index) -> str:
        return self.words[self.codes[index]]

    @property
    def texts(self) -> "pa.StringArray":
        """The distinct texts as an array."""
        import pyarrow as pa  # noqa: PLC0415 - profiles are read on pages that start without it

        return self.words.array if isinstance(self.words, Texts) else pa.array(self.words, type=pa.string())


@dataclass(frozen=True)
class Exact:
    """One exact number per row, or one for all rows; `known` is None where every cell is filled."""

    units: np.ndarray
    scale: int
    known: np.ndarray | None = None

    def largest(self) -> int:
        """The largest amount there is, whatever its sign."""
        return self._largest

    @cached_property
    def _largest(self) -> int:
        if self.units.size == 0:
            return 0
        return max(abs(int(self.units.max())), abs(int(self.units.min())))


@dataclass(frozen=True)
class Days:
    """One calendar day per row, counted from 1970-01-01."""

    days: np.ndarray
    known: np.ndarray


def exact_constant(written: str | None) -> Exact | None:
    match = re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?", written or "")
    if match is None:
        return None
    decimals = match[2] or ""
    return Exact(np.array([int(match[1] + decimals)], dtype=np.int64), len(decimals))


def truth(value: bool, block: dict) -> np.ndarray:
    rows = next(
        len(c.codes if isinstance(c, Words) else c.days)
        for c in block.values()
        if isinstance(c, (Words, Days))
    )
    return np.full(rows, value)


def _both_known(a: Exact, b: Exact):
    if a.known is None:
        return b.known
    return a.known if b.known is None else a.known & b.known


def _raised(a: Exact, scale: int) -> np.ndarray:
    """The units of `a` at a finer scale, exactly."""
    if scale == a.scale:
        return a.units
    factor = 10 ** (scale - a.scale)
    units = a.units if a.largest() * factor < SAFE else a.units.astype(object)
    return units * factor


def _aligned(a: Exact, b: Exact):
    scale = max(a.scale, b.scale)
    left, right = _raised(a, scale), _raised(b, scale)
    return left, right, scale


def add(a: Exact, b: Exact) -> Exact:
    left, right, scale = _aligned(a, b)
    if a.largest() * 10 ** (scale - a.scale) + b.largest() * 10 ** (scale - b.scale) >= SAFE:
        left = left.astype(object)
    return Exact(left + right, scale, _both_known(a, b))


def subtract(a: Exact, b: Exact) -> Exact:
    return add(a, negate(b))


def negate(a: Exact) -> Exact:
    return Exact(-a.units, a.scale, a.known)


def absolute(a: Exact) -> Exact:
    return Exact(abs(a.units), a.scale, a.known)


def multiply(a: Exact, b: Exact) -> Exact:
    left, right = a.units, b.units
    if a.largest() * b.largest() >= SAFE:
        left, right = left.astype(object), right.astype(object)
    return Exact(left * right, a.scale + b.scale, _both_known(a, b))


def compare(a: Exact, sign: str, b: Exact) -> np.ndarray:
    left, right, _ = _aligned(a, b)
    held = np.asarray(SIGNS[sign](left, right), dtype=bool)
    known_ = _both_known(a, b)
    return held if known_ is None else held & known_


def chosen(conditions, values) -> Exact:
    """The value beside the first condition that holds, else the last value."""
    scale = max(value.scale for value in values)
    rows = len(conditions[0])
    units = np.broadcast_to(_raised(values[-1], scale), rows)
    is_known = np.broadcast_to(True if values[-1].known is None else values[-1].known, rows)
    for held, value in zip(reversed(conditions), reversed(values[:-1]), strict=True):
        units = np.where(held, _raised(value, scale), units)
        is_known = np.where(held, True if value.known is None else value.known, is_known)
    return Exact(units, scale, is_known)


def words_where(column: Words | str, test) -> np.ndarray:
    """Which rows hold a text that passes the test; each distinct text is asked once."""
    if isinstance(column, str):
        return np.array([test(column)])
    passed = np.fromiter((test(word) for word in column.words), dtype=bool, count=len(column.words))
    return passed[column.codes] if len(column.words) else np.zeros(len(column.codes), dtype=bool)


def words_changed(column: Words | str, change) -> Words | str:
    if isinstance(column, str):
        return change(column)
    return Words(column.codes, [change(word) for word in column.words])


def compare_texts(a: Words, sign: str, b: Words | str) -> np.ndarray:
    if isinstance(b, str):
        return words_where(a, lambda word: (word == b) ^ (sign == "!="))
    left = np.array(a.words, dtype=object)[a.codes]
    right = np.array(b.words, dtype=object)[b.codes]
    return np.asarray(SIGNS[sign](left, right), dtype=bool)


def compare_days(a: Days, sign: str, b: Days) -> np.ndarray:
    return SIGNS[sign](a.days, b.days) & a.known & b.known


def all_known(column) -> bool:
    """Whether no cell is blank, where that is told without a look at the rows; False says nothing."""
    if isinstance(column, Words):
        words = column.words
        return bool(words.filled().all()) if isinstance(words, Texts) else "" not in words
    return column.known is None or bool(column.known.all())


def known(column) -> np.ndarray:
    if isinstance(column, Words) and isinstance(column.words, Texts):
        filled = column.words.filled()
        return filled[column.codes] if not filled.all() else np.ones(len(column.codes), dtype=bool)
    if isinstance(column, Words):
        return words_where(column, bool) if "" in column.words else np.ones(len(column.codes), dtype=bool)
    if isinstance(column, Exact) and column.known is None:
        return np.ones(len(column.units), dtype=bool)
    return column.known


def sum_by_cell(column: Exact, cells: np.ndarray, mask: np.ndarray, count: int) -> np.ndarray:
    """Exact sums of the rows in `mask` per cell number, at the column's own scale."""
    if column.known is not None:
        mask = mask & column.known
    units = np.broadcast_to(column.units, cells.shape)
    if not mask.all():
        units, cells = units[mask], cells[mask]
    if units.dtype == object or column.largest() * max(1, len(units)) >= SAFE:
        exact = [0] * count
        for cell, value in zip(cells.tolist(), units.tolist(), strict=True):
            exact[cell] += value
        return np.array(exact, dtype=object)
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, cells, units)
    return sums
