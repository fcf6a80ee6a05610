"""Reads the keys of single rows again, as they stand in the file: before two rows are called the same. Pure."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from metrics.intake.columns import Days, Exact, Words
from metrics.intake.delimited import Block
from metrics.intake.findings import FindingLog
from metrics.intake.picked_lines import NotLines


def keys_of(reader, table, names: tuple[str, ...], rows: np.ndarray) -> list[tuple]:
    """The values of the columns `names` in these rows of a table that was read before; in the order of `rows`."""
    columns = reader.profile.columns
    places = {name: reader.places[name] for name in names if name in reader.places}
    # What is carried on from above is only known when everything above is read.
    from_above = [columns[name].carried for name in places if columns[name].carried]
    places |= {name: reader.places[name] for name in from_above if name in reader.places}
    again = replace(reader, log=FindingLog(1))
    again.places = places
    wanted = np.unique(rows)
    found = None if from_above else _of_lines(again, table, places, names, wanted)
    if found is None:
        found = {}
        for block in table.rows.blocks(places):
            at = np.flatnonzero(np.isin(block.rows, wanted))
            if not from_above:
                block, at = _taken(block, at), np.arange(len(at))
            if len(block.rows):
                keys = _keys(again, block, names)
                found |= {int(block.rows[one]): keys[one] for one in at.tolist()}
    return [found[row] for row in rows.tolist()]


def _of_lines(reader, table, places: dict[str, int], names, wanted: np.ndarray) -> dict[int, tuple] | None:
    """The keys by row, where rows are lines of a file and so are found without reading the rest; else None."""
    try:
        found: dict[int, tuple] = {}
        for block in table.rows.only(places, wanted) or ():
            found |= zip(block.rows.tolist(), _keys(reader, block, names), strict=True)
    except NotLines:
        return None
    return found if len(found) == len(wanted) else None


def _keys(reader, block: Block, names: tuple[str, ...]) -> list[tuple]:
    """One tuple of texts, days and numbers for each row."""
    count = len(block.rows)
    reader._prepare(block)
    every = np.ones(count, dtype=bool)
    columns = [reader._column(name, block, every, count) for name in names]
    return list(zip(*(_values(column, count) for column in columns), strict=True))


def _taken(block: Block, at: np.ndarray) -> Block:
    cells = {name: column.take(pa.array(at)) for name, column in block.cells.items()}
    kinds = {name: kind[at] for name, kind in block.kinds.items()} if block.kinds else block.kinds
    return Block(cells, kinds, block.rows[at], block.bytes_done)


def _values(column, count: int) -> list:
    if isinstance(column, Words):
        return [column.at(index) for index in range(count)]
    if isinstance(column, Days):
        return column.days.tolist()
    return (column.units if isinstance(column, Exact) else column.seconds).tolist()
