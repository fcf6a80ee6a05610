"""The engine reads in blocks, keeps exact row numbers, counts every distinct value once, and never raises."""

import csv
import datetime as dt
import io
import os
import random
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.intake import Limits, Profile, check, child, detect, display_name, findings_text, readers
from metrics.intake import delimited as blocks
from tests.metrics.intake import packages
from tests.metrics.intake.case import GOOD, HEADERS, TEST_PROFILE
from tests.metrics.intake.case import csv as made

MONTHLY = Profile.parse(TEST_PROFILE)
UCI = Profile.load("uci-online-retail")
UCI_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


@pytest.fixture
def run(tmp_path):
    def checked(content, profile=MONTHLY, file_name="table.csv", **more):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return check(path, file_name, profile, **more)

    return checked


def uci(*rows):
    return "\n".join([UCI_HEADER, *rows, ""]).encode()


def test_a_distinct_value_counts_in_the_cell_of_its_first_day_and_sums_are_exact(run):
    outcome = run(
        uci(
            "1,A,x,1,2011-01-05 10:00:00,1.00,,France",
            "1,A,x,1,2011-01-03 10:00:00,1.00,,Spain",
            "1,A,x,1,2011-01-03 11:00:00,1.00,,France",
            "2,A,x,1,2011-01-05 10:00:00,1.00,,France",
        ),
        UCI,
    )
    orders = outcome.facts[outcome.facts["metric"] == "SAL_ORD"]
    found = {(row.day, row.country): (row.value, row.rows) for row in orders.itertuples()}
    assert found == {(dt.date(2011, 1, 3), "Spain"): (1, 3), (dt.date(2011, 1, 5), "France"): (1, 1)}
    assert outcome.totals["SAL_ORD"] == 2


def test_every_reason_for_leaving_a_row_out_is_counted_with_its_value(run):
    outcome = run(
        uci(
            "A1,B,Adjust,1,2011-08-12 14:50:00,-11062.06,,UK",
            "2,M,x,1,2011-08-12 14:50:00,-5.00,,UK",
            "3,M,x,-4,2011-08-12 14:50:00,2.50,,UK",
            "4,M,x,7,2011-08-12 14:50:00,0,,UK",
            "C5,M,x,-1,2011-08-12 14:50:00,3.00,17850.0,UK",
            "C5,POST,x,-1,2011-08-12 14:50:00,4.00,17850.0,UK",
            "6,post,x,1,2011-08-12 14:50:00,9.999,17850.0,UK",
        ),
        UCI,
    )
    assert outcome.rows_excluded == {"adjustment": 1, "zero_price": 1, "negative_price": 1, "no_quantity": 1}
    assert outcome.excluded_value == {
        "adjustment": Decimal("-11062.06"),
        "zero_price": 0,
        "negative_price": Decimal("-5.00"),
        "no_quantity": Decimal("-10.00"),
    }
    assert outcome.totals["SAL_REF"] == Decimal("3.0000")
    assert outcome.totals["SAL_SHIPREV"] == Decimal("5.9990")
    assert (outcome.rows_read, outcome.rows_used) == (7, 3)


def test_row_numbers_stay_right_over_blocks_with_ragged_rows_blank_lines_and_line_breaks(run, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 4096)
    rng, rows, expected = random.Random(7), [], set()
    header = HEADERS + ",SKU,Note"
    for row in range(2, 3002):
        kind = rng.choice(["good"] * 20 + ["bad", "short", "long", "blank", "break"])
        cells = ["2026-03", "Amazon", "EU", "1", str(row), ""]
        if kind == "bad":
            cells[3] = "x"
            expected.add(("NUMBER_FORMAT", row, "D"))
        elif kind == "short":
            cells = cells[:4]
            expected.add(("ROW_LENGTH", row, ""))
        elif kind == "long":
            cells.append("more")
            expected.add(("ROW_LENGTH", row, ""))
        elif kind == "blank":
            cells = []
        elif kind == "break":
            cells[5] = 'two\nlines, and a "quote"'
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerow(cells)
        rows.append(buffer.getvalue())
    outcome = run((header + "\n" + "".join(rows)).encode(), limits=Limits(findings=5000))
    assert {(one.code, one.row, one.column) for one in outcome.findings} == expected


def test_every_bad_cell_is_counted_and_the_first_ones_are_listed_in_order(run):
    outcome = run(made(*[f"2026-03,Amazon,EU,x{i}" for i in range(3000)], header=HEADERS))
    assert outcome.finding_counts["NUMBER_FORMAT"] == 3000
    assert len(outcome.findings) == 1000
    assert [one.row for one in outcome.findings] == sorted(one.row for one in outcome.findings)


def test_warnings_do_not_crowd_out_errors(run):
    rows = [f"2026-03,Amazon,EU,1,{i},-" for i in range(1500)] + ["2026-03,Amazon,EU,x,last,1"]
    outcome = run(made(*rows, header=HEADERS + ",SKU,Change"))
    assert outcome.finding_counts == {"VALUE_MISSING": 1500, "NUMBER_FORMAT": 1}
    assert ("NUMBER_FORMAT", 1502) in {(one.code, one.row) for one in outcome.findings}


def test_a_zip_of_csv_files_is_read_as_one_table_each(run):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("march/a.csv", made(GOOD))
        package.writestr("march/b.csv", made("2026-03,eBay,EU,x", "2026-03,eBay,JP,1"))
    outcome = run(buffer.getvalue(), file_name="march.zip")
    assert [(one.code, one.sheet, one.row) for one in outcome.findings] == [("NUMBER_FORMAT", "b.csv", 2)]
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("inner.zip", buffer.getvalue())
    assert list(run(inner.getvalue(), file_name="outer.zip").finding_counts) == ["ZIP_CONTENT"]


def test_the_sheet_that_fits_is_read_and_others_may_be_asked_for(run):
    table = packages.sheet_xml([HEADERS.split(","), ["2026-03", "Amazon", "EU", 5.25]])
    other = packages.sheet_xml([["Notes"], ["hello"]])
    content = packages.workbook(
        sheets=("Notes", "Data"),
        extra={"xl/worksheets/sheet1.xml": other, "xl/worksheets/sheet2.xml": table},
    )
    outcome = run(content, file_name="t.xlsx")
    assert (outcome.sheet, outcome.totals["SAL_GROSS"]) == ("Data", Decimal("5.25"))
    assert "HEADER_UNKNOWN" in run(content, file_name="t.xlsx", sheet="Notes").finding_counts
    assert list(run(content, file_name="t.xlsx", sheet="Nope").finding_counts) == ["SHEET_MISSING"]


def test_a_table_that_does_not_begin_at_a1_keeps_its_places(run):
    rows = [[], [None, None, *HEADERS.split(",")], [None, None, "2026-03", "Amazon", "EU", "x"]]
    outcome = run(packages.workbook(rows), file_name="t.xlsx")
    assert [(one.code, one.row, one.column) for one in outcome.findings] == [("NUMBER_FORMAT", 3, "F")]


@pytest.mark.parametrize(
    ("limits", "code"),
    [(Limits(child_memory=48 * 2**20), "READER_FAILED"), (Limits(child_wall=0.001), "READER_TIMEOUT")],
)
def test_a_reader_that_dies_or_hangs_is_a_finding(run, limits, code):
    rows = [["2026-03", "Amazon", "EU", f"{number} of many"] for number in range(20_000)]
    content = packages.workbook([HEADERS.split(","), *rows])
    outcome = run(content, file_name="t.xlsx", limits=limits)
    assert (list(outcome.finding_counts), outcome.status) == ([code], "unreadable")


def test_the_process_that_forks_readers_is_started_anew_when_it_is_gone(run):
    content = packages.workbook([HEADERS.split(","), ["2026-03", "Amazon", "EU", 1]])
    assert run(content, file_name="t.xlsx").status == "accepted"
    owner, _control, process = readers._waiting
    assert owner == os.getpid()
    process.kill()
    process.wait()
    assert run(content, file_name="t.xlsx").status == "accepted"
    assert readers._waiting[2].pid != process.pid


def test_a_reader_knows_nothing_of_the_product(run, monkeypatch):
    """Neither the secrets of the environment nor open files of this process reach the one that reads."""
    monkeypatch.setenv("SECRET_KEY", "marked-secret")
    readers._forget()
    run(packages.workbook([HEADERS.split(","), ["2026-03", "Amazon", "EU", 1]]), file_name="t.xlsx")
    process = Path(f"/proc/{readers._waiting[2].pid}")
    assert b"marked-secret" not in (process / "environ").read_bytes()
    assert len(list((process / "fd").iterdir())) <= 8


def test_blank_cells_of_a_figure_are_missing_not_zero(run):
    header = "日期,店铺,国家,品类,销售额,折扣,退款,运费,件数,币种"
    content = made("2026-03-01,s,DE,Toys,10,,3,,2,EUR", header=header)
    outcome = run(content, Profile.load("sales-daily"))
    assert set(outcome.facts["metric"]) == {"SAL_GROSS", "SAL_REF", "SAL_UNITS"}
    assert outcome.facts["currency"].tolist() == ["EUR"] * 3


def test_a_broken_rule_is_told_in_both_languages_with_its_column(run):
    header = "日期,店铺,国家,品类,销售额,折扣,退款,运费,件数,币种"
    outcome = run(made("2026-03-01,s,DE,Toys,10,11,,,2,EUR", header=header), Profile.load("sales-daily"))
    (broken,) = outcome.findings
    assert (broken.code, broken.row, broken.column) == ("RULE_BROKEN", 2, "F")
    assert broken.params["rule_zh"] == "折扣不能大于商品销售总额。"


def test_profiles_are_told_apart_by_their_headers(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(made(header="Date,Store,Country,Orders,Units"))
    assert detect(path, "o.csv", Profile.shipped()) == "orders-daily"
    path.write_bytes(made(header="Date,Something,Else"))
    assert detect(path, "o.csv", Profile.shipped()) is None


def test_progress_ends_with_everything_done(run):
    seen = []
    run(made(GOOD), progress=lambda *told: seen.append(told))
    assert seen[0][0] == "opening" and ("adding", 1, 1) == seen[-1]
    assert any(stage == "checking" and done == total for stage, done, total in seen)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("a/b\\c.csv", "c.csv"),
        (".htaccess", "htaccess"),
        ("CON.xlsx", "CON.xlsx"),
        ("..", None),
        ("", None),
        ("\u202e\u200b.", None),
        ("invoice\u202exslx.exe", "invoicexslx.exe"),
        ("a\0\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("<img src=x>.csv", "<img src=x>.csv"),
    ],
)
def test_a_file_name_is_shown_without_paths_and_control_characters(given_name, shown):
    assert display_name(given_name) == shown


def test_a_long_file_name_is_cut_and_keeps_its_extension():
    assert display_name("销" * 300 + ".xlsx") == "销" * 115 + ".xlsx"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    ),
    st.sampled_from(["csv", "xlsx", "zip"]),
)
def test_no_bytes_make_the_engine_raise(tmp_path_factory, content, ending):
    path = tmp_path_factory.mktemp("bytes") / "upload"
    path.write_bytes(content if ending != "csv" else made(GOOD) + content)
    outcome = check(path, f"table.{ending}", MONTHLY)
    assert outcome.status in ("accepted", "warnings", "rejected", "unreadable")


DAILY = "日期,店铺,国家,品类,销售额,折扣,退款,运费,件数,币种"


@pytest.mark.parametrize(("order", "day"), [("dmy", dt.date(2026, 4, 3)), ("mdy", dt.date(2026, 3, 4))])
def test_the_order_of_day_and_month_may_be_chosen_for_a_file(run, order, day):
    content = made("03/04/2026,s,DE,Toys,10,,,,2,EUR", header=DAILY)
    outcome = run(content, Profile.load("sales-daily"), settings={"date_order": order})
    assert set(outcome.facts["day"]) == {day}


def test_decimal_mark_and_encoding_may_be_chosen_for_a_file(run):
    content = made('2026-03,Amazon,EU,"1.234",x', header=HEADERS + ",Ä")
    assert run(content, settings={"decimal": ","}).finding_counts == {"HEADER_UNKNOWN": 1}
    note = made("2026-03,Amazon,EU,1,臺灣", header=HEADERS + ",Note", encoding="big5")
    outcome = run(note, settings={"encoding": "big5"})
    assert (outcome.status, outcome.first_rows[0]["note"]) == ("accepted", "臺灣")
    assert list(run(note, settings={"encoding": "no-such"}).finding_counts) == ["ENCODING_UNKNOWN"]


def test_a_misspelt_header_hides_no_error_below_it(run):
    header = HEADERS.replace("Platform", "Platfrom")
    outcome = run(made("2026-03,Amazn,EU,1", "2026-03,Amazon,EU,x", "2026-04,,EU,2", header=header))
    found = [(one.code, one.row, one.column) for one in outcome.findings]
    assert found == [
        *[
            ("HEADER_UNKNOWN", 1, "B"),
            ("VALUE_UNKNOWN", 2, "B"),
            ("NUMBER_FORMAT", 3, "D"),
            ("REQUIRED", 4, "B"),
        ]
    ]


def test_a_missing_column_hides_no_error_in_the_others(run):
    outcome = run(made("2026-03,EU,x", "2026-13,XX,5", header="Month,Region,GMV"))
    assert [(one.code, one.row, one.column) for one in outcome.findings] == [
        *[
            ("HEADER_REQUIRED", 1, ""),
            ("NUMBER_FORMAT", 2, "C"),
            ("DATE_INVALID", 3, "A"),
            ("VALUE_UNKNOWN", 3, "B"),
        ]
    ]


def test_allowed_values_may_come_from_outside(run):
    content = made("2026-03-01,shop-9,DE,Toys,10,,,,2,EUR", header=DAILY)
    settings_ = {"values": {"store": ["shop-1", "shop-2"]}}
    outcome = run(content, Profile.load("sales-daily"), settings=settings_)
    assert [(one.code, one.params["nearest"]) for one in outcome.findings] == [
        ("VALUE_UNKNOWN", "shop-1, shop-2")
    ]


@pytest.mark.parametrize(
    ("allowed", "hint"),
    [
        (["alpha", "beta"], "Allowed here: alpha, beta."),
        ([f"shop-{number}" for number in range(20)], "Use one of the values listed in the template."),
    ],
)
def test_a_value_that_resembles_none_is_answered_with_no_proposal(run, allowed, hint):
    content = made("2026-03-01,ΩΩΩ,DE,Toys,10,,,,2,EUR", header=DAILY)
    outcome = run(content, Profile.load("sales-daily"), settings={"values": {"store": allowed}})
    assert [(one.code, one.params["nearest"]) for one in outcome.findings] == [("VALUE_UNKNOWN", "")]
    assert findings_text.text(outcome.findings[0], "en")[1] == hint


def test_a_stamp_with_a_zone_falls_on_the_local_day(run):
    content = made("2026-03-01T20:30:00Z,s,DE,Toys,10,,,,2,EUR", header=DAILY)
    outcome = run(content, Profile.load("sales-daily"))
    assert set(outcome.facts["day"]) == {dt.date(2026, 3, 2)}


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, -0.0, 12.0], ["1", "0", "12"]),
        ([0.1, 0.1 + 0.2, 19.99, -3.5], ["0.1", "0.3", "19.99", "-3.5"]),
        ([12_345_678_901.25, 1.0, 1e-7, 0.0], ["12345678901.25", "1", "0.0000001", "0"]),
        ([1e15, 1e21, 2.5], ["1000000000000000", "1000000000000000000000", "2.5"]),
        ([123456789012345.0, 99999999999.9999], ["123456789012345", "99999999999.9999"]),
        ([1 / 3, 2 / 3, 1e-9], ["0.333333333333333", "0.666666666666667", "0.000000001"]),
    ],
)
def test_numbers_of_a_workbook_are_written_as_one_by_one(values, texts):
    import pyarrow as pa  # noqa: PLC0415

    assert [child.number(one) for one in values] == texts
    found, kinds = child.column(pa, tuple(values), child.CellTexts())
    assert (found.to_pylist(), kinds) == (texts, b"n" * len(values))


def test_cells_of_several_kinds_keep_theirs():
    import pyarrow as pa  # noqa: PLC0415

    values = ("", 1.5, True, "a\x00b", dt.date(2026, 3, 1), "x")
    found, kinds = child.column(pa, values, child.CellTexts())
    assert (found.to_pylist(), kinds) == (["", "1.5", "TRUE", "a\ufffdb", "2026-03-01", "x"], b" nbtdt")
    found, kinds = child.column(pa, ("", "x", 2.0), child.CellTexts())
    assert (found.to_pylist(), kinds) == (["", "x", "2"], b" tn")
    assert child.column(pa, ("x", "\x00"), child.CellTexts())[0].to_pylist() == ["x", "\ufffd"]


def test_a_workbook_refused_for_its_cells_ends_its_reader(run, monkeypatch):
    """The reader begins while the cells are searched; nobody hears its answer where the search refuses."""
    ended = []
    hang_up = readers.Asked.hang_up
    monkeypatch.setattr(readers.Asked, "hang_up", lambda asked: ended.append(asked) or hang_up(asked))
    monkeypatch.setattr(readers.Asked, "answer", lambda asked: pytest.fail("heard"))
    content = packages.workbook([HEADERS.split(","), *[["2026-03", "Amazon", "EU", 1]] * 50])
    outcome = run(content, file_name="t.xlsx", limits=Limits(cells=100))
    assert (list(outcome.finding_counts), outcome.status, len(ended)) == (["TOO_MANY_CELLS"], "unreadable", 1)


def test_a_workbook_with_a_doctype_is_opened_by_no_reader(run, monkeypatch):
    monkeypatch.setattr(readers, "Asked", lambda *given, **more: pytest.fail("asked"))
    parts = packages.parts([HEADERS.split(",")]) | {"xl/styles.xml": b"<!DOCTYPE x><styleSheet/>"}
    content = packages.zipped(parts)
    assert list(run(content, file_name="t.xlsx").finding_counts) == ["XML_DTD"]
