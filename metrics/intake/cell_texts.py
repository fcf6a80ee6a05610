"""A cell of an uploaded file and the text that it shall hold instead. Pure."""

from dataclasses import dataclass

from metrics.intake.findings import column_position


@dataclass(frozen=True)
class Cell:
    """One cell and the text it shall hold: sheet (or member of a zip, "" in a text file), row as a spreadsheet counts,
    column letters."""

    sheet: str
    row: int
    column: str
    text: str

    @property
    def place(self) -> tuple[int, int]:
        return self.row, column_position(self.column)


class CannotRewrite(Exception):
    """No copy was made; `code` says why and `cell` where (None: the whole file).

    CELL_MISSING (no such cell), CELL_FORMULA (it is calculated), FILE_FORM (a file of another form).
    """

    def __init__(self, code: str, cell: Cell | None = None):
        super().__init__(f"{code} {cell}")
        self.code, self.cell = code, cell
