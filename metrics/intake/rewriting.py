"""A copy of an uploaded file with other texts in some of its cells; everything else stays byte for byte.

Pure but for the files named. Text files, members of a zip, and worksheets (sheet_rewriting).
"""

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from metrics.intake import encoding, guard, records, sheet_rewriting, table
from metrics.intake.cell_texts import CannotRewrite, Cell
from metrics.intake.kinds import file_kind
from metrics.intake.limits import Limits
from metrics.intake.names import display_name

BOM = b"\xef\xbb\xbf"


def rewritten(
    path: Path,
    file_name: str,
    cells: Iterable[Cell],
    out: Path,
    *,
    limits: Limits,
    scratch: Path,
    chosen: str = "",
    expected: tuple[str, ...] = (),
) -> dict[Cell, str]:
    """Write the copy of the file at `path` to `out`; each cell's text before.

    `chosen`, `expected`: the encoding named for the file, and those its kind has beside UTF-8. What was another
    encoding becomes UTF-8 with its mark. Raises CannotRewrite, FileRefused.
    """
    wanted = list(cells)
    kind = file_kind(path, file_name, limits)
    if kind == "xlsx":
        return sheet_rewriting.rewritten(path, _by_sheet(wanted), out, limits=limits)
    if kind == "text":
        return _text(path, wanted, out, scratch, chosen, expected)
    return _members(path, _by_sheet(wanted), out, scratch, (chosen, expected), limits)


def _by_sheet(cells: list[Cell]) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.sheet, []).append(cell)
    return found


def _text(path, cells, out, scratch, chosen, expected) -> dict[Cell, str]:
    source = encoding.as_utf8(path, scratch, chosen, expected)
    delimiter = table.read_head(source.path, source.start).delimiter
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    before: dict[Cell, str] = {}
    with out.open("wb") as target:
        if source.start or source.path != path:
            target.write(BOM)
        try:
            for row, record in records.records(source.path, source.start, delimiter):
                here = rows.pop(row, None)
                target.write(record if here is None else _changed(record, here, delimiter, before))
        except ValueError:
            raise CannotRewrite("FILE_FORM") from None
    if rows:
        raise CannotRewrite("CELL_MISSING", next(iter(rows.values()))[0])
    return before


def _changed(record: bytes, cells: list[Cell], delimiter: str, before: dict) -> bytes:
    written, end = records.cells(record, delimiter)
    width = len(written)
    for cell in cells:
        place = cell.place[1] - 1
        if not 0 <= place < max(width, 1):
            raise CannotRewrite("CELL_MISSING", cell)
        before[cell] = records.unquoted(written[place])
        written[place] = records.quoted(cell.text, delimiter, always=written[place][:1] == b'"')
    return delimiter.encode().join(written) + end


def _members(path, by_member, out, scratch, encodings, limits) -> dict[Cell, str]:
    """A zip of text files: the members that hold no such cell are copied as they are."""
    before: dict[Cell, str] = {}
    guard.require_sane_zip(path, limits)
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(out, "w") as target:
        for entry in package.infolist():
            cells = by_member.pop(display_name(entry.filename) or "", None)
            copy = scratch / "member"
            with package.open(entry) as stream, copy.open("wb") as file:
                shutil.copyfileobj(stream, file)
            if cells:
                changed = scratch / "member.changed"
                before |= _text(copy, cells, changed, scratch, *encodings)
                copy = changed
            again = zipfile.ZipInfo(entry.filename, entry.date_time)
            again.compress_type = entry.compress_type
            with copy.open("rb") as file, target.open(again, "w") as stream:
                shutil.copyfileobj(file, stream)
    if by_member:
        raise CannotRewrite("CELL_MISSING", next(iter(by_member.values()))[0])
    return before
