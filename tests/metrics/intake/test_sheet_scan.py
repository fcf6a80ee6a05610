"""The search of a worksheet's bytes: what arrays pass over holds nothing that the search would have found."""

import random
from dataclasses import replace

import pytest

from metrics.intake import Limits
from metrics.intake.findings import FileRefused, column_letter
from metrics.intake.sheet_scan import SheetScan, _outside, _Tags

COLUMNS = ["A", "E", "F", "Z", "AA", "AD", "AE", "GR", "GS", "ZZ", "AAA", "ADT", "XFD"]
ROWS = [1, 9, 10, 99, 12_345, 99_999, 100_000, 500_999, 501_001, 1_001_000, 1_048_576, 10_000_000]
OPENINGS = ["<c ", "<x:c ", "<v:c ", "<c\t", '<c s="1" ', "<c  "]
BODIES = ["><v>1</v></c>", "/>", ' t="e"><v>#N/A</v></c>', "><f>A1</f></c>", "><is><t>x</t></is></c>"]


def scanned(data: bytes, limits: Limits, step: int = 1 << 20):
    scan = SheetScan(limits)
    for at in range(0, len(data), step):
        scan.feed(data[at : at + step])
    scan.finish()
    return scan


def cell(chance, limits, *, wild: bool) -> str:
    column = chance.choice(COLUMNS) if wild else column_letter(chance.randint(1, limits.columns))
    row = chance.choice(ROWS) if wild else chance.randint(1, limits.sheet_rows)
    opening = chance.choice(OPENINGS) if wild and chance.random() < 0.2 else "<c "
    quote = "'" if wild and chance.random() < 0.1 else '"'
    return f"{opening}r={quote}{column}{row}{quote}{chance.choice(BODIES)}"


@pytest.mark.parametrize("columns", [5, 26, 30, 200, 702, 800])
@pytest.mark.parametrize("rows", [50, 99_000, 500_000, 1_000_000])
def test_what_arrays_pass_over_holds_no_cell_outside_the_limits(columns, rows):
    chance = random.Random(columns * rows)  # noqa: S311 - the same cells in every run
    limits = replace(Limits(), columns=columns, sheet_rows=rows)
    search, passed = _outside(limits), 0
    for _ in range(300):
        cells = (cell(chance, limits, wild=chance.random() < 0.3) for _ in range(chance.randint(1, 4)))
        data = f'<row r="1" spans="1:10">{"".join(cells)}</row>'.encode()
        if _Tags(data).all_within(column_letter(columns), len(str(rows + 1_000))):
            passed += 1
            assert search.search(data) is None, data
    # Wider sheets are searched as a whole where rows have many digits.
    assert passed > 20 or columns > 200


def test_a_usual_sheet_is_passed_over_and_counted_however_it_is_cut():
    limits = Limits()
    rows = (
        f'<row r="{row}" spans="1:28"><c r="A{row}" t="s"><v>0</v></c><c r="AB{row}" s="1"><v>2.5</v></c></row>'
        for row in range(1, 500)
    )
    data = ("<sheetData>" + "".join(rows) + "</sheetData>").encode()
    assert _Tags(data[len("<sheetData>") : -len("</sheetData>")]).all_within("GR", 6)
    for step in (7, 300, 1 << 20):
        scan = scanned(data, limits, step)
        assert (scan.rows, scan.cells, scan.errors, scan.unsaved) == (499, 998, {}, set())


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("GS1", "TOO_MANY_COLUMNS"),
        ("XFD1048576", "CELL_OUT_OF_RANGE"),
        ("A5000000", "CELL_OUT_OF_RANGE"),
        ("GR1", None),
        ("Z501000", None),
    ],
)
@pytest.mark.parametrize("opening", OPENINGS)
def test_a_cell_outside_is_refused_however_its_tag_is_written(reference, code, opening):
    usual = '<c r="A1"><v>1</v></c>' * 3
    data = f'<row r="1">{usual}{opening}r="{reference}"><v>1</v></c>{usual}</row>'.encode()
    if code is None:
        assert scanned(data, Limits()).rows == 1
        return
    with pytest.raises(FileRefused) as refused:
        scanned(data, Limits())
    assert [one.code for one in refused.value.findings] == [code]
