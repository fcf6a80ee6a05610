"""What changed between versions by metric and member, and undoing a whole import: the figures are as before."""

import datetime as dt
from decimal import Decimal

import pytest

from metrics import sources, submission, version_diff
from metrics.models import Submission
from metrics.version_diff import Change
from reviewhub.people.models import Activity
from tests import make
from tests.metrics import uploads
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.uploads import csv, imported

pytestmark = pytest.mark.django_db
DE, US = {"country": "DE", "platform": "amazon"}, {"country": "US", "platform": "amazon"}


@pytest.fixture
def versions(people):
    """Of October: in the second one Germany has other refunds, and the US sold one unit more."""
    dictionary_of_today()
    first = figures(
        [
            ("SAL_GROSS", "2026-10-01", "100.50", DE),
            ("SAL_GROSS", "2026-10-02", 200, US),
            ("SAL_REF", "2026-10-01", 10, DE),
            ("SAL_UNITS", "2026-10-02", 3, US),
        ],
        totals={"SAL_GROSS": "300.5000", "SAL_REF": "10.0000", "SAL_UNITS": "3"},
    )
    second = figures(
        [
            ("SAL_GROSS", "2026-10-01", "100.50", DE),
            ("SAL_GROSS", "2026-10-02", 200, US),
            ("SAL_REF", "2026-10-01", "12.25", DE),
            ("SAL_REF", "2026-10-03", 1, {"country": "FR", "platform": "amazon"}),
            ("SAL_UNITS", "2026-10-02", 4, US),
        ],
        totals={"SAL_GROSS": "300.5000", "SAL_REF": "13.2500", "SAL_UNITS": "4"},
        number=2,
        state="handed_in",
    )
    return first, second


def test_totals_that_differ_are_listed_with_both_figures(versions):
    assert version_diff.totals(*versions) == [
        Change("SAL_REF", "", Decimal("10.0000"), Decimal("13.2500")),
        Change("SAL_UNITS", "", Decimal(3), Decimal(4)),
    ]


def test_by_member_only_what_changed_largest_first_within_its_metric(versions):
    changes, count = version_diff.by_member(*versions, "country")
    assert count == 3
    assert changes == [
        Change("SAL_REF", "Germany", Decimal("10.0000"), Decimal("12.2500")),
        Change("SAL_REF", "France", None, Decimal("1.0000")),
        Change("SAL_UNITS", "United States", Decimal(3), Decimal(4)),
    ]
    assert [one.difference for one in changes] == [Decimal("2.25"), Decimal(1), Decimal(1)]


def test_a_dimension_with_one_member_says_nothing(versions):
    assert version_diff.dimensions_of(*versions) == ["country"]


def test_the_page_shows_it_to_the_department_and_to_who_reads_drafts(versions, people, signed_in):
    first, second = versions
    url = f"/submissions/{second.pk}/changes"
    for name in ("sales", "steward"):
        people[name].language = "en"
        people[name].save()
        page = signed_in(people[name]).get(url).content.decode()
        assert "version 2 against 1" in page and "+3.25" in page and "+2.25" in page and "Germany" in page, (
            name
        )
    client = signed_in(people["sales"])
    assert "first version" in client.get(f"/submissions/{first.pk}/changes").content.decode()
    assert client.get(url, {"against": "999999"}).status_code == 404
    assert client.get(url, {"against": str(first.pk), "by": "nonsense"}).status_code == 200
    for name in ("marketing", "logistics"):
        assert signed_in(people[name]).get(url).status_code == 404
    assert signed_in(people["marketing"]).get(f"/submissions/{first.pk}/changes").status_code == 200


# --- Undo ---------------------------------------------------------------------------------------------------


def states():
    return dict(Submission.objects.values_list("number", "state"))


def test_undoing_an_import_brings_back_exactly_what_it_replaced(people, at):
    first = imported(at=at, by=people["sales"]).submission
    submission.hand_in(first, by=people["sales"], at=at)
    before = sources.standing(None, None)
    second = imported(csv(uploads.ROWS[:2]), at=at, by=people["sales"]).submission
    submission.hand_in(second, by=people["sales"], at=at)
    assert states() == {1: "superseded", 2: "handed_in"} and sources.standing(None, None) != before
    submission.withdraw(second, by=people["sales"], at=at)
    assert states() == {1: "handed_in", 2: "withdrawn"}
    assert sources.standing(None, None) == before
    line = Activity.objects.get(code="submission.withdrawn")
    assert (line.params["restored"], line.actor) == ([1], people["sales"])


def test_a_draft_that_an_upload_replaced_is_a_draft_again(people, at):
    for rows in (3, 2, 1):
        imported(csv(uploads.ROWS[:rows]), at=at, by=people["sales"])
    assert states() == {1: "superseded", 2: "superseded", 3: "draft"}
    submission.withdraw(Submission.objects.get(number=3), by=people["sales"], at=at)
    assert states() == {1: "superseded", 2: "draft", 3: "withdrawn"}
    submission.withdraw(Submission.objects.get(number=2), by=people["sales"], at=at)
    assert states() == {1: "draft", 2: "withdrawn", 3: "withdrawn"}


def test_the_same_file_can_come_again_after_it_was_undone(people, at):
    submission.withdraw(imported(at=at, by=people["sales"]).submission, by=people["sales"], at=at)
    assert imported(at=at, by=people["sales"]).submission.number == 2


def test_what_was_certified_is_not_undone(people, at):
    row = make.submission("SAL", state="certified", certified_at=at)
    with pytest.raises(submission.CannotWithdraw):
        submission.withdraw(row, by=people["sales"], at=at)


def test_after_the_deadline_a_correction_is_undone_and_the_first_hand_in_is_not(people):
    review = make.review(meeting_at=make.AT + dt.timedelta(days=8))
    late = review.due_at + dt.timedelta(hours=1)
    first = submission.hand_in(make.submission("SAL"), by=people["sales"], at=make.AT)
    assert submission.withdraw_problems(first, by=people["sales"], at=late)
    second = submission.hand_in(make.submission("SAL", number=2), by=people["sales"], at=late)
    assert not submission.withdraw_problems(second, by=people["sales"], at=late)
