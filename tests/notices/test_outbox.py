"""Claim, mark, send, confirm: who was overtaken changes nothing, and what nobody can know is in doubt."""

import datetime as dt

import pytest
from django.db import OperationalError

from reviewhub.notices import channels, circuits, expanding, kinds, outbox, packing
from reviewhub.notices.channels import outcome
from reviewhub.notices.models import Delivery, Message, Occurrence
from tests.notices.stage import DAY, MINUTE, TUESDAY, Killed, kill, mails, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(stage, wang):
    """One mail that waits to be sent."""
    stage.kind()
    stage.raised(wang)
    return stage.packed()


def killed(stage, point):
    """A worker that dies at this point."""
    stage.crash(point, kill)
    with pytest.raises(Killed):
        outbox.deliver(clock=stage.clock)


def row():
    return Delivery.objects.get()


# --- Claiming -------------------------------------------------------------------------------------------------


def test_a_claim_holds_for_five_minutes(stage, waiting):
    claimed = outbox.claim(clock=stage.clock)
    assert (row().state, row().attempts, row().token) == ("sending", 1, claimed.token)
    assert row().lease_until == TUESDAY + 5 * MINUTE
    assert outbox.claim(clock=stage.clock) is None
    stage.later(minutes=5)
    assert outbox.claim(clock=stage.clock) is None
    stage.later(seconds=1)
    assert outbox.claim(clock=stage.clock).token != claimed.token


def test_the_longest_waiting_is_claimed_first(stage, wang, chen):
    stage.kind()
    for person in (wang, chen):
        stage.raised(person)
        expanding.expand(clock=stage.clock)
        packing.pack(clock=stage.clock)
        stage.later(minutes=31)
    first = outbox.claim(clock=stage.clock)
    assert first.not_before == Delivery.objects.order_by("not_before").first().not_before


def test_nothing_is_claimed_before_its_time(stage, waiting):
    Delivery.objects.update(not_before=TUESDAY + MINUTE)
    assert outbox.claim(clock=stage.clock) is None
    stage.later(minutes=1)
    assert outbox.claim(clock=stage.clock) is not None


# --- Overtaken ------------------------------------------------------------------------------------------------


def test_a_mark_of_the_overtaken_affects_no_row_and_nothing_leaves(stage, waiting):
    """F05: the first worker sleeps past its lease before it marks."""

    def sleep():
        stage.later(minutes=6)
        assert outbox.deliver(clock=stage.clock) == 1

    stage.crash("after_claim", sleep)
    outbox.deliver(clock=stage.clock)
    assert (len(stage.sent), row().state, row().attempts) == (1, "sent", 2)


def test_a_confirmation_of_the_overtaken_affects_no_row(stage, waiting):
    """F05: it sleeps past its lease after it marked; the next one finds the mark and calls it in doubt."""

    def sleep():
        stage.later(minutes=6)
        outbox.deliver(clock=stage.clock)
        assert row().state == "in_doubt"

    stage.crash("after_marker", sleep)
    outbox.deliver(clock=stage.clock)
    assert len(stage.sent) == 1
    assert (row().state, row().doubts, row().token, row().lease_until) == ("in_doubt", 1, None, None)


def test_every_word_of_the_overtaken_is_ignored(stage, waiting):
    late = outbox.claim(clock=stage.clock)
    stage.later(minutes=6)
    ours = outbox.claim(clock=stage.clock)
    at = stage.now
    assert not outbox.mark(late, clock=stage.clock)
    for said in (outcome.sent(250), outcome.refused(550, "no", permanent=True), outcome.unknown("reset")):
        assert not outbox.confirm(late, said, at=at)
    assert (row().state, row().token, row().handed_over_at) == ("sending", ours.token, None)
    assert outbox.mark(ours, clock=stage.clock)


def test_a_mark_renews_the_lease(stage, waiting):
    """However long the letter took to write, sending it has its five minutes."""
    ours = outbox.claim(clock=stage.clock)
    stage.later(minutes=4)
    outbox.mark(ours, clock=stage.clock)
    assert row().lease_until == stage.now + 5 * MINUTE


# --- Killed ---------------------------------------------------------------------------------------------------


def test_who_dies_before_the_mark_has_sent_nothing_and_the_next_one_sends(stage, waiting):
    killed(stage, "after_claim")
    assert outbox.deliver(clock=stage.clock) == 0
    stage.later(minutes=6)
    outbox.deliver(clock=stage.clock)
    assert (len(stage.sent), row().state, row().doubts) == (1, "sent", 0)


def test_who_dies_after_the_mark_leaves_a_doubt_and_nothing_is_sent_blindly(stage, waiting):
    killed(stage, "after_marker")
    stage.later(minutes=6)
    outbox.deliver(clock=stage.clock)
    assert (stage.sent, row().state, row().doubts, row().finished_at) == ([], "in_doubt", 1, stage.now)
    stage.later(days=2)
    assert outbox.deliver(clock=stage.clock) == 0


def test_where_losing_it_is_worse_it_goes_once_more_ten_minutes_later(stage, wang):
    stage.kind(resend_in_doubt=True)
    stage.raised(wang)
    first = stage.packed()
    killed(stage, "after_marker")
    stage.later(minutes=6)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().not_before) == ("retry", stage.now + 10 * MINUTE)
    stage.later(minutes=10)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().doubts, row().message_id) == ("sent", 1, first.message_id)
    assert stage.sent[0].delivery.doubts == 1  # the mail says so in its header


def test_a_second_doubt_is_the_last(stage, wang):
    stage.kind(resend_in_doubt=True)
    stage.raised(wang)
    stage.packed()
    for _death in range(2):
        killed(stage, "after_marker")
        stage.later(minutes=6)
        outbox.deliver(clock=stage.clock)
        stage.later(minutes=10)
    assert (row().state, row().doubts, stage.sent) == ("in_doubt", 2, [])


def test_who_dies_after_the_confirmation_has_done_everything(stage, waiting):
    killed(stage, "after_confirm")
    stage.later(minutes=6)
    assert outbox.deliver(clock=stage.clock) == 0
    assert (len(stage.sent), row().state) == (1, "sent")


def test_a_letter_that_kills_every_worker_is_given_up(stage, waiting):
    for _death in range(12):
        killed(stage, "after_claim")
        stage.later(minutes=6)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().error) == ("dead", "every worker that tried it died")


# --- What the other side says ---------------------------------------------------------------------------------


def test_a_definite_no_for_now_takes_the_mark_back(stage, waiting):
    stage.answer = outcome.refused(451, "greylisted", permanent=False)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().handed_over_at, row().doubts) == ("retry", None, 0)
    assert TUESDAY + 48 * MINUTE / 60 <= row().not_before <= TUESDAY + 72 * MINUTE / 60
    stage.answer = outcome.sent(250)
    stage.later(minutes=2)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().attempts) == ("sent", 2)


def test_a_definite_no_for_good_ends_it_and_the_inbox_has_it(stage, waiting):
    stage.answer = outcome.refused(550, "no such user", permanent=True)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().reply_code, row().error) == ("failed", 550, "no such user")
    assert Message.objects.get(channel="inapp").state == "shown"


def test_no_answer_is_a_doubt(stage, waiting):
    stage.answer = outcome.unknown("connection reset after the body")
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().error) == ("in_doubt", "connection reset after the body")


def test_a_sender_that_raises_is_a_doubt_too(stage, waiting, monkeypatch):
    monkeypatch.undo()

    def raises(letter):
        raise RuntimeError("a bug")

    monkeypatch.setattr("reviewhub.notices.channels.mail.send", raises)
    claimed = outbox.claim(clock=stage.clock)
    letter = channels.letters.Letter(claimed, (), "en", dt.UTC, stage.now)
    assert channels.send(letter) == outcome.unknown("RuntimeError: a bug")


@pytest.mark.parametrize("said", ["failed", "dead", "in_doubt"])
def test_a_bad_end_is_told_to_those_who_look_after_the_queue_once_a_day(stage, waiting, said):
    outbox.claim(clock=stage.clock)
    claimed = row()
    assert outbox.finish(claimed, said, at=stage.now, error="x")
    assert not outbox.finish(claimed, said, at=stage.now, error="x")
    assert Occurrence.objects.filter(kind="delivery.ended_badly").count() == 1


# --- Still wanted? --------------------------------------------------------------------------------------------


def test_it_is_asked_again_just_before_it_leaves(stage, waiting):
    """F25"""
    stage.kind(recheck=lambda occurrence, user, at: "published")
    outbox.deliver(clock=stage.clock)
    assert (stage.sent, row().state, mails()) == ([], "cancelled", [("suppressed", "published")])


def test_who_leaves_between_packing_and_sending_gets_nothing(stage, waiting, wang):
    wang.is_active = False
    wang.save()
    outbox.deliver(clock=stage.clock)
    assert (stage.sent, mails()) == ([], [("suppressed", "left")])


def test_of_a_digest_only_what_still_stands_is_sent(stage, wang):
    stage.kind(series=None)
    for cycle in ("a", "b"):
        stage.raised(wang, cycle_key=cycle)
    stage.packed()
    stage.kind(
        series=None, recheck=lambda occurrence, user, at: "done" if occurrence.cycle_key == "a" else ""
    )
    outbox.deliver(clock=stage.clock)
    assert stage.subjects == ["matter b"]


# --- Letters that cannot be written ---------------------------------------------------------------------------


def broken(*cycles):
    """A renderer that raises for these."""

    def render(occurrence, user):
        if occurrence.cycle_key in cycles:
            raise LookupError("no such account")
        return kinds.Content(title=f"matter {occurrence.cycle_key}")

    return render


def test_a_letter_that_cannot_be_written_is_tried_again_and_hands_nothing_over(stage, wang, chen):
    """F38"""
    stage.kind(render=broken("once"), recipients=lambda occurrence: [wang])
    stage.kind("other", recipients=lambda occurrence: [chen])
    stage.raised(wang)
    stage.raised(wang, "other")
    stage.tick()
    assert stage.subjects == ["other once"]
    failed = Delivery.objects.get(user=wang)
    assert (failed.state, failed.handed_over_at, failed.error) == (
        "retry",
        None,
        "LookupError: no such account",
    )
    stage.kind(recipients=lambda occurrence: [wang])
    stage.later(minutes=2)
    stage.tick()
    assert stage.subjects == ["other once", "matter once"]


def test_what_cannot_be_written_does_not_hold_up_the_rest_of_its_digest(stage, wang):
    """F38"""
    stage.kind(series=None, render=broken("b"))
    for cycle in ("a", "b", "c"):
        stage.raised(wang, cycle_key=cycle)
    stage.tick()
    assert stage.subjects == ["matter a + matter c"]
    assert mails() == [("packed", ""), ("packed", ""), ("queued", "")]
    stage.kind(series=None)
    stage.later(hours=1)
    stage.tick()
    assert stage.subjects[1:] == ["matter b"]


def test_a_digest_of_which_nothing_can_be_written_comes_back_whole(stage, wang):
    stage.kind(series=None, render=broken("a", "b"))
    for cycle in ("a", "b"):
        stage.raised(wang, cycle_key=cycle)
    stage.tick()
    assert states() == ["cancelled"]
    stage.kind(series=None)
    stage.later(hours=1)
    stage.tick()
    assert (stage.subjects, states()) == (["matter a + matter b"], ["sent"])


def test_what_nobody_can_write_for_a_day_stays_in_the_inbox(stage, wang):
    stage.kind(series=None, render=broken("a", "b"))
    for cycle in ("a", "b"):
        stage.raised(wang, cycle_key=cycle)
    for _hour in range(26):
        stage.tick()
        stage.later(hours=1)
    assert mails() == [("suppressed", "cannot_be_written")] * 2
    assert Message.objects.filter(channel="inapp", state="shown").count() == 2


def test_a_database_in_trouble_is_not_blamed_on_the_letter(stage, waiting, monkeypatch):
    def away(delivery, *, at):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(channels, "letter", away)
    with pytest.raises(OperationalError):
        outbox.deliver(clock=stage.clock)
    assert (row().state, row().handed_over_at) == ("sending", None)


# --- Once more ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*Delivery.FINAL, "held"])
def test_an_administrator_sends_anything_that_ended_once_more(stage, waiting, state):
    outbox.finish(outbox.claim(clock=stage.clock), state, at=stage.now)
    stage.later(days=3)
    assert outbox.again(row(), at=stage.now)
    outbox.deliver(clock=stage.clock)
    assert (row().state, row().attempts, row().message_id) == ("sent", 1, waiting.message_id)


@pytest.mark.parametrize("state", ["queued", "sending", "retry"])
def test_what_is_on_its_way_is_not_sent_once_more(stage, waiting, state):
    Delivery.objects.update(state=state)
    assert not outbox.again(row(), at=stage.now)


def test_message_ids_differ_between_messages_and_not_between_attempts(stage, wang, chen):
    stage.kind(series=None, recipients=lambda occurrence: [wang, chen])
    stage.raised(wang)
    stage.answer = outcome.refused(451, "later", permanent=False)
    stage.tick()
    before = set(Delivery.objects.values_list("message_id", flat=True))
    stage.answer = outcome.sent(250)
    stage.later(minutes=5)
    stage.tick()
    assert {letter.delivery.message_id for letter in stage.sent} == before
    assert len(before) == 2


def test_a_clock_that_was_set_back_holds_no_worker_for_hours(stage, waiting, settings, monkeypatch):
    settings.MAIL_PER_SECOND = 5
    waits = []
    monkeypatch.setattr(circuits, "pause", waits.append)
    circuits.wait_for_slot("email", clock=lambda: TUESDAY + DAY)
    circuits.wait_for_slot("email", clock=stage.clock)
    assert waits == [20.0]


def test_a_woken_worker_leaves_it_to_the_one_that_is_sending(stage, waiting):
    outbox.claim(clock=stage.clock)
    assert outbox.is_busy(at=stage.now)
    assert not outbox.is_busy(at=stage.now + 6 * MINUTE)
