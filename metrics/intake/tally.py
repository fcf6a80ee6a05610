"""Adds up blocks of typed rows to facts, exactly, and counts what was left out. Pure.

A cell of the result is a metric, a day, a slice and a currency. A distinct value is counted once, in the cell of
its first day (of several on that day, its first row), so that sums over days, slices and months are exact.
"""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from metrics.intake.columns import Words, known, sum_by_cell
from metrics.intake.days import day_of
from metrics.intake.outcome import empty_facts
from metrics.intake.profile import Profile

SCALES = {"money": 4, "count": 0}
DAY_SHIFT = 32
CONTEXT_SCALE = 18


class Tally:
    def __init__(self, profile: Profile, settings: dict):
        self.profile, self.settings = profile, settings
        self.rows_read = self.rows_used = self.blank_rows = self.total_rows = 0
        self.excluded = {one.reason: 0 for one in profile.exclusions}
        self.excluded_value = {one.reason: Decimal(0) for one in profile.exclusions if one.value is not None}
        self._slices: dict[tuple, int] = {}
        self._sums: dict[str, dict[int, list]] = {name: {} for name in profile.aggregates}
        self._counts: dict[str, Decimal] = {name: Decimal(0) for name in profile.counted}
        distinct = {n: a for n, a in {**profile.aggregates, **profile.counted}.items() if a.how == "distinct"}
        self._distinct = {name: DistinctValues() for name in distinct}

    def add(self, typed, block: dict) -> None:
        """`block` holds the columns and conditions by name, as expressions read them."""
        used = typed.used
        self.blank_rows += int(typed.blank.sum())
        self.total_rows += int(typed.total.sum())
        self.rows_read += int((used | typed.total).sum())
        kept = self._exclude(used, block)
        days = block[self.profile.day]
        kept_days = kept & days.known
        keys, cells = np.unique(self._keys(days, block), return_inverse=True)
        touched = np.zeros(len(used), dtype=bool)
        for name, aggregate in self.profile.aggregates.items():
            mask = self._mask(aggregate, kept_days, block)
            if aggregate.how == "sum" and aggregate.what.names:
                # A blank cell is a missing figure, not a zero.
                mask = mask & known(aggregate.what(block))
            touched |= mask
            if aggregate.how == "distinct":
                self._distinct[name].add(block[aggregate.what], mask, self._key_of(keys, cells))
            else:
                self._add_sum(name, aggregate, mask, keys, cells, block)
        self.rows_used += int(touched.sum())
        if len(unused := np.flatnonzero(kept & ~touched)):
            self.excluded["not_used"] = self.excluded.get("not_used", 0) + len(unused)
        for name, aggregate in self.profile.counted.items():
            self._count(name, aggregate, self._mask(aggregate, used, block), block)

    def _exclude(self, used, block):
        kept = used.copy()
        for one in self.profile.exclusions:
            out = kept & one.when(block)
            kept &= ~out
            number = int(out.sum())
            self.excluded[one.reason] += number
            if number and one.value is not None:
                value = one.value(block)
                (units,) = sum_by_cell(value, np.zeros(len(out), dtype=np.int64), out, 1)
                self.excluded_value[one.reason] += Decimal(units).scaleb(-value.scale)
        return kept

    def _mask(self, aggregate, base, block):
        mask = base if aggregate.where is None else base & aggregate.where(block)
        return mask & aggregate.what(block) if aggregate.how == "rows" else mask

    def _add_sum(self, name, aggregate, mask, keys, cells, block):
        rows = np.bincount(cells[mask], minlength=len(keys))
        sums, scale = rows.tolist(), 0
        if aggregate.how == "sum":
            value = aggregate.what(block)
            sums, scale = sum_by_cell(value, cells, mask, len(keys)), value.scale
        kept = self._sums[name]
        for index in np.flatnonzero(rows).tolist():
            cell = kept.setdefault(int(keys[index]), [0, 0])
            cell[0] += sums[index] * 10 ** (CONTEXT_SCALE - scale)
            cell[1] += int(rows[index])

    def _count(self, name, aggregate, mask, block):
        if aggregate.how == "distinct":
            self._distinct[name].add(
                block[aggregate.what], mask, lambda rows: np.zeros(len(rows), dtype=np.int64)
            )
        elif aggregate.how == "rows":
            self._counts[name] += int(mask.sum())
        else:
            value = aggregate.what(block)
            (units,) = sum_by_cell(value, np.zeros(len(mask), dtype=np.int64), mask, 1)
            self._counts[name] += Decimal(units).scaleb(-value.scale)

    def _keys(self, days, block):
        return (days.days.astype(np.int64) << DAY_SHIFT) | self._slice_codes(len(days.days), block)

    @staticmethod
    def _key_of(keys, cells):
        return lambda rows: keys[cells[rows]]

    def _slice_codes(self, count, block):
        """One number per row for its combination of currency and dimensions."""
        sources = [self._source(self.profile.currency, block, count)]
        sources += [self._source(one, block, count) for one in self.profile.slices.values()]
        combined = np.zeros(count, dtype=np.int64)
        for words in sources:
            combined = combined * max(1, len(words.words)) + words.codes
            _, first, combined = np.unique(combined, return_index=True, return_inverse=True)
        codes = np.zeros(len(first) if count else 0, dtype=np.int64)
        for local, row in enumerate(first.tolist() if count else []):
            values = tuple(words.at(row) for words in sources)
            codes[local] = self._slices.setdefault(values, len(self._slices))
        return codes[combined]

    def _source(self, one, block, count):
        if one is not None and one.column:
            return block[one.column]
        text = "" if one is None else one.constant
        if one is not None and one.setting:
            text = str(self.settings.get(one.setting) or self.profile.settings[one.setting]["default"])
        return Words(np.zeros(count, dtype=np.int32), [text])

    def counts(self) -> dict[str, int | Decimal]:
        found = {}
        for name, aggregate in self.profile.counted.items():
            if aggregate.how == "distinct":
                found[name] = self._distinct[name].count()
            elif aggregate.unit == "count":
                found[name] = int(self._counts[name])
            else:
                found[name] = self._counts[name]
        return found

    def facts(self) -> pd.DataFrame:
        """Facts in order of metric, day and slice."""
        slices = list(self._slices)
        records = []
        for name, aggregate in self.profile.aggregates.items():
            scale = SCALES[aggregate.unit]
            if aggregate.how == "distinct":
                cells = self._distinct[name].cells()
            else:
                shift = CONTEXT_SCALE - scale
                cells = {
                    key: (_rounded(units, shift), rows) for key, (units, rows) in self._sums[name].items()
                }
            for key, (value, rows) in cells.items():
                currency, *dimensions = slices[key & (2**DAY_SHIFT - 1)]
                records.append((name, day_of(key >> DAY_SHIFT), *dimensions, currency, value, rows))
        if not records:
            return empty_facts(self.profile.dimensions)
        columns = ["metric", "day", *self.profile.dimensions, "currency", "value", "rows"]
        frame = pd.DataFrame.from_records(sorted(records), columns=columns)
        return frame.astype({"value": "int64", "rows": "int64"})

    def totals(self, facts: pd.DataFrame) -> dict[str, Decimal]:
        sums = {name: 0 for name in self.profile.aggregates}
        for name, value in zip(facts["metric"].tolist(), facts["value"].tolist(), strict=True):
            sums[name] += value
        return {
            name: Decimal(units).scaleb(-SCALES[self.profile.aggregates[name].unit])
            for name, units in sums.items()
        }


class DistinctValues:
    """Distinct texts with the cell of their first day; values that differ in nothing count once."""

    def __init__(self):
        self._texts, self._keys, self._rows = [], [], []

    def add(self, words: Words, mask, key_of) -> None:
        rows = np.flatnonzero(mask & known(words))
        if not len(rows):
            return
        keys = key_of(rows)
        pairs = pd.DataFrame({"word": words.codes[rows], "key": keys})
        grouped = pairs.groupby(["word", "key"], sort=False).size()
        codes = grouped.index.get_level_values("word").to_numpy()
        self._texts.append(pa.array(words.words, type=pa.string()).take(pa.array(codes)))
        self._keys.append(grouped.index.get_level_values("key").to_numpy(dtype=np.int64))
        self._rows.append(grouped.to_numpy())

    def _coded(self):
        return pa.chunked_array(self._texts).combine_chunks().dictionary_encode().indices.to_numpy()

    def count(self) -> int:
        return int(self._coded().max()) + 1 if self._texts else 0

    def cells(self) -> dict[int, tuple[int, int]]:
        """Cell → (number of values that first appear there, number of their rows)."""
        if not self._texts:
            return {}
        codes, keys, rows = self._coded(), np.concatenate(self._keys), np.concatenate(self._rows)
        order = np.lexsort((np.arange(len(codes)), keys >> DAY_SHIFT, codes))
        _, first = np.unique(codes[order], return_index=True)
        home = keys[order][first]
        all_rows = np.bincount(codes, weights=rows).astype(np.int64)
        found: dict[int, list] = {}
        for key, count in zip(home.tolist(), all_rows.tolist(), strict=True):
            cell = found.setdefault(key, [0, 0])
            cell[0] += 1
            cell[1] += count
        return {key: tuple(cell) for key, cell in found.items()}


def _rounded(units: int, shift: int) -> int:
    """Units at a coarser scale, half to even; exact wherever the source has no finer decimals."""
    quotient, rest = divmod(units, 10**shift)
    half = 10**shift // 2
    return quotient + (rest > half or (rest == half and quotient % 2 == 1))
