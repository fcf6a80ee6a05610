"""Every row of an uploaded file as it stands in it, table by table, in bounded memory. Pure but for the files named.

Nothing is judged here and no profile is needed: what a copy of the file shows is what the file holds.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from metrics.intake import encoding, guard, records, sheets, table
from metrics.intake.findings import FileRefused
from metrics.intake.kinds import file_kind
from metrics.intake.limits import Limits
from metrics.intake.names import display_name
from metrics.intake.numbers import UNSAVED

MOST_SHEETS = 20
TEXT = "t"


@dataclass(frozen=True)
class PlainTable:
    """One table: its sheet, or its member of a zip ("" for a text file), and `rows` as (row as a spreadsheet counts,
    [(text, kind)]); kinds are those of child.py, all "t" in text files."""

    name: str
    rows: Iterator[tuple[int, list[tuple[str, str]]]]


def tables(
    path: Path, file_name: str, *, limits: Limits, scratch: Path, chosen: str = "", expected: tuple = ()
) -> Iterator[PlainTable]:
    """The tables of the file, to be read one after the other. Raises FileRefused for what cannot be read as tables."""
    kind = file_kind(path, file_name, limits)
    if kind == "xlsx":
        yield from _worksheets(path, limits, scratch)
    elif kind == "text":
        yield PlainTable("", _text(path, scratch, chosen, expected))
    else:
        guard.require_sane_zip(path, limits)
        for name, copy in _members(path, scratch):
            yield PlainTable(name, _text(copy, scratch, chosen, expected))


def _text(path: Path, scratch: Path, chosen: str, expected: tuple) -> Iterator:
    source = encoding.as_utf8(path, scratch, chosen, expected)
    delimiter = table.read_head(source.path, source.start).delimiter
    try:
        for row, record in records.records(source.path, source.start, delimiter):
            cells, _end = records.cells(record, delimiter)
            yield row, [(records.unquoted(one), TEXT) for one in cells]
    except ValueError:
        return  # an open quote: what stands behind it is one cell without an end


def _members(path: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    with zipfile.ZipFile(path) as package:
        for number, entry in enumerate(package.infolist()):
            if entry.is_dir() or number >= MOST_SHEETS:
                continue
            copy = scratch / f"plain-{number}"
            with package.open(entry) as source, copy.open("wb") as target:
                while block := source.read(records.CHUNK):
                    target.write(block)
            yield display_name(entry.filename) or str(number + 1), copy


def _worksheets(path: Path, limits: Limits, scratch: Path) -> Iterator[PlainTable]:
    package = guard.require_workbook(path, limits)
    parts = dict(package.sheets)
    found = sheets.heads(path, limits, 1)
    for number, one in enumerate(found[:MOST_SHEETS]):
        name = one["name"]
        try:
            rows = sheets.SheetRows(
                path,
                name,
                skip=0,
                out=scratch / f"plain-{number}.arrow",
                limits=limits,
                scan=package.scans.get(parts.get(name, "")),
            )
        except FileRefused:
            continue  # a sheet that cannot be read does not take the others with it
        yield PlainTable(name, _cells(rows))


def _cells(rows: "sheets.SheetRows") -> Iterator:
    width = rows.answer["left"] + rows.answer["width"]
    for block in rows.blocks({str(place): place for place in range(width)}):
        texts = [block.cells[str(place)].to_pylist() for place in range(width)]
        kinds = [block.kinds[str(place)] for place in range(width)]
        for at, row in enumerate(block.rows.tolist()):
            yield (
                row,
                [
                    ("" if texts[place][at] == UNSAVED else texts[place][at], chr(kinds[place][at]))
                    for place in range(width)
                ],
            )
