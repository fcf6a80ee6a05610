"""Recognises rows that are no data: descriptions below the header, footers, totals. Pure."""

from collections.abc import Iterable

import numpy as np

from metrics.intake.profile_parts import RowMark


class RowMarks:
    """What a profile declares about such rows; `places` are the positions of its columns in the table."""

    def __init__(self, marks: tuple[RowMark, ...], places: dict[str, int]):
        self.marks, self.places = marks, places

    def masks(self, block) -> list[tuple[RowMark, np.ndarray]]:
        """For each mark that some rows of the block carry, which rows. A row carries the first that fits."""
        found, taken = [], np.zeros(len(block.rows), dtype=bool)
        for mark in self.marks:
            rows = np.zeros(len(block.rows), dtype=bool)
            for name in [mark.column] if mark.column else self.places:
                if name in self.places:
                    coded = block.coded(name)
                    fits = [fitting(mark, text) for text in coded.dictionary.to_pylist()]
                    rows |= np.array(fits, dtype=bool)[coded.indices.to_numpy()] if any(fits) else False
            rows &= ~taken
            if rows.any():
                taken |= rows
                found.append((mark, rows))
        return found

    def of_cells(self, cells: Iterable[str]) -> RowMark | None:
        """The mark of a row whose length is not that of the header: there any cell may carry it."""
        cells = list(cells)
        return next((mark for mark in self.marks if any(fitting(mark, cell) for cell in cells)), None)


def fitting(mark: RowMark, text: str) -> bool:
    plain = " ".join(text.split()).casefold()
    if not plain:
        return False
    return plain in _folded(mark.equals) or plain.startswith(_folded(mark.starts))


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).casefold() for text in texts)
