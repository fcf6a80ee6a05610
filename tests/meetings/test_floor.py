"""The speaker queue: hands, the fair order, turns, talk time; read from the log alone (F68)."""

import datetime as dt
import json
from collections import namedtuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import floor

Line = namedtuple("Line", "seq type payload at actor_id")
NINE = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
SEGMENTS = {"OPEN": "OPEN", "SAL.R": "SAL", "SAL.D": "SAL", "MKT": "MKT"}
SUN, LI, ZHAO = 1, 2, 3


def log(*said):
    """Lines from (second, type, payload), numbered from 1."""
    return [
        Line(seq, kind, payload, NINE + dt.timedelta(seconds=second), 0)
        for seq, (second, kind, payload) in enumerate(said, 1)
    ]


def joined(second, person, way="speak"):
    return second, floor.JOINED, {"person": person, "way": way}


def called(second, person, way="speak"):
    return second, floor.CALLED, {"person": person, "way": way}


def done(second):
    return second, floor.DONE, {}


def moved(second, to, kind="part.next", **more):
    return second, kind, {"to": to, **more}


BEGIN = moved(0, "SAL.R", "meeting.started")


def order(*said, at=1000):
    found = floor.read(log(*said), SEGMENTS)
    return [hand.person for hand in found.line(NINE + dt.timedelta(seconds=at))]


ORDERS = {
    "who asked first, as long as nobody has spoken": ([BEGIN, joined(1, LI), joined(2, SUN)], [LI, SUN]),
    "who has spoken in this item comes after who has not": (
        [BEGIN, joined(1, LI), called(2, LI), done(3), joined(4, LI), joined(5, SUN)], [SUN, LI],
    ),
    "of those who have spoken, who spoke least": (
        [BEGIN, called(0, LI), called(60, SUN), done(70), joined(71, LI), joined(72, SUN)], [SUN, LI],
    ),
    "in a new item what was said before still counts": (
        [BEGIN, called(0, LI), done(60), moved(61, "MKT"), joined(62, LI), joined(63, SUN)], [SUN, LI],
    ),
    "a part of the same item keeps the queue": ([BEGIN, joined(1, LI), moved(2, "SAL.D")], [LI]),
    "a new item empties it": ([BEGIN, joined(1, LI), moved(2, "MKT")], []),
    "a reply goes right after the speaker": (
        [BEGIN, called(1, ZHAO), joined(2, SUN), joined(3, LI, "reply")], [LI, SUN],
    ),
    "but not a second one in a row": (
        [BEGIN, called(1, ZHAO, "reply"), joined(2, SUN), joined(3, LI, "reply")], [SUN, LI],
    ),
    "and not where nobody speaks": ([BEGIN, joined(2, SUN), joined(3, LI, "reply")], [SUN, LI]),
    "a hand that goes down is gone": ([BEGIN, joined(1, LI), (2, floor.LEFT, {"person": LI})], []),
    "a hand twice is one hand, at its second place": (
        [BEGIN, joined(1, LI), joined(2, SUN), joined(3, LI)], [SUN, LI],
    ),
    "by time, who asked first": (
        [BEGIN, called(0, LI), done(60), (61, floor.SORTED, {"order": "by_time"}), joined(62, LI), joined(63, SUN)],
        [LI, SUN],
    ),
    "a part dropped that was not on the floor changes nothing": (
        [BEGIN, joined(1, LI), (2, "part.skipped", {"part": "MKT", "to": "SAL.R"})], [LI],
    ),
    "not even one of the same item": (
        [BEGIN, joined(1, LI), (2, "part.skipped", {"part": "SAL.D", "to": "SAL.R"})], [LI],
    ),
    "the part on the floor dropped for another item empties the queue": (
        [BEGIN, joined(1, LI), (2, "part.skipped", {"part": "SAL.R", "to": "MKT"})], [],
    ),
    "an undone step never was": (
        [BEGIN, joined(1, LI), moved(2, "MKT"), (3, "event.voided", {"seq": 3})], [LI],
    ),
    "closing ends the queue": ([BEGIN, joined(1, LI), (2, "meeting.closing", {})], []),
}  # fmt: skip


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_of_the_queue(case):
    said, people = ORDERS[case]
    assert order(*said) == people


TALK = {
    "from the call to the end": ([BEGIN, called(10, LI), done(55)], {LI: 45}),
    "up to now while it goes on": ([BEGIN, called(10, LI)], {LI: 90}),
    "until the floor goes to the next": ([BEGIN, called(10, LI), called(40, SUN), done(50)], {LI: 30, SUN: 10}),
    "a new part ends the turn": ([BEGIN, called(10, LI), moved(30, "SAL.D")], {LI: 20}),
    "a pause does not count": (
        [BEGIN, called(10, LI), (20, "meeting.paused", {}), (80, "meeting.resumed", {}), done(85)], {LI: 15},
    ),
    "another part that is dropped does not end the turn": (
        [BEGIN, called(10, LI), (30, "part.skipped", {"part": "SAL.D", "to": "SAL.R"}), done(60)], {LI: 50},
    ),
    "an undone step lets the turn go on": (
        [BEGIN, called(10, LI), moved(30, "MKT"), (40, "event.voided", {"seq": 3}), done(60)], {LI: 50},
    ),
    "a clock that stepped back counts nothing": ([BEGIN, called(10, LI), done(5)], {LI: 0}),
}  # fmt: skip


@pytest.mark.parametrize("case", TALK)
def test_talk_time_is_counted_from_the_turns(case):
    said, seconds = TALK[case]
    assert floor.talk(floor.read(log(*said), SEGMENTS), NINE + dt.timedelta(seconds=100)) == seconds


people = st.sampled_from([SUN, LI, ZHAO])
ways = st.sampled_from(floor.WAYS)
steps = st.one_of(
    st.tuples(st.just(floor.JOINED), st.fixed_dictionaries({"person": people, "way": ways})),
    st.tuples(st.just(floor.CALLED), st.fixed_dictionaries({"person": people, "way": ways})),
    st.tuples(st.just(floor.LEFT), st.fixed_dictionaries({"person": people})),
    st.tuples(st.just(floor.DONE), st.just({})),
    st.tuples(st.just(floor.SORTED), st.fixed_dictionaries({"order": st.sampled_from(floor.ORDERS)})),
    st.tuples(
        st.sampled_from(["part.next", "part.back", "part.goto"]),
        st.fixed_dictionaries({"to": st.sampled_from([*SEGMENTS, None])}),
    ),
    st.tuples(st.sampled_from(["meeting.paused", "meeting.resumed", "meeting.closing"]), st.just({})),
)
scripts = st.lists(st.tuples(st.integers(0, 90), steps), max_size=40)


@given(scripts, st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_happens_nobody_speaks_twice_at_once_and_the_line_is_who_waits(script, data):
    second, said = 0, [BEGIN]
    for gap, (kind, payload) in script:
        second += gap
        said.append((second, kind, payload))
    lines, now = log(*said), NINE + dt.timedelta(seconds=second + 30)
    found = floor.read(lines, SEGMENTS)
    assert [turn for turn in found.turns[:-1] if turn.until is None] == []
    for one, other in zip(found.turns, found.turns[1:], strict=False):
        assert one.until <= other.since
    assert sorted(found.line(now), key=lambda hand: hand.seq) == sorted(
        found.hands, key=lambda hand: hand.seq
    )
    assert len({hand.person for hand in found.hands}) == len(found.hands)
    assert sum(floor.talk(found, now).values()) <= second + 30
    upto = data.draw(st.integers(1, len(lines)))
    voided = [*lines, Line(len(lines) + 1, "event.voided", {"seq": upto}, now, 0)]
    without = [line for line in lines if line.seq != upto]
    assert floor.read(voided, SEGMENTS) == floor.read(without, SEGMENTS)


# --- In a meeting ------------------------------------------------------------------------------------------


@pytest.fixture
def running_room(room):
    room.order("start")
    return room


def seen(room, who):
    from meetings import screens  # noqa: PLC0415 - the tests above run without Django

    return screens.state_for(room.row(), reader=room.people[who], at=room.now)


def test_a_phone_raises_a_hand_and_the_facilitator_gives_the_floor(running_room, people):
    room = running_room
    room.at(1).order("queue.join", by="owner", to="speak")
    room.at(1, 5).order("queue.join", by="sales", to="speak")
    waiting = seen(room, "owner")["floor"]["waiting"]
    assert [(one["person"], one["place"]) for one in waiting] == [
        (people["owner"].pk, 1),
        (people["sales"].pk, 2),
    ]
    room.at(2).order("queue.call", person=people["sales"].pk)
    now = seen(room, "owner")["floor"]
    assert (now["speaking"]["person"], now["speaking"]["since"]) == (
        people["sales"].pk,
        "2026-11-23T01:02:00+00:00",
    )
    room.at(2, 45).order("queue.call")
    assert seen(room, "owner")["floor"]["speaking"]["person"] == people["owner"].pk
    room.at(3).order("queue.leave", by="owner")
    assert seen(room, "owner")["floor"]["speaking"] is None
    assert seen(room, "facilitator")["remaining_s"] == 600 - 180


def test_talk_time_by_department_is_told_to_the_facilitator_alone(running_room, people):
    room = running_room
    room.order("queue.join", by="sales")
    room.order("queue.call")
    room.at(1).order("queue.done")
    talk = seen(room, "facilitator")["desk"]["talk"]
    assert [(one["department"], one["seconds"]) for one in talk] == [("SAL", 60)]
    for who in ("owner", "ceo", "sales", "scribe"):
        assert "desk" not in seen(room, who)


def test_a_partner_sees_its_own_hands_only(running_room, people):
    from meetings.models import Segment  # noqa: PLC0415
    from reviewhub.people.models import Department  # noqa: PLC0415

    room = running_room
    partner = Department.objects.get(code="LOG")
    Segment.objects.filter(meeting=room.meeting, code="SC").update(department=partner)
    people["sales"].name_latin = "CANARY"
    people["sales"].save()
    room.order("queue.join", by="sales")
    room.at(0, 5).order("queue.join", by="logistics")
    shown = seen(room, "logistics")["floor"]
    assert [(one["person"], one["place"]) for one in shown["waiting"]] == [(people["logistics"].pk, 2)]
    room.order("queue.call")
    assert seen(room, "logistics")["floor"]["speaking"] is None
    assert "CANARY" not in json.dumps(seen(room, "logistics"))
    assert "CANARY" in json.dumps(seen(room, "owner"))
    room.order("queue.call")
    assert seen(room, "logistics")["floor"]["speaking"]["person"] == people["logistics"].pk


REFUSED = {
    "unknown_way": [("queue.join", "owner", {"to": "shout"})],
    "queue_locked": [("queue.lock", "facilitator", {}), ("queue.join", "owner", {})],
    "not_waiting": [("queue.leave", "owner", {})],
    "nobody_waits": [("queue.call", "facilitator", {})],
    "not_in_queue": [("queue.join", "owner", {}), ("queue.call", "facilitator", {"person": 2**40})],
    "nobody_speaks": [("queue.done", "facilitator", {})],
    "unknown_order": [("queue.sort", "facilitator", {"to": "by_name"})],
    "speaking_already": [
        ("queue.join", "owner", {}), ("queue.call", "facilitator", {}), ("queue.join", "owner", {}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_the_queue_refuses_changes_nothing(running_room, code):
    from meetings import running  # noqa: PLC0415

    *before, (do, who, arguments) = REFUSED[code]
    for earlier, by, given_ in before:
        running_room.order(earlier, by=by, **given_)
    events = running_room.events()
    with pytest.raises(running.Refused, match=code):
        running_room.order(do, by=who, **arguments)
    assert running_room.events() == events


@pytest.mark.parametrize("do", ["queue.call", "queue.done", "queue.lock", "queue.sort"])
def test_only_the_facilitator_and_who_helps_gives_the_floor(running_room, people, do):
    from meetings import running  # noqa: PLC0415
    from tests import make  # noqa: PLC0415

    running_room.order("queue.join", by="owner")
    for who in ("owner", "scribe", "sales"):
        with pytest.raises(running.NotAllowed):
            running_room.order(do, by=who, to="fair")
    people["chen"] = make.user("co-facilitator")
    if do != "queue.done":
        assert running_room.order(do, by="chen", to="fair").event.type.startswith("queue.")


def test_a_hand_does_not_make_an_order_to_the_clock_stale(running_room):
    seen_seq = running_room.row().seq
    running_room.order("queue.join", by="owner")
    running_room.order("next", expected=seen_seq)
    assert running_room.events()[-1][1] == "part.next"


def test_before_the_start_and_after_the_end_nobody_queues(room):
    from meetings import running  # noqa: PLC0415

    with pytest.raises(running.Refused, match="not_running"):
        room.order("queue.join", by="owner")
