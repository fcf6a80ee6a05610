"""Correcting cells: kept at once, nobody's value lost, checked as the next version (F23, F30, F32)."""

import datetime as dt
import zipfile
from decimal import Decimal

import pytest
from django.utils import translation

from metrics import certification, corrected_rows, importing, kept_files, template_workbook, working_copies
from metrics.intake import Profile
from metrics.models import CellChange, ImportJob, Submission, WorkingCopy
from metrics.periods import Period
from metrics.working_copies import CannotCorrect, Edit
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.uploads import csv, imported

pytestmark = pytest.mark.django_db
NOVEMBER = Period.parse("2026-11")
HEADER = "date,store,country,category,gross,discount,refund,shipping,tax,units,currency"
ROWS = [
    "2026-11-02,amazon,DE,kitchen,1204.10,54.20,0,0,0,7,CNY",
    "2026-11-03,web,FR,lighting,980.00,20.00,0,18.00,0,4,CNY",
    "2026-11-04,ebay,FR,outdoor,50.00,0,0,0,0,2,CNY",
]
BAD = [ROWS[0].replace("7,CNY", "many,CNY"), ROWS[1].replace("2026-11-03", "2026-13-03"), ROWS[2]]
GROSS, UNITS = 4, 9


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def brought(people, rows=ROWS, at=make.AT, **options) -> ImportJob:
    content = "\n".join([HEADER, *rows, ""]).encode()
    options = {"name": "november.csv", "period": NOVEMBER, "profile": "sales-daily"} | options
    return imported(content, at=at, by=people["sales"], **options)


def typed(job, row, place, value, *, by, number=0, at=make.AT):
    """What became of one cell."""
    kept, _marks = working_copies.keep(job, [Edit(row, place, number, value)], by=by, at=at)
    return kept[0]


def checked(job, by, at=make.AT) -> ImportJob:
    return importing.run(working_copies.check(job, by=by, at=at, enqueue=False).pk, at=at)


def test_two_corrected_cells_make_the_next_version_and_the_log_says_which(people):
    job, sales = brought(people), people["sales"]
    assert typed(job, 2, GROSS, "1304.10", by=sales).state == "saved"
    assert typed(job, 3, UNITS, "5", by=sales).state == "saved"
    made = checked(job, sales)
    first, second = Submission.objects.order_by("number")
    assert (second.number, made.submission, first.state) == (2, second, "superseded")
    assert (first.totals["SAL_GROSS"], second.totals["SAL_GROSS"]) == ("2234.1000", "2334.1000")
    assert second.totals["SAL_UNITS"] == "14"
    line = Activity.objects.get(code="submission.corrected", subject_id=str(second.pk))
    assert (line.actor, line.before, line.after) == (
        sales,
        {"E2": "1204.10", "J3": "4"},
        {"E2": "1304.10", "J3": "5"},
    )
    assert not Activity.objects.filter(code="submission.typed").exists()


def test_each_person_has_a_line_with_the_own_cells(people):
    job, sales, other = brought(people), people["sales"], make.user("analyst", "SAL")
    typed(job, 2, GROSS, "1304.10", by=sales)
    typed(job, 3, UNITS, "5", by=other)
    made = checked(job, sales)
    line = Activity.objects.get(code="submission.typed", subject_id=str(made.submission.pk))
    assert (line.actor, line.params["cells"], line.params["count"]) == (other, "J3 4 → 5", 1)


def test_a_refused_file_is_mended_cell_by_cell_until_it_goes_in(people):
    job, sales = brought(people, BAD), people["sales"]
    assert job.submission is None
    kept, marks = working_copies.keep(job, [Edit(2, UNITS, 0, "7")], by=sales, at=make.AT)
    assert kept[0].state == "saved" and (2, UNITS) not in marks and (3, 0) in marks
    half = checked(job, sales)
    assert half.submission is None and half.outcome["finding_counts"] == {"DATE_INVALID": 1}
    typed(half, 3, 0, "2026-11-03", by=people["sales"])
    whole = checked(half, sales, at=make.AT + dt.timedelta(minutes=1))
    assert whole.submission.number == 1 and whole.submission.totals["SAL_UNITS"] == "13"
    assert Activity.objects.get(code="submission.corrected").after == {"A3": "2026-11-03"}
    # Also what was corrected in the file that was refused.
    assert Activity.objects.get(code="submission.typed").params["cells"] == "J2 many → 7"


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (UNITS, "many", "NUMBER_FORMAT"),
        (UNITS, "-1", "OUT_OF_RANGE"),
        (0, "2026-13-01", "DATE_INVALID"),
        (0, "2026-12-01", "PERIOD_MISMATCH"),
        (10, "XXX", "VALUE_UNKNOWN"),
    ],
)
def test_what_a_column_cannot_take_is_refused_with_its_reason_and_not_kept(people, place, value, code):
    job = brought(people)
    kept = typed(job, 2, place, value, by=people["sales"])
    assert (kept.state, kept.finding["code"], kept.number) == ("refused", code, 0)
    assert not CellChange.objects.exists()
    good = typed(job, 2, UNITS, "8", by=people["sales"])
    assert (good.state, typed(job, 2, UNITS, "x", number=1, by=people["sales"]).state) == ("saved", "refused")
    assert corrected_rows.of(working_copies.of(job)).value(2, UNITS) == "8"


def test_a_broken_rule_and_a_blank_cell_are_kept_and_marked(people):
    job, sales = brought(people), people["sales"]
    kept, marks = working_copies.keep(
        job, [Edit(2, 5, 0, "9999"), Edit(3, UNITS, 0, "")], by=sales, at=make.AT
    )
    assert [one.state for one in kept] == ["saved", "saved"]
    assert marks[2, 5][0]["code"] == "RULE_BROKEN" and marks[3, UNITS][0]["code"] == "REQUIRED"


def test_of_two_people_at_one_cell_the_second_is_shown_both_values(people):
    job, lead, other = brought(people), people["sales"], make.user("analyst", "SAL")
    assert typed(job, 2, UNITS, "8", by=lead).number == 1
    late = typed(job, 2, UNITS, "9", by=other)
    assert (late.state, late.number, late.theirs.value, late.theirs.by) == ("conflict", 1, "8", lead)
    assert typed(job, 2, UNITS, "8", by=other).state == "saved"  # the same value is no quarrel
    assert typed(job, 2, UNITS, "9", number=1, by=other).state == "saved"
    assert list(CellChange.objects.values_list("number", "value")) == [(1, "8"), (2, "9")]


def test_an_answer_that_got_lost_is_sent_again_without_a_second_change(people):
    job, sales = brought(people), people["sales"]
    for _again in range(3):
        assert typed(job, 2, UNITS, "8", by=sales).state == "saved"
    assert CellChange.objects.count() == 1


def test_cells_outside_the_table_are_gone_and_do_not_stop_the_others(people):
    job, sales = brought(people), people["sales"]
    edits = [Edit(1, GROSS, 0, "x"), Edit(99, GROSS, 0, "1"), Edit(2, 44, 0, "1"), Edit(2, UNITS, 0, "8")]
    kept, _marks = working_copies.keep(job, edits, by=sales, at=make.AT)
    assert [one.state for one in kept] == ["gone", "gone", "gone", "saved"]


def test_rows_come_and_go_and_come_back(people):
    job, sales = brought(people), people["sales"]
    new = working_copies.add_row(job, by=sales, at=make.AT)
    second = working_copies.add_row(job, by=sales, at=make.AT)
    assert (new, second) == (-1, -2)
    for place, value in enumerate("2026-11-09,web,DE,kitchen,10,0,0,0,0,1,CNY".split(",")):
        assert typed(job, new, place, value, by=sales).state == "saved"
    working_copies.take_out(job, second, by=sales, at=make.AT)
    working_copies.take_out(job, 3, by=sales, at=make.AT)
    working_copies.take_out(job, 4, by=sales, at=make.AT)
    working_copies.take_out(job, 4, by=sales, at=make.AT, is_removed=False)
    made = checked(job, sales)
    assert made.submission.rows_used == 3
    assert made.submission.totals["SAL_GROSS"] == "1264.1000"


def test_the_history_of_a_cell_goes_back_through_the_versions_although_rows_moved(people):
    job, sales, other = brought(people), people["sales"], make.user("analyst", "SAL")
    working_copies.take_out(job, 2, by=sales, at=make.AT)
    typed(job, 3, UNITS, "5", by=sales)
    made = checked(job, sales)
    for number in range(12):
        typed(made, 2, UNITS, str(20 + number), number=number, by=other)
    found = corrected_rows.history(working_copies.of(made), 2, UNITS)
    assert [one.value for one in found] == [str(31 - number) for number in range(12)]
    fresh = corrected_rows.history(working_copies.of(made), 3, UNITS)
    assert [(one.value, one.by) for one in fresh] == [("2", sales)]
    CellChange.objects.filter(copy__job=made, number__gt=1).delete()
    back = corrected_rows.history(working_copies.of(made), 2, UNITS)
    assert [one.value for one in back] == ["20", "5", "4"]


def test_nothing_corrected_makes_no_version(people):
    job, sales = brought(people), people["sales"]
    with pytest.raises(CannotCorrect, match="Nothing is corrected"):
        working_copies.check(job, by=sales, at=make.AT)
    typed(job, 2, UNITS, "8", by=sales)
    typed(job, 2, UNITS, "7", number=1, by=sales)
    with pytest.raises(CannotCorrect, match="Nothing is corrected"):
        working_copies.check(job, by=sales, at=make.AT)


def test_what_was_checked_or_decided_is_not_typed_into_any_more(people):
    job, sales, steward = brought(people), people["sales"], people["steward"]
    typed(job, 2, UNITS, "8", by=sales)
    made = checked(job, sales)
    with pytest.raises(CannotCorrect, match="checked already"):
        typed(job, 2, UNITS, "9", number=1, by=sales)
    made.submission.state = "handed_in"
    made.submission.save()
    assert working_copies.edit_problems(made, by=sales) == []
    certification.certify(made.submission, by=steward, at=make.AT)
    made.refresh_from_db()
    assert working_copies.edit_problems(ImportJob.objects.get(pk=made.pk), by=sales)
    with pytest.raises(CannotCorrect):
        typed(ImportJob.objects.get(pk=made.pk), 2, UNITS, "9", by=sales)


def test_strangers_type_nothing(people):
    job = brought(people)
    for name in ("owner", "steward", "supply"):
        with pytest.raises(CannotCorrect, match="may not edit"):
            typed(job, 2, UNITS, "8", by=people[name])
    assert not WorkingCopy.objects.exists()


def test_personal_columns_are_neither_shown_nor_typed_into(people):
    job = imported(csv(), at=make.AT, by=people["sales"])
    corrected = corrected_rows.of(working_copies.of(job))
    assert corrected.table.headers[6] == "CustomerID"
    assert 6 not in working_copies.places_of(job, corrected) and 3 in working_copies.places_of(job, corrected)
    assert typed(job, 2, 6, "1", by=people["sales"]).state == "gone"


def filled_template() -> bytes:
    """The workbook that people download, filled in below its example; in row 5 the units are a word."""
    template = Profile.load("sales-daily").template
    names = [column.name for column in template.columns]
    rows = [dict(zip(names, row.split(","), strict=False)) for row in ROWS]
    for row in rows:
        row |= {"date": dt.date.fromisoformat(row["date"]), "units": int(row["units"])}
        row |= {name: Decimal(row[name]) for name in ("gross", "discount", "refund", "shipping", "tax")}
    rows[1]["units"] = "four"
    return template_workbook.workbook(template, {}, rows)


def test_a_filled_template_is_corrected_in_place_and_keeps_its_other_sheets(people):
    sales = people["sales"]
    job = imported(
        filled_template(), at=make.AT, by=sales, name="november.xlsx", period=NOVEMBER, profile="sales-daily"
    )
    assert job.outcome["finding_counts"] == {"NUMBER_FORMAT": 1}
    corrected = corrected_rows.of(working_copies.of(job))
    assert corrected.shown_rows() == [4, 5, 6]  # headers, codes and the example stay above
    kept, marks = working_copies.keep(
        job,
        [Edit(5, UNITS, 0, "4"), Edit(6, 0, 0, "2026-11-05"), Edit(6, GROSS, 0, "x")],
        by=sales,
        at=make.AT,
    )
    assert [one.state for one in kept] == ["saved", "saved", "refused"] and marks == {}
    made = checked(job, sales)
    assert (made.outcome["status"], made.submission.totals["SAL_UNITS"]) == ("accepted", "13")
    with zipfile.ZipFile(kept_files.path_of(made.source)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3


def test_a_row_is_added_to_a_filled_template_with_numbers_and_dates_as_such(people):
    sales = people["sales"]
    job = imported(
        filled_template(), at=make.AT, by=sales, name="november.xlsx", period=NOVEMBER, profile="sales-daily"
    )
    typed(job, 5, UNITS, "4", by=sales)
    row = working_copies.add_row(job, by=sales, at=make.AT)
    for place, value in enumerate("2026-11-09,web,DE,kitchen,10.50,0,0,0,0,1,CNY".split(",")):
        assert typed(job, row, place, value, by=sales).state == "saved"
    made = checked(job, sales)
    assert (made.outcome["status"], made.submission.rows_used) == ("accepted", 4)
    assert made.submission.totals["SAL_GROSS"] == "2244.6000"
