"""Exports open in a spreadsheet and run nothing there (T11, B100–B104)."""

import csv
import io
import zipfile
from decimal import Decimal as D
from xml.parsers import expat

import pytest

from metrics import exports, table_workbook


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        '"=1',
        "',=1",
        ";=1",
        "\u00a0=1",
    ],
)
def test_text_that_a_spreadsheet_could_run_gets_a_quote(text):
    assert exports.safe(text).startswith("'")


@pytest.mark.parametrize("text", ["Germany", "a=b", "2026-10", "德国", "C&A", "1-2"])
def test_ordinary_text_stays(text):
    assert exports.safe(text) == text


def test_numbers_stay_numbers():
    assert [exports.safe(one) for one in (D("-12.50"), D("1E+3"), -3, None, D("0"))] == [
        "-12.50",
        "1000",
        "-3",
        "",
        "0",
    ]


def test_a_file_has_a_mark_for_excel_and_quotes_what_it_must():
    data = exports.csv_bytes(["country", "净销售额"], [["a,b", D("1.20")], ["=x\ny", None]])
    assert data.startswith(b"\xef\xbb\xbf") and data.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["country", "净销售额"], ["a,b", "1.20"], ["'=x\ny", ""]]


@pytest.mark.parametrize("odd", ["\x0b", "\ufffe", "\ud800", "\0", "\x1f"])
def test_what_no_file_may_hold_is_left_out_of_it(odd):
    """B103: the workbook can be opened, and so can the CSV; the rest of the name stays."""
    name = f"Lamp{odd}shade"
    book = table_workbook.workbook(
        [table_workbook.Table(name, [name], [name, "n"], [[name, D("-1")]], [name])]
    )
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        for part in packed.namelist():
            expat.ParserCreate().Parse(packed.read(part), True)
        assert "Lampshade" in packed.read("xl/sharedStrings.xml").decode()
    assert "Lamp" in exports.csv_bytes([name], [[name]]).decode("utf-8-sig")
