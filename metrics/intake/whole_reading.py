"""Reads every cell of a small file (whole_table). Pure but for the file named."""

from pathlib import Path

from metrics.intake import encoding, guard, sheets, table
from metrics.intake.findings import FindingLog
from metrics.intake.limits import MIB, Limits
from metrics.intake.numbers import UNSAVED
from metrics.intake.opening import Opening, kind_of
from metrics.intake.profile import Profile
from metrics.intake.row_marks import RowMarks
from metrics.intake.template import REMARK
from metrics.intake.template_rows import EXAMPLE_MARKS
from metrics.intake.whole_table import MOST_ROWS, NotEditable, WholeTable

MOST_CELLS = 150_000
MOST_BYTES = 4 * MIB


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
