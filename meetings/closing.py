"""The gate before the end: what lines still lack, filling it in, and what owners say to what they were given."""

import datetime as dt
from dataclasses import dataclass, field

from actions import promise_steps, promising
from meetings import capturing, doubted, logbook, parked, writing
from meetings.models import Capture, Meeting
from meetings.problems import Problem, Refused
from okr.models import KeyResult
from reviewhub.people.models import User

FILL, ANSWER = "capture.fill", "capture.answer"
FILLED, ANSWERED = "capture.filled", "capture.answered"
Kind = Capture.Kind
LONGEST = 200
FILLS = ("text", "owner", "due_on", "excuse", "parsed", "action")
ANSWERS = ("answer", "answer_text", "answered_at")
ALONG = ("owner", "part__segment", "captured_by", "action__owner", "action__result")


@dataclass(frozen=True)
class Gate:
    """What a meeting is left with. `gaps`: line → what it lacks (text, owner, due_on, link); none of it must stay open
    without a reason. The rest goes on after the meeting by itself."""

    actions: list[Capture]
    decisions: list[Capture]
    conflicts: list[Capture]
    parked: list[Capture]
    differences: list[parked.Parked]
    doubts: list[doubted.Doubt]
    gaps: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Lines that lack something."""
        return len(self.gaps)

    @property
    def lines(self) -> list[Capture]:
        """What can be completed here: incomplete lines first, each kind as it was said."""
        both = [*self.actions, *self.decisions]
        return sorted(both, key=lambda row: row.pk not in self.gaps)


def of(meeting: Meeting, reader: User) -> Gate:
    """The gate as `reader` sees it. A handful of queries."""
    rows = list(lines_of(meeting, reader).order_by("captured_at", "pk"))
    named = {kind: [row for row in rows if row.kind == kind] for kind in Kind.values}
    gaps = {row.pk: found for row in rows if (found := lacks(row))}
    doubts = [one for one in writing.doubts_of(meeting) if not one.ruling]
    seen = {row.pk for row in rows}
    return Gate(
        named[Kind.ACTION],
        named[Kind.DECISION],
        named[Kind.CONFLICT],
        named[Kind.PARK],
        parked.of(meeting.review, reader=reader),
        [one for one in doubts if one.capture in seen],
        gaps,
    )


def lines_of(meeting: Meeting, reader: User):
    return Capture.objects.visible_to(reader).filter(meeting=meeting).select_related(*ALONG)


def lacks(row: Capture) -> tuple[str, ...]:
    """What must still be said of a line: an action needs everything, a decision who answers for it."""
    if row.kind == Kind.DECISION:
        return () if row.owner_id else ("owner",)
    if row.kind != Kind.ACTION:
        return ()
    present = {"text": row.text, "owner": row.owner_id, "due_on": row.due_on, "link": is_linked(row)}
    return tuple(name for name, value in present.items() if not value)


def is_linked(row: Capture) -> bool:
    """Whether it is known which key result or metric an action serves, or why none."""
    named = row.parsed.get("links") or row.parsed.get("unknown_links") or row.excuse
    return bool(named or (row.action and row.action.result_id))


def incomplete(meeting: Meeting, reader: User) -> int:
    """How many lines lack something."""
    return sum(bool(lacks(row)) for row in lines_of(meeting, reader))


def fill(meeting, arguments, client_id, by, at):
    """Complete one line: capture (its id), text, owner (a person's id), due_on (ISO 8601), result (id), excuse."""
    if meeting.state not in writing.WRITTEN_IN:
        raise Refused(Problem("nothing_to_capture_in"), out_of_turn=True)
    row = (
        lines_of(meeting, by)
        .filter(pk=arguments.get("capture"), kind__in=(Kind.ACTION, Kind.DECISION))
        .first()
    )
    if row is None:
        raise Refused(Problem("no_such_line"), out_of_turn=True)
    before = _given(row)
    row.owner = _person(arguments.get("owner"))
    if row.kind == Kind.ACTION:
        row.due_on = _day(arguments.get("due_on", ""))
        row.excuse = capturing.cleaned(arguments.get("excuse", ""))[:LONGEST]
        _complete(meeting, row, arguments, by, at)
    row.parsed |= {"missing": list(lacks(row))}
    if before | _given(row) != _given(row):
        row.answer, row.answer_text, row.answered_at = "", "", None  # it was said of something else
    row.save(update_fields=[*FILLS, *ANSWERS])
    payload = {
        "capture": row.pk,
        "owner": row.owner_id,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "missing": row.parsed["missing"],
    }
    return logbook.aside(meeting, FILLED, payload, client_id, by, at)


def _given(row: Capture) -> set:
    """What an owner answers to: (whose, by when) as the line has it, and as its action does."""
    action = row.action
    return {
        (row.owner_id, row.due_on),
        (action.owner_id, action.due_on) if action else (row.owner_id, row.due_on),
    }


def _complete(meeting, row, arguments, by, at):
    """The promise behind a line; a line that had no words becomes one with them."""
    result = _result(arguments.get("result"), by)
    row.text = row.text or capturing.cleaned(arguments.get("text", ""))[:500]
    if row.action is None:
        if row.text:
            row.action = capturing.raise_for(row, result=result, by=by, at=at)
            row.answer, row.answer_text, row.answered_at = "", "", None  # to a line without words
        return
    try:
        row.action = promising.complete(
            row.action, owner=row.owner, due_on=row.due_on, result=result, by=by, at=at
        )
    except promising.CannotSay as refusal:
        raise Refused(Problem("accepted_already")) from refusal


def _person(number):
    if number is None:
        return None
    found = User.objects.active().filter(pk=number).select_related("department").first()
    if found is None:
        raise Refused(Problem("nobody_of_that_name"))
    return found


def _day(typed):
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError as trouble:
        raise Refused(Problem("not_a_date")) from trouble


def _result(number, by):
    if number is None:
        return None
    found = KeyResult.objects.visible_to(by).standing().filter(pk=number).first()
    if found is None:
        raise Refused(Problem("no_such_result"))
    return found


def answer(meeting, arguments, client_id, by, at):
    """The owner of an action accepts it, proposes something else, or declines; the last word counts."""
    row = (
        meeting.captures.filter(pk=arguments.get("capture"), kind=Kind.ACTION)
        .select_related("action")
        .first()
    )
    if row is None or by.pk != row.holder_id:
        raise Refused(Problem("not_yours_to_answer"))
    said, text = arguments.get("to"), capturing.cleaned(arguments.get("text", ""))
    if said not in Capture.Answer.values:
        raise Refused(Problem("unknown_answer"))
    if said != Capture.Answer.ACCEPTED and not text:
        raise Refused(Problem("say_what_else"))
    if len(text) > LONGEST:
        raise Refused(Problem("text_too_long", {"limit": LONGEST}))
    if row.action:
        _promised(row, said, text, arguments, by, at)
    payload = {"capture": row.pk, "answer": said, "text": text}
    line = logbook.aside(meeting, ANSWERED, payload, client_id, by, at)
    row.answer, row.answer_text, row.answered_at = said, text, line.at
    row.owner = by  # whoever was given it since: an answer stands under the name of the one who gave it
    row.save(update_fields=["owner", *ANSWERS])
    return line


SAID = {
    Capture.Answer.ACCEPTED: promise_steps.ACCEPT,
    Capture.Answer.COUNTERED: promise_steps.PROPOSE,
    Capture.Answer.DECLINED: promise_steps.DECLINE,
}


def _promised(row, said, text, arguments, by, at):
    """The step in the trail of the promise behind a line."""
    action, wanted = row.action, {}
    if said == Capture.Answer.COUNTERED:
        wanted = {
            "owner": _person(arguments.get("owner")) or action.owner or by,
            "due_on": _day(arguments.get("due_on", "")) or action.due_on,
        }
    seen = arguments.get("seen", "")
    try:
        promising.say(action, promising.Said(SAID[said], reason=text, seen=seen, **wanted), by=by, at=at)
    except promising.CannotSay as refusal:
        raise Refused(Problem("cannot_say", {"why": str(refusal)})) from refusal


ORDERS = {FILL: fill, ANSWER: answer}
