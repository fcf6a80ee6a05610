"""Where in a file something stands, as people write it: `D7`, `row 12`, `第12行`, `column F`, `Sheet2!D7`. Pure."""

import re
from dataclasses import dataclass

CELL = re.compile(r"([A-Za-z]{1,3})\s*([1-9][0-9]{0,6})")
ROW = re.compile(r"(?:row\s*|第\s*)?([1-9][0-9]{0,6})(?:\s*行)?", re.IGNORECASE)
COLUMN = re.compile(r"(?:column\s+([A-Za-z]{1,3})|([A-Za-z]{1,3})\s*列|([A-Za-z]{1,2}))", re.IGNORECASE)
SHEET_CHARS = 60


class BadPlace(ValueError):
    """The text names no cell, row or column."""


@dataclass(frozen=True)
class Place:
    """A cell, a whole row (no column), a whole column (no row), or the file as a whole (neither)."""

    sheet: str = ""
    row: int | None = None
    column: str = ""


def parse(text: str) -> Place:
    """The place that `text` names; nothing names the whole file. Raises BadPlace."""
    sheet, mark, cell = text.strip().rpartition("!")
    sheet, cell = sheet.strip().strip("'"), cell.strip()
    if len(sheet) > SHEET_CHARS or (mark and not sheet):
        raise BadPlace(text)
    if not cell:
        return Place(sheet)
    if found := ROW.fullmatch(cell):
        return Place(sheet, int(found[1]))
    if found := CELL.fullmatch(cell):
        return Place(sheet, int(found[2]), found[1].upper())
    if found := COLUMN.fullmatch(cell):
        return Place(sheet, None, next(filter(None, found.groups())).upper())
    raise BadPlace(text)
