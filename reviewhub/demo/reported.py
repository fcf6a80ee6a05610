"""Pure. Tables of the made-up company through the very profiles that read its templates: facts, totals and counts."""

from decimal import Decimal

import numpy as np
import pandas as pd

from metrics.intake.block import TypedBlock
from metrics.intake.columns import Days, Exact, Words
from metrics.intake.expressions import DAY, NUMBER
from metrics.intake.profile import Profile
from metrics.intake.tally import SCALES, Tally
from metrics.units import weight_code

EPOCH = np.datetime64("1970-01-01")


def facts(profile: Profile, frame: pd.DataFrame) -> pd.DataFrame:
    """The facts that an import of `frame` (columns of the template; decimals in 10⁻⁴) would store."""
    tally, typed = Tally(profile, {}), columns(profile, frame)
    nothing = np.zeros(len(frame), dtype=bool)
    rows = np.arange(len(frame))
    tally.add(TypedBlock(typed, rows, nothing, nothing), typed)
    found = tally.facts()
    return found.assign(day=pd.to_datetime(found["day"]))


def month_texts(days: pd.Series) -> pd.Series:
    """2026-10 for each day; every distinct day is written once."""
    codes, known = pd.factorize(days)
    texts = np.array([f"{day:%Y-%m}" for day in pd.DatetimeIndex(known)], dtype=object)
    return pd.Series(texts[codes], index=days.index)


def totals(profile: Profile, found: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Month (2026-10) → code → total, as a submission keeps it; of figures in parts the quotient. A figure without
    any fact is not brought."""
    months = month_texts(found["day"])
    sums = found.groupby([months, "metric"])["value"].sum().to_dict()
    filled = set(found["metric"])
    brought = {
        code: one
        for code, one in profile.aggregates.items()
        if one.how != "sum" or one.where is not None or code in filled
    }
    told = {}
    for month in sorted(months.unique()):
        told[month] = own = {}
        for code, one in brought.items():
            value = int(sums.get((month, code), 0))
            if not one.is_in_parts:
                own[code] = f"{Decimal(value).scaleb(-SCALES[one.unit]):f}"
            elif weight := int(sums.get((month, weight_code(code)), 0)):
                own[code] = f"{(Decimal(value) / weight).quantize(Decimal('0.000001')):f}"
    return told


def counts(profile: Profile, frame: pd.DataFrame, months: pd.Series) -> dict[str, dict]:
    """Month → name → what the profile counts on the way."""
    typed = columns(profile, frame)
    told: dict[str, dict] = {month: {} for month in sorted(months.unique())}
    for name, one in profile.counted.items():
        value, mask = one.what(typed), np.ones(len(frame), dtype=bool)
        mask = mask if one.where is None else one.where(typed)
        mask = mask if value.known is None else mask & value.known
        sums = pd.Series(np.where(mask, value.units, 0)).groupby(months.to_numpy()).sum()
        for month, units in sums.items():
            plain = Decimal(int(units)).scaleb(-value.scale)
            told[month][name] = int(plain) if one.unit == "count" else f"{plain:f}"
    return told


def columns(profile: Profile, frame: pd.DataFrame) -> dict:
    """The columns and conditions of `frame` as expressions read them."""
    found = {}
    for name, column in profile.columns.items():
        if column.kind == DAY:
            found[name] = _days(frame[name])
        elif column.kind == NUMBER:
            found[name] = _numbers(frame.get(name), len(frame), 4 if column.type == "decimal" else 0)
        else:
            found[name] = _words(frame.get(name), len(frame))
    for name, condition in profile.conditions.items():
        found[name] = condition(found)
    return found


def _days(days: pd.Series) -> Days:
    numbers = (days.to_numpy().astype("datetime64[D]") - EPOCH).astype(np.int32)
    return Days(numbers, np.ones(len(days), dtype=bool))


def _numbers(values, size: int, scale: int) -> Exact:
    if values is None:
        return Exact(np.zeros(size, dtype=np.int64), scale, np.zeros(size, dtype=bool))
    known = values.notna().to_numpy()
    return Exact(values.fillna(0).to_numpy(dtype=np.int64), scale, None if known.all() else known)


def _words(texts, size: int) -> Words:
    if texts is None:
        return Words(np.zeros(size, dtype=np.int32), [""])
    codes, words = pd.factorize(texts.fillna("").astype(str))
    return Words(codes.astype(np.int32), [str(word) for word in words])
