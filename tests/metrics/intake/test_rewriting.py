"""Copies of files with other texts in some cells: every other byte stays, in text files, members and worksheets."""

import io
import random
import zipfile

import pytest
import python_calamine
import xlsxwriter

from metrics.intake import Limits, rewriting
from metrics.intake import records as rows_of
from metrics.intake.cell_texts import CannotRewrite, Cell

LIMITS = Limits()


def rewritten(tmp_path, content: bytes, name: str, *cells, **options):
    path, out = tmp_path / "file", tmp_path / "out"
    path.write_bytes(content)
    before = rewriting.rewritten(path, name, cells, out, limits=LIMITS, scratch=tmp_path, **options)
    return list(before.values()), out.read_bytes()


@pytest.mark.parametrize(
    ("content", "cell", "before", "after"),
    [
        ("a,b\n1,2\n3,4\n", Cell("", 3, "B", "9"), "4", "a,b\n1,2\n3,9\n"),
        ("a,b\r\n1,2\r\n3,4", Cell("", 3, "A", "9"), "3", "a,b\r\n1,2\r\n9,4"),
        ("a;b\r1;2\r3;4\r", Cell("", 2, "B", "1;5"), "2", 'a;b\r1;"1;5"\r3;4\r'),
        ('a,b\n"x\ny","2"\n3,4\n', Cell("", 2, "B", "5"), "2", 'a,b\n"x\ny","5"\n3,4\n'),
        ('a,b\n"x ""q""",2\n\n3,4\n', Cell("", 4, "B", "5"), "4", 'a,b\n"x ""q""",2\n\n3,5\n'),
        ('a,b\n"x ""q""",2\n', Cell("", 2, "A", 'say "no"'), 'x "q"', 'a,b\n"say ""no""",2\n'),
        ("sep=;\na;b\n1;2\n", Cell("", 3, "A", "7"), "1", "sep=;\na;b\n7;2\n"),
        ("a\tb\n5\" pipe\t2\n", Cell("", 2, "B", "7"), "2", "a\tb\n5\" pipe\t7\n"),
        ("a,b\n,\n", Cell("", 2, "B", "DE"), "", "a,b\n,DE\n"),
    ],
)  # fmt: skip
def test_one_cell_changes_and_every_other_byte_stays(tmp_path, content, cell, before, after):
    assert rewritten(tmp_path, content.encode(), "f.csv", cell) == ([before], after.encode())


def test_the_mark_of_utf8_stays_and_other_encodings_become_utf8_with_it(tmp_path):
    cell = Cell("", 2, "A", "法国")
    assert rewritten(tmp_path, b"\xef\xbb\xbfa,b\nx,1\n", "f.csv", cell)[1] == (
        "\ufeffa,b\n法国,1\n".encode()
    )
    before, after = rewritten(
        tmp_path, "国家,数\n德国,1\n".encode("gb18030"), "f.csv", cell, chosen="gb18030"
    )
    assert (before, after) == (["德国"], "\ufeff国家,数\n法国,1\n".encode())
    assert rewritten(tmp_path, "a\tb\nx\t1\n".encode("utf-16"), "f.csv", cell)[1] == (
        "\ufeffa\tb\n法国\t1\n".encode()
    )


def test_rows_are_cut_alike_wherever_a_block_ends(tmp_path, monkeypatch):
    random.seed(5)
    choices = ["", "a", '"x,y"', '"l1\r\nl2"', '"q""q"', "é", "1.5"]
    lines = [",".join(random.choice(choices) for _ in range(3)) for _ in range(60)]
    content = "\r\n".join(lines).encode()
    (tmp_path / "f").write_bytes(content)
    whole = list(rows_of.records(tmp_path / "f", 0, ","))
    assert b"".join(one for _row, one in whole) == content and len(whole) == 60
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(rows_of, "CHUNK", size)
        assert list(rows_of.records(tmp_path / "f", 0, ",")) == whole, size


def test_a_member_of_a_zip_changes_and_the_others_stay(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("one.csv", "a,b\n1,2\n")
        package.writestr("two.csv", "a,b\n3,4\n")
    _before, after = rewritten(tmp_path, out.getvalue(), "f.zip", Cell("two.csv", 2, "B", "5"))
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert [package.read(name) for name in ("one.csv", "two.csv")] == [b"a,b\n1,2\n", b"a,b\n3,5\n"]
    with pytest.raises(CannotRewrite, match="CELL_MISSING"):
        rewritten(tmp_path, out.getvalue(), "f.zip", Cell("three.csv", 2, "B", "5"))


# --- Worksheets -----------------------------------------------------------------------------------------------


def workbook(**options) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True} | options) as book:
        money = book.add_format({"num_format": "0.00", "bold": True})
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["day", "platform", "money", "code"])
        sheet.write_row(1, 0, ["2026-05-01", "amazon & co"])
        sheet.write_number(1, 2, 7100.5, money)
        sheet.write_string(1, 3, "00123")
        sheet.write_row(3, 0, ["2026-05-02", "shopee"])
        sheet.write_formula(3, 2, "=1+1", None, 2)
        book.add_worksheet("Other").write(0, 0, "kept")
    return out.getvalue()


def read(content: bytes) -> dict:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}])
def test_cells_of_a_sheet_change_are_filled_and_are_emptied(tmp_path, options):
    cells = [
        Cell("Data", 2, "C", "1000.25"),
        Cell("Data", 2, "D", "00124"),
        Cell("Data", 2, "B", "<amazon> & \"co\""),
        Cell("Data", 4, "B", ""),
        Cell("Data", 4, "D", "1.5x"),
        Cell("Data", 3, "C", "5"),
        Cell("Data", 6, "A", "2026-05-03"),
    ]  # fmt: skip
    before, after = rewritten(tmp_path, workbook(**options), "f.xlsx", *cells)
    assert before == ["7100.5", "00123", "amazon & co", "shopee", "", "", ""]
    found = read(after)
    assert found["Other"] == [["kept"]]
    assert found["Data"] == [
        ["day", "platform", "money", "code"],
        ["2026-05-01", '<amazon> & "co"', 1000.25, "00124"],
        ["", "", 5.0, ""],
        ["2026-05-02", "", 2.0, "1.5x"],
        ["", "", "", ""],
        ["2026-05-03", "", "", ""],
    ]
    with zipfile.ZipFile(io.BytesIO(after)) as package:
        assert b'<c r="C2" s="1"><v>1000.25</v></c>' in package.read("xl/worksheets/sheet1.xml")


def test_a_cell_that_is_calculated_stays(tmp_path):
    with pytest.raises(CannotRewrite, match="CELL_FORMULA"):
        rewritten(tmp_path, workbook(), "f.xlsx", Cell("Data", 4, "C", "3"))
    with pytest.raises(CannotRewrite, match="CELL_MISSING"):
        rewritten(tmp_path, workbook(), "f.xlsx", Cell("Nowhere", 4, "C", "3"))


def test_sheets_without_references_and_with_prefixes(tmp_path):
    """Cells count from the left where the writer names none; names with a prefix are left alone."""

    def with_sheet(xml: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(out, "w") as target:
            for entry in source.infolist():
                data = xml.encode() if entry.filename.endswith("sheet1.xml") else source.read(entry)
                target.writestr(entry, data)
        return out.getvalue()

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    bare = (
        f'<worksheet xmlns="{main}"><sheetData><row><c><v>1</v></c><c/></row><row/>'
        '<row r="4" ht="9"/></sheetData></worksheet>'
    )
    wanted = [(1, "B", "2"), (1, "C", "3"), (2, "A", "4"), (4, "B", "5")]
    cells = [Cell("Data", *one) for one in wanted]
    _before, after = rewritten(tmp_path, with_sheet(bare), "f.xlsx", *cells)
    assert read(after)["Data"] == [[1.0, 2.0, 3.0], [4.0, "", ""], ["", "", ""], ["", 5.0, ""]]
    prefixed = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    with pytest.raises(CannotRewrite, match="FILE_FORM"):
        rewritten(tmp_path, with_sheet(prefixed), "f.xlsx", Cell("Data", 1, "A", "2"))
