"""A copy of a workbook with other values in some cells of its worksheets; every other part stays byte for byte.

The XML of a sheet is read as a stream twice: to find the bytes of the cells, and to copy what stands between them.
Pure but for the files named; nothing in the workbook is carried out.
"""

import shutil
import zipfile
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from metrics.intake import guard
from metrics.intake.cell_texts import CannotRewrite
from metrics.intake.findings import column_letter
from metrics.intake.limits import Limits
from metrics.intake.sheet_places import SheetPlaces, plain_number, shared_texts

CHUNK = 1024 * 1024
SHARED = "xl/sharedStrings.xml"


def rewritten(path: Path, by_sheet: dict[str, list], out: Path, *, limits: Limits) -> dict:
    """Write the copy to `out`; the text before of each cell (cell_texts.Cell).

    Raises CannotRewrite, FileRefused.
    """
    parts = dict(guard.require_workbook(path, limits).sheets)
    before, changes = {}, {}
    with zipfile.ZipFile(path) as package:
        for name, cells in by_sheet.items():
            part = parts.get(name) or (next(iter(parts.values())) if not name and len(parts) == 1 else None)
            if part is None or part not in package.namelist():
                raise CannotRewrite("CELL_MISSING", cells[0])
            found = _found(package, part, cells)
            if held := next((one for one in cells if found.formula(one.place)), None):
                raise CannotRewrite("CELL_FORMULA", held)
            before |= _texts(package, found, cells)
            changes[part] = found.changes({one.place: one.text for one in cells}, _written)
        _copy(package, changes, out)
    return before


def _found(package, part: str, cells) -> SheetPlaces:
    found = SheetPlaces({one.place for one in cells})
    with package.open(part) as stream:
        try:
            while block := stream.read(CHUNK):
                found.feed(block)
            found.close()
        except (expat.ExpatError, ValueError, LookupError):
            raise CannotRewrite("FILE_FORM", cells[0]) from None
    if not found.is_plain:
        raise CannotRewrite("FILE_FORM", cells[0])
    return found


def _texts(package, found: SheetPlaces, cells) -> dict:
    """The text before of each cell; shared texts are looked up."""
    wanted = {int(found.value(one.place)) for one in cells if found.kind(one.place) == "s"}
    shared = shared_texts(package, SHARED, wanted) if wanted else {}
    return {
        one: shared.get(int(found.value(one.place)), "")
        if found.kind(one.place) == "s"
        else found.value(one.place)
        for one in cells
    }


def _written(place: tuple[int, int], text: str, style: str, was_text: str | None) -> bytes:
    """The XML of a cell. A plain number becomes a number, unless the cell held digits as a text."""
    row, column = place
    start = f'<c r="{column_letter(column)}{row}"' + (f' s="{style}"' if style else "")
    if not text:
        return f"{start}/>".encode()
    if plain_number(text) and not (was_text is not None and plain_number(was_text)):
        return f"{start}><v>{text}</v></c>".encode()
    return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'.encode()


def _copy(package, changes: dict, out: Path) -> None:
    with zipfile.ZipFile(out, "w") as target:
        for entry in package.infolist():
            again = zipfile.ZipInfo(entry.filename, entry.date_time)
            again.compress_type = entry.compress_type
            with package.open(entry) as source, target.open(again, "w") as stream:
                if entry.filename in changes:
                    _spliced(source, stream, changes[entry.filename])
                else:
                    shutil.copyfileobj(source, stream)


def _spliced(source, target, changes: list[tuple[int, int, bytes]]) -> None:
    """Copy, with the bytes from `start` to `end` replaced for each (start, end, bytes) in order."""
    at = 0
    for start, end, new in changes:
        _pass(source, target, start - at)
        source.read(end - start)
        target.write(new)
        at = end
    shutil.copyfileobj(source, target)


def _pass(source, target, size: int) -> None:
    while size > 0 and (block := source.read(min(CHUNK, size))):
        target.write(block)
        size -= len(block)
