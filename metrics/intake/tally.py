"""Adds up blocks of typed rows to facts, exactly, and counts what was left out. Pure.

A cell of the result is a metric, a day, a slice and a currency. A distinct value is counted once, in the cell of
its first day (of several on that day, its first row), so that sums over days, slices and months are exact.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from metrics.intake.cells import DAY_SHIFT, SLICE_MASK, CellSums, DistinctValues, distinct
from metrics.intake.columns import Exact, sum_by_cell
from metrics.intake.days import day_of
from metrics.intake.once import FirstOfKey
from metrics.intake.outcome import empty_facts
from metrics.intake.parts import TopSums, without_earlier_days
from metrics.intake.profile import Profile
from metrics.intake.rounding import rounded, scaled_units, total_of
from metrics.intake.samples import Medians, Repeats
from metrics.intake.slice_numbers import SliceNumbers
from metrics.units import weight_code

SCALES = {"money": 4, "count": 0, "ratio": 6, "duration": 6, "part": 4}


class Tally:
    def __init__(self, profile: Profile, settings: dict):
        self.profile, self.settings = profile, settings
        self.outside = None
        self.rows_read = self.rows_used = self.blank_rows = self.total_rows = 0
        self.excluded = {one.reason: 0 for one in profile.exclusions}
        self.excluded_value = {one.reason: Decimal(0) for one in profile.exclusions if one.value is not None}
        self._slices = SliceNumbers(profile, settings)
        self._cells = {name: _collector(one) for name, one in profile.aggregates.items()}
        self._weights = {n: CellSums() for n, one in profile.aggregates.items() if one.weight is not None}
        self._counts: dict[str, Decimal] = {name: Decimal(0) for name in profile.counted}
        self.columns: set[str] = set()  # that a table of the upload has
        self._filled: set[str] = set()
        self._once = {n: FirstOfKey() for n, one in profile.aggregates.items() if one.once}
        self._once_counted = {n: FirstOfKey() for n, one in profile.counted.items() if one.once}
        self._counted = {n: DistinctValues() for n, one in profile.counted.items() if one.how == "distinct"}

    def add(self, typed, block: dict, note=lambda name, failures: None, *, sums: bool = True) -> None:
        """`block` holds the columns and conditions by name, as expressions read them; `note` is told of rows whose
        repeated amounts disagree. Without `sums` rows are counted but nothing is added up: facts are never asked for
        once a file cannot be used."""
        used = typed.used
        for reason, rows in typed.skipped.items():
            self.excluded[reason] = self.excluded.get(reason, 0) + int(rows.sum())
            self.rows_read += int(rows.sum())
        self.blank_rows += int(typed.blank.sum())
        self.total_rows += int(typed.total.sum())
        self.rows_read += int((used | typed.total).sum())
        kept = self._exclude(self._inside(used), block)
        days = block[self.profile.day]
        places = self._places(days, block) if sums else None
        touched = np.zeros(len(used), dtype=bool)
        for name, aggregate in self.profile.aggregates.items():
            base = used if aggregate.over_all else kept
            mask = self._mask(aggregate, base & days.known, block)
            filled = self._take(name, aggregate, mask, block, places, note)
            # A line that repeats the amount of its order was read and used, though it adds nothing.
            filled = mask if aggregate.once else filled
            touched |= filled & kept & (aggregate.how != "repeated") & (not aggregate.over_all)
        self.rows_used += int(touched.sum())
        if unused := int((kept & ~touched).sum()):
            self.excluded["not_used"] = self.excluded.get("not_used", 0) + unused
        for name, aggregate in self.profile.counted.items():
            mask = self._mask(aggregate, used, block)
            self._count(name, aggregate, self._first(self._once_counted, name, aggregate, mask, block), block)

    def _take(self, name, aggregate, mask, block, places, note):
        """Adds the rows of `mask` at their `places`, if there are any; gives those that have the figure."""
        kept = self._cells[name]
        if aggregate.how in PLACED:
            if places:
                kept.add(_placed(aggregate, block), mask, places.row_keys)
            return mask
        if aggregate.how == "top":
            value = aggregate.what(block)
            if places:
                kept.add(places.row_keys, value, mask)
            return _with(mask, value)
        if aggregate.weight is not None:
            weight = aggregate.weight(block)
            mask = _with(mask, aggregate.what(block), weight)
            if places:
                _add_sum(self._weights[name], weight, mask, places)
        mask = self._first(self._once, name, aggregate, mask, block, note)
        if aggregate.how != "sum":
            if places:
                rows = _rows_by_cell(places.cells, mask, len(places.keys))
                kept.add(places.keys, rows, rows, 0)
            return mask
        # A blank cell is a missing figure, not a zero.
        value = aggregate.what(block)
        mask = _with(mask, value)
        if mask.any():
            self._filled.add(name)
        if places:
            _add_sum(kept, value, mask, places)
        return mask

    def _inside(self, used):
        """The rows of the period handed in, where others are left out."""
        if self.outside is None:
            return used
        if number := int((used & self.outside).sum()):
            self.excluded["other_period"] = self.excluded.get("other_period", 0) + number
        return used & ~self.outside

    @property
    def rows_of_data(self) -> int:
        """The rows that are neither totals nor the template's own."""
        return self.rows_read - self.total_rows - self.excluded.get("template_row", 0)

    def _places(self, found_days, block) -> "Places":
        """Where the rows of a block are added; rows without a day stand with the first."""
        days, slices = found_days.days.astype(np.int64), self._slices.codes(len(found_days.days), block)
        row_keys = (days << DAY_SHIFT) | slices
        if not found_days.known.any():
            return Places(row_keys, row_keys[:0], np.zeros(len(row_keys), dtype=np.int64))
        if not found_days.known.all():
            days = np.where(found_days.known, days, days[found_days.known].min())
        first, size = int(days.min()), len(self._slices.numbers)
        found, cells = distinct((days - first) * size + slices, (int(days.max()) - first + 1) * size)
        return Places(row_keys, ((found // size + first) << DAY_SHIFT) | found % size, cells)

    def _exclude(self, used, block):
        kept = used.copy()
        for one in self.profile.exclusions:
            out = kept & one.when(block)
            kept &= ~out
            number = int(out.sum())
            self.excluded[one.reason] += number
            if number and one.value is not None:
                self.excluded_value[one.reason] += total_of(one.value(block), out)
        return kept

    def _mask(self, aggregate, base, block):
        mask = base if aggregate.where is None else base & aggregate.where(block)
        return mask & aggregate.what(block) if aggregate.how == "rows" else mask

    def _first(self, kept, name, aggregate, mask, block, note=None):
        """The rows of `mask` that count where each order counts once."""
        if not aggregate.once:
            return mask
        value = (
            aggregate.what(block) if aggregate.how == "sum" else Exact(np.ones(len(mask), dtype=np.int64), 0)
        )
        rows, differing = kept[name].take(block[aggregate.once], value, mask)
        if note is not None and differing:
            note(next(one for one in self.profile.columns if one in aggregate.what.names), differing)
        return rows

    def _count(self, name, aggregate, mask, block):
        if aggregate.how == "distinct":
            self._counted[name].add(block[aggregate.what], mask, None)
        elif aggregate.how == "rows":
            self._counts[name] += int(mask.sum())
        else:
            self._counts[name] += total_of(aggregate.what(block), mask)

    def counts(self) -> dict[str, int | Decimal]:
        found = {}
        for name, aggregate in self.profile.counted.items():
            if aggregate.how == "distinct":
                found[name] = self._counted[name].count()
            else:
                found[name] = int(self._counts[name]) if aggregate.unit == "count" else self._counts[name]
        return found

    def facts(self) -> pd.DataFrame:
        """Facts in order of metric, day and slice."""
        self._whole()
        slices = list(self._slices.numbers)
        rank = np.argsort(
            np.argsort(np.array(["\0".join(one[1:] + one[:1]) for one in slices], dtype=object))
        )
        found = []
        for name, cells, wanted in sorted(self._figures(), key=lambda one: one[0]):
            keys, values, rows = cells.merged()
            if len(keys):
                if isinstance(cells, Medians):
                    keys = keys + self._whole()
                values = scaled_units(cells, values, wanted, self._tax(name))
                order = np.lexsort((rank[keys & SLICE_MASK], keys >> DAY_SHIFT))
                found.append((name, keys[order], values[order], rows[order]))
        if not found:
            return empty_facts(self.profile.dimensions)
        return without_earlier_days(self._frame(found, slices), self.profile.aggregates)

    def _whole(self) -> int:
        """The slice of a figure that is split by nothing."""
        if not any(one.how == "median" for one in self.profile.aggregates.values()):
            return 0
        return self._slices.numbers.setdefault(
            ("",) * (1 + len(self.profile.dimensions)), len(self._slices.numbers)
        )

    def _tax(self, name: str):
        """The percent of tax that are in the amounts of a figure; 0 for none."""
        one = self.profile.aggregates.get(name)
        return self._percent(one.net_of) if one is not None and one.net_of else 0

    def _figures(self):
        """(code, cells, scale of the facts) of every figure and of the weights of those in parts."""
        for name, one in self.profile.aggregates.items():
            scale = SCALES["part" if one.is_in_parts else one.unit]
            yield name, self._cells[name], scale
            if one.weight is not None:
                yield weight_code(name), self._weights[name], scale
            elif one.how == "top":
                yield weight_code(name), self._cells[name].whole, scale

    def _percent(self, setting) -> Decimal:
        """The rate of tax that was set, in percent."""
        return Decimal(str(self.settings.get(setting) or self.profile.settings[setting]["default"] or 0))

    def _frame(self, found, slices) -> pd.DataFrame:
        """The facts of figures in their order, each as (name, keys, values, rows)."""
        names, keys, values, rows = zip(*found, strict=True)
        place = np.repeat(np.arange(len(names)), [len(one) for one in keys])
        columns = {"metric": pd.array(names, dtype="str").take(place)}
        keys = np.concatenate(keys)
        first = int((keys >> DAY_SHIFT).min())
        numbers, place = distinct((keys >> DAY_SHIFT) - first, int((keys >> DAY_SHIFT).max()) - first + 1)
        columns["day"] = np.array([day_of(first + one) for one in numbers.tolist()], dtype=object)[place]
        for position, dimension in enumerate(["currency", *self.profile.dimensions]):
            members = pd.array([one[position] for one in slices], dtype="str")
            columns[dimension] = members.take(keys & SLICE_MASK)
        columns |= {"value": np.concatenate(values), "rows": np.concatenate(rows)}
        return pd.DataFrame(columns)[["metric", "day", *self.profile.dimensions, "currency", "value", "rows"]]

    def _behind(self, expression) -> set[str]:
        """The columns of the profile that an expression rests on."""
        found = set()
        for name in expression.names:
            derived = self.profile.derived.get(name)
            found |= self._behind(derived) if derived else {name} & self.profile.columns.keys()
        return found

    def _overall(self, name, one) -> int:
        """What a figure that is taken for each month by itself amounts to over the whole upload."""
        cells = self._cells[name]
        if one.how == "distinct":
            return cells.count()
        _, medians, _ = cells.overall().merged()
        scaled = [rounded(value * 10 ** SCALES[one.unit], cells.scale) for value in medians.tolist()]
        return sum(scaled)

    def totals(self, facts: pd.DataFrame) -> dict[str, Decimal]:
        """What the upload brings. A figure that no row has is 0, but not where the upload lacks its column."""
        found = {}
        for name, one in self.profile.aggregates.items():
            if one.how == "sum" and name not in self._filled and self._behind(one.what) - self.columns:
                continue
            units = sum(facts.loc[facts["metric"] == name, "value"].tolist())
            if one.per:
                units = self._overall(name, one)
            if not one.is_in_parts:
                found[name] = Decimal(units).scaleb(-SCALES[one.unit])
            elif weight := sum(facts.loc[facts["metric"] == weight_code(name), "value"].tolist()):
                found[name] = (Decimal(units) / weight).quantize(Decimal("0.000001"))
        return found


PRINTS = "#prints"
PLACED = ("distinct", "median", "repeated")


@dataclass(frozen=True)
class Places:
    """The key of each row of a block, its distinct keys in order, and the position of each row among them."""

    row_keys: np.ndarray
    keys: np.ndarray
    cells: np.ndarray


def _with(mask: np.ndarray, *parts: Exact) -> np.ndarray:
    """The rows of `mask` that have a number in every part."""
    for part in parts:
        mask = mask if part.known is None else mask & part.known
    return mask


def _add_sum(kept: CellSums, value: Exact, mask: np.ndarray, places: Places) -> None:
    rows = _rows_by_cell(places.cells, mask, len(places.keys))
    kept.add(places.keys, sum_by_cell(value, places.cells, mask, len(places.keys)), rows, value.scale)


def _rows_by_cell(cells: np.ndarray, mask: np.ndarray, count: int) -> np.ndarray:
    """How many rows of `mask` each cell has."""
    return np.bincount(cells if mask.all() else cells[mask], minlength=count)


def _collector(one):
    """What collects the rows of an aggregate."""
    if one.how == "distinct":
        return DistinctValues(one.per)
    if one.how == "median":
        return Medians(one.per)
    if one.how == "top":
        return TopSums(one.share)
    return Repeats() if one.how == "repeated" else CellSums()


def _placed(one, block):
    """The values of a figure that is placed once instead of being added up."""
    if one.how == "median":
        return one.what(block)
    return block[PRINTS] if one.how == "repeated" else block[one.what]
