"""Reads the rows of an uploaded file beside the totals that it states, and the cell behind each number.

Pure but for the file named; the file is read as the import read it.
"""

import datetime as dt
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from metrics.intake.columns import Words
from metrics.intake.engine import _Work
from metrics.intake.findings import FileRefused
from metrics.intake.given_day import given_day
from metrics.intake.limits import Limits
from metrics.intake.locating import EPOCH, Found, _cell
from metrics.intake.opening import Opening
from metrics.intake.profile import Profile
from metrics.intake.total_words import is_total_word

# A table with more rows was made by a program, and nobody looks at its totals.
MOST_ROWS = 20_000


@dataclass
class StatedRow:
    """One row: day, filled texts and number cells by column; `total_in` the column with the word for a total."""

    row: int
    day: dt.date | None
    texts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, Found] = field(default_factory=dict)
    total_in: str = ""


def stated_rows(
    path: Path,
    file_name: str,
    profile: Profile,
    *,
    period: tuple,
    limits: Limits,
    settings: dict,
    sheet: str = "",
) -> dict[str, list[StatedRow]]:
    """Rows by sheet, of those sheets that state totals; nothing for hand-ins of several parts and long tables."""
    if profile.parts or profile.joins:
        return {}
    work = _Work(Path(path), profile, period, limits, dict(settings), lambda stage, done, total: None)
    found: dict[str, list[StatedRow]] = {}
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            work.given_day = given_day(profile, work.settings, period, file_name)
            source = Opening(profile, limits, work.settings, Path(scratch), work.log)
            for table in source.tables(Path(path), file_name, sheet):
                found[table.sheet] = _rows(work, table)
        except FileRefused:
            return {}
    return {name: rows for name, rows in found.items() if any(row.total_in for row in rows)}


def _rows(work: _Work, table) -> list[StatedRow]:
    header = table.header
    if not header.places or any(one.severity == "error" for one in header.findings):
        return []
    reader = work.reader(work.profile, table, work.log)
    found: list[StatedRow] = []
    for block in table.rows.blocks(dict(reader.places)):
        typed = reader.read(block)
        for at in np.flatnonzero(typed.used | typed.total).tolist():
            found.append(_row(work.profile, reader, table, typed, block, at))
        if len(found) > MOST_ROWS:
            return []
    return found


def _row(profile: Profile, reader, table, typed, block, at: int) -> StatedRow:
    row = StatedRow(int(typed.rows[at]), None)
    for name in reader.places:
        column = typed.columns[name]
        text = block.cells[name][at].as_py().strip()
        if typed.total[at] and is_total_word(text, is_loose=name == profile.day):
            row.total_in = row.total_in or name
        elif name == profile.day:
            known = column.known[at]
            row.day = EPOCH + dt.timedelta(days=int(column.days[at])) if known else None
        elif isinstance(column, Words):
            if text:
                row.texts[name] = text
        elif hasattr(column, "units") and (column.known is None or column.known[at]):
            row.cells[name] = _cell(reader, table, name, column, row.row, at, block)
    return row
