"""Slips of the hand: figures that are just as far from what their own past expects as a typing error would put them.

Pure. Expected is the median of the same series in the past; of money also by the unit (the price of a piece), which
stays calm where sales jump. A past that is itself erratic says nothing. Values are compared as shares of the expected,
so whole numbers scaled by any power are welcome; floats suffice, nothing of this is stored as money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

# Fewest earlier values of a series, by grain.
FEWEST = {"day": 14, "week": 8, "month": 6}
FACTORS = {"PERCENT": 100.0, "THOUSAND": 1_000.0, "WAN": 10_000.0}
CURRENCY, SIGN, SAME = "CURRENCY", "SIGN", "SAME"
# Of the distance that a slip makes (in logarithms): how much of it a calm past may use up by itself.
CALM = 0.4
TIGHTEST, WIDEST = 0.12, 0.4
# Values that a period must have in common with the one before to be called its copy.
COPIED = 10


@dataclass(frozen=True)
class Slip:
    """One figure: metric, slice and day as given, `factor` by which it lies off the expected value, and the guess.

    `ratio` is value / expected, negative for another sign; `scatter` how far the series strays by itself, in
    logarithms. `currency` of an exchange rate, and `also` another one that cannot be told from it.
    """

    metric: str
    slice: int
    day: pd.Timestamp
    code: str
    ratio: float
    expected: float
    factor: float
    currency: str = ""
    also: str = ""
    scatter: float = 0.0


def slips(
    past: pd.DataFrame,
    present: pd.DataFrame,
    *,
    grain: str,
    kinds: Mapping[str, str],
    rates: Mapping[str, float],
) -> list[Slip]:
    """What looks like a slip in `present`, by metric, slice and day.

    past, present: columns metric, slice, day, value. grain: of the table. kinds: metric → "money", "count" or
    "ratio"; one that is not named is left alone. rates: currency → company currency for one unit, in that period.
    """
    if past.empty or present.empty:
        return []
    both = pd.concat([past.assign(now=False), present.assign(now=True)], ignore_index=True)
    both = both[both["metric"].isin(list(kinds))]
    tables = {code: _Table(part, grain) for code, part in both.groupby("metric", sort=True)}
    found: list[Slip] = []
    for code, table in tables.items():
        companions = [one for other, one in tables.items() if other != code and kinds[other] == "count"]
        if kinds[code] == "count":
            companions = [one for other, one in tables.items() if other != code and kinds[other] != "ratio"]
        found += _of_metric(code, table, companions, _factors(kinds[code], rates), grain)
    return found


def _factors(kind: str, rates: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """(code, currency) → factor, of the guesses that make sense for such a figure."""
    if kind == "ratio":
        return {("PERCENT", ""): 100.0}
    if kind == "count":
        return {(code, ""): FACTORS[code] for code in ("THOUSAND", "WAN")}
    rated = {(CURRENCY, name): rate for name, rate in rates.items() if 2.5 < rate < 20}
    return {(code, ""): factor for code, factor in FACTORS.items()} | rated


class _Table:
    """One metric: slices down, days across; `now` marks the days of the present."""

    def __init__(self, part: pd.DataFrame, grain: str):
        wide = part.pivot_table(index="slice", columns="day", values="value", aggfunc="sum", sort=True)
        self.slices, self.days = wide.index.to_numpy(), wide.columns
        self.values = wide.to_numpy(dtype=float)
        first = part.loc[part["now"], "day"].min()
        self.now = self.days >= first if pd.notna(first) else np.zeros(len(self.days), dtype=bool)
        self.wide = wide

    def like(self, other: "_Table") -> np.ndarray:
        """The values of `other` at the places of this table."""
        return other.wide.reindex(index=self.slices, columns=self.days).to_numpy(dtype=float)


@dataclass
class _Series:
    """Logarithms against the median of the past, by slice and present day, and how calm that past was."""

    away: np.ndarray
    spread: np.ndarray
    scatter: np.ndarray
    middle: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray, now: np.ndarray, fewest: int) -> "_Series":
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(values > 0, np.log(np.abs(values)), np.nan)
        past = logs[:, ~now]
        enough = np.sum(np.isfinite(past), axis=1) >= fewest
        past = np.where(enough[:, None], past, np.nan)
        middle, spread, scatter = (np.full(len(past), np.nan) for _ in range(3))
        if enough.any():
            middle[enough] = np.nanmedian(past[enough], axis=1)
            far = np.abs(past[enough] - middle[enough, None])
            spread[enough] = np.nanquantile(far, 0.97, axis=1)
            scatter[enough] = 1.4826 * np.nanmedian(far, axis=1)
        return cls(logs[:, now] - middle[:, None], spread, scatter, middle)


def _of_metric(code: str, table: _Table, companions: list[_Table], factors: dict, grain: str) -> list[Slip]:
    if not table.now.any() or table.now.all():
        return []
    fewest = FEWEST[grain]
    raw = _Series.of(table.values, table.now, fewest)
    by_unit = [_Series.of(_over(table.values, table.like(one)), table.now, fewest) for one in companions]
    best = _calmest(by_unit, raw)
    found = _signs(code, table, raw, fewest)
    limits = np.clip(3 * best.scatter, TIGHTEST, WIDEST)
    guesses = [(key, side * np.log(factor)) for key, factor in factors.items() for side in (1, -1)]
    for at, day in zip(*np.nonzero(np.isfinite(best.away)), strict=True):
        away = best.away[at, day]
        key, distance = min(guesses, key=lambda one: abs(away - one[1]), default=(None, 0.0))
        if key is None or abs(away - distance) > limits[at] or best.spread[at] > CALM * abs(distance):
            continue
        # The figure itself has to lie off too, and not only what it is compared with.
        itself = raw.away[at, day]
        if not np.isfinite(itself) or itself * np.sign(distance) < 0.5 * abs(distance):
            continue
        found.append(
            replace(_slip(code, table, at, day, key, away, distance), scatter=float(best.scatter[at]))
        )
    return _one_currency(found, factors) + _copies(code, table)


def _one_currency(found: list[Slip], factors: dict) -> list[Slip]:
    """Rates lie close together: all days of a slice are taken for the one that explains their median best, and the
    next one is named where it explains it nearly as well."""
    rates = {key[1]: factor for key, factor in factors.items() if key[0] == CURRENCY}
    groups: dict[tuple, list[Slip]] = {}
    for one in found:
        if one.code == CURRENCY:
            groups.setdefault((one.slice, one.factor > 1), []).append(one)
    told = [one for one in found if one.code != CURRENCY]
    for (_slice, is_more), group in groups.items():
        middle = abs(float(np.median([np.log(one.ratio) for one in group])))
        near = sorted((abs(middle - np.log(rate)), name) for name, rate in rates.items())
        (distance, best), *others = near
        doubt = group[0].scatter / len(group) ** 0.5
        also = others[0][1] if others and others[0][0] - distance < doubt else ""
        factor = rates[best] if is_more else 1 / rates[best]
        told += [replace(one, currency=best, factor=factor, also=also) for one in group]
    return told


def _slip(code, table: _Table, at, day, key, away, distance) -> Slip:
    days = table.days[table.now]
    value = table.values[:, table.now][at, day]
    return Slip(
        code,
        int(table.slices[at]),
        days[day],
        key[0],
        float(np.exp(away)),
        float(value / np.exp(away)),
        float(np.exp(distance)),
        key[1],
    )


def _over(values: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(other > 0, values / other, np.nan)


def _calmest(by_unit: list[_Series], raw: _Series) -> _Series:
    """For each slice the series whose past was calmest; the figure itself only where none by the unit is there."""
    away, spread, scatter = raw.away.copy(), raw.spread.copy(), raw.scatter.copy()
    taken = np.zeros(len(spread), dtype=bool)
    for one in by_unit:
        better = np.isfinite(one.spread) & (~taken | (one.spread < spread))
        there = np.isfinite(one.away) & better[:, None]
        away = np.where(better[:, None], np.where(there, one.away, np.nan), away)
        spread, scatter = np.where(better, one.spread, spread), np.where(better, one.scatter, scatter)
        taken |= better
    return _Series(away, spread, scatter, raw.middle)


def _signs(code: str, table: _Table, raw: _Series, fewest: int) -> list[Slip]:
    """Negative where every earlier figure was positive, and of the usual size."""
    past, now = table.values[:, ~table.now], table.values[:, table.now]
    positive = (np.nansum(past > 0, axis=1) >= fewest) & (np.nansum(past < 0, axis=1) == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        away = np.log(np.abs(now)) - raw.middle[:, None]
    odd = (now < 0) & positive[:, None] & (np.abs(away) <= np.clip(1.5 * raw.spread, 0.4, 1.2)[:, None])
    days = table.days[table.now]
    return [
        Slip(code, int(table.slices[at]), days[day], SIGN, float(-np.exp(away[at, day])),
             float(-now[at, day] / np.exp(away[at, day])), -1.0)
        for at, day in zip(*np.nonzero(odd), strict=True)
    ]  # fmt: skip


def _copies(code: str, table: _Table) -> list[Slip]:
    """The whole of the present is the same, figure by figure, as the span before it, which was unlike its own."""
    now = table.values[:, table.now]
    size = now.shape[1]
    past = table.values[:, ~table.now]
    if past.shape[1] < 2 * size:
        return []
    before, earlier = past[:, -size:], past[:, -2 * size : -size]
    if not _same(now, before) or _same(before, earlier):
        return []
    day = table.days[table.now][0]
    return [Slip(code, -1, day, SAME, 1.0, float(np.nansum(before)), 1.0)]


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    there = np.isfinite(one)
    if not np.array_equal(there, np.isfinite(other)):
        return False
    values = one[there]
    return bool(len(values) >= COPIED and len(np.unique(values)) > 3 and np.array_equal(values, other[there]))
