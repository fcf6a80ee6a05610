"""What is counted for the score of trust, on real rows; that it is kept per review; and who sees it."""

import datetime as dt
from dataclasses import asdict

import pytest

from metrics import freezing, trust_evidence, trust_scores
from metrics.checks.results import Check
from metrics.models import CheckWaiver, Extension, Metric, Review, Trust, TrustBasis
from metrics.periods import Period
from metrics.trust import Evidence
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SALES = ("SAL_GROSS", "SAL_DISC", "SAL_REF", "SAL_ORD")


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()


def review(month="2026-10") -> Review:
    """Meeting on the 15th of the next month, due seven days and frozen four days before."""
    period = Period.parse(month)
    meeting_at = dt.datetime.combine(period.end + 14 * DAY, dt.time(1), dt.UTC)
    return Review.objects.create(
        code=month,
        title_zh=month,
        title_en=f"Review {month}",
        period_start=period.start,
        period_end=period.end,
        time_zone="Asia/Shanghai",
        meeting_at=meeting_at,
        due_at=meeting_at - 7 * DAY,
        freeze_at=meeting_at - 4 * DAY,
    )


def handed(row: Review, after_due=-HOUR, profile="sales-daily", codes=SALES, code="SAL", **fields):
    """A certified version of the kind of file `profile` that came `after_due`."""
    moment = row.due_at + after_due
    state = {"state": "certified", "handed_in_at": moment, "certified_at": moment}
    return make.submission(
        code, row.code, profile=profile, totals=dict.fromkeys(codes, "1"), **(state | fields)
    )


def of(row: Review, code="SAL_ORD", at=None) -> dict:
    """The evidence of one metric that differs from nothing at all."""
    found = trust_evidence.of_review(row, at=at or row.meeting_at).metrics[code]
    return {name: value for name, value in asdict(found).items() if value != getattr(Evidence(), name)}


def test_a_review_is_kept_where_everything_that_the_metric_is_made_from_came_in_time():
    months = [review(f"2026-{number:02d}") for number in range(4, 11)]
    for number, one in enumerate(months):
        handed(one, after_due=HOUR if number in (0, 2, 4) else -HOUR)
    # Of seven the last six count: those of June and August came late.
    assert of(months[-1])["judged"] == 6
    assert of(months[-1])["kept"] == 4
    assert of(months[2])["judged"] == 3 and of(months[2])["kept"] == 1
    # Orders of another file came late: the review is lost for orders, and for nothing that is not made from them.
    handed(months[-1], after_due=HOUR, profile="shop-orders", codes=("SAL_ORD",))
    assert {code: of(months[-1], code)["kept"] for code in ("SAL_ORD", "SAL_AOV", "SAL_NET")} == {
        "SAL_ORD": 3,
        "SAL_AOV": 3,
        "SAL_NET": 4,
    }
    late = trust_evidence.of_review(months[-1], at=months[-1].meeting_at).files
    assert late[make.department("SAL").pk, "shop-orders"] == Evidence(judged=1, age=7, has_data=True)


def test_agreed_time_counts_as_on_time(people):
    row = review()
    handed(row, after_due=5 * HOUR)
    assert of(row).get("kept", 0) == 0
    Extension.objects.create(
        review=row,
        department=make.department("SAL"),
        due_at=row.due_at + DAY,
        reason="Audit",
        given_at=row.due_at - DAY,
        given_by=people["steward"],
    )
    assert of(row)["kept"] == 1


def test_what_came_for_the_review_before_and_not_by_the_freeze_is_missing():
    before, row = review("2026-09"), review()
    handed(before)
    assert of(row, at=row.freeze_at)["judged"] == 1  # still to be seen
    found = of(row, at=row.freeze_at + HOUR)
    assert (found["judged"], found["kept"]) == (2, 1)


def test_the_first_hand_in_of_a_file_is_its_moment_and_a_correction_does_not_make_it_late():
    row = review()
    handed(row, state="superseded", certified_at=None)
    handed(row, after_due=2 * DAY, number=2)
    assert of(row)["kept"] == 1


def check(code, metrics, asked, held, severity="error") -> dict:
    return Check(code, "range", severity, metrics, ["SAL"], asked=asked, held=held).document()


def test_checks_count_where_they_name_the_metric_or_what_it_is_made_from(people):
    row = review()
    handed(row)
    results = [
        check("a", ["SAL_ORD"], 3, 3),
        check("b", ["SAL_ORD"], 3, 2),
        check("c", ["SAL_ORD", "SAL_UNITS"], 3, 2, "warn"),
        check("d", ["SAL_ORD"], 3, 0),
        check("e", ["SAL_ORD"], 0, 0),  # nothing was asked
        check("f", ["SAL_GROSS"], 1, 1),
    ]
    make.checked(row, at=row.due_at, results=results)
    CheckWaiver.objects.create(
        review=row, code="d", reason="Moved", waived_at=row.due_at, waived_by=people["steward"]
    )
    CheckWaiver.objects.create(
        review=row, code="a", reason="Once", waived_at=row.due_at, waived_by=people["steward"]
    )
    wanted = {"passed": 1, "failed": 1, "warned": 1, "waived": 1}
    assert {name: of(row)[name] for name in wanted} == wanted
    # The average order value is made from both.
    assert of(row, "SAL_AOV")["passed"] == 2
    assert trust_evidence.of_review(row, at=row.meeting_at).files[
        make.department("SAL").pk, "sales-daily"
    ] == Evidence(kept=1, judged=1, passed=2, warned=1, waived=1, failed=1, age=7, has_data=True)


def test_the_age_is_that_of_the_oldest_part_in_days_of_the_company():
    row = review()
    handed(row, certified_at=row.meeting_at - 3 * DAY)
    assert of(row)["age"] == 3
    assert of(row, "SAL_AOV")["age"] == 3
    handed(
        row,
        profile="orders",
        codes=("SAL_ORD",),
        state="handed_in",
        certified_at=None,
        handed_in_at=row.due_at,
    )
    assert of(row)["age"] == 3  # another file brings it certified
    assert of(row, at=row.meeting_at - 2 * DAY)["age"] == 1
    assert of(row, at=row.meeting_at + 90 * DAY)["age"] == 3  # as it was at the meeting


def test_what_was_never_certified_is_not_fresh_and_what_is_not_handed_in_says_nothing():
    row = review()
    handed(row, state="handed_in", certified_at=None)
    assert "age" not in of(row) and of(row)["has_data"]
    assert of(row, "FIN_REV") == {}


@pytest.fixture
def frozen(people):
    """October frozen; then its orders handed in anew, and frozen again."""
    row = review()
    rows = [("SAL_GROSS", "2026-10-03", 100), ("SAL_ORD", "2026-10-03", 4)]
    figures(rows, zero=["SAL_DISC", "SAL_REF"])
    figures([("FIN_REV", "2026-10-03", 100)], code="FIN", profile="pnl")
    make.freeze(row, people, at=row.freeze_at)
    return row


def restated(row, people):
    freezing.restate(row, "Wrong day", by=people["steward"], at=row.freeze_at + HOUR)
    replaced = make.Submission.objects.get(profile="sales-daily")
    replaced.state = "superseded"
    replaced.save()
    new = [("SAL_GROSS", "2026-10-03", 100), ("SAL_ORD", "2026-10-03", 5)]
    made = figures(new, number=2, zero=["SAL_DISC", "SAL_REF"])
    made.totals = {"SAL_GROSS": "1", "SAL_ORD": "5", "SAL_DISC": "0", "SAL_REF": "0"}
    made.save()
    make.freeze(Review.objects.get(pk=row.pk), people, at=row.freeze_at + 2 * HOUR)


def test_a_restatement_counts_against_what_it_replaced_and_all_that_is_made_from_it(frozen, people):
    assert {one: of(frozen, one).get("changed", 0) for one in ("SAL_ORD", "SAL_GROSS", "FIN_REV")} == {
        "SAL_ORD": 0,
        "SAL_GROSS": 0,
        "FIN_REV": 0,
    }
    assert of(frozen)["frozen"] == 1
    restated(frozen, people)
    codes = ("SAL_ORD", "SAL_GROSS", "SAL_AOV", "FIN_REV")
    assert {one: of(frozen, one).get("changed", 0) for one in codes} == {
        "SAL_ORD": 1,
        "SAL_GROSS": 0,
        "SAL_AOV": 1,
        "FIN_REV": 0,
    }
    files = trust_evidence.of_review(frozen, at=frozen.meeting_at).files
    assert files[make.department("SAL").pk, "sales-daily"].changed == 1
    assert files[make.department("FIN").pk, "pnl"].changed == 0


def test_an_open_difference_counts_against_both_sides_until_it_is_decided(people):
    row = review()
    daily = [("SAL_GROSS", "2026-10-03", 1000)]
    figures(daily, zero=["SAL_DISC", "SAL_REF", "SAL_SHIPREV"])
    figures(
        [("FIN_REV", "2026-10-31", 700)],
        code="FIN",
        profile="pnl",
        zero=["REC_FX", "REC_CUTOFF", "REC_RETEST", "REC_OTHER"],
    )
    found = of(row, "SAL_NET")
    assert (found["open"], found["compared"]) == (1, 1)
    assert (of(row, "FIN_REV")["open"], of(row, "FIN_REV")["compared"]) == (1, 1)
    assert "compared" not in of(row, "SAL_ORD")
    decided = {"decision": "left", "left": "1000", "right": "700", "residual": "300"}
    make.ruling(row, people["steward"], **decided)
    assert (of(row, "SAL_NET").get("open", 0), of(row, "SAL_NET")["compared"]) == (0, 1)


# --- Kept per review ----------------------------------------------------------------------------------------


def test_scores_are_kept_per_review_and_worked_out_anew_when_something_changed():
    before, row = review("2026-09"), review()
    for one in (before, row):
        handed(one)
        make.checked(one, at=one.due_at, results=[check("a", ["SAL_ORD"], 2, 2)])
    at = row.due_at
    assert trust_scores.sweep(at=at) == 2
    assert trust_scores.sweep(at=at + HOUR) == 0
    metric = Metric.objects.get(code="SAL_ORD")
    assert [(one.review.code, one.score) for one in trust_scores.history(metric)] == [
        ("2026-10", 100),
        ("2026-09", 100),
    ]
    # 25 of on time and 10 of fresh; of two checks one fails: 12.5 of 25. 47.5 of 60 = 79.17
    failing = [check("a", ["SAL_ORD"], 2, 2), check("b", ["SAL_ORD"], 2, 0)]
    TrustBasis.objects.filter(review=row).update(basis="")
    make.checked(row, at=row.due_at, results=failing)
    assert trust_scores.sweep(at=at + HOUR) == 1
    assert [one.score for one in trust_scores.history(metric)] == [79, 100]
    assert trust_scores.of_metrics(row, ["SAL_ORD", "FIN_REV"]) == {"SAL_ORD": 79}
    assert trust_scores.of_files(row, make.department("SAL")) == {"sales-daily": 79}


def test_another_day_is_another_score_until_the_meeting():
    row = review()
    handed(row)
    make.checked(row, at=row.due_at, results=[check("a", ["SAL_ORD"], 2, 2)])
    assert [trust_scores.sweep(at=row.meeting_at + days * DAY) for days in (-2, -1, 0, 1, 40)] == [
        1,
        1,
        1,
        0,
        0,
    ]


def test_a_review_that_nobody_handed_anything_in_for_has_no_scores():
    row = review()
    assert trust_scores.sweep(at=row.meeting_at) == 0
    assert not Trust.objects.exists()


def test_scores_of_files_are_for_their_department_and_for_who_reads_every_draft(people):
    row = review()
    handed(row)
    trust_scores.sweep(at=row.meeting_at)
    seen = {
        name: sorted({"file" if one.profile else "metric" for one in Trust.objects.visible_to(people[name])})
        for name in ("sales", "marketing", "steward", "ceo")
    }
    assert seen == {
        "sales": ["file", "metric"],
        "marketing": ["metric"],
        "steward": ["file", "metric"],
        "ceo": ["metric"],
    }
