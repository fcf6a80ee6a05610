"""A small file as every one of its cells, to be corrected by hand and written again. Pure.

Rows count as a spreadsheet counts them. What stands above the header, rows that are no data and columns that nobody
reads are kept as they are.
"""

import csv
import datetime as dt
import io
from dataclasses import asdict, dataclass

import xlsxwriter

MOST_ROWS = 5_000


class NotEditable(Exception):
    """`why`: "parts" (several tables), "large", "formulas" (not saved with their values)."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class WholeTable:
    """`rows[i]` is row `first + i`; `kinds` its letters as child.py gives them, empty for a text file.

    `header` is the row of the headers, `places` the position (from 0) of each column of the profile, `marked` the rows
    that the profile knows to be no data.
    """

    kind: str
    sheet: str
    delimiter: str
    first: int
    header: int
    places: dict[str, int]
    rows: list[list[str]]
    kinds: list[str]
    marked: list[int]

    @property
    def headers(self) -> list[str]:
        return self.rows[self.header - self.first]

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    def cells(self, row: int) -> list[str]:
        return self.rows[row - self.first]

    def data_rows(self) -> list[int]:
        """The numbers of the rows with figures: behind the header, not blank, not marked as no data."""
        skipped = set(self.marked)
        behind = range(self.header + 1, self.last + 1)
        return [one for one in behind if one not in skipped and any(cell.strip() for cell in self.cells(one))]

    def stored(self) -> dict:
        return asdict(self)


def as_text(found: WholeTable, rows: list[list[str]]) -> bytes:
    """`rows` in the place of those of `found`, as delimited UTF-8 text."""
    out = io.StringIO(newline="")
    delimiter = found.delimiter or ","
    if found.kind == "text" and found.first == 2:
        out.write(f"sep={delimiter}\n")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def as_workbook(found: WholeTable, rows: list[tuple[list[str], str]]) -> bytes:
    """`rows` (cells and their kinds) as a workbook of one sheet; numbers and dates stay numbers and dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(found.sheet[:31] or None)
    day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    for number, (cells, kinds) in enumerate(rows):
        for place, text in enumerate(cells):
            kind = kinds[place : place + 1]
            if kind == "n":
                sheet.write_number(number, place, float(text))
            elif kind == "b":
                sheet.write_boolean(number, place, text == "TRUE")
            elif kind == "d" and (at := _moment(text)) is not None:
                sheet.write_datetime(number, place, at, day if len(text) == 10 else moment)
            elif text:
                sheet.write_string(number, place, text)
    book.close()
    return out.getvalue()


def kind_of_typed(text: str) -> str:
    """The kind of cell that a spreadsheet makes of what is typed: number, date or text."""
    plain = text.strip()
    if not plain:
        return " "
    digits = plain.removeprefix("-").replace(".", "", 1)
    if digits.isascii() and digits.isdecimal() and len(digits) <= 15 and not digits.startswith("00"):
        return "n"
    return "d" if len(plain) == 10 and _moment(plain) else "t"


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)  # noqa: DTZ007 - a spreadsheet's dates have no zone
    except ValueError:
        return None
