"""Running a meeting: every order goes through here, one at a time, and becomes one line of the log."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from actions import budget
from meetings import capturing, clock, logbook, scheduling, topics
from meetings.models import Attendance, Event, Meeting
from meetings.problems import Problem
from metrics.models import Review
from reviewhub.people import activity
from reviewhub.people.models import User
from reviewhub.people.permissions import may

CAPTURE, PRESENT, OPEN, STAGE = "capture.add", "present", "lobby", "stage.set"
ARRIVED = "attendance.present"
# Lines that leave the clock alone: they pass by an order without making it stale.
QUIET = (CAPTURE, ARRIVED, STAGE)
COMMANDS = (*clock.RULES, CAPTURE, PRESENT, OPEN, STAGE)
CAPTURED_IN = (Meeting.State.RUNNING, Meeting.State.PAUSED, Meeting.State.CLOSING)
OPEN_TO = (Meeting.State.READY, Meeting.State.LOBBY, *CAPTURED_IN)


class Refused(Exception):
    """An order that the rules do not allow; nothing changed. `out_of_turn`: the meeting is past it."""

    def __init__(self, problem: Problem, out_of_turn: bool = False):
        super().__init__(problem.code)
        self.problem = problem
        self.out_of_turn = out_of_turn


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
    return command(meeting_id, CAPTURE, {"text": text}, by=by, expected_seq=None, client_id=client_id, at=at)


def sign_in(meeting_id: int, *, by: User, client_id: uuid.UUID, at=None) -> Answer:
    """The person says "I am here"; see `command`."""
    return command(meeting_id, PRESENT, {}, by=by, expected_seq=None, client_id=client_id, at=at)


def may_run(meeting: Meeting, user: User) -> bool:
    """Whether `user` holds the clock of this meeting."""
    return meeting.facilitator_id == user.pk and may(user, "meeting.run")


def may_capture(meeting: Meeting, user: User) -> bool:
    return may(user, "meeting.capture") and not user.is_partner


def _check_person(meeting, do, by):
    if do == CAPTURE and not may_capture(meeting, by):
        raise NotAllowed(Problem("may_not_capture"))
    may_order = may_run(meeting, by) or (do == STAGE and may(by, "meeting.assist"))
    if do not in (CAPTURE, PRESENT) and not may_order:
        raise NotAllowed(Problem("not_the_facilitator"))


def _clock_order(meeting, do, arguments, client_id, expected_seq, by, at):
    if do == "start" and meeting.state == Meeting.State.READY:  # nobody opened the lobby: the start does
        opened = scheduling.open_lobby(meeting, by=by, at=at)
        meeting.refresh_from_db()
        expected_seq = opened.seq if expected_seq == opened.seq - 1 else expected_seq
    plan, state = logbook.standing(meeting)
    if not _up_to_date(meeting, state, expected_seq):
        raise Stale()
    order = clock.Command(
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
    if meeting.state not in (*Meeting.LIVE, Meeting.State.ENDED):
        raise Refused(Problem("not_running"), out_of_turn=True)
    try:
        event = clock.decide(plan, state, order, at)
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
    if event.type in ("meeting.started", "meeting.ended", "meeting.reopened"):
        activity.record(event.type, meeting, by=by, at=event.at, params={"review": meeting.review.code})
    if event.type == "meeting.ended":
        before = (Review.State.OPEN, Review.State.FROZEN)
        Review.objects.filter(pk=meeting.review_id, state__in=before).update(state=Review.State.MET)
    _budget_clock(meeting, ended_before, by, event.at)
    return row


def _budget_clock(meeting, ended_before, by, at):
    """The 48 hours of the budget run from the last recorded end; reopening, or undoing the end, stops them."""
    if meeting.ended_at == ended_before:
        return
    if meeting.ended_at is None:
        budget.cancel_clock(meeting.review, by=by, at=at)
    else:
        budget.open_clock(meeting.review, ended_at=meeting.ended_at, by=by, at=at)


def _quiet(meeting, kind, payload, client_id, by, at):
    event = clock.Event(meeting.seq + 1, _second(meeting, at), by.pk, kind, payload, {}, str(client_id))
    return logbook.append(meeting, event)


def _second(meeting, at):
    last = meeting.events.order_by("-seq").values_list("at", flat=True).first()
    return clock.second(clock.clamped(at, last))


def _capture(meeting, arguments, client_id, by, at):
    text = capturing.cleaned(arguments.get("text", ""))
    if meeting.state not in CAPTURED_IN:
        raise Refused(Problem("nothing_to_capture_in"), out_of_turn=True)
    if not text:
        raise Refused(Problem("empty_text"))
    if len(text) > capturing.LONGEST:
        raise Refused(Problem("text_too_long", {"limit": capturing.LONGEST}))
    _plan, state = logbook.standing(meeting)
    part = meeting.parts.select_related("segment__department").filter(code=state.current).first()
    at = clock.clamped(at, state.last_at)
    row = capturing.write_down(meeting, text, part=part, client_id=client_id, by=by, at=at)
    payload = {
        "capture": row.pk,
        "kind": row.kind,
        "text": row.text,
        "owner": row.owner_id,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "action": row.action_id,
        "missing": row.parsed["missing"],
    }
    return _quiet(meeting, CAPTURE, payload, client_id, by, at)


def _present(meeting, arguments, client_id, by, at):
    if meeting.state not in OPEN_TO:
        raise Refused(Problem("not_open"), out_of_turn=True)
    Attendance.objects.get_or_create(meeting=meeting, person=by, defaults={"present_at": at})
    earlier = meeting.events.filter(type=ARRIVED, actor=by).first()
    return earlier or _quiet(meeting, ARRIVED, {}, client_id, by, at)


def _open(meeting, arguments, client_id, by, at):
    try:
        return scheduling.open_lobby(meeting, by=by, at=at, client_id=client_id)
    except scheduling.CannotPlan as refusal:
        raise Refused(refusal.problems[0], out_of_turn=True) from refusal


def _stage(meeting, arguments, client_id, by, at):
    """Which of the part's questions everybody reads now."""
    _plan, state = logbook.standing(meeting)
    part = meeting.parts.select_related("segment").filter(code=state.current).first()
    number = arguments.get("question", 0)
    if part is None or not 0 <= number < topics.count(meeting, part.segment):
        raise Refused(Problem("no_such_question"))
    return _quiet(meeting, STAGE, {"part": part.code, "question": number}, client_id, by, at)


BESIDE_THE_CLOCK = {CAPTURE: _capture, PRESENT: _present, OPEN: _open, STAGE: _stage}


def _answer(meeting, row):
    plan, state = logbook.standing(meeting, upto=row.seq)
    return Answer(row, clock.snapshot(plan, state, row.at))
