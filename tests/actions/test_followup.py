"""A promise keeps its first date, moves by those who may move it, and leaves a trace of every step."""

import datetime as dt

import pytest
from django.utils import translation

from actions import followup
from actions.models import Action
from reviewhub.people.models import Activity, Confidentiality
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.AT + dt.timedelta(hours=3)
DUE = dt.date(2026, 12, 5)


def last() -> Activity:
    return Activity.objects.order_by("-id").first()


def test_an_action_is_raised_with_owner_date_department_and_trace(people):
    action = followup.raise_action(
        "  Launch the\nGerman site ", owner=people["owner"], due_on=DUE, by=people["scribe"], at=make.AT
    )
    assert (action.title, action.status, action.department.code) == ("Launch the German site", "todo", "SAL")
    assert (action.due_on, action.original_due_on, action.raised_by) == (DUE, DUE, people["scribe"])
    line = last()
    assert (line.code, line.actor, line.at) == ("action.raised", people["scribe"], make.AT)
    assert line.params == {"title": "Launch the German site"}
    assert line.after == {"owner": "owner", "due_on": "2026-12-05"}


def test_an_action_may_still_lack_owner_and_date(people):
    action = followup.raise_action("Find a carrier", department=make.department("SCM"), by=None, at=make.AT)
    assert (action.owner, action.due_on, action.original_due_on) == (None, None, None)


@pytest.mark.parametrize("title", ["", "   ", "x" * 501])
def test_an_action_without_readable_words_is_refused(people, title):
    with pytest.raises(followup.CannotRaise) as refusal:
        followup.raise_action(title, by=people["scribe"], at=make.AT)
    assert len(refusal.value.problems) == 1
    assert not Action.objects.exists() and not Activity.objects.exists()


def test_nobody_who_left_becomes_an_owner(people):
    gone = make.user("owner", "SAL", is_active=False)
    with translation.override("en"), pytest.raises(followup.CannotRaise, match="does not work here"):
        followup.raise_action("Call the bank", owner=gone, by=people["scribe"], at=make.AT)


def test_the_owner_starts_and_finishes_and_both_moments_stay(people):
    action = make.action(owner=people["owner"])
    followup.set_status(action, "doing", by=people["owner"], at=make.AT)
    action = followup.set_status(action, "done", by=people["owner"], at=LATER)
    assert (action.status, action.started_at, action.done_at) == ("done", make.AT, LATER)
    assert (last().before, last().after) == ({"status": "doing"}, {"status": "done"})
    assert last().department.code == "SAL"


def test_reopening_takes_the_finish_away_and_keeps_the_start(people):
    action = make.action(owner=people["owner"])
    for status in ("doing", "done", "doing"):
        action = followup.set_status(action, status, by=people["owner"], at=make.AT)
    assert (action.started_at, action.done_at) == (make.AT, None)
    action = followup.set_status(action, "todo", by=people["owner"], at=LATER)
    assert (action.started_at, action.done_at) == (None, None)


def test_the_same_status_twice_is_one_step(people):
    action = make.action(owner=people["owner"])
    followup.set_status(action, "done", by=people["owner"], at=make.AT)
    again = followup.set_status(action, "done", by=people["owner"], at=LATER)
    assert again.done_at == make.AT
    assert Activity.objects.filter(code="action.status").count() == 1


@pytest.mark.parametrize(
    ("name", "moves", "drops"),
    [
        ("owner", True, False),
        ("sales", True, True),
        ("facilitator", True, True),
        ("ceo", True, True),
        ("marketing", False, False),
        ("steward", False, False),
        ("scribe", False, False),
        ("hr", False, False),
        ("observer", False, False),
        ("admin", False, False),
        ("logistics", False, False),
    ],
)
def test_who_moves_and_who_drops_an_action_of_sales(people, name, moves, drops):
    action = make.action(owner=people["owner"])
    assert (not followup.status_problems(action, "doing", by=people[name])) is moves
    assert (not followup.status_problems(action, "dropped", by=people[name])) is drops


def test_an_action_of_no_department_belongs_to_owner_and_company_wide_editors(people):
    action = make.action(owner=people["scribe"])
    assert action.department is None
    assert followup.may_move(action, people["scribe"]) and followup.may_edit(action, people["facilitator"])
    assert not followup.may_move(action, people["sales"])


def test_a_refused_move_changes_nothing_and_says_why(people):
    action = make.action(owner=people["owner"])
    with translation.override("en"), pytest.raises(followup.CannotChange, match="Only its owner"):
        followup.set_status(action, "done", by=people["marketing"], at=LATER)
    action.refresh_from_db()
    assert action.status == "todo" and not Activity.objects.exists()


def test_the_trace_of_a_confidential_action_is_as_confidential(people):
    action = make.action(owner=people["ceo"], confidentiality=Confidentiality.SECRET)
    followup.set_status(action, "doing", by=people["ceo"], at=make.AT)
    assert not Activity.objects.visible_to(people["admin"]).exists()
    assert Activity.objects.visible_to(people["ceo"]).count() == 1
