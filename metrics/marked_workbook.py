"""A copy of an uploaded file in which every bad cell is marked: the workbook, row by row in bounded memory. Pure.

A list of the findings comes first, each with a link to its cell; every table of the file follows, each row at its own
number. Texts stay texts: nothing that a cell holds is taken for a formula or a link.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from metrics.intake.findings import column_letter, column_position

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_CELL, LONGEST_NOTE = 32_767, 1_500
RED, AMBER, INK = "#F6C7C0", "#F7E3B1", "#5A1F16"
RISKY = ("=", "+", "-", "@", "\t", "\r")
SHOWN_ABOVE = 20  # rows that are copied whatever happens, where the rest is left out


@dataclass(frozen=True)
class Mark:
    """One finding in the reader's words; `row` 0 and `column` "" mean the whole file, or the whole row."""

    sheet: str
    row: int
    column: str
    is_error: bool
    severity: str
    header: str
    value: str
    message: str
    hint: str

    @property
    def place(self) -> tuple[int, int]:
        return self.row, max(1, column_position(self.column))


@dataclass(frozen=True)
class Words:
    """What the first sheet says, in the reader's language. `headers`: severity, sheet, cell, header, value, problem,
    how to mend it."""

    list_name: str
    table_name: str
    title: str
    notes: tuple[str, ...]
    headers: tuple[str, ...]


def write(out: Path, tables: Iterable, marks: list[Mark], words: Words, *, only_marked: bool, scratch: Path):
    """Write the workbook. `tables`: intake.plain_rows; `only_marked` leaves out rows that are far from any mark."""
    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(out), options)
    book.set_properties({"created": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    try:
        _Book(book, marks, words, only_marked).write(tables)
    finally:
        book.close()


class _Book:
    def __init__(self, book, marks: list[Mark], words: Words, only_marked: bool):
        self.book, self.marks, self.words, self.only_marked = book, marks, words, only_marked
        base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.base = base
        self.styles: dict[tuple, object] = {}
        self.head = book.add_format(base | {"bold": True, "bottom": 1, "text_wrap": True})
        self.title = book.add_format(base | {"bold": True, "font_size": 14})
        self.wrapped = book.add_format(base | {"text_wrap": True})
        self.risky = book.add_format(base | {"text_wrap": True, "quote_prefix": True})
        self.link = book.add_format(base | {"font_color": "#1F5A8A", "underline": 1})
        self.names: dict[str, str] = {}

    def write(self, tables: Iterable) -> None:
        first = self.book.add_worksheet(self.fresh(self.words.list_name))
        # The sheets are written first: only then it is known which there are, for the links.
        for one in tables:
            sheet = self.book.add_worksheet(self.fresh(one.name or self.words.table_name))
            self.names[one.name] = sheet.get_name()
            self.table(sheet, one)
        self.findings(first)

    def fresh(self, wanted: str) -> str:
        """A name that a sheet may have and that no other has."""
        plain = (
            "".join("_" if one in "[]:*?/\\" or one < " " else one for one in wanted).strip("'")[:31] or "1"
        )
        taken = {one.casefold() for one in self.book.sheetnames}
        found, number = plain, 1
        while found.casefold() in taken or found.casefold() == "history":
            number += 1
            found = f"{plain[: 31 - len(str(number)) - 1]} {number}"
        return found

    # --- A table ----------------------------------------------------------------------------------------------

    def table(self, sheet, one) -> None:
        here: dict[int, dict[int, list[Mark]]] = {}
        for mark in self.marks:
            if mark.sheet == one.name and mark.row:
                row, column = mark.place
                here.setdefault(row, {}).setdefault(column, []).append(mark)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST_ROW}"})
        sheet.set_column(0, 60, 14)
        near = {row + step for row in here for step in (-1, 0, 1)} if self.only_marked else None
        last = max(here, default=0)
        for row, cells in one.rows:
            if row > LAST_ROW or near is not None and row > max(last + 1, SHOWN_ABOVE):
                break
            if near is None or row <= SHOWN_ABOVE or row in near:
                self.row(sheet, row, cells, here.get(row, {}))

    def row(self, sheet, row: int, cells: list[tuple[str, str]], marks: dict[int, list[Mark]]) -> None:
        for column in range(1, min(max([len(cells), *marks]), LAST_COLUMN) + 1):
            text, kind = cells[column - 1] if column <= len(cells) else ("", " ")
            found = marks.get(column, ())
            tone = "" if not found else "error" if any(one.is_error for one in found) else "warning"
            self.cell(sheet, row - 1, column - 1, text, kind, tone)
            if found:
                sheet.write_comment(row - 1, column - 1, _note(found), {"x_scale": 2.4, "y_scale": 1.6})

    def cell(self, sheet, row: int, column: int, text: str, kind: str, tone: str) -> None:
        if not text:
            if tone:
                sheet.write_blank(row, column, None, self.style(tone))
        elif kind == "n":
            sheet.write_number(row, column, float(text), self.style(tone))
        elif kind == "b":
            sheet.write_boolean(row, column, text == "TRUE", self.style(tone))
        elif kind == "d" and (when := _moment(text)) is not None:
            form = "yyyy-mm-dd" if when.time() == dt.time() else "yyyy-mm-dd hh:mm:ss"
            sheet.write_datetime(row, column, when, self.style(tone, form))
        else:
            sheet.write_string(row, column, _safe(text), self.style(tone, risky=text.startswith(RISKY)))

    def style(self, tone: str, form: str = "", risky: bool = False):
        key = (tone, form, risky)
        if key not in self.styles:
            look = dict(self.base)
            if tone:
                look |= {"bg_color": RED if tone == "error" else AMBER, "font_color": INK, "border": 1}
            if form:
                look["num_format"] = form
            if risky:
                look["quote_prefix"] = True
            self.styles[key] = self.book.add_format(look)
        return self.styles[key]

    # --- The list ---------------------------------------------------------------------------------------------

    def findings(self, sheet) -> None:
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 4, 16)
        sheet.set_column(5, 6, 60)
        sheet.write_string(0, 0, self.words.title, self.title)
        for at, note in enumerate(self.words.notes, 1):
            sheet.write_string(at, 0, note)
        top = len(self.words.notes) + 2
        for column, header in enumerate(self.words.headers):
            sheet.write_string(top, column, header, self.head)
        for at, mark in enumerate(self.marks, top + 1):
            self.listed(sheet, at, mark)
        sheet.freeze_panes(top + 1, 0)
        if self.marks:
            sheet.autofilter(top, 0, top + len(self.marks), len(self.words.headers) - 1)

    def listed(self, sheet, at: int, mark: Mark) -> None:
        texts = (mark.severity, mark.sheet, "", mark.header, mark.value, mark.message, mark.hint)
        for column, text in enumerate(texts):
            if column == 2:
                self.linked(sheet, at, mark)
            else:
                style = self.risky if text.startswith(RISKY) else self.wrapped
                sheet.write_string(at, column, _safe(text), style)

    def linked(self, sheet, at: int, mark: Mark) -> None:
        name = self.names.get(mark.sheet)
        if not mark.row:
            return
        shown = f"{mark.column or 'A'}{mark.row}"
        if name is None or mark.row > LAST_ROW:
            sheet.write_string(at, 2, shown, self.wrapped)
            return
        quoted = name.replace("'", "''")
        cell = f"{column_letter(mark.place[1])}{mark.row}"
        sheet.write_url(at, 2, f"internal:'{quoted}'!{cell}", self.link, shown)


def _note(marks: Iterable[Mark]) -> str:
    return "\n\n".join(dict.fromkeys(f"{one.message}\n{one.hint}".strip() for one in marks))[:LONGEST_NOTE]


def _safe(text: str) -> str:
    """A text as a cell may hold it."""
    return text[:LONGEST_CELL].encode("utf-8", "replace").decode("utf-8")


def _moment(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year >= 1900 else None
