"""What viewers of a live screen are sent: everybody judged anew each time, at the price of one."""

import datetime as dt
import json
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from meetings.framing import Framer
from reviewhub.people.models import Assignment, Department, User
from tests import make
from tests.meetings.rooms import Room
from tests.server import session_of

pytestmark = pytest.mark.django_db


@dataclass(eq=False)
class Viewer:
    session_key: str
    meeting_id: int
    audience: int = 0


@pytest.fixture
def room(people):
    room = Room(people, timezone.now().replace(microsecond=0))
    room.order("start")
    return room


def viewers(room, *people) -> list[Viewer]:
    return [Viewer(session_of(one), room.meeting.pk) for one in people]


def state(frame: bytes) -> dict:
    name, data = frame.rstrip(b"\n").split(b"\n")
    assert name == b"event: state"
    return json.loads(data.removeprefix(b"data: "))


def test_who_comes_at_once_is_judged_apart_and_shares_a_frame(room, people):
    owner, ceo, partner = viewers(room, people["owner"], people["ceo"], people["logistics"])
    nobody, elsewhere = Viewer("nonsense", room.meeting.pk), Viewer(owner.session_key, 999_999)
    answers = Framer().admitted([owner, nobody, partner, elsewhere, ceo])
    assert [status for status, _frame, _seq in answers] == [200, 401, 404, 404, 200]
    assert answers[0][1] is answers[4][1] and answers[0][2] == 2
    assert state(answers[0][1])["phase"] == "running"
    assert [answers[place][1] for place in (1, 2, 3)] == [b"", b"", b""]


def test_a_hundred_viewers_cost_the_queries_of_one(room, people, queries):
    more = [make.user("observer", username=f"viewer-{number}") for number in range(20)]
    crowd, few, framer = viewers(room, *more), viewers(room, people["owner"]), Framer()
    for asked in (lambda them: framer.admitted(them),
                  lambda them: framer.frames(room.meeting.pk, them, {one.session_key for one in them}),
                  lambda them: framer.beats([room.meeting.pk], them, {one.session_key for one in them})):  # fmt: skip
        assert queries(lambda asked=asked: asked(crowd)) == queries(lambda asked=asked: asked(few))


def disabled(person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def with_another_password(person):
    person.set_password("another-long-secret-9")
    person.save()


def signed_out_everywhere(person):
    User.objects.filter(pk=person.pk).update(session_epoch=person.session_epoch + 1)


def moved_to_the_partner(person):
    partner = Department.objects.get(kind=Department.Kind.PARTNER)
    User.objects.filter(pk=person.pk).update(department=partner)


def without_a_session(_person):
    Session.objects.all().delete()


def expired(_person):
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    "change",
    [
        disabled,
        with_another_password,
        signed_out_everywhere,
        moved_to_the_partner,
        without_a_session,
        expired,
    ],
)
def test_what_changed_since_the_last_frame_counts_at_the_next(room, people, change):
    framer, [viewer] = Framer(), viewers(room, people["owner"])
    keys = {viewer.session_key}
    framer.admitted([viewer])
    assert list(framer.frames(room.meeting.pk, [viewer], keys)[1]) == [viewer]
    change(people["owner"])
    assert framer.frames(room.meeting.pk, [viewer], keys)[1] == {}
    assert framer.beats([room.meeting.pk], [viewer], keys) == {}


def test_abilities_are_those_of_today(room, people):
    framer, [viewer] = Framer(), viewers(room, people["facilitator"])
    framer.admitted([viewer])
    [before] = framer.doorkeeper.signed_in([viewer.session_key], at=timezone.now()).values()
    assert "meeting.run" in before.abilities
    Assignment.objects.filter(user=people["facilitator"]).update(ended_at=timezone.now())
    [after] = framer.doorkeeper.signed_in([viewer.session_key], at=timezone.now()).values()
    assert after.abilities == {}


def test_who_left_is_not_remembered(room, people):
    framer, (owner, ceo) = Framer(), viewers(room, people["owner"], people["ceo"])
    framer.admitted([owner, ceo])
    framer.frames(room.meeting.pk, [ceo], {ceo.session_key})
    assert set(framer.doorkeeper.claims) == {ceo.session_key}
    assert set(framer.doorkeeper.people) == {people["ceo"].pk}
