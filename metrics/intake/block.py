"""Turns a block of text cells into typed columns and notes every cell that fails. Pure."""

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metrics.intake.carrying import Carrier
from metrics.intake.columns import Days, Exact, Words, all_known, known
from metrics.intake.days import DayReader
from metrics.intake.expressions import DAY, MOMENT, NUMBER
from metrics.intake.findings import WARNINGS, Finding, FindingLog, cut, finding
from metrics.intake.found_slices import FoundSlices
from metrics.intake.limits import Limits
from metrics.intake.moment_reader import MomentReader
from metrics.intake.moments import Moments
from metrics.intake.numbers import UNSAVED, out_of_range, read_numbers
from metrics.intake.profile import Profile
from metrics.intake.row_marks import RowMarks
from metrics.intake.template_rows import template_rows
from metrics.intake.text_bytes import TextBytes
from metrics.intake.texts import TextReader
from metrics.intake.total_words import total_words

HIDDEN = "•••"


@dataclass
class TypedBlock:
    """`columns` by name as Words, Exact or Days; `rows` as a spreadsheet shows them; `total` marks total rows,
    `skipped` the rows that the profile knows to be no data, by reason."""

    columns: dict[str, object]
    rows: np.ndarray
    total: np.ndarray
    blank: np.ndarray
    skipped: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def used(self) -> np.ndarray:
        used = ~(self.total | self.blank)
        for rows in self.skipped.values():
            used &= ~rows
        return used


@dataclass
class BlockReader:
    """Reads the blocks of one table; remembers distinct values over blocks."""

    profile: Profile
    places: dict[str, int]
    headers: dict[str, str]
    sheet: str
    marks: dict[str, str]
    log: FindingLog
    limits: Limits
    lists: dict[str, list] = field(default_factory=dict)
    date1904: bool = False
    date_order: str = ""
    year: str = ""
    said: dict[str, dict] = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    given_day: int | None = None

    def __post_init__(self):
        self.row_marks = RowMarks(self.profile.shape.skip, self.places)
        self.found = FoundSlices(self.profile, self.said, self.settings, self)
        self._carriers = {name: Carrier() for name in self.places if self.profile.columns[name].carried}
        self._numbers: dict[str, dict] = {}
        self._days, self._texts = {}, {}
        for name in self.places:
            column = self.profile.columns[name]
            if column.kind in (DAY, MOMENT):
                form = replace(column.date, year=self.year if column.date.months else "")
                if self.date_order:
                    form = replace(form, order=self.date_order, order_12h="", order_dots="")
                read_by = DayReader if column.kind == DAY else MomentReader
                self._days[name] = read_by(form, self.profile.time_zone, self.date1904)
            elif column.kind == NUMBER:
                self._numbers[name] = {}
            else:
                allowed = self.lists.get(name) or column.values
                listed = {value.casefold(): value for value in allowed} if allowed else None
                if listed:
                    listed |= {text.casefold(): value for text, value in column.meanings if value in allowed}
                chars = self.limits.member_chars if self._is_member(name) else self.limits.text_chars
                self._texts[name] = TextReader(column, listed, chars, self.limits.cell_chars)

    def _is_member(self, name: str) -> bool:
        """Whether the texts of this column become members of a dimension."""
        return any(one.column == name for one in self.profile.slices.values())

    def read(self, block) -> TypedBlock:
        count = len(block.rows)
        self._prepare(block)
        blank = blank_rows([block.cells[name] for name in self.places], count)
        total, skipped = self._total_rows(block, count), {}
        if self.profile.is_template and (own := template_rows(self.places, block, count) & ~blank).any():
            skipped["template_row"], total = own, total & ~own
        for mark, rows in self.row_marks.masks(block):
            if mark.is_total:
                total |= rows & ~blank
            else:
                skipped[mark.reason] = skipped.get(mark.reason, False) | (rows & ~blank & ~total)
        typed = TypedBlock({}, block.rows, total, blank, skipped)
        used = typed.used
        for name in self.profile.columns:
            typed.columns[name] = self._column(name, block, used, count)
        typed.columns |= self.found.columns(block, used)
        if self.given_day is not None:
            typed.columns[self.profile.day] = Days(
                np.full(count, self.given_day, dtype=np.int32), np.ones(count, bool)
            )
        return typed

    def _prepare(self, block) -> None:
        """Texts that stand for no value become blank cells; blank cells take what is carried on from above."""
        for name in self.places:
            column = self.profile.columns[name]
            if column.empty:
                listed = pc.is_in(
                    pc.utf8_trim_whitespace(block.cells[name]), pa.array([t.strip() for t in column.empty])
                )
                block.cells[name] = pc.if_else(listed, "", block.cells[name])
            if name in self._carriers and column.carried in self.places:
                block.cells[name] = self._carriers[name].fill(block.cells[name], block.cells[column.carried])

    def _column(self, name, block, wanted, count):
        column = self.profile.columns[name]
        if name not in self.places:
            return _absent(column, count)
        cells, kinds = block.cells[name], block.kinds.get(name) if block.kinds else None
        numeric = None if kinds is None else kinds == ord("n")
        if column.kind == NUMBER:
            read = read_numbers(cells, column.number, self.marks[name], self._numbers[name], numeric)
            value, failures = read.exact, read.failures
            if column.zero and value.known is not None:
                bad = [failure[0] for failure in failures if failure[1] not in WARNINGS]
                value = replace(value, known=~np.isin(np.arange(count), bad))
            self._note_range(name, value, cells, block.rows, wanted)
        elif column.kind in (DAY, MOMENT):
            value, failures = self._days[name].read(block.coded(name), numeric)
        else:
            value, failures = self._texts[name].read(block.coded(name), kinds)
        self.note_rows(name, failures, cells, block.rows, wanted)
        if not column.blank and not all_known(value):
            failed = {failure[0] for failure in failures if failure[1] not in WARNINGS}
            empty = np.flatnonzero(~known(value) & wanted)
            self.note_rows(
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
        self.note_rows(name, found, cells, rows, wanted)

    def note_rows(self, name, failures, cells, rows, wanted):
        """Count every failure by code and list the first ones, by row."""
        if not failures:
            return
        by_code: dict[str, list] = {}
        for failure in failures:
            if wanted[failure[0]]:
                by_code.setdefault(failure[1], []).append(failure)
        for code, found in by_code.items():
            self.log.add_many(
                code, len(found), self._findings(name, code, found[: self.log.limit], cells, rows)
            )

    def _findings(self, name, code, failures, cells, rows) -> list[Finding]:
        places = [failure[0] for failure in failures]
        if self.profile.columns[name].personal:
            values = [HIDDEN] * len(places)
        else:
            values = [cut(cells[place].as_py().strip(UNSAVED)) for place in places]
        one = self.at(name, 0, code)
        return [
            Finding(one.sheet, row, one.position, code, one.severity, one.header, value, dict(*failure[2:]))
            for failure, row, value in zip(failures, rows[places].tolist(), values, strict=True)
        ]

    def note(self, name, failures, block, typed) -> None:
        """List failing rows of a table that was read already, at the column `name`."""
        self.note_rows(name, failures, block.cells[name], typed.rows, typed.used)

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
            is_loose = self.profile.columns[name].kind == DAY
            is_total = total_words(coded.dictionary, is_loose=is_loose)
            if is_total.any():
                total |= is_total[coded.indices.to_numpy()]
        for index in np.flatnonzero(total).tolist():
            name = next(iter(self.places))
            self.log.add(self.at(name, int(block.rows[index]), "TOTAL_ROW", block.cells[name][index].as_py()))
        return total


def blank_rows(columns: list[pa.StringArray], count: int) -> np.ndarray:
    """The rows of which every cell is blank; each column is only asked for the rows that are blank so far."""
    rows = np.arange(count)
    for cells in columns:
        if not len(rows):
            break
        mine = cells if len(rows) == count else cells.take(pa.array(rows))
        near = TextBytes(mine).maybe_blank()
        empty = pc.equal(pc.utf8_trim_whitespace(mine.take(pa.array(near))), "")
        rows = rows[near[empty.to_numpy(zero_copy_only=False)]]
    blank = np.zeros(count, dtype=bool)
    blank[rows] = True
    return blank


def _absent(column, count):
    """A column that the profile allows to be missing: every cell is blank."""
    if column.kind == NUMBER:
        scale = column.number.decimals
        zeros = np.zeros(count, dtype=np.int64)
        return Exact(zeros, scale, None if column.zero else np.zeros(count, dtype=bool))
    if column.kind in (DAY, MOMENT):
        made = Days if column.kind == DAY else Moments
        return made(np.zeros(count, dtype=np.int32), np.zeros(count, dtype=bool))
    return Words(np.zeros(count, dtype=np.int32), [""])
