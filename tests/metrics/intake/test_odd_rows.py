"""A row with a value too few or too many: its other cells are judged where their column is certain, and only there."""

import pytest

from metrics.intake import Profile, check

HEADERS = "Date,Store,Gross,Units,Note"
PROFILE = """
profile: odd
version: 1
title: {en: Odd, zh: 残缺}
department: sales
grain: day
columns:
  date: {type: date, headers: [Date]}
  store: {type: choice, values: [amazon, web], headers: [Store]}
  gross: {type: decimal, headers: [Gross]}
  units: {type: integer, headers: [Units]}
  note: {type: text, blank: true, required: false, headers: [Note]}
day: date
currency: {constant: CNY}
dimensions: {platform: {column: store}}
metrics: {SAL_GROSS: {sum: gross}}
"""


def told(tmp_path, row: str) -> list[tuple]:
    path = tmp_path / "upload"
    path.write_text(f"{HEADERS}\n2026-03-01,amazon,5.50,2,fine\n{row}\n2026-03-02,web,7.50,3,fine\n")
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    return [(one.code, one.row, one.column) for one in outcome.findings]


LENGTH = ("ROW_LENGTH", 3, "")
ROWS = {
    "one value lacks behind, and a date is wrong": (
        "2026-13-01,amazon,5.50,2", [LENGTH, ("DATE_INVALID", 3, "A")]),
    "a store is misspelt before the end": (
        "2026-03-01,amazn,5.50,2", [LENGTH, ("VALUE_UNKNOWN", 3, "B")]),
    "a cell in the middle lacks and the rest is right": ("2026-03-01,amazon,2,fine", [LENGTH]),
    "a comma too many inside a text": ("2026-03-01,amazon,5.50,2,fine, really", [LENGTH]),
    "a comma too many and a number that is none": (
        "2026-03-01,amazon,five,2,fine, really", [LENGTH, ("NUMBER_FORMAT", 3, "C")]),
    "thousands with an unquoted comma": ("2026-03-01,amazon,1,250.00,2,fine", [LENGTH]),
    "a value too many behind the last": ("2026-03-01,amazon,5.50,2,fine,", [LENGTH]),
    "a value too many behind a list": ("2026-03-01,amazon,one too many,5.50,2,fine", [LENGTH]),
    "nothing but a note": ("what is this", [LENGTH]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_another_length_hides_no_problem_that_is_certain(tmp_path, name):
    row, expected = ROWS[name]
    assert told(tmp_path, row) == expected


def test_the_rows_around_it_are_judged_as_ever(tmp_path):
    assert told(tmp_path, "2026-03-01,amazon,5.50\n2026-03-01,amazon,x,2,fine") == [
        LENGTH, ("NUMBER_FORMAT", 4, "C")]  # fmt: skip


def test_the_cell_that_a_stray_value_was_added_to_is_not_called_wrong(tmp_path):
    path = tmp_path / "upload"
    path.write_text(
        "Date,Gross,Units,Store\n2026-03-01,5.50,2,amazon\n2026-03-01,5.50,2,amazon,one too many\n"
    )
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    assert [(one.code, one.row, one.column) for one in outcome.findings] == [LENGTH]
