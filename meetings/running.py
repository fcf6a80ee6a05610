"""Running a meeting: every order goes through here, one at a time, and becomes one line of the log."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from actions import budget
from meetings import (
    asides,
    attending,
    capturing,
    causes,
    charting,
    clock,
    closing,
    doubted,
    floor,
    handover,
    logbook,
    money_lines,
    noting,
    scheduling,
    signals,
    solving,
    staging,
    talking,
    votes,
    writing,
)
from meetings.models import Event, Meeting
from meetings.problems import Problem, Refused
from metrics.models import Review
from reviewhub.people import activity
from reviewhub.people.models import User
from reviewhub.people.permissions import may

OPEN = "lobby"
# Lines that leave the clock alone: they pass by an order without making it stale.
QUIET = (
    writing.CAPTURE, noting.KEPT, doubted.CLOSED, doubted.RULED, *signals.KINDS, *handover.KINDS,
    votes.OPENED, votes.CAST, votes.CLOSED, attending.ARRIVED, attending.ABSENT, *floor.KINDS,
    closing.FILLED, closing.ANSWERED, *causes.KINDS,
)  # fmt: skip
CAST, BY_HOLDERS = "vote.cast", ("fac.claim", "fac.accept", "fac.keep")
BY_EVERYBODY = (
    writing.CAPTURE,
    closing.ANSWER,
    attending.PRESENT,
    CAST,
    *talking.BY_EVERYBODY,
    *solving.BY_EVERYBODY,
    *staging.BY_EVERYBODY,
    charting.CHART,
)
BY_ASSISTANTS = (
    attending.ATTEND,
    writing.SETTLE,
    *talking.BY_ASSISTANTS,
    *staging.BY_ASSISTANTS,
    *solving.BY_ASSISTANTS,
)
CERTIFY = "figure.certify"
PARKED = uuid.UUID("5f1b1c0e-9a07-4f60-8b5d-9f8d0c1f3a21")  # names the line that parking writes down


class NotAllowed(Refused):
    """This person may not give this order."""


class Stale(Exception):
    """Somebody moved the clock since the sender last looked; nothing changed."""


@dataclass(frozen=True)
class Answer:
    """What an order became: its line of the log, and the clock as it stood right after it."""

    event: Event
    snapshot: dict

    def document(self) -> dict:
        """The same for every repetition of the same order."""
        return {
            "seq": self.event.seq,
            "event": self.event.type,
            "at": self.event.at.isoformat(),
            "deltas_s": self.event.deltas,
            "payload": self.event.payload,
            "state": self.snapshot,
        }


@transaction.atomic
def command(
    meeting_id: int,
    do: str,
    arguments: dict,
    *,
    by: User,
    expected_seq: int | None,
    client_id: uuid.UUID,
    at: dt.datetime | None = None,
) -> Answer:
    """Give one order; the same `client_id` again gets the first answer again and changes nothing.

    `arguments`: part, seconds, pay, reason, to, confirmed, text, question, as the order wants them. `expected_seq`
    is the number the sender last saw: orders to the clock are Stale when the clock has moved since (notes
    and arrivals in between do not matter, and need no number). `at` stands in for the database's clock.
    Raises Refused, NotAllowed, Stale, Meeting.DoesNotExist.
    """
    meeting = logbook.locked(meeting_id)
    at = at or logbook.instant()
    if first := meeting.events.filter(client_id=client_id).first():
        if first.actor_id != by.pk:
            raise Refused(Problem("client_id_taken"))
        return _answer(meeting, first)
    _check_person(meeting, do, by)
    if do in BESIDE_THE_CLOCK:
        return _answer(meeting, BESIDE_THE_CLOCK[do](meeting, arguments, client_id, by, at))
    return _answer(meeting, _clock_order(meeting, do, arguments, client_id, expected_seq, by, at))


def capture(meeting_id: int, text: str, *, by: User, client_id: uuid.UUID, at=None) -> Answer:
    """Write one typed line down; see `command`."""
    return command(
        meeting_id, writing.CAPTURE, {"text": text}, by=by, expected_seq=None, client_id=client_id, at=at
    )


def sign_in(meeting_id: int, *, by: User, client_id: uuid.UUID, at=None) -> Answer:
    """The person says "I am here"; see `command`."""
    return command(meeting_id, attending.PRESENT, {}, by=by, expected_seq=None, client_id=client_id, at=at)


def may_run(meeting: Meeting, user: User) -> bool:
    """Whether `user` holds the clock of this meeting."""
    return meeting.facilitator_id == user.pk and asides.may_hold(user)


def may_assist(meeting: Meeting, user: User) -> bool:
    """Whether `user` gives the floor, sets the stage and marks who is here: the facilitator and who helps."""
    return may_run(meeting, user) or (may(user, "meeting.assist") and not user.is_partner)


def may_take(meeting: Meeting, user: User) -> bool:
    """Whether `user` may take this meeting from its facilitator, or be offered it."""
    return meeting.facilitator_id != user.pk and asides.may_hold(user)


def see(meeting_id: int, *, by: User, at: dt.datetime | None = None) -> bool:
    """The facilitator's browser is there: in a live meeting the lease runs anew. False when `by` does not hold it."""
    held = Meeting.objects.filter(pk=meeting_id, facilitator=by)
    held.filter(state__in=Meeting.LIVE).update(lease_at=at or logbook.instant())
    return held.exists()


def may_capture(meeting: Meeting, user: User) -> bool:
    return may(user, "meeting.capture") and not user.is_partner


def may_complete(meeting: Meeting, user: User) -> bool:
    """Whether `user` completes what others wrote: who runs or assists, and who writes for the whole house."""
    return may_assist(meeting, user) or (
        None in user.abilities.get("meeting.capture", ()) and not user.is_partner
    )


def _check_person(meeting, do, by):
    if do == closing.FILL:
        if may_complete(meeting, by):
            return
        raise NotAllowed(Problem("may_not_capture"))
    if do == writing.CAPTURE and not may_capture(meeting, by):
        raise NotAllowed(Problem("may_not_capture"))
    if do in (writing.DOUBT, writing.RULE):
        return _check_doubt(do, by)
    if do in BY_HOLDERS and not asides.may_hold(by):
        raise NotAllowed(Problem("cannot_hold"))
    may_order = may_assist(meeting, by) if do in BY_ASSISTANTS else may_run(meeting, by)
    if do not in (*BY_EVERYBODY, *BY_HOLDERS) and not may_order:
        raise NotAllowed(Problem("not_the_facilitator"))


def _check_doubt(do, by):
    """Every colleague may doubt a figure; whoever certifies figures answers."""
    if by.is_partner or (do == writing.RULE and not may(by, CERTIFY)):
        raise NotAllowed(Problem("may_not_doubt" if do == writing.DOUBT else "may_not_rule"))


def asked(do: str, arguments: dict, *, by: User, client_id="") -> clock.Command:
    """The order to the clock that a person means."""
    return clock.Command(
        do,
        actor=by.pk,
        client_id=str(client_id),
        part=arguments.get("part"),
        seconds=arguments.get("seconds"),
        pay=tuple(arguments.get("pay", ())),
        reason=capturing.cleaned(arguments.get("reason", ""))[:200],
        to=arguments.get("to", ""),
        confirmed=bool(arguments.get("confirmed")) and may(by, "meeting.override"),
    )


def paying(meeting: Meeting) -> clock.Settings:
    """Who pays in this meeting as things stand."""
    lines = meeting.events.filter(type__in=(asides.PAYS, "lobby.opened")).order_by("seq")
    return clock.settings_of(asides.preset_of(lines))


def _clock_order(meeting, do, arguments, client_id, expected_seq, by, at):
    if do == "start" and meeting.state == Meeting.State.READY:  # nobody opened the lobby: the start does
        opened = scheduling.open_lobby(meeting, by=by, at=at)
        meeting.refresh_from_db()
        expected_seq = opened.seq if expected_seq == opened.seq - 1 else expected_seq
    if meeting.state == Meeting.State.DRAFT:
        raise Refused(Problem("not_published"))
    plan, state = logbook.standing(meeting)
    if not _up_to_date(meeting, state, expected_seq):
        raise Stale()
    order = asked(do, arguments, by=by, client_id=client_id)
    if meeting.state not in (*Meeting.LIVE, Meeting.State.ENDED):
        raise Refused(Problem("not_running"), out_of_turn=True)
    if do == "end" and state.phase == clock.CLOSING and not order.reason:
        if count := closing.incomplete(meeting, by):
            raise Refused(Problem("gate_open", {"count": count}))
    try:
        event = clock.decide(plan, state, order, at, paying(meeting))
    except clock.Refused as refusal:
        raise Refused(Problem(refusal.code, refusal.params), "phase" in refusal.params) from refusal
    return _moved(meeting, clock.apply(plan, state, event), event, by)


def _up_to_date(meeting, state, expected_seq):
    """Whether the sender saw the last line that moved the clock."""
    if expected_seq is None or not 0 <= expected_seq <= state.seq:
        return False
    newer = meeting.events.filter(seq__gt=expected_seq).values_list("type", flat=True)
    return all(kind in QUIET for kind in newer)


def _moved(meeting, state, event, by):
    ended_before = meeting.ended_at
    columns = {"state": state.phase, "started_at": state.started_at, "ended_at": state.ended_at}
    row = logbook.append(meeting, event, lease_at=event.at, **columns)
    _parking(meeting, event, by)
    if event.type in ("meeting.started", "meeting.ended", "meeting.reopened"):
        activity.record(event.type, meeting, by=by, at=event.at, params={"review": meeting.review.code})
    if event.type == "meeting.ended":
        before = (Review.State.OPEN, Review.State.FROZEN)
        Review.objects.filter(pk=meeting.review_id, state__in=before).update(state=Review.State.MET)
    _budget_clock(meeting, ended_before, by, event.at)
    return row


def _parking(meeting, event, by):
    """A part that is parked stands among what was written down; undoing it takes the line away again."""
    if event.type == "part.parked":
        part = meeting.parts.select_related("segment__department").get(code=event.payload["part"])
        words = [part.segment.title_zh, part.segment.title_en, event.payload["reason"]]
        number = uuid.uuid5(PARKED, f"{meeting.pk} {event.seq}")
        text = "/p " + " · ".join(filter(None, words))
        capturing.write_down(meeting, text, part=part, client_id=number, by=by, at=event.at)
    elif event.type == "event.voided" and event.payload["type"] == "part.parked":
        number = uuid.uuid5(PARKED, f"{meeting.pk} {event.payload['seq']}")
        meeting.captures.filter(client_id=number).delete()


def _budget_clock(meeting, ended_before, by, at):
    """The 48 hours of the budget run from the last recorded end; reopening, or undoing the end, stops them.

    An alignment meeting moves no money.
    """
    if meeting.ended_at == ended_before or meeting.template == Meeting.ALIGNMENT:
        return
    if meeting.ended_at is None:
        budget.cancel_clock(meeting.review, by=by, at=at)
    else:
        decided = money_lines.lines(meeting)
        budget.open_clock(meeting.review, ended_at=meeting.ended_at, by=by, at=at, decided=decided)


def _open(meeting, arguments, client_id, by, at):
    try:
        return scheduling.open_lobby(meeting, by=by, at=at, client_id=client_id)
    except scheduling.CannotPlan as refusal:
        raise Refused(refusal.problems[0], out_of_turn=True) from refusal


BESIDE_THE_CLOCK = {
    **writing.ORDERS,
    **noting.ORDERS,
    **closing.ORDERS,
    **staging.ORDERS,
    **charting.ORDERS,
    **solving.ORDERS,
    **attending.ORDERS,
    **talking.ORDERS,
    OPEN: _open,
    CAST: asides.cast,
    "vote.open": asides.open_vote,
    "vote.close": asides.close_vote,
    "fac.offer": asides.offer,
    "fac.claim": asides.claim,
    "fac.accept": asides.accept,
    "fac.keep": asides.keep,
    asides.PAYS: asides.set_payer,
}


def _answer(meeting, row):
    plan, state = logbook.standing(meeting, upto=row.seq)
    return Answer(row, clock.snapshot(plan, state, row.at))
