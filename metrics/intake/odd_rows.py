"""Cells of rows with more or fewer values than the header has: those whose column is certain are judged. Pure.

Where a separator is missing or too many nobody can say which of the cells behind it belongs where. So every place is
tried at which the row may have been broken; of the readings with the fewest problems only those problems count that all
of them have.
"""

import csv
from dataclasses import replace

import numpy as np
import pyarrow as pa

from metrics.intake.delimited import Block
from metrics.intake.findings import Finding, FindingLog

# Rows of another length that are looked at; more of them mean that the whole file is broken.
MOST_ROWS, MOST_READINGS = 200, 10_000


def judged(reader, odd: list[tuple[int, str]], width: int, delimiter: str) -> list[Finding]:
    """The findings in the cells of rows of another length. `odd`: (row, its text)."""
    readings: list[tuple[int, tuple[int, int], list[str]]] = []
    for row, text in odd[:MOST_ROWS]:
        cells = next(csv.reader([text], delimiter=delimiter), [])
        if 0 < abs(len(cells) - width) < width and len(readings) < MOST_READINGS:
            readings += [(row, broken, fitted) for broken, fitted in _readings(cells, width)]
    if not readings:
        return []
    log = FindingLog(20 * MOST_READINGS)
    scratch = replace(reader, log=log)
    scratch.read(_block(reader.places, [cells for _, _, cells in readings]))
    return _certain(readings, log.listed())


def _readings(cells: list[str], width: int):
    """((place, how many cells are lacking there), the row as long as the header) for each place it may be broken at."""
    lacking = width - len(cells)
    if lacking > 0:
        for place in range(len(cells) + 1):
            yield (place, lacking), cells[:place] + [""] * lacking + cells[place:]
        return
    for place in range(width):
        joined = ",".join(cells[place : place - lacking + 1])
        yield (place, 0), [*cells[:place], joined, *cells[place - lacking + 1 :]]


def _block(places: dict[str, int], rows: list[list[str]]) -> Block:
    cells = {name: pa.array([row[place] for row in rows], type=pa.string()) for name, place in places.items()}
    return Block(cells, None, np.arange(len(rows), dtype=np.int64))


def _certain(readings, findings: list[Finding]) -> list[Finding]:
    """What the best readings of a row have in common."""
    told: dict[int, dict[tuple, Finding]] = {number: {} for number in range(len(readings))}
    for one in findings:
        _row, (place, gap), _cells = readings[one.row]
        is_gap = place <= one.position - 1 < place + gap
        if not is_gap and one.severity == "error":
            told[one.row][one.position, one.code, one.value] = one
    by_row: dict[int, list[int]] = {}
    for number, (row, _, _) in enumerate(readings):
        by_row.setdefault(row, []).append(number)
    found = []
    for row, numbers in by_row.items():
        fewest = min(len(told[number]) for number in numbers)
        best = [told[number] for number in numbers if len(told[number]) == fewest]
        # The cell that was put together is where the row is broken, and nothing else is wrong with it.
        broken = {readings[number][1][0] + 1 for number in numbers if len(told[number]) == fewest}
        common = {key for key in set(best[0]).intersection(*best[1:]) if key[0] not in broken}
        found += [replace(best[0][key], row=row) for key in sorted(common)]
    return found
