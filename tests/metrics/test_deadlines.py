"""More time for a department: who gives it, until when, and what it does to what came late."""

import datetime as dt

import pytest
from django.utils import translation

from metrics import deadlines, submission
from metrics.models import Extension
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


def extended(review, by, hours=24, reason="The bank is closed", code="SAL"):
    until = review.due_at + hours * HOUR
    return deadlines.extend(review, make.department(code), until, reason, by=by, at=make.AT)


def test_a_data_owner_gives_more_time_to_one_department_and_it_is_written_down(people, review):
    row = extended(review, people["steward"])
    sales, marketing = make.department("SAL"), make.department("MKT")
    assert deadlines.of(review, sales) == deadlines.Due(review.due_at + 24 * HOUR, row)
    assert deadlines.of(review, marketing) == deadlines.Due(review.due_at)
    line = Activity.objects.get(code="review.extended")
    assert (line.params["reason"], line.department) == ("The bank is closed", sales)
    assert Occurrence.objects.get(kind="data.extended").subject_id == str(row.pk)


def test_the_latest_agreement_counts_and_all_are_kept(people, review):
    extended(review, people["steward"])
    extended(review, people["ceo"], hours=30)
    assert deadlines.of(review, make.department("SAL")).at == review.due_at + 30 * HOUR
    assert Extension.objects.count() == 2


def test_agreed_time_counts_as_on_time(people, review):
    row = make.submission("SAL", state="handed_in", handed_in_at=review.due_at + HOUR)
    assert deadlines.is_late(row, review) and deadlines.mark_late([row])[0].is_late
    extended(review, people["steward"])
    assert not deadlines.is_late(row, review) and not deadlines.mark_late([row])[0].is_late
    after = make.submission("SAL", number=2, state="handed_in", handed_in_at=review.due_at + 25 * HOUR)
    assert deadlines.is_late(after, review)


def test_within_agreed_time_data_can_still_be_withdrawn(people, review):
    row = make.submission("SAL", state="handed_in", handed_in_at=review.due_at)
    at = review.due_at + HOUR
    assert submission.withdraw_problems(row, by=people["sales"], at=at)
    extended(review, people["steward"])
    assert not submission.withdraw_problems(row, by=people["sales"], at=at)


@pytest.mark.parametrize("name", ["sales", "facilitator", "admin", "logistics", "observer", "scribe"])
def test_nobody_else_gives_more_time(people, review, name):
    with pytest.raises(deadlines.CannotExtend):
        extended(review, people[name])


def test_nobody_gives_more_time_to_the_own_data(people, review):
    both = make.user("lead", "SAL")
    from reviewhub.people.models import Assignment, Role  # noqa: PLC0415

    Assignment.objects.create(user=both, role=Role.objects.get(code="steward"), granted_at=make.AT)
    with pytest.raises(deadlines.CannotExtend) as refusal:
        extended(review, both)
    assert refusal.value.problems == [
        "You hand in this department's data yourself; somebody else gives more time."
    ]
    assert extended(review, both, code="MKT")


@pytest.mark.parametrize("hours", [0, -1, 3 * 24 + 1])
def test_it_is_later_than_before_and_not_after_the_freeze(people, review, hours):
    with pytest.raises(deadlines.CannotExtend):
        extended(review, people["steward"], hours=hours)
    assert extended(review, people["steward"], hours=72)  # the freeze itself


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 301])
def test_a_reason_is_needed(people, review, reason):
    with pytest.raises(deadlines.CannotExtend) as refusal:
        extended(review, people["steward"], reason=reason)
    assert len(refusal.value.problems) == 1


def test_frozen_figures_need_no_more_time(people, review):
    review.state = "frozen"
    review.save()
    with pytest.raises(deadlines.CannotExtend):
        extended(review, people["steward"])


def test_a_partner_sees_what_was_agreed_with_the_own_department_only(people, review):
    extended(review, people["steward"])
    own = extended(review, people["steward"], code="LOG")
    assert list(Extension.objects.visible_to(people["logistics"])) == [own]
    assert Extension.objects.visible_to(people["observer"]).count() == 2
