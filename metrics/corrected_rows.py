"""A file as it stands with the corrections of its working copy: its rows, its cells, and what each cell held before."""

import datetime as dt
from dataclasses import dataclass, field

from metrics.intake.cell_texts import Cell
from metrics.intake.findings import column_letter
from metrics.intake.whole_table import WholeTable, as_text, as_workbook, kind_of_typed
from metrics.models import CellChange, WorkingCopy

LATEST = 12


@dataclass
class Corrected:
    """`changes`: (row, place) → the latest change; `added` rows are negative and follow the last row of data."""

    table: WholeTable
    changes: dict[tuple[int, int], CellChange] = field(default_factory=dict)
    added: list[int] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)

    @property
    def is_changed(self) -> bool:
        left = [one for one in self.added if one not in self.removed]
        if left or any(row > 0 for row in self.removed):
            return True
        kept = (key for key in self.changes if key[0] > 0 and key[0] not in self.removed)
        return any(self.value(*key) != self.original(*key) for key in kept)

    def original(self, row: int, place: int) -> str:
        """What the file had; nothing in a row that was added."""
        cells = self.table.cells(row) if row > 0 else ()
        return cells[place] if place < len(cells) else ""

    def value(self, row: int, place: int) -> str:
        change = self.changes.get((row, place))
        return self.original(row, place) if change is None else change.value

    def number(self, row: int, place: int) -> int:
        """How often the cell was changed."""
        change = self.changes.get((row, place))
        return change.number if change else 0

    def shown_rows(self) -> list[int]:
        """Rows of data in the order of the file, then the added ones; those taken out are among them."""
        return [*self.table.data_rows(), *self.added]

    def order(self) -> list[int]:
        """Every row that the corrected file has, the first of its rows first."""
        last = max([*self.table.data_rows(), self.table.header])
        own = range(self.table.first, self.table.last + 1)
        before = [row for row in own if row <= last and row not in self.removed]
        new = [row for row in self.added if row not in self.removed]
        return [*before, *new, *(row for row in own if row > last)]

    def cells(self, row: int) -> list[str]:
        """The cells of a row, as many as it has or as were filled."""
        width = len(self.table.cells(row)) if row > 0 else len(self.table.headers)
        filled = [place for at, place in self.changes if at == row and self.changes[at, place].value]
        return [self.value(row, place) for place in range(max([width, *(one + 1 for one in filled)]))]

    def kinds(self, row: int) -> str:
        """A letter for the kind of each cell of a worksheet."""
        letters = self.table.kinds[row - self.table.first] if row > 0 else ""
        cells = self.cells(row)
        return "".join(
            kind_of_typed(text) if (row, place) in self.changes or place >= len(letters) else letters[place]
            for place, text in enumerate(cells)
        )

    def changed_cells(self) -> list[Cell] | None:
        """The cells that differ from the file, where every row stays where it is; None where rows come or go."""
        if self.removed or self.added:
            return None
        return [
            Cell(self.table.sheet, row, column_letter(place + 1), change.value)
            for (row, place), change in sorted(self.changes.items())
            if change.value != self.original(row, place)
        ]

    def as_text(self) -> bytes:
        return as_text(self.table, [self.cells(row) for row in self.order()])

    def as_file(self) -> bytes:
        """The corrected file in the container that it came in."""
        if self.table.kind == "text":
            return self.as_text()
        return as_workbook(self.table, [(self.cells(row), self.kinds(row)) for row in self.order()])


def of(copy: WorkingCopy) -> Corrected:
    """The table of the copy with its corrections. Two queries, none where the copy is not stored."""
    found = Corrected(WholeTable(**copy.table))
    if copy.pk is None:
        return found
    for change in copy.changes.select_related("by").order_by("number"):
        found.changes[change.row, change.place] = change
    for row in copy.row_changes.order_by("id"):
        if row.row < 0:
            found.added.append(row.row)
        if row.is_removed:
            found.removed.add(row.row)
    return found


@dataclass(frozen=True)
class Former:
    """A value that a cell had: who wrote it and when."""

    value: str
    at: dt.datetime
    by: object


def history(copy: WorkingCopy, row: int, place: int) -> list[Former]:
    """The last values of a cell, newest first, back through the files it was corrected in."""
    found: list[Former] = []
    while len(found) < LATEST:
        corrected = of(copy)
        if copy.pk is not None:
            own = copy.changes.filter(row=row, place=place).select_related("by").order_by("-number")
            found += [Former(one.value, one.at, one.by) for one in own[:LATEST]]
        former = WorkingCopy.objects.filter(became=copy.job).select_related("job__source").first()
        if row < 0 or former is None:
            break
        row, copy = of(former).order()[row - corrected.table.first], former
    if row > 0 and len(found) < LATEST:
        source = copy.job.source
        found.append(Former(of(copy).original(row, place), source.uploaded_at, source.uploaded_by))
    return found[:LATEST]
