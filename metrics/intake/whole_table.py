"""A small file as every one of its cells, to be corrected by hand and written again. Pure but for the file named.

Rows count as a spreadsheet counts them. What stands above the header, rows that are no data and columns that nobody
reads are kept as they are.
"""

import csv
import datetime as dt
import io
from dataclasses import asdict, dataclass
from pathlib import Path

import xlsxwriter

from metrics.intake import encoding, guard, sheets, table
from metrics.intake.findings import FindingLog
from metrics.intake.limits import MIB, Limits
from metrics.intake.numbers import UNSAVED
from metrics.intake.opening import Opening, kind_of
from metrics.intake.profile import Profile
from metrics.intake.row_marks import RowMarks
from metrics.intake.template import REMARK
from metrics.intake.template_rows import EXAMPLE_MARKS

MOST_ROWS = 5_000
MOST_CELLS = 150_000
MOST_BYTES = 4 * MIB


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


def read(path: Path, name: str, profile: Profile, settings: dict, sheet: str, limits: Limits, scratch: Path):
    """The file as a WholeTable. Raises NotEditable, and FileRefused for what cannot be read at all."""
    if profile.parts or profile.shape.sheets == "all":
        raise NotEditable("parts")
    kind = kind_of(path, name, limits)
    if kind == "zip":
        raise NotEditable("parts")
    opening = Opening(profile, limits, settings, scratch, FindingLog(limits.findings))
    if path.stat().st_size > MOST_BYTES:
        raise NotEditable("large")
    found = _text(path, opening) if kind == "text" else _worksheet(path, name, opening, sheet)
    if len(found.data_rows()) > MOST_ROWS or sum(map(len, found.rows)) > MOST_CELLS:
        raise NotEditable("large")
    return found


def _text(path: Path, opening: Opening) -> WholeTable:
    chosen = str(opening.settings.get("encoding", ""))
    source = encoding.as_utf8(path, opening.scratch, chosen, opening.profile.shape.encodings)
    head = table.read_head(source.path, source.start, 2 * MOST_ROWS, MOST_BYTES)
    if not head.complete:
        raise NotEditable("large")
    records = [(record.row, record.cells) for record in head.records]
    header = opening.header(records, "")
    return _whole("text", "", head.delimiter, records, [], records[header.index][0], header, opening)


def _worksheet(path: Path, name: str, opening: Opening, sheet: str) -> WholeTable:
    chosen = next(iter(opening.tables(path, name, sheet)))
    package = guard.require_workbook(path, opening.limits)
    scan = package.scans.get(dict(package.sheets).get(chosen.sheet, ""))
    rows = sheets.SheetRows(path, chosen.sheet, 0, opening.scratch / "whole.arrow", opening.limits, scan=scan)
    width, left = rows.answer["width"], rows.answer["left"]
    if rows.answer["rows"] > 2 * MOST_ROWS:
        raise NotEditable("large")
    records, kinds = [], []
    for block in rows.blocks({str(place): place for place in range(left + width)}):
        columns = [block.cells[str(place)].to_pylist() for place in range(left + width)]
        letters = [bytes(block.kinds[str(place)]).decode() for place in range(left + width)]
        for at, number in enumerate(block.rows.tolist()):
            records.append((number, tuple(column[at] or "" for column in columns)))
            kinds.append("".join(one[at] for one in letters))
    if any(UNSAVED in cells for _, cells in records):
        raise NotEditable("formulas")
    return _whole("xlsx", chosen.sheet, "", records, kinds, chosen.rows.first_row - 1, chosen.header, opening)


def _whole(kind, sheet, delimiter, records, kinds, header_row, header, opening) -> WholeTable:
    behind = [(number, cells) for number, cells in records if number > header_row]
    marked = [number for number, cells in behind if _is_marked(cells, header.places, opening.profile)]
    rows = [list(cells) for _, cells in records]
    places = dict(header.places)
    return WholeTable(kind, sheet, delimiter, records[0][0], header_row, places, rows, kinds, marked)


def _is_marked(cells, places: dict[str, int], profile: Profile) -> bool:
    """Whether a row is no data: marked by the profile, or the row of codes or the example of a template."""
    named = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
    if RowMarks(profile.shape.skip, places).of_cells(named.values()) is not None:
        return True
    if not profile.is_template or REMARK not in named:
        return False
    is_codes = all(text == name for name, text in named.items())
    return is_codes or named[REMARK].casefold().startswith(EXAMPLE_MARKS)


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
