"""Correcting cells of a file: the next version through the ordinary door, recorded and undoable."""

import datetime as dt

import pytest

from metrics import corrections, importing, kept_files, submission
from metrics.corrections import CannotCorrect, Cell
from metrics.models import Correction, ImportJob, Review, Submission
from reviewhub.people.models import Activity
from tests import make
from tests.metrics import uploads
from tests.metrics.uploads import csv, imported

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
PRICE = Cell("", 2, "F", "25.50")


def corrected(version, *cells, by, at, **options):
    receipt = corrections.correct(version, cells, by=by, at=at, enqueue=False, **options)
    return importing.run(receipt.job.pk, at=at)


def test_a_correction_makes_the_next_version_and_says_who_changed_what(people, at):
    first = imported(at=at, by=people["sales"]).submission
    job = corrected(first, PRICE, by=people["sales"], at=at, why={"code": "TEN_TIMES", "params": {}})
    first.refresh_from_db()
    second = job.submission
    assert (first.state, second.number, second.state) == ("superseded", 2, "draft")
    assert (first.totals["SAL_GROSS"], second.totals["SAL_GROSS"]) == ("105.3000", "243.0000")
    assert kept_files.path_of(first.source).read_bytes() == csv()
    assert kept_files.path_of(second.source).read_bytes() == csv().replace(b",2.55,17850", b",25.50,17850")
    kept = Correction.objects.get()
    assert kept.cells == [{"sheet": "", "row": 2, "column": "F", "before": "2.55", "after": "25.50"}]
    assert (kept.base, kept.corrected_by, kept.why["code"]) == (first, people["sales"], "TEN_TIMES")
    line = Activity.objects.get(code="submission.corrected")
    assert (line.actor, line.before, line.after) == (people["sales"], {"F2": "2.55"}, {"F2": "25.50"})
    assert (line.params["base"], line.params["number"]) == (1, 2)


def test_undoing_it_brings_the_former_version_back(people, at):
    first = imported(at=at, by=people["sales"]).submission
    second = corrected(first, PRICE, by=people["sales"], at=at).submission
    submission.withdraw(second, by=people["sales"], at=at)
    first.refresh_from_db()
    assert first.state == "draft" and not corrections.problems(first, by=people["sales"])
    third = corrected(first, PRICE, by=people["sales"], at=at).submission
    assert (third.number, third.totals) == (3, second.totals)


def test_a_wrong_text_is_refused_with_a_finding_at_its_cell_and_nothing_changes(people, at):
    first = imported(at=at, by=people["sales"]).submission
    before = uploads.digest()
    job = corrected(first, Cell("", 2, "F", "cheap"), by=people["sales"], at=at)
    [found] = job.outcome["findings"]
    assert (found["row"], found["column"], found["value"]) == (2, "F", "cheap")
    after = uploads.digest()
    assert before | {"metrics_correction": after["metrics_correction"]} == after
    assert Submission.objects.get() == first and first.state == "draft"


def test_a_refused_file_is_corrected_until_it_goes_in(people, at):
    rows = [uploads.ROWS[0].replace("2.55", "two"), *uploads.ROWS[1:]]
    refused = imported(csv(rows), at=at, by=people["sales"], profile="uci-online-retail")
    assert refused.submission is None
    receipt = corrections.correct_refused(
        refused, [Cell("", 2, "F", "2.55")], by=people["sales"], at=at, enqueue=False
    )
    job = importing.run(receipt.job.pk, at=at)
    assert job.submission.totals["SAL_GROSS"] == "105.3000"
    assert Correction.objects.get().base_job == refused
    with pytest.raises(CannotCorrect, match="read and refused"):
        corrections.correct_refused(job, [PRICE], by=people["sales"], at=at)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([], "at least one"),
        ([Cell("", 2, "F", "2.55")], "Nothing changes"),
        ([Cell("", 99, "F", "1")], "no cell F99"),
        ([Cell("", 2, "ZZ", "1")], "no cell ZZ2"),
        ([Cell("", 2, "F", "a\0b")], "characters"),
        ([Cell("", 2, "F", "\ud800")], "characters"),
        ([Cell("", 2, "F", "1" * 2001)], "too long"),
        ([Cell("", row, "F", "1") for row in range(2, 1103)], "At most 1000"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_kept(people, at, cells, why):
    first = imported(at=at, by=people["sales"]).submission
    with pytest.raises(CannotCorrect, match=why):
        corrections.correct(first, cells, by=people["sales"], at=at)
    assert ImportJob.objects.count() == 1


def test_only_the_department_corrects_and_only_the_newest_version_while_the_review_is_open(people, at):
    first = imported(at=at, by=people["sales"]).submission
    assert corrections.problems(first, by=people["sales"]) == []
    for name in ("marketing", "steward", "logistics", "observer"):
        assert corrections.problems(first, by=people[name]) == [
            "You may not correct data of this department."
        ], name
    second = imported(csv(uploads.ROWS[:2]), at=at, by=people["sales"]).submission
    first.refresh_from_db()
    assert corrections.problems(first, by=people["sales"]) != []
    meeting = dt.datetime(2011, 1, 12, 1, tzinfo=dt.UTC)
    december = {"period_start": dt.date(2010, 12, 1), "period_end": dt.date(2011, 1, 1)}
    review = make.review("2010-12", meeting_at=meeting, state=Review.State.FROZEN)
    Review.objects.filter(pk=review.pk).update(**december)
    assert any("frozen" in one for one in corrections.problems(second, by=people["sales"]))
    source = second.source
    source.content = ""
    assert any("not kept" in one for one in corrections.problems(second, by=people["sales"]))
