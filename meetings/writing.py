"""What anybody in the room writes down: a typed line, or a doubt about a figure, which the data owner answers later."""

from meetings import capturing, clock, doubted, logbook
from meetings.models import Meeting
from meetings.problems import Problem, Refused

CAPTURE, DOUBT, SETTLE, RULE = "capture.add", "doubt.add", "doubt.close", "doubt.rule"
WRITTEN_IN = (Meeting.State.RUNNING, Meeting.State.PAUSED, Meeting.State.CLOSING)
LONGEST_RULING = 500


def add(meeting, arguments, client_id, by, at):
    """One line as it was typed."""
    text = capturing.cleaned(arguments.get("text", ""))
    if meeting.state not in WRITTEN_IN:
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
    return logbook.aside(meeting, CAPTURE, payload, client_id, by, at)


def doubt(meeting, arguments, client_id, by, at):
    """A figure is doubted. The talk goes on with the certified one; how long it took is counted."""
    text = capturing.cleaned(arguments.get("text", ""))
    if not text:
        raise Refused(Problem("empty_text"))
    return add(meeting, arguments | {"text": f"/q {text}"}, client_id, by, at)


def doubts_of(meeting: Meeting) -> list[doubted.Doubt]:
    return doubted.read(meeting.events.order_by("seq"))


def settle(meeting, arguments, client_id, by, at):
    """Back to the subject: the doubt waits for the data owner."""
    found = doubted.going_on(doubts_of(meeting))
    if found is None:
        raise Refused(Problem("no_doubt"), out_of_turn=True)
    return logbook.aside(meeting, doubted.CLOSED, {"doubt": found.seq}, client_id, by, at)


def rule(meeting, arguments, client_id, by, at):
    """The data owner answers a doubt, during the meeting or after it; once."""
    number, text = arguments.get("doubt"), capturing.cleaned(arguments.get("text", ""))
    found = next((one for one in doubts_of(meeting) if one.seq == number), None)
    if found is None:
        raise Refused(Problem("no_doubt"), out_of_turn=True)
    if found.ruling:
        raise Refused(Problem("ruled_already"), out_of_turn=True)
    if not text:
        raise Refused(Problem("empty_text"))
    if len(text) > LONGEST_RULING:
        raise Refused(Problem("text_too_long", {"limit": LONGEST_RULING}))
    return logbook.aside(meeting, doubted.RULED, {"doubt": number, "text": text}, client_id, by, at)


ORDERS = {CAPTURE: add, DOUBT: doubt, SETTLE: settle, RULE: rule}
