"""Every cell of a small file, read and written again without a change in what it means."""

import csv
import datetime as dt
import io

import pytest
import xlsxwriter

from metrics.intake import Limits, Profile, check
from metrics.intake.whole_reading import read
from metrics.intake.whole_table import NotEditable, WholeTable, as_text, as_workbook, kind_of_typed
from metrics.periods import Period

DAILY = Profile.load("sales-daily")
HEADER = "date,store,country,category,gross,discount,refund,shipping,tax,units,currency"
ROWS = [
    "2026-11-02,amazon,DE,kitchen,1204.10,54.20,0,0,0,7,CNY",
    '2026-11-03,web,FR,"desk, lamp",980.00,20.00,0,18.00,0,4,CNY',
]
NOVEMBER = Period.parse("2026-11")


def opened(path, profile=DAILY, **settings) -> WholeTable:
    scratch = path.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    return read(path, path.name, profile, settings, "", Limits(), scratch)


def written(tmp_path, content, name="november.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("codec", "ending", "above", "first"),
    [
        ("utf-8", "\n", "", 1),
        ("utf-8-sig", "\r\n", "", 1),
        ("gb18030", "\n", "每日销售,,,,,,,,,,\n", 1),
        ("utf-16", "\n", "", 1),
        ("utf-8", "\r", "", 1),
        ("utf-8", "\n", "sep=,\n", 2),
    ],
)
def test_text_is_read_in_any_coat_and_rows_count_as_a_spreadsheet_counts(
    tmp_path, codec, ending, above, first
):
    text = (above + "\n".join([HEADER, *ROWS, ""])).replace("\n", ending)
    found = opened(written(tmp_path, text.encode(codec)))
    header = 1 + bool(above)
    assert (found.first, found.header) == (first, header)
    assert found.data_rows() == [header + 1, header + 2]
    assert found.cells(header + 2)[3] == "desk, lamp"
    assert found.places["gross"] == 4


def test_rows_that_are_no_data_and_blank_ones_are_kept_but_not_shown(tmp_path):
    codes, example = HEADER + ",remark", ROWS[0] + ",Example"
    content = "\n".join([HEADER + ",remark", codes, example, ROWS[0] + ",", ",,,,,,,,,,,", ROWS[1] + ",", ""])
    found = opened(written(tmp_path, content.encode()))
    assert found.data_rows() == [4, 6]
    assert as_text(found, found.rows).decode() == content


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("sales_daily")
    sheet.write_row(0, 0, HEADER.split(","))
    for number, line in enumerate(ROWS, 1):
        for place, cell in enumerate(next(csv.reader([line]))):
            if place == 0:
                sheet.write_datetime(number, place, dt.datetime.fromisoformat(cell), day)
            elif place in (4, 5, 6, 7, 8, 9):
                sheet.write_number(number, place, float(cell))
            else:
                sheet.write_string(number, place, cell)
    book.add_worksheet("notes").write_string(0, 0, "nothing to see")
    book.close()
    return out.getvalue()


def test_a_workbook_keeps_numbers_and_dates_and_comes_to_the_same_totals(tmp_path):
    path = written(tmp_path, workbook(), "november.xlsx")
    found = opened(path)
    assert (found.kind, found.sheet, found.header, found.data_rows()) == ("xlsx", "sales_daily", 1, [2, 3])
    assert found.cells(2)[:5] == ["2026-11-02", "amazon", "DE", "kitchen", "1204.1"]
    assert found.kinds[1][:5] == "dtttn"
    again = written(
        tmp_path, as_workbook(found, list(zip(found.rows, found.kinds, strict=True))), "again.xlsx"
    )
    period = (NOVEMBER.start, NOVEMBER.end)
    before, after = (check(one, one.name, DAILY, period=period) for one in (path, again))
    assert before.status == after.status == "accepted"
    assert before.totals == after.totals and before.totals


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12", "n"),
        ("-1.50", "n"),
        ("1,204.10", "t"),
        ("2026-11-02", "d"),
        ("12k", "t"),
        ("007", "t"),
        (" ", " "),
    ],
)
def test_what_is_typed_becomes_the_cell_that_a_spreadsheet_makes_of_it(text, kind):
    assert kind_of_typed(text) == kind


def test_what_is_too_large_or_has_several_tables_is_refused_by_name(tmp_path):
    many = written(tmp_path, "\n".join([HEADER, *ROWS[:1] * 5001, ""]).encode())
    with pytest.raises(NotEditable, match="large"):
        opened(many)
    assert (
        len(opened(written(tmp_path, "\n".join([HEADER, *ROWS[:1] * 5000, ""]).encode())).data_rows()) == 5000
    )
    with pytest.raises(NotEditable, match="parts"):
        opened(written(tmp_path, "\n".join([HEADER, *ROWS]).encode()), Profile.load("olist"))
