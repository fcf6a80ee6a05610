"""Tables as workbooks: what was a number is one, and nothing that is a text runs."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
import python_calamine

from metrics.table_workbook import Table, workbook


def opened(*tables: Table) -> python_calamine.CalamineWorkbook:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook(tables)))


def test_cells_keep_their_type_and_numbers_their_decimals():
    head = ["Platform", "AC", "n", "Δ", "Day", "Why"]
    rows = [
        ["Amazon", Decimal("1234.50"), 7, Decimal("-0.125"), dt.date(2026, 10, 1), None],
        ["=1+1", Decimal(3), 0, None, "", "n/a"],
    ]
    table = Table("Net sales", ["Net sales", "October"], head, rows, ["2026-10"])
    assert opened(table).get_sheet_by_name("Net sales").to_python() == [
        ["Net sales", *[""] * 5],
        ["October", *[""] * 5],
        [""] * 6,
        head,
        ["Amazon", 1234.5, 7, -0.125, dt.date(2026, 10, 1), ""],
        ["=1+1", 3, 0, "", "", "n/a"],
        [""] * 6,
        ["2026-10", *[""] * 5],
    ]
    with zipfile.ZipFile(io.BytesIO(workbook([table]))) as package:
        sheet, styles = (
            package.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "styles.xml")
        )
    assert "<f>" not in sheet  # a text that looks like a formula is a text
    assert 'topLeftCell="B5"' in sheet and 'formatCode="#,##0.000"' in styles


@pytest.mark.parametrize(
    ("names", "sheets"),
    [
        (["A/B: [x]?*", "A\\B"], ["A B   x", "A B"]),
        (["x" * 40, "X" * 40], ["x" * 31, f"{'X' * 29} 2"]),
        (["", "'", "净销售额"], ["1", "1 2", "净销售额"]),
    ],
)
def test_sheets_have_names_that_a_spreadsheet_accepts(names, sheets):
    assert opened(*(Table(name, [], ["a"], [[1]]) for name in names)).sheet_names == sheets


def test_the_same_tables_are_the_same_bytes():
    one = Table("a", ["b"], ["c"], [[Decimal("1.5"), "x"]], ["foot"])
    assert workbook([one]) == workbook([one])
