"""Two rows are called the same only where the same stands in them, whatever their fingerprints say."""

import zipfile

import numpy as np
import pytest
import xlsxwriter

from metrics.intake import Profile, check, duplicates

PROFILE = """
profile: keyed
version: 1
title: {en: Keyed, zh: 主键}
department: sales
grain: day
columns:
  date: {type: date, headers: [Date]}
  order: {type: code, headers: [Order]}
  line: {type: integer, headers: [Line]}
  gross: {type: decimal, headers: [Gross]}
key: [date, order, line]
day: date
currency: {constant: CNY}
metrics: {SAL_GROSS: {sum: gross}}
"""
ROWS = ["2026-03-01,A-1,1,5", "2026-03-01,A-2,1,5", "2026-03-01,A-1,2,5", "2026-03-02,A-1,1,5"]


def repeated(tmp_path, rows) -> list[tuple[int, int]]:
    path = tmp_path / "upload"
    path.write_text("\n".join(["Date,Order,Line,Gross", *rows, ""]))
    outcome = check(path, "table.csv", Profile.parse(PROFILE), period=None)
    return [(one.row, one.params["first"]) for one in outcome.findings if one.code == "KEY_DUPLICATE"]


@pytest.fixture
def one_print_for_all(monkeypatch):
    monkeypatch.setattr(duplicates, "mixed", lambda prints, numbers: np.zeros(len(numbers), dtype=np.uint64))


def test_keys_that_share_a_fingerprint_by_chance_are_no_duplicates(tmp_path, one_print_for_all):
    assert repeated(tmp_path, ROWS) == []


def test_real_duplicates_are_told_among_them_with_the_first_row_of_their_key(tmp_path, one_print_for_all):
    assert repeated(tmp_path, [*ROWS, "2026-03-01,A-1,2,9", " 2026-03-01 , A-2 ,1,7"]) == [(6, 4), (7, 3)]


def test_without_a_hit_nothing_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr("metrics.intake.same_keys.keys_of", lambda *given: pytest.fail("read again"))
    assert repeated(tmp_path, ROWS) == []


def test_rows_of_several_files_in_one_archive_keep_their_numbers(tmp_path, one_print_for_all):
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "Date,Order,Line,Gross\n2026-03-01,A-1,1,5\n")
        archive.writestr("two.csv", "Date,Order,Line,Gross\n2026-03-01,A-2,1,5\n2026-03-01,A-1,1,5\n")
    outcome = check(path, "tables.zip", Profile.parse(PROFILE), period=None)
    assert [(one.code, one.row, one.params["first"]) for one in outcome.findings] == [("KEY_DUPLICATE", 3, 2)]


def test_rows_of_several_sheets_keep_their_numbers(tmp_path, one_print_for_all):
    book = xlsxwriter.Workbook(str(tmp_path / "upload"))
    for name, rows in (("one", ["A-1"]), ("two", ["A-2", "A-1"])):
        sheet = book.add_worksheet(name)
        for at, row in enumerate(
            [["Date", "Order", "Line", "Gross"], *(["2026-03-01", one, 1, 5] for one in rows)]
        ):
            sheet.write_row(at, 0, row)
    book.close()
    profile = Profile.parse(PROFILE.replace("grain: day", "grain: day\nfile: {sheets: all}"))
    outcome = check(tmp_path / "upload", "table.xlsx", profile, period=None)
    assert [(one.code, one.row, one.params["first"]) for one in outcome.findings] == [("KEY_DUPLICATE", 3, 2)]


def test_rows_of_another_length_above_do_not_move_the_rows_that_are_read_again(tmp_path):
    rows = [ROWS[0], "2026-03-01,A-9", ROWS[1], "2026-03-01,A-8,1", ROWS[0]]
    assert repeated(tmp_path, rows) == [(6, 2)]
