"""Pure. Whole numbers for the made-up company: amounts in 10⁻⁴ CNY as whole fen, shares that add up, split weeks."""

import numpy as np
import pandas as pd

FEN = 100  # of 10⁻⁴ CNY
YUAN = 10_000


def fen(amounts) -> np.ndarray:
    """Amounts in CNY as whole fen."""
    return np.rint(np.asarray(amounts, dtype=float) * 100).astype(np.int64) * FEN


def part(whole, share) -> np.ndarray:
    """`share` of whole amounts (10⁻⁴ CNY), as whole fen."""
    return np.rint(np.asarray(whole, dtype=float) * share / FEN).astype(np.int64) * FEN


def count(numbers) -> np.ndarray:
    return np.rint(np.asarray(numbers, dtype=float)).astype(np.int64)


def shared(whole: int, weights, unit: int = 1) -> np.ndarray:
    """`whole` in parts by `weights`, each a multiple of `unit` (the first takes the rest): they add up to it."""
    weights = np.asarray(weights, dtype=float)
    parts = np.floor(whole / unit * weights / weights.sum()).astype(np.int64) * unit
    parts[0] += whole - parts.sum()
    return parts


def split_weeks(days: pd.Series) -> pd.Series:
    """The first day of each day's week; of a week that spans two months the 1st for the days in the second."""
    values = pd.to_datetime(days).to_numpy().astype("datetime64[D]")
    number = values.astype(np.int64)
    mondays = number - (number + 3) % 7  # 1970-01-01 was a Thursday
    first = values.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return _stamps(np.maximum(mondays, first).astype("datetime64[D]"), days)


def months_of(days: pd.Series) -> pd.Series:
    """The first day of each day's month."""
    return _stamps(pd.to_datetime(days).to_numpy().astype("datetime64[M]"), days)


def _stamps(values: np.ndarray, like: pd.Series) -> pd.Series:
    return pd.Series(values.astype("datetime64[ns]"), index=like.index, name=like.name)


def last_day(month: pd.Timestamp) -> pd.Timestamp:
    return (month + pd.offsets.MonthEnd(0)).normalize()
