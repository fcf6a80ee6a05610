"""The promise of a task on its page, on the first page and in the log: both sides, their reasons, and the trail."""

import datetime as dt

import pytest
from django.db import Error, transaction
from django.utils import translation

from actions import followup, promising
from actions.models import PromiseStep
from actions.promising import CannotSay, Said
from reviewhub import promise_cards
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
FIRST, LATER, LAST = dt.date(2026, 12, 5), dt.date(2026, 12, 12), dt.date(2026, 12, 19)


@pytest.fixture(autouse=True)
def english(people):
    with translation.override("en"):
        yield


@pytest.fixture
def action(people):
    return followup.raise_action(
        "Launch DE", owner=people["owner"], due_on=FIRST, by=people["marketing"], at=make.AT
    )


@pytest.fixture
def say(action, people):
    def said(who, kind, due_on=None, owner="owner", reason="", **more):
        given = Said(kind, people[owner], due_on, reason, **more)
        promising.say(action, given, by=people[who], at=make.AT)
        action.refresh_from_db()
        return action

    return said


def cards(person):
    return [(one.key.split("-")[0], one.title, one.note) for one in promise_cards.waiting(person)]


def test_accepted_then_moved_by_both_and_the_first_date_never_disappears(action, people, say):
    assert promising.seen_by(people["owner"], action, None).asks
    say("owner", "accept")
    say("owner", "accept")  # twice is once
    assert say("owner", "propose", LATER, reason="VAT number late").due_on == FIRST
    title = f"{people['owner']} proposes another date or owner: Launch DE"
    assert cards(people["marketing"]) == [("promise", title, "VAT number late")]
    assert not cards(people["owner"]) and not cards(people["sales"])
    assert say("marketing", "accept").due_on == LATER
    assert (
        say("sales", "propose", LAST, reason="Peak season").due_on == LATER
    )  # the lead asks, as who asked may
    assert cards(people["owner"])[0][2] == "Peak season"
    assert say("owner", "keep").due_on == LATER
    assert action.original_due_on == FIRST
    assert [(one.by, one.kind, one.due_on, one.reason) for one in promising.trail(action)] == [
        (people["owner"], "accepted", FIRST, ""),
        (people["owner"], "proposed", LATER, "VAT number late"),
        (people["marketing"], "accepted", LATER, ""),
        (people["sales"], "proposed", LAST, "Peak season"),
        (people["owner"], "kept", LATER, ""),
    ]
    codes = [one.code for one in Activity.objects.filter(subject_id=str(action.pk)).order_by("pk")]
    assert codes == [
        "action.raised",
        "action.promise_accepted",
        "action.promise_proposed",
        "action.rescheduled",
        "action.promise_accepted",
        "action.promise_proposed",
        "action.promise_kept",
    ]


def test_declined_with_a_reason_asked_again_and_decided_over_both_sides(action, people, say):
    with pytest.raises(CannotSay, match="Say why."):
        say("owner", "decline")
    say("owner", "decline", reason="No budget")
    assert cards(people["marketing"])[0][1:] == (f"{people['owner']} declined: Launch DE", "No budget")
    assert say("marketing", "propose", LATER).due_on == LATER  # nothing was promised: asked anew, at once
    say("owner", "accept")
    for who, kind in (("marketing", "overrule"), ("sales", "overrule")):
        with pytest.raises(CannotSay, match="Only its owner"):
            say(who, kind, LAST, reason="Now")
    with pytest.raises(CannotSay, match="Say why."):
        say("ceo", "overrule", LAST)
    assert say("ceo", "overrule", LAST, owner="supply", reason="Black Friday").due_on == LAST
    last = promising.latest([action])[action.pk]
    assert (action.owner, last.kind, last.state) == (people["supply"], "overruled", "asked")
    assert promising.seen_by(people["supply"], action, last).waits_for_me


def test_terms_that_changed_meanwhile_are_not_accepted_unseen_and_the_trail_is_never_changed(
    people, action, say
):
    token = promising.token(action, None)
    say("marketing", "propose", LATER)
    with pytest.raises(CannotSay, match="changed in the meantime"):
        say("owner", "accept", seen=token)
    for change in (PromiseStep.objects.all().delete, lambda: PromiseStep.objects.update(reason="x")):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_what_one_asked_of_oneself_moves_without_anybody_else_and_is_answered_by_the_next_owner(people):
    own = followup.raise_action("Count", owner=people["owner"], due_on=FIRST, by=people["owner"], at=make.AT)
    assert not promising.seen_by(people["owner"], own, None).asks
    promising.say(own, Said("propose", people["owner"], LATER), by=people["owner"], at=make.AT)
    promising.say(own, Said("propose", people["marketing"], LATER), by=people["owner"], at=make.AT)
    own.refresh_from_db()
    last = promising.latest([own])[own.pk]
    assert (own.owner, own.due_on, own.original_due_on) == (people["marketing"], LATER, FIRST)
    assert promising.seen_by(people["marketing"], own, last).asks


def test_the_pages_take_an_answer_with_one_press_and_keep_what_was_typed(action, people, signed_in):
    owner, url = signed_in(people["owner"]), f"/actions/{action.pk}/answer"
    home = owner.get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert f'action="{url}"' in home and f'action="/actions/{action.pk}/status"' not in home
    wrong = {"say": "propose", "owner": people["owner"].pk, "due_on": "2026-12-12", "reason": ""}
    refused = owner.post(url, wrong, HTTP_ACCEPT_LANGUAGE="en")
    page = refused.content.decode()
    assert refused.status_code == 422 and "Say why." in page and 'value="2026-12-12"' in page
    answer = owner.post(url, {"say": "accept", "next": "/", "seen": promising.token(action, None)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert f'action="/actions/{action.pk}/status"' in owner.get("/").content.decode()
    assert owner.post(url, wrong | {"reason": "VAT"})["Location"] == f"/actions/{action.pk}/"
    asker = signed_in(people["marketing"])
    assert f"/actions/{action.pk}/#agreement" in asker.get("/").content.decode()
    zh = asker.get(f"/actions/{action.pk}/", HTTP_ACCEPT_LANGUAGE="zh").content.decode()
    assert "提议改到" in zh and "维持不变" in zh
    asker.post(url, {"say": "accept"})
    action.refresh_from_db()
    assert action.due_on == LATER
    assert owner.post(url, {"say": "sing"}).status_code == 422
    assert signed_in(people["observer"]).post(url, {"say": "accept"}).status_code == 422
    assert signed_in(people["logistics"]).post(url, {"say": "accept"}).status_code == 404
