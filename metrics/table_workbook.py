"""Tables as a workbook: numbers as numbers, dates as dates, texts as texts whatever they begin with. Pure."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import xlsxwriter

CREATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
NARROW, WIDE = 9, 48
# What Excel allows: 31 characters without these, never twice, whatever their case.
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NAME_CHARS = 31
# What no XML may hold (B103): a workbook with one of them cannot be opened.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """One sheet: `about` stands above the table, a line each (what it is, of when, from where)."""

    name: str
    about: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    foot: Sequence[str] = field(default_factory=tuple)


def workbook(tables: Sequence[Table]) -> bytes:
    """The bytes of the XLSX; the same tables give the same bytes."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": CREATED})
    styles, names = _Styles(book), set()
    for table in tables:
        _write(book.add_worksheet(_name(table.name, names)), table, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """Formats of the book, each made once; a number shows as many decimals as it was given with."""

    def __init__(self, book):
        self._book, self._known = book, {}

    def __call__(self, **more):
        key = tuple(sorted(more.items()))
        if key not in self._known:
            self._known[key] = self._book.add_format(FONT | more)
        return self._known[key]

    def number(self, value) -> object:
        places = max(0, -value.as_tuple().exponent) if isinstance(value, Decimal) else 0
        return self(num_format="#,##0" + (f".{'0' * places}" if places else ""))


def _write(sheet, table: Table, styles: _Styles) -> None:
    for row, line in enumerate(table.about):
        sheet.write_string(
            row, 0, _text(line), styles(bold=True) if row == 0 else styles(font_color="#6E695F")
        )
    top = len(table.about) + 1 if table.about else 0
    for column, words in enumerate(table.head):
        sheet.write_string(top, column, _text(words), styles(bold=True, bottom=1, text_wrap=True))
    for row, cells in enumerate(table.rows, top + 1):
        for column, value in enumerate(cells):
            _cell(sheet, row, column, value, styles)
    for row, line in enumerate(table.foot, top + len(table.rows) + 2):
        sheet.write_string(row, 0, _text(line), styles(font_color="#6E695F"))
    sheet.freeze_panes(top + 1, 1)
    for column, words in enumerate(table.head):
        texts = [
            str(cells[column]) for cells in table.rows if column < len(cells) and cells[column] is not None
        ]
        longest = max(map(_wide, [*texts, str(words)]), default=0)
        sheet.set_column(column, column, min(WIDE, max(NARROW, longest + 2)))


def _cell(sheet, row, column, value, styles) -> None:
    if value is None or value == "":
        return
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, styles.number(value))
    elif isinstance(value, dt.datetime):
        sheet.write_string(row, column, value.isoformat(sep=" ", timespec="minutes"), styles())
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, styles(num_format="yyyy-mm-dd"))
    else:
        sheet.write_string(row, column, _text(value), styles())


def _text(value) -> str:
    return NOT_IN_XML.sub("", str(value))


def _wide(text: str) -> int:
    """How many columns of a fixed font a text takes: Chinese characters take two."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def _name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts, a number behind it where it stands there already."""
    base = NOT_IN_NAMES.sub(" ", _text(wanted)).strip().strip("'").strip() or "1"
    name, number = base[:NAME_CHARS], 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[: NAME_CHARS - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name
