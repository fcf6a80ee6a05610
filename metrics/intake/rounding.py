"""Sums at the scale of the facts, rounded half to even where the file is finer. Pure."""

import itertools
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from metrics.intake.cells import CellSums
from metrics.intake.columns import SAFE, known, sum_by_cell


def scaled_units(cells, units, wanted: int, tax=None) -> np.ndarray:
    """Units at the scale of the facts, as int64. What is finer than that is rounded so that the sum of neighbouring
    days stays right: a cell gets the rounded running total less the one before it."""
    scale = getattr(cells, "scale", 0)
    if tax:
        return np.array([_net(value, tax, wanted - scale) for value in units.tolist()], dtype=np.int64)
    if wanted >= scale:
        largest = max(abs(int(units.max(initial=0))), abs(int(units.min(initial=0))))
        if units.dtype != object and largest * 10 ** (wanted - scale) < SAFE:
            return units * 10 ** (wanted - scale)
        return np.array([value * 10 ** (wanted - scale) for value in units.tolist()], dtype=np.int64)
    if not isinstance(cells, CellSums):
        return np.array([rounded(value, scale - wanted) for value in units.tolist()], dtype=np.int64)
    running = [0, *(rounded(value, scale - wanted) for value in itertools.accumulate(units.tolist()))]
    return np.array([b - a for a, b in itertools.pairwise(running)], dtype=np.int64)


def _net(units: int, percent: Decimal, places: int) -> int:
    """Units without `percent` of tax, at a scale finer by `places`, half to even."""
    net = Decimal(units).scaleb(places) * 100 / (100 + percent)
    return int(net.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def rounded(units: int, places: int) -> int:
    """Units at a coarser scale, half to even; exact wherever the source has no finer decimals."""
    quotient, rest = divmod(units, 10**places)
    half = 10**places // 2
    return quotient + (rest > half or (rest == half and quotient % 2 == 1))


def total_of(value, mask) -> Decimal:
    """The exact sum of the rows in `mask`."""
    mask = mask if value.known is None else mask & known(value)
    (units,) = sum_by_cell(value, np.zeros(len(mask), dtype=np.int64), mask, 1).tolist()
    return Decimal(int(units)).scaleb(-value.scale)
