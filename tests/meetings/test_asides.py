"""The console changes hands, the room votes, a preset pays: none of it stops the clock."""

import uuid

import pytest

from meetings import clock, logbook, running, screens
from meetings.models import Capture, Meeting
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen(people):
    people["chen"] = make.user("co-facilitator", name="陈")
    return people["chen"]


@pytest.fixture
def held(room, people):
    """A running meeting whose facilitator's browser was there at 09:00."""
    room.order("start")
    assert running.see(room.meeting.pk, by=people["facilitator"], at=room.now)
    return room


def seen(room, who="facilitator"):
    return screens.state_for(room.row(), reader=room.people[who], at=room.now)


def test_an_offer_is_accepted_with_one_tap_and_the_clock_goes_on(held, people, chen):
    held.at(1).order("fac.offer", person=chen.pk)
    assert seen(held)["handover"] == {
        "kind": "offered", "to": chen.pk, "name": {"zh": "陈", "en": chen.name_latin},
        "until": "2026-11-23T01:02:00+00:00",
    }  # fmt: skip
    held.at(1, 20).order("fac.accept", by="chen")
    assert (held.row().facilitator, seen(held)["handover"]) == (chen, None)
    assert seen(held)["remaining_s"] == 600 - 80
    held.at(2).order("next", by="chen")
    with pytest.raises(running.NotAllowed):
        held.order("pause")


@pytest.mark.parametrize(("minutes", "seconds"), [(2, 1), (5, 0)])
def test_an_offer_lapses_after_a_minute(held, chen, minutes, seconds):
    held.at(1).order("fac.offer", person=chen.pk)
    with pytest.raises(running.Refused, match="nothing_offered"):
        held.at(minutes, seconds).order("fac.accept", by="chen")
    assert seen(held)["handover"] is None


def test_an_offer_is_declined_or_withdrawn(held, people, chen):
    for who in ("chen", "facilitator"):
        held.order("fac.offer", person=chen.pk)
        held.order("fac.keep", by=who)
        with pytest.raises(running.Refused, match="nothing_offered"):
            held.order("fac.accept", by="chen")
    assert held.row().facilitator == people["facilitator"]


@pytest.mark.parametrize("who", ["scribe", "logistics", "facilitator", "sales"])
def test_the_console_is_offered_only_to_somebody_else_who_can_hold_it(held, people, who):
    with pytest.raises(running.Refused, match="cannot_hold"):
        held.order("fac.offer", person=people[who].pk)


@pytest.mark.parametrize("number", [None, 0, -1, 2**40])
def test_nobody_is_nobody(held, number):
    with pytest.raises(running.Refused, match="cannot_hold"):
        held.order("fac.offer", person=number)


def test_a_claim_asks_first_and_ten_seconds_of_silence_are_a_yes(held, people, chen):
    held.at(0, 30).order("fac.claim", by="chen")
    assert (held.row().facilitator, seen(held)["handover"]["kind"]) == (people["facilitator"], "claimed")
    with pytest.raises(running.Refused, match="claim_waits"):
        held.at(0, 39).order("fac.claim", by="chen")
    held.at(0, 40).order("fac.claim", by="chen")
    assert held.row().facilitator == chen


def test_the_facilitator_keeps_the_console_or_gives_it(held, people, chen):
    held.at(0, 30).order("fac.claim", by="chen")
    held.at(0, 35).order("fac.keep")
    held.at(0, 45).order("fac.claim", by="chen")
    assert held.row().facilitator == people["facilitator"]
    held.at(0, 46).order("fac.accept")
    assert held.row().facilitator == chen


def test_after_a_minute_of_silence_a_claim_is_immediate(held, people, chen):
    held.at(0, 59).order("fac.claim", by="chen")
    assert held.row().facilitator == people["facilitator"]
    held.at(0, 59).order("fac.keep")
    held.at(1).order("fac.claim", by="chen")
    assert held.row().facilitator == chen
    assert held.events()[-1][1] == "fac.changed"


def test_an_executive_takes_over_at_once_and_may_start_without_the_facilitator(room, people):
    running.see(room.meeting.pk, by=people["facilitator"], at=room.start)
    room.at(10).order("fac.claim", by="ceo")
    room.order("start", by="ceo")
    assert (room.row().state, room.meeting.facilitator) == ("running", people["ceo"])
    assert seen(room)["ledger_s"]["LATE"] == 600


@pytest.mark.parametrize("who", ["scribe", "sales", "observer"])
def test_who_cannot_hold_a_meeting_claims_nothing(held, who):
    for do in ("fac.claim", "fac.accept", "fac.keep"):
        with pytest.raises(running.NotAllowed):
            held.at(9).order(do, by=who)


def test_only_the_facilitators_browser_keeps_the_lease(held, people, chen):
    for minute in range(1, 4):
        assert running.see(held.meeting.pk, by=people["facilitator"], at=held.at(minute).now)
        assert not running.see(held.meeting.pk, by=chen, at=held.now)
    held.at(3, 30).order("fac.claim", by="chen")
    assert held.row().facilitator == people["facilitator"]


def test_the_database_clock_stepping_back_hands_nothing_over(held, people, chen):
    running.see(held.meeting.pk, by=people["facilitator"], at=held.at(10).now)
    held.at(1).order("fac.claim", by="chen")
    assert held.row().facilitator == people["facilitator"]


def test_a_hand_over_does_not_make_the_next_order_stale(held, people, chen):
    before = held.row().seq
    held.order("fac.offer", person=chen.pk)
    held.order("fac.accept", by="chen")
    held.order("next", by="chen", expected=before)
    assert seen(held)["part"] == "SAL.R"


def test_the_room_votes_once_each_and_the_last_answer_counts(held, people, chen):
    held.at(1).order("vote.open", text="Five more minutes?", seconds=10)
    held.at(1, 3).order("vote.cast", by="sales", to="yes")
    held.at(1, 4).order("vote.cast", by="chen", to="yes")
    held.at(1, 5).order("vote.cast", by="sales", to="no")
    vote = seen(held)["vote"]
    assert (vote["text"], vote["counts"]) == ("Five more minutes?", {"yes": 1, "no": 1, "abstain": 0})
    assert vote["until"] == "2026-11-23T01:01:10+00:00"
    with pytest.raises(running.Refused, match="vote_is_over"):
        held.at(1, 13).order("vote.cast", by="marketing", to="yes")


def test_one_vote_at_a_time_which_the_facilitator_may_close(held):
    with pytest.raises(running.Refused, match="vote_is_over"):
        held.order("vote.close")
    held.order("vote.open")
    with pytest.raises(running.Refused, match="vote_is_open"):
        held.at(0, 5).order("vote.open")
    held.at(0, 6).order("vote.close")
    with pytest.raises(running.Refused, match="vote_is_over"):
        held.at(0, 7).order("vote.cast", by="sales", to="yes")
    held.at(0, 8).order("vote.open", seconds=30)


@pytest.mark.parametrize(
    ("by", "do", "arguments", "code"),
    [
        ("facilitator", "vote.open", {"seconds": 11}, "vote_length"),
        ("facilitator", "vote.open", {"text": "x" * 141}, "text_too_long"),
        ("sales", "vote.cast", {"to": "perhaps"}, "unknown_choice"),
        ("sales", "vote.cast", {}, "unknown_choice"),
        ("sales", "vote.open", {}, "not_the_facilitator"),
        ("sales", "vote.close", {}, "not_the_facilitator"),
        ("logistics", "vote.cast", {"to": "yes"}, "may_not_vote"),
        ("sales", "pay.set", {"to": "standard"}, "not_the_facilitator"),
        ("facilitator", "pay.set", {"to": "mine"}, "unknown_preset"),
    ],
)
def test_what_is_no_vote_and_no_preset_is_refused_in_words(held, by, do, arguments, code):
    if do == "vote.cast":
        held.order("vote.open")
    seq = held.row().seq
    with pytest.raises(running.Refused, match=code) as refused:
        held.order(do, by=by, **arguments)
    assert str(refused.value.problem)
    assert held.row().seq == seq


def test_the_first_meeting_of_a_facilitator_asks_and_later_ones_pay_by_the_standard(room, people):
    assert seen(room)["pays"] == "ask"
    room.order("start")
    room.order("end")
    room.order("end")
    Meeting.objects.filter(pk=room.meeting.pk).update(state="published")
    later = make.meeting(people, review=make.review("2026-12"), scheduled_at=room.start)
    running.command(
        later.pk, "lobby", {}, by=people["facilitator"], expected_seq=0, client_id=uuid.uuid4(), at=room.now
    )
    state = screens.state_for(Meeting.objects.get(pk=later.pk), reader=people["sales"], at=room.now)
    assert state["pays"] == "standard"


def test_the_preset_pays_from_then_on_and_the_past_stays(held):
    held.at(12).order("next")  # two minutes over: the buffer pays
    held.order("pay.set", to="keep-depth")
    held.at(12, 30).order("next")
    held.at(69).order(
        "next"
    )  # 29.5 minutes over: 10.5 from the buffer, the rest from the end, nobody shortened
    plan, state = logbook.standing(held.row())
    assert (seen(held)["pays"], clock.buffer(plan, state)) == ("keep-depth", 0)
    assert clock.allot(plan, state, "MKT.D") == plan.find("MKT.D").planned_s
    assert sum(state.ledger.values()) == 14_400


def test_parking_a_part_writes_it_down_and_undoing_takes_the_line_back(held):
    held.at(1).order("park", part="TEC.D", reason="CTO ill")
    row = Capture.objects.get()
    assert (row.kind, row.part.code, row.text) == (
        "park",
        "TEC.D",
        "技术/产品部 · Technology & product · CTO ill",
    )
    held.at(1, 5).order("undo")
    assert not Capture.objects.exists()


def test_a_partner_hears_nothing_of_votes_and_hand_overs(held, people, chen):
    held.order("vote.open", text="secret")
    held.order("fac.offer", person=chen.pk)
    state = seen(held, "logistics")
    assert not {"vote", "handover", "facilitator_id", "lease_at", "pays"} & set(state)


def test_before_the_meeting_there_is_no_lease_to_keep_and_nothing_is_refused(people, signed_in):
    meeting = make.meeting(people)
    assert signed_in(people["facilitator"]).post(f"/meetings/{meeting.pk}/presence").status_code == 204
    meeting.refresh_from_db()
    assert meeting.lease_at is None
    assert signed_in(people["scribe"]).post(f"/meetings/{meeting.pk}/presence").status_code == 403
