"""Tables of a hand-in that others look things up in: kept by key, joined to blocks of rows, checked both ways. Pure."""

from collections import OrderedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.columns import SAFE, Days, Exact, Words, known
from metrics.intake.expression_calls import joined
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.joins import Join
from metrics.intake.moments import Moments
from metrics.intake.value_kinds import DAY, MOMENT, NUMBER, TEXT

BETWEEN_KEYS = "\x1f"


class Lookup:
    """One join's side of another table. Fill it with `add`, then `close`, then `attach` it to blocks."""

    def __init__(self, join: Join, kinds: dict[str, str], limit: int):
        """`kinds`: those of the columns there, for a table that was not handed in."""
        self.join, self.kinds, self.limit = join, kinds, limit
        self.is_there = False
        self.place: tuple = ("", "", 0)  # sheet, header and position of its key column
        self._keys, self._rows = [], []
        self._parts: OrderedDict[str, list] = OrderedDict((name, []) for name in [*join.take, *join.sums])
        self._count = 0
        self._missed: list[tuple[int, str]] = []

    # --- Filling --------------------------------------------------------------------------------------------

    def add(self, columns: dict, rows: np.ndarray, used: np.ndarray, place: tuple) -> None:
        """The rows in `used` of one block; `columns` by the names of their own table. Raises FileRefused."""
        self.is_there, self.place = True, place
        keys = key_texts([columns[there] for _own, there in self.join.match], len(rows))
        kept = np.flatnonzero(used & known(keys))
        self._count += len(kept)
        if self._count > self.limit:
            raise FileRefused(finding("LOOKUP_TOO_LARGE", sheet=place[0], limit=self.limit))
        self._keys.append(keys.texts.take(pa.array(keys.codes[kept])))
        self._rows.append(rows[kept])
        for name, there in self.join.take.items():
            self._parts[name].append(_picked(columns[there], kept))
        for name, expression in self.join.sums.items():
            self._parts[name].append(_picked(expression(columns), kept))

    def close(self, log: FindingLog) -> None:
        """Index the keys; a key that stands in several rows is an error where one row was meant."""
        texts = pa.chunked_array(self._keys, type=pa.string()).combine_chunks()
        coded = texts.dictionary_encode()
        self.keys, codes = coded.dictionary, coded.indices.to_numpy().astype(np.int64)
        rows = np.concatenate(self._rows) if self._rows else np.zeros(0, dtype=np.int64)
        self._first = np.zeros(len(self.keys), dtype=np.int64)
        self._first[codes[::-1]] = np.arange(len(codes))[::-1]
        self._first_rows = rows[self._first] if len(rows) else rows
        self._asked = np.zeros(len(self.keys), dtype=bool)
        if self.join.is_grouped:
            self._values = {
                name: _summed(parts, codes, len(self.keys)) for name, parts in self._parts.items()
            }
            self._sizes = np.bincount(codes, minlength=len(self.keys))
        else:
            self._repeats(codes, rows, log)
            self._values = {
                name: _stacked(parts, self._first) if parts else _nothing(self.kinds[self.join.take[name]])
                for name, parts in self._parts.items()
            }
        self._keys, self._rows, self._parts = [], [], {}

    def _repeats(self, codes, rows, log) -> None:
        again = np.flatnonzero(self._first[codes] != np.arange(len(codes)))
        listed = [
            self._finding("LOOKUP_DUPLICATE", rows[at], codes[at], first=int(self._first_rows[codes[at]]))
            for at in again[: log.limit].tolist()
        ]
        log.add_many("LOOKUP_DUPLICATE", len(again), listed)

    def _finding(self, code, row, key, **params):
        sheet, header, position = self.place
        value = str(self.keys[int(key)]).replace(BETWEEN_KEYS, " · ")
        return finding(
            code, sheet=sheet, row=int(row), header=header, position=position, value=value, **params
        )

    # --- Joining --------------------------------------------------------------------------------------------

    def attach(self, columns: dict, used: np.ndarray) -> tuple[dict, np.ndarray]:
        """(what each row gets by name, rows in `used` whose key is filled but not there)."""
        keys = key_texts([columns[own] for own, _there in self.join.match], len(used))
        index = pc.index_in(keys.texts, value_set=self.keys)
        places = index.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        at = places[keys.codes] if len(keys.words) else np.full(len(used), -1, dtype=np.int64)
        hit = at >= 0
        self._asked[at[hit & used]] = True
        found = {name: _at(value, at, hit, self.join.is_grouped) for name, value in self._values.items()}
        if self.join.rows:
            sizes = np.where(hit, self._sizes[at] if len(self._sizes) else 0, 0)
            found[self.join.rows] = Exact(sizes, 0)
        if self.join.found:
            found[self.join.found] = hit
        missed = used & ~hit & known(keys) if self.is_there else np.zeros(len(used), dtype=bool)
        return found, missed

    def note_unused(self, log: FindingLog) -> None:
        """Rows of this table that no row asked for, where the profile wants them listed."""
        if self.join.unused != "warn" or not self.is_there:
            return
        idle = np.flatnonzero(~self._asked)
        idle = idle[np.argsort(self._first_rows[idle], kind="stable")]
        listed = [
            self._finding("LOOKUP_UNUSED", self._first_rows[key], key) for key in idle[: log.limit].tolist()
        ]
        log.add_many("LOOKUP_UNUSED", len(idle), listed)


def key_texts(columns: list, rows: int) -> Words:
    """One text per row for the values of its key; "" where one of them is not known."""
    parts = [_as_words(one) for one in columns]
    if len(parts) == 1:
        return parts[0]
    filled = np.logical_and.reduce([known(one) for one in parts])
    both = joined([piece for one in parts for piece in (one, BETWEEN_KEYS)][:-1])
    return Words(np.where(filled, both.codes, len(both.words)), [*both.words, ""])


def _as_words(column) -> Words:
    if isinstance(column, Words):
        return column
    numbers = {Days: "days", Moments: "seconds", Exact: "units"}
    stored = np.broadcast_to(getattr(column, numbers[type(column)]), known(column).shape)
    values, codes = np.unique(stored, return_inverse=True)
    texts = [str(value) for value in values.tolist()]
    if isinstance(column, Exact) and column.scale:
        texts = [_plain(value, column.scale) for value in values.tolist()]
    return Words(np.where(known(column), codes, len(texts)), [*texts, ""])


def _plain(units: int, scale: int) -> str:
    """The number without zeros behind its point, so that 1.50 finds 1.5."""
    while scale and units % 10 == 0:
        units, scale = units // 10, scale - 1
    return f"{units}e-{scale}" if scale else str(units)


def _picked(column, kept):
    """The rows `kept` of a column, small enough to be stored."""
    if isinstance(column, Words):
        return pa.array(column.words, type=pa.string()).take(pa.array(column.codes[kept]))
    if isinstance(column, Exact):
        units = np.broadcast_to(column.units, known(column).shape)[kept]
        return Exact(units, column.scale, known(column)[kept])
    if isinstance(column, Days):
        return Days(column.days[kept], column.known[kept])
    return Moments(column.seconds[kept], column.known[kept])


def _stacked(parts: list, first: np.ndarray):
    """The values of the first row of every key."""
    if isinstance(parts[0], pa.Array):
        coded = pa.chunked_array(parts).combine_chunks().take(pa.array(first)).dictionary_encode()
        return Words(coded.indices.to_numpy().astype(np.int64) + 1, ["", *coded.dictionary.to_pylist()])
    name = {Exact: "units", Days: "days", Moments: "seconds"}[type(parts[0])]
    values = np.concatenate([getattr(one, name) for one in parts])[first]
    is_known = np.concatenate([one.known for one in parts])[first]
    if isinstance(parts[0], Exact):
        return Exact(values, parts[0].scale, is_known)
    return type(parts[0])(values, is_known)


def _nothing(kind: str):
    """A column without rows."""
    none, unknown = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    if kind == TEXT:
        return Words(none, [""])
    return {NUMBER: Exact(none, 0, unknown), DAY: Days(none, unknown), MOMENT: Moments(none, unknown)}[kind]


def _summed(parts: list[Exact], codes: np.ndarray, count: int) -> Exact:
    """Exact sums per key; what is not known is left out."""
    if not parts:
        return Exact(np.zeros(count, dtype=np.int64), 0)
    units, is_known = (np.concatenate([getattr(one, name) for one in parts]) for name in ("units", "known"))
    units = np.where(is_known, units, 0)
    sums = np.zeros(count, dtype=np.int64)
    largest = max((one.largest() for one in parts), default=0)
    if largest * max(1, len(units)) >= SAFE:
        sums, units = sums.astype(object), units.astype(object)
    np.add.at(sums, codes, units)
    return Exact(sums, parts[0].scale)


def _at(value, at, hit, is_grouped):
    """The values of the keys at `at`; a sum over no rows is zero, anything else is not known."""
    rows = np.where(hit, at, 0)
    if isinstance(value, Words):
        codes = np.where(hit, value.codes[rows] if len(value.codes) else 0, 0)
        return Words(codes, value.words)
    name = {Exact: "units", Days: "days", Moments: "seconds"}[type(value)]
    stored = getattr(value, name)
    picked = stored[rows] if len(stored) else np.zeros(len(at), dtype=np.int64)
    if is_grouped:
        return Exact(np.where(hit, picked, 0), value.scale)
    if not len(stored):
        is_known = np.zeros(len(at), dtype=bool)
    else:
        is_known = hit & (np.ones(len(stored), dtype=bool) if value.known is None else value.known)[rows]
    return Exact(picked, value.scale, is_known) if isinstance(value, Exact) else type(value)(picked, is_known)
