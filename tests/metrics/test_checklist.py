"""The checklist of a review: what is asked, what is in and since when, what is set aside, and the freeze."""

import datetime as dt

import pytest
from django.utils import translation

from metrics import certification, checklist, freezing, submission
from metrics.checklist_lines import LINES
from metrics.models import Metric, MetricVersion, Submission
from reviewhub.people.models import Activity, Department
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
GOODS = dict.fromkeys(("SAL_GROSS", "SAL_DISC", "SAL_REF", "SAL_UNITS"), "1")


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()
    with translation.override("en"):
        yield


@pytest.fixture
def review():
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


def items(review, code="SAL"):
    return {item.line.code: item for item in checklist.of(review, make.department(code)).items}


def states(review, code="SAL"):
    return {line: item.state for line, item in items(review, code).items()}


def goods(state="handed_in", at=make.AT, **fields):
    moments = {"handed_in_at": at} if state != "draft" else {}
    certified = {"certified_at": at} if state == "certified" else {}
    return make.submission("SAL", state=state, totals=GOODS, **(moments | certified | fields))


def test_every_line_names_metrics_that_files_bring_and_a_department_that_exists():
    """D1–D4: 23 lines, and the duties of Technology."""
    engines = dict(MetricVersion.objects.filter(effective_to=None).values_list("metric__code", "engine"))
    departments = set(Department.objects.values_list("code", flat=True))
    assert len(LINES) == 26 and len({line.code for line in LINES}) == 26
    for line in LINES:
        assert line.department in departments, line
        assert {engines[code] for code in line.needs} <= {"upload", "upload_parts"}, line


def test_every_line_of_the_dictionary_is_asked_for():
    lines = {text[:2] for text in MetricVersion.objects.values_list("checklist", flat=True) if text}
    assert lines - {line.code for line in LINES} == {
        "B1",
        "G1",
    }  # the bridge and governance come from ReviewHub


def test_nothing_is_in_at_first_and_everything_is_missing(review):
    assert states(review) == dict.fromkeys(("S1", "S2", "S3", "S4", "S5", "S6", "S7"), "queued")
    assert items(review)["S2"].missing == ("SAL_ORD", "SAL_UNITS")
    assert set(states(review, "LOG")) == {"C3", "C4"} and set(states(review, "TEC")) == {"T1", "T2", "T3"}


def test_a_draft_is_there_but_not_in_and_parts_are_named(review):
    goods("draft")
    found = items(review)
    assert (found["S1"].state, found["S1"].missing) == ("draft", ())
    assert (found["S2"].state, found["S2"].missing) == ("in_progress", ("SAL_ORD",))
    assert found["S3"].state == "draft"  # sales-daily is split by platform


def test_what_was_handed_in_counts_with_its_moment(review):
    goods(at=make.AT + HOUR)
    item = items(review)["S1"]
    assert (item.state, item.done_at, item.is_late) == ("pass", make.AT + HOUR, False)
    assert checklist.of(review, make.department("SAL")).done == 3


def test_a_kind_of_file_that_is_not_split_does_not_answer_a_line_that_asks_for_it(review):
    goods(profile="orders-daily")
    assert states(review)["S1"] == "pass"
    assert states(review)["S4"] == ("pass" if "country" in dimensions("orders-daily") else "queued")
    goods(profile="gone-since")
    assert states(review)["S3"] == "pass"


def dimensions(profile):
    from metrics import known_profiles  # noqa: PLC0415

    return known_profiles.named(profile).profile.dimensions


def test_weeks_answer_only_when_they_reach_over_the_whole_period(review):
    for week in ("2026-W40", "2026-W41", "2026-W42", "2026-W43"):
        goods(period=week)
    assert (states(review)["S1"], items(review)["S1"].missing) == (
        "in_progress",
        ("SAL_GROSS", "SAL_DISC", "SAL_REF"),
    )
    goods(period="2026-W44", at=make.AT + 5 * HOUR)
    assert (states(review)["S1"], items(review)["S1"].done_at) == ("pass", make.AT + 5 * HOUR)


def test_a_returned_version_asks_again_and_its_correction_keeps_the_first_moment(review):
    goods("returned", returned_at=make.AT)
    assert states(review)["S1"] == "fail"
    goods(number=2, at=review.due_at + HOUR)
    assert (states(review)["S1"], items(review)["S1"].is_late) == ("pass", False)


def test_what_comes_after_the_deadline_is_marked(review):
    goods(at=review.due_at + HOUR)
    assert items(review)["S1"].is_late


def test_what_another_department_handed_in_answers_too_its_draft_does_not(review):
    row = make.submission("TEC", state="draft", totals=GOODS, profile="sales-daily")
    assert states(review)["S1"] == "queued"
    Submission.objects.filter(pk=row.pk).update(state="handed_in", handed_in_at=make.AT)
    assert states(review)["S1"] == "pass"


def test_metrics_that_are_switched_off_are_not_asked_for(review):
    Metric.objects.filter(code="SAL_ORD").update(is_enabled=False)
    assert items(review)["S2"].missing == ("SAL_UNITS",)
    Metric.objects.update(is_enabled=False)
    assert not checklist.of(review, make.department("SAL")).items


def test_the_checklists_of_all_departments_take_the_same_queries(review, queries):
    departments = list(Department.objects.active())
    assert queries(lambda: checklist.of_all(review, departments)) == queries(
        lambda: checklist.of_all(review, departments[:1])
    )


# --- Set aside ----------------------------------------------------------------------------------------------


def test_a_data_owner_sets_an_item_aside_with_a_reason_and_asks_again(people, review, at):
    sales = make.department("SAL")
    row = checklist.exempt(review, sales, "S7", " No new\nproducts ", by=people["steward"], at=at)
    item = items(review)["S7"]
    assert (item.state, item.exemption.reason) == ("waived", "No new products")
    assert len(checklist.of(review, sales).asked) == 6
    with pytest.raises(checklist.CannotExempt):
        checklist.exempt(review, sales, "S7", "Again", by=people["steward"], at=at)
    checklist.ask_again(row, by=people["steward"], at=at)
    checklist.ask_again(row, by=people["steward"], at=at)
    assert states(review)["S7"] == "queued"
    assert list(Activity.objects.filter(code__startswith="review.item").values_list("code", flat=True)) == [
        "review.item_asked",
        "review.item_exempted",
    ]


@pytest.mark.parametrize("name", ["sales", "ceo", "facilitator", "admin", "logistics", "observer"])
def test_nobody_else_sets_items_aside(people, review, at, name):
    with pytest.raises(checklist.CannotExempt):
        checklist.exempt(review, make.department("SAL"), "S7", "Because", by=people[name], at=at)


@pytest.mark.parametrize(
    ("code", "reason"), [("S7", "  "), ("S7", "x" * 301), ("M1", "Fine"), ("Z9", "Fine")]
)
def test_an_item_of_the_department_and_a_sentence_are_needed(people, review, at, code, reason):
    with pytest.raises(checklist.CannotExempt) as refusal:
        checklist.exempt(review, make.department("SAL"), code, reason, by=people["steward"], at=at)
    assert len(refusal.value.problems) == 1


# --- Frozen -------------------------------------------------------------------------------------------------


def test_frozen_figures_are_not_handed_in_withdrawn_certified_or_returned(people, review, at):
    draft = make.submission("SAL", number=2)
    row = goods(handed_in_by=people["sales"])
    make.freeze(review, people, at)
    for call, refusal in (
        (lambda: submission.hand_in(draft, by=people["sales"], at=at), submission.CannotHandIn),
        (lambda: submission.withdraw(row, by=people["sales"], at=at), submission.CannotWithdraw),
        (lambda: certification.certify(row, by=people["steward"], at=at), certification.CannotCertify),
        (
            lambda: certification.send_back(row, "Why", by=people["steward"], at=at),
            certification.CannotSendBack,
        ),
    ):
        with pytest.raises(refusal) as refused:
            call()
        assert "frozen" in " ".join(refused.value.problems)
    freezing.restate(review, "A file was forgotten", by=people["steward"], at=at)
    assert certification.certify(row, by=people["steward"], at=at).state == "certified"
    line = Activity.objects.get(code="review.thawed")
    assert line.params["reason"] == "A file was forgotten"


def test_figures_that_were_met_unfrozen_stay_as_they_are(people, review, at):
    review.state = "met"
    review.save()
    assert freezing.sign_problems(review, "FIN", by=people["steward"])
    assert freezing.restate_problems(review, by=people["steward"], reason="Why")
