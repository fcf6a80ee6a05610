"""Handing an action to somebody else: by whom, to whom, with the trail of everybody who held it."""

import pytest
from django.utils import translation

from actions import followup, handover, promise_steps, promising
from actions.models import Action
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def action(people):
    return followup.raise_action(
        "Call the carrier",
        owner=people["sales"],
        department=make.department("SAL"),
        by=people["facilitator"],
        at=make.AT,
    )


def asked(owner, **fields):
    return promising.Said("propose", owner=owner, **fields)


def test_the_owner_hands_it_on_with_consent_and_the_trail_names_everybody_who_held_it(action, people):
    promising.say(action, asked(people["marketing"], reason="On leave"), by=people["sales"], at=make.AT)
    action.refresh_from_db()
    assert action.owner == people["sales"]
    promising.say(action, promising.Said("accept"), by=people["facilitator"], at=make.AT)
    promising.say(action, asked(people["supply"]), by=people["facilitator"], at=make.AT)
    action.refresh_from_db()
    assert action.owner == people["supply"] and action.department.code == "SAL"
    assert [(one.owner, one.by) for one in handover.holders(action)] == [
        (people["sales"], people["facilitator"]),
        (people["marketing"], people["facilitator"]),
        (people["supply"], people["facilitator"]),
    ]
    line = Activity.objects.filter(code="action.handed_over").earliest("pk")
    assert line.before == {"owner": people["sales"].username} and line.after == {
        "owner": people["marketing"].username
    }


@pytest.mark.parametrize("name", ["marketing", "finance", "observer", "hr"])
def test_who_neither_owns_nor_asked_nor_leads_nor_facilitates_says_nothing(action, people, name):
    for kind in promise_steps.KINDS:
        said = promising.Said(kind, people[name], reason="Mine")
        with pytest.raises(promising.CannotSay, match="Only its owner, who asked"):
            promising.say(action, said, by=people[name], at=make.AT)
    assert not promising.seen_by(people[name], action, None).doors
    assert Action.objects.get().owner == people["sales"]


def test_a_finished_action_is_not_handed_over(action, people):
    followup.set_status(action, "done", by=people["sales"], at=make.AT)
    with pytest.raises(promising.CannotSay, match="This action is over; reopen it first."):
        promising.say(action, asked(people["finance"], reason="x"), by=people["sales"], at=make.AT)


def test_it_goes_to_people_who_are_seen_and_work_here(action, people):
    gone = make.user("analyst", "SAL", is_active=False)
    partner = people["logistics"]
    for wanted in (gone, None):
        with pytest.raises(promising.CannotSay, match="Name the person"):
            promising.say(action, asked(wanted), by=people["facilitator"], at=make.AT)
    assert people["sales"] not in handover.choices(partner) and partner in handover.choices(people["sales"])
    own = followup.raise_action(
        "Count", owner=partner, department=partner.department, by=people["facilitator"], at=make.AT
    )
    with pytest.raises(promising.CannotSay, match="Name the person"):
        promising.say(own, asked(people["sales"], reason="x"), by=partner, at=make.AT)
