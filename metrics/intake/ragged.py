"""A copy of a delimited file in which every row is as long as the header. Pure but for the files named.

Only for profiles that declare it: short rows are filled with blank cells, and blank cells too many are cut off.
"""

import csv
import io
from pathlib import Path


def filled(path: Path, start: int, delimiter: str, width: int, scratch: Path, marks) -> Path:
    """The copy, which begins with the row at byte `start`. Rows that the profile marks as no data stay as they are."""
    copy = scratch / f"{path.name}.filled"
    with path.open("rb") as source:
        source.seek(start)
        # Without translation, so that the rows end where the reader of rows lets them end: at \r alone, too.
        lines = io.TextIOWrapper(source, encoding="utf-8", errors="replace", newline="")
        with copy.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
            for cells in csv.reader(lines, delimiter=delimiter):
                writer.writerow(_fitted(cells, width, marks))
    return copy


def _fitted(cells: list[str], width: int, marks) -> list[str]:
    if len(cells) == width or marks.of_cells(cells) is not None:
        return cells
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells + [""] * (width - len(cells))
