"""Turns a block of text cells into typed columns and notes every cell that fails. Pure."""

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.columns import Days, Exact, Words, known
from metrics.intake.days import DayReader, day_of
from metrics.intake.expressions import DAY, MOMENT, NUMBER
from metrics.intake.findings import WARNINGS, FindingLog, finding
from metrics.intake.limits import Limits
from metrics.intake.moment_reader import MomentReader
from metrics.intake.moments import Moments
from metrics.intake.numbers import UNSAVED, out_of_range, read_numbers
from metrics.intake.profile import Profile
from metrics.intake.texts import TextReader

TOTAL_WORDS = frozenset(
    [
        "合计",
        "总计",
        "小计",
        "合计：",
        "总计：",
        "total",
        "grand total",
        "totals",
        "subtotal",
        "sum",
        "合计:",
        "总计:",
    ]
)
HIDDEN = "•••"


@dataclass
class TypedBlock:
    """`columns` by name as Words, Exact or Days; `rows` as a spreadsheet shows them; `total` marks total rows."""

    columns: dict[str, object]
    rows: np.ndarray
    total: np.ndarray
    blank: np.ndarray

    @property
    def used(self) -> np.ndarray:
        return ~(self.total | self.blank)


@dataclass
class BlockReader:
    """Reads the blocks of one table; remembers distinct values over blocks."""

    profile: Profile
    places: dict[str, int]
    headers: dict[str, str]
    sheet: str
    decimal: str
    log: FindingLog
    limits: Limits
    lists: dict[str, list] = field(default_factory=dict)
    date1904: bool = False
    date_order: str = ""
    year: str = ""

    def __post_init__(self):
        self._numbers: dict[str, dict] = {}
        self._days, self._texts = {}, {}
        for name in self.places:
            column = self.profile.columns[name]
            if column.kind in (DAY, MOMENT):
                order, year = column.date.order or self.date_order, self.year if column.date.months else ""
                read_by = DayReader if column.kind == DAY else MomentReader
                form = replace(column.date, order=order, year=year)
                self._days[name] = read_by(form, self.profile.time_zone, self.date1904)
            elif column.kind == NUMBER:
                self._numbers[name] = {}
            else:
                allowed = self.lists.get(name) or column.values
                listed = {value.casefold(): value for value in allowed} if allowed else None
                chars = self.limits.member_chars if self._is_member(name) else self.limits.text_chars
                self._texts[name] = TextReader(column, listed, chars, self.limits.cell_chars)

    def _is_member(self, name: str) -> bool:
        """Whether the texts of this column become members of a dimension."""
        return any(one.column == name for one in self.profile.slices.values())

    def read(self, block) -> TypedBlock:
        count = len(block.rows)
        blank = np.ones(count, dtype=bool)
        for name in self.places:
            if not blank.any():
                break
            blank &= _blank(block.cells[name])
        total = self._total_rows(block, count)
        columns = {}
        for name in self.profile.columns:
            columns[name] = self._column(name, block, ~(blank | total), count)
        return TypedBlock(columns, block.rows, total, blank)

    def _column(self, name, block, wanted, count):
        column = self.profile.columns[name]
        if name not in self.places:
            return _absent(column.kind, count)
        cells, kinds = block.cells[name], block.kinds.get(name) if block.kinds else None
        numeric = None if kinds is None else kinds == ord("n")
        if column.kind == NUMBER:
            read = read_numbers(cells, column.number, self.decimal, self._numbers[name], numeric)
            value, failures = read.exact, read.failures
            self._note_range(name, value, cells, block.rows, wanted)
        elif column.kind in (DAY, MOMENT):
            value, failures = self._days[name].read(block.coded(name), numeric)
        else:
            value, failures = self._texts[name].read(block.coded(name), kinds)
        self._note(name, failures, cells, block.rows, wanted)
        if not column.blank:
            failed = {failure[0] for failure in failures if failure[1] not in WARNINGS}
            empty = np.flatnonzero(~known(value) & wanted)
            self._note(
                name,
                [(row, "REQUIRED") for row in empty.tolist() if row not in failed],
                cells,
                block.rows,
                wanted,
            )
        return value

    def _note_range(self, name, value, cells, rows, wanted):
        form = self.profile.columns[name].number
        if form.minimum is None and form.maximum is None:
            return
        outside = np.flatnonzero(out_of_range(value, form) & wanted)
        bounds = {"minimum": form.minimum or "", "maximum": form.maximum or ""}
        whole = 10**value.scale if self.profile.columns[name].type == "ratio" else 0
        found = []
        for row in outside.tolist():
            # 12 in a column of ratios is most likely 12 %.
            percent = "1" if whole < value.units[row] <= 100 * whole else ""
            found.append((row, "OUT_OF_RANGE", {**bounds, "percent": percent}))
        self._note(name, found, cells, rows, wanted)

    def _note(self, name, failures, cells, rows, wanted):
        """Count every failure by code and list the first ones, by row."""
        by_code: dict[str, list] = {}
        for failure in failures:
            if wanted[failure[0]]:
                by_code.setdefault(failure[1], []).append(failure)
        for code, found in by_code.items():
            listed = [self._finding(name, failure, cells, rows) for failure in found[: self.log.limit]]
            self.log.add_many(code, len(found), listed)

    def _finding(self, name, failure, cells, rows):
        index, code, params = failure if len(failure) == 3 else (*failure, {})
        value = HIDDEN if self.profile.columns[name].personal else cells[index].as_py().strip(UNSAVED)
        return self.at(name, int(rows[index]), code, value, **params)

    def at(self, name, row, code, value="", **params):
        """A finding in the column that the file has for `name`."""
        place = self.places.get(name, -1) + 1
        header = self.headers.get(name, name)
        return finding(code, sheet=self.sheet, row=row, position=place, header=header, value=value, **params)

    def _total_rows(self, block, count):
        """Rows that sum up others: a word for total stands in a text or date column."""
        total = np.zeros(count, dtype=bool)
        if self.profile.shape.total_rows != "warn":
            return total
        for name in self.places:
            if self.profile.columns[name].kind == NUMBER:
                continue
            coded = block.coded(name)
            is_total = [word.strip().casefold() in TOTAL_WORDS for word in coded.dictionary.to_pylist()]
            if any(is_total):
                total |= np.array(is_total)[coded.indices.to_numpy()]
        for index in np.flatnonzero(total).tolist():
            name = next(iter(self.places))
            self.log.add(self.at(name, int(block.rows[index]), "TOTAL_ROW", block.cells[name][index].as_py()))
        return total

    def note_period(self, days: Days, typed: TypedBlock, period, cells, listed: np.ndarray):
        """Rows of another period than the one handed in for, and rows whose day cannot be derived (but for those in
        `listed`, of which more is said already)."""
        if self.profile.day not in self.profile.columns:
            missing = [
                (row, "REQUIRED") for row in np.flatnonzero(typed.used & ~days.known & ~listed).tolist()
            ]
            column = self.profile.day_column
            self._note(column, missing, cells[column], typed.rows, typed.used)
        if period is None:
            return
        first, end = ((bound - day_of(0)).days for bound in period)
        outside = np.flatnonzero(days.known & typed.used & ((days.days < first) | (days.days >= end)))
        params = {"first": period[0].isoformat(), "end": period[1].isoformat()}
        found = [(row, "PERIOD_MISMATCH", params) for row in outside.tolist()]
        column = self.profile.day_column
        self._note(column, found, cells[column], typed.rows, typed.used)

    def note_missed(self, join, there: Profile, missed, typed: TypedBlock, cells):
        """Rows whose key is not in the table `there` that they are joined to."""
        if join.missing == "allow" or not missed.any():
            return
        code = "LOOKUP_MISSING" if join.missing == "refuse" else "LOOKUP_MISSING_NOTED"
        column = self.profile.stands_in(join.match[0][0])
        about = {"title_en": there.title_en, "title_zh": there.title_zh}
        found = [(row, code, about) for row in np.flatnonzero(missed).tolist()]
        self._note(column, found, cells[column], typed.rows, typed.used)

    def note_rules(self, typed: TypedBlock, block: dict, cells):
        """Rows that break a declared rule; rows with blank cells are not judged by it."""
        for rule in self.profile.rules:
            judged = typed.used.copy()
            for name in rule.holds.names:
                if not isinstance(block[name], np.ndarray):
                    judged &= known(block[name])
            broken = np.flatnonzero(judged & ~rule.holds(block))
            params = {"rule_en": rule.text_en, "rule_zh": rule.text_zh}
            found = [(row, "RULE_BROKEN", params) for row in broken.tolist()]
            self._note(rule.column, found, cells[rule.column], typed.rows, typed.used)


def _blank(cells: pa.StringArray) -> np.ndarray:
    return pc.equal(pc.utf8_trim_whitespace(cells), "").to_numpy(zero_copy_only=False)


def _absent(kind, count):
    """A column that the profile allows to be missing: every cell is blank."""
    if kind == NUMBER:
        return Exact(np.zeros(count, dtype=np.int64), 0, np.zeros(count, dtype=bool))
    if kind in (DAY, MOMENT):
        made = Days if kind == DAY else Moments
        return made(np.zeros(count, dtype=np.int32), np.zeros(count, dtype=bool))
    return Words(np.zeros(count, dtype=np.int32), [""])
