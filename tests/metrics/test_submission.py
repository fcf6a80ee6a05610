"""Handing in and taking back: who may, when, and what is written down."""

import datetime as dt

import pytest

from metrics import submission
from metrics.models import Submission
from reviewhub.people.models import Activity
from tests import make
from tests.metrics import uploads
from tests.metrics.uploads import csv, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people, at):
    return imported(at=at, by=people["sales"]).submission


@pytest.fixture
def review(at):
    """The review of December 2010; its data is due two days from now."""
    row = make.review("2010-12", meeting_at=at + dt.timedelta(days=9))
    row.period_start, row.period_end = dt.date(2010, 12, 1), dt.date(2011, 1, 1)
    row.save()
    return row


def test_the_lead_hands_in_and_it_is_written_down(draft, people, review, at):
    handed = submission.hand_in(draft, by=people["sales"], at=at)
    assert (handed.state, handed.handed_in_at, handed.handed_in_by) == ("handed_in", at, people["sales"])
    assert not submission.is_late(handed, submission.review_of(handed))
    line = Activity.objects.get(code="submission.handed_in")
    assert (line.before, line.after, line.department) == (
        {"state": "draft"},
        {"state": "handed_in"},
        draft.department,
    )
    assert (line.params["late"], line.params["number"], line.params["start"]) == (False, 1, "2010-12-01")


def test_what_comes_after_the_deadline_is_taken_and_marked(draft, people, review):
    handed = submission.hand_in(draft, by=people["sales"], at=review.due_at + dt.timedelta(seconds=1))
    assert submission.is_late(handed, review)
    assert Activity.objects.get(code="submission.handed_in").params["late"] is True
    on_time = Submission(handed_in_at=review.due_at)
    assert not submission.is_late(on_time, review)


@pytest.mark.parametrize("name", ["marketing", "steward", "ceo", "admin", "logistics", "observer", "owner"])
def test_nobody_else_hands_in_or_withdraws(draft, people, at, name):
    with pytest.raises(submission.CannotHandIn) as refusal:
        submission.hand_in(draft, by=people[name], at=at)
    assert len(refusal.value.problems) == 1
    with pytest.raises(submission.CannotWithdraw):
        submission.withdraw(draft, by=people[name], at=at)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_an_analyst_uploads_and_discards_drafts_but_does_not_hand_in(draft, at):
    analyst = make.user("analyst", "SAL")
    assert submission.hand_in_problems(draft, by=analyst)
    assert submission.withdraw(draft, by=analyst, at=at).state == "withdrawn"


@pytest.mark.parametrize("state", ["handed_in", "certified", "returned", "superseded", "withdrawn"])
def test_only_a_draft_is_handed_in(draft, people, at, state):
    Submission.objects.update(state=state, certified_at=at)
    draft.refresh_from_db()
    assert len(submission.hand_in_problems(draft, by=people["sales"])) == 1


def test_an_older_draft_gives_way_to_the_newer(draft, people, at):
    newer = imported(csv(uploads.ROWS[:2]), at=at, by=people["sales"]).submission
    draft.refresh_from_db()
    assert draft.state == "superseded"
    Submission.objects.filter(pk=draft.pk).update(state="draft")
    draft.refresh_from_db()
    assert submission.hand_in_problems(draft, by=people["sales"])
    submission.hand_in(newer, by=people["sales"], at=at)
    draft.refresh_from_db()
    assert draft.state == "superseded"


def test_a_corrected_version_replaces_the_handed_in_one_but_not_the_certified(draft, people, at):
    submission.hand_in(draft, by=people["sales"], at=at)
    second = imported(csv(uploads.ROWS[:2]), at=at, by=people["sales"]).submission
    submission.hand_in(second, by=people["sales"], at=at)
    Submission.objects.filter(pk=second.pk).update(
        state="certified", certified_at=at, certified_by=people["steward"]
    )
    third = imported(csv(uploads.ROWS[:1]), at=at, by=people["sales"]).submission
    submission.hand_in(third, by=people["sales"], at=at)
    assert list(Submission.objects.order_by("number").values_list("state", flat=True)) == [
        "superseded", "certified", "handed_in",
    ]  # fmt: skip
    assert list(Submission.objects.in_force(drafts=False)) == [second]
    assert list(Submission.objects.in_force(drafts=True)) == [third]


def test_warnings_have_to_be_read_first(draft, people, at):
    Submission.objects.update(findings_total=2)
    draft.refresh_from_db()
    with pytest.raises(submission.CannotHandIn):
        submission.hand_in(draft, by=people["sales"], at=at, accepts_warnings=False)
    submission.hand_in(draft, by=people["sales"], at=at, accepts_warnings=True)
    assert Activity.objects.get(code="submission.handed_in").params["warnings_accepted"] == 2


def test_frozen_figures_are_not_handed_in_any_more(draft, people, review, at):
    review.state = review.State.FROZEN
    review.save()
    (problem,) = submission.hand_in_problems(draft, by=people["sales"])
    assert review.title in problem


def test_withdrawing_ends_with_the_deadline_for_what_was_handed_in(draft, people, review, at):
    submission.hand_in(draft, by=people["sales"], at=at)
    draft.refresh_from_db()
    late = review.due_at + dt.timedelta(seconds=1)
    assert submission.withdraw_problems(draft, by=people["sales"], at=late)
    taken_back = submission.withdraw(draft, by=people["sales"], at=review.due_at)
    assert taken_back.state == "withdrawn" and not Submission.objects.in_force(drafts=True).exists()
    assert Activity.objects.get(code="submission.withdrawn").before == {"state": "handed_in"}


def test_a_certified_version_is_not_withdrawn(draft, people, at):
    Submission.objects.update(state="certified", certified_at=at)
    draft.refresh_from_db()
    assert submission.withdraw_problems(draft, by=people["sales"], at=at)


def test_a_stale_page_does_not_hand_in_twice(draft, people, at):
    stale = Submission.objects.get(pk=draft.pk)
    submission.hand_in(draft, by=people["sales"], at=at)
    with pytest.raises(submission.CannotHandIn):
        submission.hand_in(stale, by=people["sales"], at=at + dt.timedelta(seconds=1))
