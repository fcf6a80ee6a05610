"""Who is told of the promise of a task, when, and why others are not."""

import datetime as dt

import pytest
from django.utils import translation

from actions import promising
from actions.models import Action
from actions.promising import Said
from reviewhub.notices import expanding, kinds, packing, planning
from reviewhub.notices.models import Channel, Message, Watermark
from tests import make

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NEW_DATE = dt.date(2026, 12, 20)


@pytest.fixture
def task(people):
    """Sales asked the owner for it at AT; the planner is awake since."""
    for one in people.values():
        one.email, one.language, one.name_latin = f"{one.username}@x.example", "en", one.username.title()
        one.save()
    for code in (promising.WAITS, promising.ANSWERED, "promise.silent"):
        Watermark.objects.update_or_create(kind=code, defaults={"planned_until": make.AT})
    with translation.override("en"):
        yield make.action("Launch", owner=people["owner"], due="2026-12-05", raised_by=people["sales"])


def tick(at):
    for step in (planning.plan, expanding.expand, packing.pack):
        step(clock=lambda: at)


def told() -> set[tuple[str, str]]:
    rows = Message.objects.filter(channel=Channel.INAPP, occurrence__kind__startswith="promise.")
    rows = rows.exclude(state=Message.State.SUPPRESSED).select_related("user", "occurrence")
    return {
        (row.user.username, kinds.find(row.occurrence.kind).render(row.occurrence, row.user).title)
        for row in rows
    }


def say(task, kind, by, at=make.AT, **said):
    promising.say(Action.objects.get(pk=task.pk), Said(kind, **said), by=by, at=at)


def test_after_a_day_of_silence_the_owner_and_who_asked_are_told_once(task):
    tick(make.AT + 23 * HOUR)
    assert told() == set()
    for hours in (24, 25, 47, 72):
        tick(make.AT + hours * HOUR)
    assert told() == {
        ("owner", "Your answer is waited for since yesterday: Launch"),
        ("sales", "Owner has not answered for a day: Launch"),
    }
    assert Message.objects.filter(channel=Channel.INAPP, occurrence__kind="promise.silent").count() == 2


def test_who_accepts_within_the_day_hears_nothing_and_neither_does_who_asked(task, people):
    say(task, "accept", people["owner"])
    tick(make.AT + DAY + HOUR)
    assert told() == set()


def test_a_proposal_is_told_to_who_asked_and_the_answer_to_who_proposed(task, people):
    say(task, "propose", people["owner"], owner=people["owner"], due_on=NEW_DATE, reason="Customs")
    tick(make.AT + HOUR)
    proposed = ("sales", "Owner proposes another date or owner: Launch")
    assert told() == {proposed}
    message = Message.objects.filter(channel=Channel.INAPP, occurrence__kind=promising.WAITS).get()
    shown = kinds.find(promising.WAITS).render(message.occurrence, people["sales"])
    assert "Customs" in shown.lines and "20 Dec 2026" in shown.lines[0]
    say(task, "accept", people["sales"], at=make.AT + 2 * HOUR)
    tick(make.AT + 3 * HOUR)
    assert told() == {proposed, ("owner", "Sales accepted: Launch")}
    tick(make.AT + 2 * DAY)
    assert len(told()) == 2


def test_a_refusal_is_told_with_its_reason_and_silence_after_it_falls_to_who_asked(task, people):
    say(task, "decline", people["owner"], reason="On leave")
    tick(make.AT + HOUR)
    assert told() == {("sales", "Owner declined “Launch”")}
    tick(make.AT + DAY + HOUR)
    assert ("sales", "Your answer is waited for since yesterday: Launch") in told()
    assert not [title for name, title in told() if name == "owner"]


def test_what_was_answered_before_it_was_told_is_told_to_nobody(task, people):
    say(task, "propose", people["owner"], owner=people["owner"], due_on=NEW_DATE, reason="Customs")
    say(task, "keep", people["sales"], at=make.AT + dt.timedelta(minutes=1))
    tick(make.AT + HOUR)
    assert told() == {("owner", "Sales keeps it as it was: Launch")}


@pytest.mark.parametrize("first", ["propose", "decline"])
def test_who_is_asked_anew_after_an_answer_is_told(task, people, first):
    say(task, first, people["owner"], owner=people["owner"], due_on=NEW_DATE, reason="Customs")
    other = NEW_DATE + DAY
    say(
        task,
        "propose",
        people["sales"],
        at=make.AT + HOUR,
        owner=people["owner"],
        due_on=other,
        reason="Then",
    )
    tick(make.AT + 2 * HOUR)
    assert told() == {("owner", "Sales proposes another date or owner: Launch")}


def test_a_task_of_ones_own_waits_for_nobody(people, task):
    make.action("Mine", owner=people["owner"], raised_by=people["owner"])
    say(task, "accept", people["owner"])
    tick(make.AT + DAY + HOUR)
    assert told() == set()
