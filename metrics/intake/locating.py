"""Finds the one cell of an uploaded file behind a figure, where a single row made it. Pure but for the file named.

The file is read as the import read it; what several rows add up to, or an expression over several columns makes, has
no cell of its own.
"""

import datetime as dt
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from metrics import regions
from metrics.intake.columns import Days, Exact, Words
from metrics.intake.engine import _Work
from metrics.intake.findings import FileRefused, column_letter
from metrics.intake.given_day import given_day
from metrics.intake.limits import Limits
from metrics.intake.opening import Opening
from metrics.intake.profile import Profile

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Sought:
    """A figure: metric, day, and its members by dimension of the profile ("currency" is one of them)."""

    metric: str
    day: dt.date
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Found:
    """Its cell: place, number, decimals as written, decimal mark, and the text as it stands there."""

    sheet: str
    row: int
    column: str
    value: Decimal
    scale: int
    mark: str
    text: str


def locate(
    path: Path,
    file_name: str,
    profile: Profile,
    sought: Iterable[Sought],
    *,
    period: tuple,
    limits: Limits,
    settings: dict,
    sheet: str = "",
) -> dict[Sought, Found]:
    """The cells of those that have one. Files of several parts have none."""
    wanted = {one: column for one in sought if (column := _column(profile, one.metric))}
    if not wanted or profile.parts or profile.joins:
        return {}
    work = _Work(Path(path), profile, period, limits, dict(settings), lambda stage, done, total: None)
    found: dict[Sought, list[Found]] = {one: [] for one in wanted}
    with tempfile.TemporaryDirectory(prefix="intake-") as scratch:
        try:
            work.given_day = given_day(profile, work.settings, period, file_name)
            source = Opening(profile, limits, work.settings, Path(scratch), work.log)
            for table in source.tables(Path(path), file_name, sheet):
                _in_table(work, table, wanted, found)
        except FileRefused:
            return {}
    return {one: cells[0] for one, cells in found.items() if len(cells) == 1}


def _column(profile: Profile, metric: str) -> str:
    """The one column that the figure is made of; "" where there are several."""
    aggregate = profile.aggregates.get(metric)
    if aggregate is None or aggregate.how != "sum" or aggregate.once or aggregate.per:
        return ""
    names = set(aggregate.what.names) - set(aggregate.weight.names if aggregate.weight else ())
    [name] = names if len(names) == 1 else [""]
    return name if name in profile.columns else ""


def _in_table(work: _Work, table, wanted: dict, found: dict) -> None:
    header = table.header
    if not header.places or any(one.severity == "error" for one in header.findings):
        return
    reader = work.reader(work.profile, table, work.log)
    for block in table.rows.blocks(dict(reader.places)):
        typed = reader.read(block)
        columns = dict(typed.columns)
        for name, expression in (work.profile.derived | work.profile.conditions).items():
            columns[name] = expression(columns)
        for one, name in wanted.items():
            if name not in reader.places or len(found[one]) > 1:
                continue
            for at in np.flatnonzero(_rows(work, one, typed, columns)).tolist():
                found[one].append(_cell(reader, table, name, columns[name], int(typed.rows[at]), at, block))


def _rows(work: _Work, one: Sought, typed, columns: dict) -> np.ndarray:
    """The rows that make the figure up."""
    profile, aggregate = work.profile, work.profile.aggregates[one.metric]
    days: Days = columns[profile.day]
    mask = typed.used & days.known & (days.days == (one.day - EPOCH).days)
    for exclusion in profile.exclusions:
        mask &= ~exclusion.when(columns)
    if aggregate.where is not None:
        mask &= aggregate.where(columns)
    value = columns[_column(profile, one.metric)]
    if value.known is not None:
        mask = mask & value.known
    sources = {"currency": profile.currency, **profile.slices}
    for dimension, member in one.members:
        source = sources.get(dimension)
        if source is not None and source.column and mask.any():
            words: Words = columns[source.column]
            fits = np.array([_name(dimension, word) == member for word in words.words], dtype=bool)
            mask = mask & fits[words.codes]
    return mask


def _name(dimension: str, word: str) -> str:
    """A member as the facts name it."""
    return regions.place(word)[0] if dimension == "country" else word


def _cell(reader, table, name: str, value: Exact, row: int, at: int, block) -> Found:
    return Found(
        table.sheet,
        row,
        column_letter(reader.places[name] + 1),
        Decimal(int(value.units[at])).scaleb(-value.scale),
        value.scale,
        reader.marks.get(name, ".") or ".",
        block.cells[name][at].as_py(),
    )


def written(cell: Found, factor: Decimal) -> str:
    """The text of the cell with its number times `factor`: decimals and mark as before, at least two of money."""
    value = cell.value * factor
    is_percent = cell.text.strip().endswith("%")
    value = value * 100 if is_percent else value
    kept = max(-cell.value.normalize().as_tuple().exponent, 2 if value != value.to_integral_value() else 0)
    value = round(value, min(kept, cell.scale)).normalize()
    text = f"{value:f}"
    return (text.replace(".", ",") if cell.mark == "," else text) + ("%" if is_percent else "")
