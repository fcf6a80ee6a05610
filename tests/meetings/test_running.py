"""Orders become lines of one log; races, repetitions and stale looks change nothing."""

import datetime as dt
import json
import threading
import uuid

import pytest
from django.db import connection, connections

from actions.models import Action
from meetings import clock, logbook, running, screens
from meetings.models import Capture, Event, Meeting
from metrics.models import Review
from reviewhub.people.models import Activity
from tests.meetings.rooms import Room

pytestmark = pytest.mark.django_db


def test_a_whole_meeting_from_lobby_to_end(room):
    room.at(0).order("start")
    room.at(10).order("next")
    room.at(13).order("next")
    room.at(20).order("pause", reason="technical")
    room.at(22).order("resume")
    assert (room.row().state, room.meeting.seq) == ("running", 6)
    room.at(50).order("end")
    room.at(52).order("end")
    assert (room.row().state, room.meeting.started_at) == ("ended", room.start)
    assert room.meeting.ended_at == room.start + dt.timedelta(minutes=52)
    assert [kind for _seq, kind in room.events()] == [
        "lobby.opened", "meeting.started", "part.next", "part.next", "meeting.paused", "meeting.resumed",
        "meeting.closing", "meeting.ended",
    ]  # fmt: skip
    assert Review.objects.get().state == "met"
    assert set(Activity.objects.values_list("code", flat=True)) == {
        "meeting.planned", "meeting.started", "meeting.ended", "budget.opened",
    }  # fmt: skip


def test_the_stored_deltas_add_up_to_nothing_and_replay_gives_the_ledger(room):
    room.at(4).order("start")
    room.at(15).order("next")
    room.at(19, 30).order("next")
    room.at(56).order("extend", seconds=300, pay=["compress"])
    assert all(sum(event.deltas.values()) == 0 for event in Event.objects.all())
    plan, state = logbook.standing(room.row())
    assert sum(state.ledger.values()) == 14_400
    assert (state.current, clock.allot(plan, state, "SAL.D"), clock.buffer(plan, state)) == (
        "SAL.D",
        2430,
        300,
    )


def test_the_start_opens_the_lobby_if_nobody_did(people, start):
    room = Room(people, start)
    assert room.order("start").event.seq == 2
    assert [kind for _seq, kind in room.events()] == ["lobby.opened", "meeting.started"]


def test_an_order_that_saw_an_old_state_is_stale_and_changes_nothing(room):
    room.order("start")
    room.at(5).order("next")
    with pytest.raises(running.Stale):
        room.at(6).order("next", expected=2)
    with pytest.raises(running.Stale):
        room.order("next", expected=99)
    assert room.row().seq == 3


def test_notes_and_arrivals_in_between_do_not_make_the_facilitator_stale(room):
    room.order("start")
    room.capture("/d 德国站提价3%")
    room.order("present", by="ceo")
    assert room.at(5).order("next", expected=2).event.seq == 5


def test_the_same_order_sent_twice_gets_the_first_answer_again(room):
    room.order("start")
    number = uuid.uuid4()
    first = room.at(5).order("next", expected=2, client_id=number)
    room.at(6).order("next")
    again = room.at(7).order("next", expected=2, client_id=number)
    assert again.document() == first.document()
    assert room.row().seq == 4


def test_a_number_used_by_one_person_does_not_answer_another(room):
    number = uuid.uuid4()
    room.order("present", by="ceo", client_id=number)
    with pytest.raises(running.Refused) as refusal:
        room.order("present", by="owner", client_id=number)
    assert refusal.value.problem.code == "client_id_taken"


@pytest.mark.parametrize("who", ["scribe", "ceo", "sales", "owner", "admin", "observer"])
def test_only_the_facilitator_holds_the_clock(room, who):
    with pytest.raises(running.NotAllowed) as refusal:
        room.order("start", by=who)
    assert refusal.value.problem.code == "not_the_facilitator"


def test_a_facilitator_who_lost_the_role_has_lost_the_clock(room, people):
    people["facilitator"].assignments.update(ended_at=room.start)
    del people["facilitator"].abilities
    with pytest.raises(running.NotAllowed):
        room.order("start")


@pytest.mark.parametrize(
    ("phase", "do", "code"),
    [
        ("lobby", "next", "not_running"),
        ("running", "start", "not_in_lobby"),
        ("paused", "pause", "not_running"),
        ("running", "resume", "not_paused"),
        ("ended", "next", "not_running"),
    ],
)
def test_an_order_out_of_turn_is_refused_as_such(room, phase, do, code):
    for step in {"lobby": [], "running": ["start"], "paused": ["start", "pause"]}.get(
        phase, ["start", "end", "end"]
    ):
        room.order(step)
    before = room.row().seq
    with pytest.raises(running.Refused) as refusal:
        room.order(do)
    assert (refusal.value.problem.code, refusal.value.out_of_turn) == (code, True)
    assert room.row().seq == before


def test_a_rule_refuses_in_words_without_a_turn(room):
    room.order("start")
    with pytest.raises(running.Refused) as refusal:
        room.order("extend", seconds=7200)
    assert (refusal.value.problem.code, refusal.value.out_of_turn) == ("seconds_out_of_range", False)


def test_undo_brings_the_meeting_row_back_too(room):
    room.order("start")
    room.at(0, 5).order("undo")
    assert (room.row().state, room.meeting.started_at) == ("lobby", None)


def test_the_clock_of_the_database_stepping_backward_never_runs_the_log_backward(room):
    room.at(0).order("start")
    room.at(5).order("next")
    assert room.at(-5).order("next").event.at == room.start + dt.timedelta(minutes=5)
    assert room.at(-5).capture("/n später").event.at == room.start + dt.timedelta(minutes=5)
    moments = list(Event.objects.filter(seq__gt=1).order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_the_instant_is_the_databases_clock_and_not_the_start_of_the_transaction():
    first, second = logbook.instant(), logbook.instant()
    assert first.tzinfo is not None
    assert first <= second
    if connection.vendor == "postgresql":
        assert first < second  # now() would stand still: this test is one transaction


def test_a_decision_is_written_down_as_typed(room, people):
    room.order("start")
    answer = room.at(3).capture("／d 德国站提价3%　$+0")
    row = Capture.objects.get()
    assert (row.kind, row.text, row.part.code) == ("decision", "德国站提价3%", "OPEN")
    assert (row.captured_by, row.captured_at) == (people["scribe"], room.now)
    assert row.parsed["money"] == {"amount": "0", "currency": None, "department": None, "account": None}
    assert answer.event.payload["capture"] == row.pk
    assert Action.objects.count() == 0


def test_an_action_is_raised_with_owner_date_and_key_result(room, people):
    people["owner"].name_latin, people["owner"].name = "Li Wei", "李伟"
    people["owner"].save()
    room.order("start")
    room.at(3).capture("/a @lw 完成德国站上线 #KR2 ^2026-12-05 !1 &LOG")
    action = Action.objects.get()
    assert (action.title, action.owner, action.key_result) == ("完成德国站上线", people["owner"], "KR2")
    assert (action.due_on, action.original_due_on) == (dt.date(2026, 12, 5),) * 2
    assert (action.priority, action.review, action.raised_by) == (1, room.meeting.review, people["scribe"])
    assert [each.code for each in action.collaborators.all()] == ["LOG"]
    assert [each.kind for each in action.reviews.all()] == ["raised"]
    assert Capture.objects.get().action == action


def test_a_department_answers_by_its_lead(room, people):
    room.order("start")
    room.capture("/a @供应链 尾程换承运商试点 ^+14d")
    action = Action.objects.get()
    assert (action.owner, action.department.code) == (people["supply"], "SCM")
    assert action.due_on == dt.date(2026, 12, 7)


def test_of_two_people_with_one_name_the_one_in_the_room_is_meant(room, people):
    for who, name in (("owner", "李伟"), ("tech", "李维")):
        people[who].name = name
        people[who].save()
    room.order("present", by="tech")
    room.order("start")
    room.capture("/a @liwei 修复追踪")
    assert Action.objects.get().owner == people["tech"]


def test_an_action_without_owner_and_date_is_kept_and_says_what_it_lacks(room):
    room.order("start")
    answer = room.capture("/a 退货标签")
    action = Action.objects.get()
    assert (action.owner, action.due_on, action.department) == (None, None, None)
    assert answer.event.payload["missing"] == ["owner", "due_on", "link"]


def test_a_capture_sent_twice_is_one_capture(room):
    room.order("start")
    number = uuid.uuid4()
    first = room.capture("/a @sales 提价", client_id=number)
    assert room.capture("/a @sales 提价", client_id=number).document() == first.document()
    assert (Capture.objects.count(), Action.objects.count()) == (1, 1)


@pytest.mark.parametrize("text", ["", " ", "\x00\u200b", "\t\n"])
def test_nothing_but_text_is_mandatory(room, text):
    room.order("start")
    with pytest.raises(running.Refused) as refusal:
        room.capture(text)
    assert refusal.value.problem.code == "empty_text"


def test_what_no_database_takes_is_left_out_of_a_note(room):
    room.order("start")
    room.capture("/n a\x00b\ud800c\x07 d\ne")
    assert Capture.objects.get().text == "abc d e"


def test_notes_are_taken_from_the_start_to_the_end(room):
    with pytest.raises(running.Refused) as refusal:
        room.capture("/n zu früh")
    assert (refusal.value.problem.code, refusal.value.out_of_turn) == ("nothing_to_capture_in", True)


@pytest.mark.parametrize("who", ["owner", "observer", "logistics"])
def test_who_may_not_write_is_told_so(room, who):
    room.order("start")
    with pytest.raises(running.NotAllowed):
        room.capture("/n x", by=who)


def test_signing_in_twice_is_one_seat_and_one_line(room, people):
    first = room.order("present", by="ceo")
    assert room.order("present", by="ceo").event == first.event
    assert room.meeting.attendance.get().person == people["ceo"]


def test_the_state_is_complete_and_small(room, people):
    for who in people:
        room.order("present", by=who)
    room.order("start")
    for number in range(12):
        room.capture(f"/a @sales {'把德国站的退货标签改好' * 12} {number} ^+14d #KR2")
    state = screens.state_for(room.row(), reader=people["sales"], at=room.now)
    assert (state["phase"], state["part"], state["next"]) == ("running", "OPEN", "SAL.R")
    assert state["captures"]["total"] == state["captures"]["actions"] == 12
    assert [segment["id"] for segment in state["agenda"]][:3] == ["OPEN", "SAL", "MKT"]
    assert state["present"]["count"] == len(people)
    assert len(clock_bytes(state)) < 10_000


def test_the_query_count_of_the_state_does_not_grow(room, people, django_assert_num_queries):
    room.order("start")
    reader = people["sales"]
    assert reader.is_partner is False
    for _round in range(2):
        room.capture("/a @sales x")
        room.order("next")
        meeting = Meeting.objects.select_related("facilitator", "review").get(pk=room.meeting.pk)
        with django_assert_num_queries(6):
            screens.state_for(meeting, reader=reader, at=room.now)


def clock_bytes(state):
    return json.dumps(state, ensure_ascii=False).encode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crowd", [2, 8])
def test_of_those_who_press_next_at_once_exactly_one_is_heard(room, crowd):
    room.order("start")
    seq = room.row().seq
    gate, outcomes = threading.Barrier(crowd), []

    def press():
        gate.wait()
        try:
            room_answer = running.command(
                room.meeting.pk,
                "next",
                {},
                by=room.people["facilitator"],
                expected_seq=seq,
                client_id=uuid.uuid4(),
            )
            outcomes.append(room_answer.event.type)
        except running.Stale:
            outcomes.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["part.next", *["stale"] * (crowd - 1)]
    assert room.row().seq == seq + 1


def test_the_question_on_the_stage_belongs_to_its_part(room, people):
    room.order("start")
    room.order("next")
    room.order("stage.set", question=2)
    reader = people["owner"]
    state = screens.state_for(room.row(), reader=reader, at=room.now)
    assert (state["question"], state["questions"][2]["en"]) == (2, "Where are new market opportunities?")
    with pytest.raises(running.Refused) as refusal:
        room.order("stage.set", question=4)
    assert refusal.value.problem.code == "no_such_question"
    room.order("next", expected=3)
    assert screens.state_for(room.row(), reader=reader, at=room.now)["question"] == 0
