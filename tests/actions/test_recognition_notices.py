"""Who is told of a recognition, what they read, and that a reward is in none of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from actions import recognising
from reviewhub.notices import expanding, kinds, packing, planning
from reviewhub.notices.models import Channel, Delivery, Message
from reviewhub.people.models import User
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.AT + dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def english(people):
    for one in people.values():
        one.email, one.language, one.name_latin = f"{one.username}@x.example", "en", one.username.title()
        one.save()
    with translation.override("en"):
        yield


def tick(at):
    for step in (planning.plan, expanding.expand, packing.pack):
        step(clock=lambda: at)


def content(message):
    return kinds.find(message.occurrence.kind).render(message.occurrence, message.user)


def told() -> set[tuple[str, str]]:
    rows = Message.objects.filter(channel=Channel.INAPP).select_related("user", "occurrence")
    return {(row.user.username, content(row).title) for row in rows}


def test_an_executive_is_asked_and_then_who_nominated_and_who_is_recognised_are_told(people):
    row = make.recognition(people, reward="money", amount=Decimal(98765))
    tick(make.AT)
    assert told() == {("ceo", "Decide on the recognition of Supply")}
    recognising.decide(row, approve=True, by=people["ceo"], at=LATER)
    tick(LATER)
    thanked = "Supply is recognised by Sales"
    assert told() == {
        ("ceo", "Decide on the recognition of Supply"),
        ("sales", thanked),
        ("supply", thanked),
    }
    written = str([content(row) for row in Message.objects.select_related("user", "occurrence")])
    assert "Moved German stock in a week" in written and "98765" not in written and "money" not in written


def test_what_is_declined_is_told_with_its_reason_to_who_nominated_alone(people):
    row = make.recognition(people)
    recognising.decide(row, approve=False, reason="One month only", by=people["ceo"], at=LATER)
    tick(LATER)
    assert told() == {("sales", "The recognition of Supply was declined")}
    message = Message.objects.get(channel=Channel.INAPP)
    assert content(message).lines == ("Moved German stock in a week", "One month only")


def test_an_executive_who_came_too_late_gets_no_mail_any_more(people):
    row = make.recognition(people)
    planning.plan(clock=lambda: make.AT)
    expanding.expand(clock=lambda: make.AT)
    recognising.decide(row, approve=True, by=people["ceo"], at=LATER)
    tick(LATER)
    assert not Delivery.objects.filter(user=people["ceo"]).exists()
    asked = Message.objects.filter(user=people["ceo"], channel=Channel.EMAIL)
    assert {row.reason for row in asked} <= {"decided", "cancelled"}


def test_a_whole_department_is_told_that_it_is_recognised(people):
    wish = recognising.Wish(None, make.department("SCM"), "Moved stock", "days", Decimal(5), Decimal(3))
    row = recognising.nominate(wish, by=people["sales"], at=make.AT)
    recognising.decide(row, approve=True, by=people["ceo"], at=LATER)
    tick(LATER)
    members = set(User.objects.filter(department__code="SCM").values_list("username", flat=True))
    assert {name for name, title in told() if "is recognised" in title} == {"sales"} | members
