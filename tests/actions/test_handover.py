"""Handing an action to somebody else: by whom, to whom, with the trail of everybody who held it."""

import pytest
from django.utils import translation

from actions import followup, handover
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


def test_the_owner_hands_it_on_and_the_trail_names_everybody_who_held_it(action, people):
    handover.hand_over(action, people["marketing"], by=people["sales"], at=make.AT)
    handover.hand_over(action, people["supply"], by=people["marketing"], at=make.AT)
    action.refresh_from_db()
    assert action.owner == people["supply"] and action.department.code == "SAL"
    assert [(one.owner, one.by) for one in handover.holders(action)] == [
        (people["sales"], people["facilitator"]),
        (people["marketing"], people["sales"]),
        (people["supply"], people["marketing"]),
    ]
    line = Activity.objects.filter(code="action.handed_over").earliest("pk")
    assert line.before == {"owner": people["sales"].username} and line.after == {
        "owner": people["marketing"].username
    }


def test_to_the_same_person_again_nothing_changes(action, people):
    handover.hand_over(action, people["sales"], by=people["facilitator"], at=make.AT)
    assert not Activity.objects.filter(code="action.handed_over").exists()


@pytest.mark.parametrize("name", ["marketing", "finance", "observer", "hr"])
def test_who_neither_owns_nor_leads_nor_facilitates_cannot_hand_it_over(action, people, name):
    found = handover.problems(action, by=people[name])
    assert found == ["Only its owner, the department's lead and the facilitator can hand this action over."]
    with pytest.raises(followup.CannotChange):
        handover.hand_over(action, people[name], by=people[name], at=make.AT)
    assert Action.objects.get().owner == people["sales"]


def test_a_finished_action_is_not_handed_over(action, people):
    followup.set_status(action, "done", by=people["sales"], at=make.AT)
    action.refresh_from_db()
    assert handover.problems(action, by=people["sales"]) == ["This action is over; reopen it first."]


def test_it_goes_to_people_who_are_seen_and_work_here(action, people):
    gone = make.user("analyst", "SAL", is_active=False)
    partner = people["logistics"]
    for wanted in (gone, None):
        with pytest.raises(followup.CannotChange, match="Name the person"):
            handover.hand_over(action, wanted, by=people["sales"], at=make.AT)
    assert people["sales"] not in handover.choices(partner) and partner in handover.choices(people["sales"])
    own = followup.raise_action(
        "Count", owner=partner, department=partner.department, by=people["facilitator"], at=make.AT
    )
    with pytest.raises(followup.CannotChange, match="Name the person"):
        handover.hand_over(own, people["sales"], by=partner, at=make.AT)


def test_the_page_hands_it_over_and_shows_the_trail(action, people, signed_in):
    client = signed_in(people["sales"])
    client.cookies["reviewhub_language"] = "en"
    page = client.get(f"/actions/{action.pk}/").content.decode()
    assert "Hand it to somebody else" in page and "Who held it" in page
    refused = client.post(f"/actions/{action.pk}/hand-over", {"owner": "999999"})
    assert refused.status_code == 422 and "Name the person" in refused.content.decode()
    answer = client.post(f"/actions/{action.pk}/hand-over", {"owner": str(people["finance"].pk)})
    assert answer["Location"] == f"/actions/{action.pk}/" and Action.objects.get().owner == people["finance"]
    page = client.get(f"/actions/{action.pk}/").content.decode()
    assert page.index(people["sales"].display_name) < page.rindex(people["finance"].display_name)
    assert f"/actions/{action.pk}/" in client.get("/actions/").content.decode()


def test_others_read_the_page_without_the_form_and_a_stranger_finds_nothing(action, people, signed_in):
    client = signed_in(people["observer"])
    client.cookies["reviewhub_language"] = "en"
    assert "Hand it to somebody else" not in client.get(f"/actions/{action.pk}/").content.decode()
    assert (
        client.post(f"/actions/{action.pk}/hand-over", {"owner": str(people["finance"].pk)}).status_code
        == 422
    )
    assert signed_in(people["logistics"]).get(f"/actions/{action.pk}/").status_code == 404
    assert Action.objects.get().owner == people["sales"]
