"""Several tables in one hand-in: told apart, joined by key, checked both ways, added up."""

import datetime as dt
import re
import zipfile
from decimal import Decimal as D

import pytest

from metrics import intake
from metrics.intake import Limits, Profile
from metrics.intake.profile import ProfileError
from tests.metrics.hand_ins import ITEMS, LINES, ORDERS, PROFILE, tables

SPRING = (dt.date(2026, 3, 1), dt.date(2026, 5, 1))


def checked(tmp_path, files=None, profile=PROFILE, **more):
    path = tmp_path / "hand-in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (tables() if files is None else files).items():
            archive.writestr(name, content)
    return intake.check(path, path.name, Profile.parse(profile), period=SPRING, **more)


def found(outcome) -> list[tuple]:
    return [(one.code, one.sheet, one.row, one.column, one.value) for one in outcome.findings]


def fact(outcome, metric, **where):
    rows = outcome.facts[outcome.facts["metric"] == metric]
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return int(rows["value"].sum())


def test_three_tables_become_one_set_of_figures(tmp_path):
    outcome = checked(tmp_path)
    assert (outcome.status, found(outcome)) == ("accepted", [])
    totals = outcome.totals
    # A4 is void and A5 has no line: neither is a valid order, and A4's line does not count.
    assert (totals["SHOPT_ORDERS"], totals["SHOPT_SALES"]) == (3, D("31.65"))
    assert (totals["SHOPT_DELIVERED"], totals["SHOPT_WAITED"]) == (3, 86_410 + 86_401 + 60)
    assert (
        fact(outcome, "SHOPT_SALES", category="lamps"),
        fact(outcome, "SHOPT_SALES", category="desks"),
    ) == (316_000, 500)
    assert fact(outcome, "SHOPT_SALES", day=dt.date(2026, 3, 31)) == 200_000
    assert (outcome.rows_read, outcome.rows_excluded, outcome.counts) == (10, {"void": 1}, {})


def test_on_time_by_moment_is_not_on_time_by_day(tmp_path):
    totals = checked(tmp_path).totals
    assert (totals["SHOPT_BY_MOMENT"], totals["SHOPT_BY_DAY"]) == (2, 3)


def test_a_median_is_taken_for_each_month_and_for_the_upload_by_itself(tmp_path):
    outcome = checked(tmp_path)
    months = outcome.facts[outcome.facts["metric"] == "SHOPT_MEDIAN_MONTH"]
    # In March 86,410 and 86,401 seconds, in April 60; the middle of two is half way.
    assert dict(zip(months["day"], months["value"], strict=True)) == {
        dt.date(2026, 3, 30): 86_405_500_000,
        dt.date(2026, 4, 1): 60_000_000,
    }
    assert fact(outcome, "SHOPT_MEDIAN") == 86_401_000_000
    assert outcome.totals["SHOPT_MEDIAN_MONTH"] == D("86401")


def test_a_buyer_is_new_once_and_active_in_every_month(tmp_path):
    outcome = checked(tmp_path)
    assert outcome.totals["SHOPT_NEW"] == 3 == outcome.totals["SHOPT_ACTIVE"]
    by_month = outcome.facts[outcome.facts["metric"] == "SHOPT_ACTIVE"]
    assert [
        int(by_month[[day.month == month for day in by_month["day"]]]["value"].sum()) for month in (3, 4)
    ] == [2, 2]


def test_a_key_that_is_missing_is_an_error_or_a_warning_as_the_profile_says(tmp_path):
    outcome = checked(tmp_path, tables(lines=(*LINES, "B9,1,x,5", "A1,3,unknown,7")))
    assert found(outcome) == [
        ("LOOKUP_MISSING", "lines.csv", 7, "A", "B9"),
        ("LOOKUP_UNUSED", "lines.csv", 7, "A", "B9"),
        ("LOOKUP_MISSING_NOTED", "lines.csv", 8, "C", "unknown"),
    ]
    assert (outcome.status, outcome.totals) == ("rejected", {})
    assert "is not in the table “Shop tables”" in intake.text(outcome.findings[0], "en")[0]
    assert "不在表“商品”中" in intake.text(outcome.findings[2], "zh-hans")[0]


def test_a_row_whose_item_is_not_known_still_counts(tmp_path):
    outcome = checked(tmp_path, tables(lines=(*LINES, "A1,3,unknown,7")))
    assert (outcome.status, found(outcome)) == (
        "warnings",
        [("LOOKUP_MISSING_NOTED", "lines.csv", 7, "C", "unknown")],
    )
    assert (outcome.totals["SHOPT_SALES"], fact(outcome, "SHOPT_SALES", category="")) == (D("38.65"), 70_000)


def test_a_key_that_stands_twice_where_one_row_is_meant_is_an_error(tmp_path):
    outcome = checked(tmp_path, tables(items=(*ITEMS, "x,sofas")))
    assert found(outcome) == [("LOOKUP_DUPLICATE", "items.csv", 5, "A", "x")]
    assert (outcome.findings[0].params["first"], outcome.status) == (2, "rejected")
    message, _ = intake.text(outcome.findings[0], "zh-hans")
    assert "第 2 行" in message


def test_an_order_twice_is_a_duplicate_key_on_both_sides(tmp_path):
    outcome = checked(tmp_path, tables(orders=(*ORDERS, ORDERS[1])))
    assert {code for code, *_ in found(outcome)} == {"LOOKUP_DUPLICATE", "KEY_DUPLICATE"}


def test_a_missing_part_is_named_in_the_readers_language(tmp_path):
    outcome = checked(tmp_path, tables(lines=None))
    assert ([one.code for one in outcome.findings], outcome.status) == (["PART_MISSING"], "unreadable")
    assert intake.text(outcome.findings[0], "en")[0] == "A part is missing: order lines."
    assert intake.text(outcome.findings[0], "zh-hans")[0] == "缺少一部分：订单行。"


def test_an_optional_part_may_be_left_out(tmp_path):
    outcome = checked(tmp_path, tables(items=None))
    assert (outcome.status, outcome.totals["SHOPT_SALES"]) == ("accepted", D("31.65"))
    assert set(outcome.facts["category"]) == {""}


def test_a_table_of_no_part_is_refused_by_name(tmp_path):
    outcome = checked(tmp_path, tables() | {"notes.csv": b"who,what\nme,note\n"})
    assert found(outcome) == [("TABLE_UNKNOWN", "notes.csv", 0, "", "notes.csv")]


def test_two_files_of_one_part_are_read_one_after_the_other(tmp_path):
    files = tables(lines=LINES[:4]) | {"lines-2.csv": "\n".join([LINES[0], *LINES[4:]]).encode()}
    assert checked(tmp_path, files).totals["SHOPT_SALES"] == D("31.65")


def test_a_lookup_table_has_a_limit(tmp_path):
    outcome = checked(tmp_path, limits=Limits(lookup_rows=4))
    assert [one.code for one in outcome.findings] == ["LOOKUP_TOO_LARGE"]


def test_a_bad_cell_of_a_table_that_is_only_looked_up_in_is_a_finding(tmp_path):
    outcome = checked(tmp_path, tables(items=(*ITEMS, "w,")))
    assert found(outcome) == [("REQUIRED", "items.csv", 5, "B", "")]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("part: items,", "part: sheets,", "joins[2].part"),
        ("match: {item: item}", "match: {item: nothing}", "is no column"),
        ("match: {item: item}", "match: {line: item}", "is a number"),
        ("take: {group: group}", "take: {line: group}", "is there already"),
        ("waited: seconds(landed, placed)", "waited: seconds(landed, buyer)", "a date or a moment"),
        ("formula: SHOPT_SALES / SHOPT_ORDERS", "formula: SHOPT_SALES //", "cannot be computed"),
        ("per: upload, unit", "unit", "SHOPT_MEDIAN.per"),
    ],
)
def test_a_profile_that_joins_what_is_not_there_says_where(was, becomes, says):
    assert was in PROFILE
    with pytest.raises(ProfileError, match=re.escape(says)):
        Profile.parse(PROFILE.replace(was, becomes))


WORDS = """
profile: words
title: {en: Words, zh: 文字}
department: sales
columns:
  day:    {type: date, headers: [Day], order: mdy, month_names: true, short_years: true}
  sent:   {type: date, headers: [Sent], order: mdy, month_names: true, short_years: true, words: true}
  cost:   {type: decimal, headers: [Cost], words: true}
  rate:   {type: decimal, headers: [Rate], decimals: 4, rounded: true}
day: day
currency: {constant: USD}
derived: {lead: "days(day, sent)", when: "first(sent, day)"}
metrics:
  WORDS_COST: {sum: cost}
  WORDS_KNOWN: {rows: filled(cost)}
  WORDS_RATE: {sum: rate}
  WORDS_LEAD: {sum: lead, unit: count}
  WORDS_YEARS: {sum: year(when), unit: count}
  WORDS_AGAIN: {repeated: true}
"""


def test_words_in_number_and_date_columns_are_listed_and_never_zero(tmp_path):
    rows = (
        "Day,Sent,Cost,Rate",
        "02-Jun-26,5/31/26,Freight included,0.123450001",
        "02-Jun-2026,Not captured,12.50,1",
        "1/3/26,1-Jan-26,See DN-304,2",
        "1/3/26,1-Jan-26,See DN-304,2",
    )
    path = tmp_path / "words.csv"
    path.write_text("\n".join(rows))
    outcome = intake.check(path, path.name, Profile.parse(WORDS))
    assert (outcome.status, outcome.finding_counts) == ("warnings", {"TEXT_IN_NUMBER": 3, "TEXT_IN_DATE": 1})
    told = {name: str(value) for name, value in outcome.totals.items()}
    assert (told["WORDS_COST"], told["WORDS_KNOWN"], told["WORDS_LEAD"]) == ("12.5000", "1", "6")
    assert (told["WORDS_RATE"], told["WORDS_YEARS"], told["WORDS_AGAIN"]) == ("5.1235", "8104", "1")


def test_a_typing_error_in_such_a_column_stays_an_error(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text("Day,Sent,Cost,Rate\n02-Jun-26,5/31/26,1O.5,1\n02-Jun-26,35/31/26,1,1\n")
    outcome = intake.check(path, path.name, Profile.parse(WORDS))
    assert outcome.finding_counts == {"NUMBER_FORMAT": 1, "DATE_INVALID": 1}
