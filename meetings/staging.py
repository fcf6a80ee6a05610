"""What the room looks at: the question on the stage, a blank stage, a topic that is parked, the next presenter."""

import uuid

from meetings import capturing, logbook, signals, topics
from meetings.models import Meeting, Part, Segment
from meetings.problems import Problem, Refused
from reviewhub.people.models import Department, User

SET, BLANK, PARK, BRING_BACK = "stage.set", "stage.blank", "topic.park", "topic.back"
AUTO = "part.auto"
TANGENT, SETTLE, READY = "tangent", "tangent.settle", "ready"
BY_ASSISTANTS = (SET, BLANK, PARK, BRING_BACK, SETTLE)
BY_EVERYBODY = (TANGENT, READY)
PARKED = uuid.UUID("0f0d64a6-0b3f-4c0e-9a55-1f3a8a5f2c77")  # names the line that parking a topic writes down


def end_by_itself(meeting, arguments, client_id, by, at):
    """The part on the floor ends by itself when its time is up, or does so no longer."""
    part = on_the_floor(meeting)
    if part is None:
        raise Refused(Problem("not_running"), out_of_turn=True)
    turned = not signals.is_auto(meeting.events.filter(type=signals.AUTO).order_by("seq"), part.code)
    return logbook.aside(meeting, signals.AUTO, {"part": part.code, "is_on": turned}, client_id, by, at)


def on_the_floor(meeting: Meeting) -> Part | None:
    _plan, state = logbook.standing(meeting)
    return meeting.parts.select_related("segment__department").filter(code=state.current).first()


def put_up(meeting, arguments, client_id, by, at):
    """Which of the part's questions everybody reads now."""
    part, number = on_the_floor(meeting), arguments.get("question", 0)
    if part is None or not 0 <= number < topics.count(meeting, part.segment):
        raise Refused(Problem("no_such_question"))
    return logbook.aside(meeting, signals.STAGE, {"part": part.code, "question": number}, client_id, by, at)


def blank(meeting, arguments, client_id, by, at):
    """The stage goes dark, or comes back."""
    if meeting.state not in Meeting.LIVE:
        raise Refused(Problem("not_live"), out_of_turn=True)
    turned = not signals.is_blank(meeting.events.filter(type=signals.BLANKED).order_by("seq"))
    return logbook.aside(meeting, signals.BLANKED, {"is_blank": turned}, client_id, by, at)


def park(meeting, arguments, client_id, by, at):
    """One topic of the part on the floor goes to the parking lot; the part and its time stay.

    Without `question`: what stands on the stage, or, where the part has no questions, the aside itself.
    """
    part = on_the_floor(meeting)
    if part is None:
        raise Refused(Problem("not_running"), out_of_turn=True)
    heard = topics.by_segment(meeting, list(meeting.segments.all())).get(part.segment.code, [])
    questions = topics.asked(part.segment, heard)
    lines = signals.standing(meeting.events.order_by("seq"))
    number = arguments.get("question", signals.asked(lines, part.code, len(questions)))
    if questions and not 0 <= number < len(questions):
        raise Refused(Problem("no_such_question"))
    if questions and number in signals.parked_topics(lines, part.code):
        raise Refused(Problem("topic_parked"), out_of_turn=True)
    said = questions[number] if questions else {"zh": part.segment.title_zh, "en": part.segment.title_en}
    words = " · ".join(dict.fromkeys((said["zh"], said["en"])))
    # Another department's topic in a partner's item keeps its words from the partner.
    home = part.segment.department
    shared = home is not None and home.kind == Department.Kind.PARTNER
    foreign = shared and number < len(heard) and heard[number].department_id != home.pk
    row = capturing.write_down(
        meeting, f"/p {words}", part=None if foreign else part,
        client_id=uuid.uuid5(PARKED, str(client_id)), by=by, at=at,
    )  # fmt: skip
    payload = {"part": part.code, "question": number if questions else -1, "capture": row.pk}
    return logbook.aside(meeting, signals.TOPIC_PARKED, payload, client_id, by, at)


def bring_back(meeting, arguments, client_id, by, at):
    """The topic of this part that was parked last is on the agenda again."""
    part = on_the_floor(meeting)
    lines = signals.standing(meeting.events.order_by("seq"))
    parked = signals.parked_topics(lines, part.code if part else None)
    if part is None or not parked:
        raise Refused(Problem("nothing_parked"), out_of_turn=True)
    told = next(
        line for line in reversed(lines)
        if line.type == signals.TOPIC_PARKED and line.payload["question"] == parked[-1]
        and line.payload["part"] == part.code
    )  # fmt: skip
    meeting.captures.filter(pk=told.payload["capture"]).delete()
    payload = {"part": part.code, "question": parked[-1]}
    return logbook.aside(meeting, signals.TOPIC_BACK, payload, client_id, by, at)


def tangent(meeting, arguments, client_id, by, at):
    """Somebody finds that the talk has left the subject. The room is not told who."""
    if meeting.state != Meeting.State.RUNNING:
        raise Refused(Problem("not_running"), out_of_turn=True)
    return logbook.aside(meeting, signals.TANGENT, {}, client_id, by, at)


def settle(meeting, arguments, client_id, by, at):
    """The facilitator has answered the alert: back to the question."""
    return logbook.aside(meeting, signals.SETTLED, {}, client_id, by, at)


def ready(meeting, arguments, client_id, by, at):
    """Who presents the next item says to be ready, or takes it back."""
    if meeting.state not in (Meeting.State.LOBBY, Meeting.State.RUNNING, Meeting.State.PAUSED):
        raise Refused(Problem("not_live"), out_of_turn=True)
    _plan, state = logbook.standing(meeting)
    part = next_item(logbook.parts_of(meeting), state)
    if part is None or not presents(part.segment, by):
        raise Refused(Problem("not_the_presenter"))
    now = signals.ready(meeting.events.filter(type=signals.READY).order_by("seq"), part.code)
    payload = {"part": part.code, "is_ready": now != by.pk}
    return logbook.aside(meeting, signals.READY, payload, client_id, by, at)


def next_item(parts: list[Part], state) -> Part | None:
    """The first part to come that belongs to another item than the one on the floor."""
    now = next((part.segment_id for part in parts if part.code == state.current), None)
    pending = (part for part in parts if state.status[part.code] == "pending" and part.segment_id != now)
    ahead = [part for part in pending if part.kind not in (Part.Kind.BREAK, Part.Kind.READING)]
    place = next((part.position for part in parts if part.code == state.current), -1)
    return next((part for part in ahead if part.position > place), ahead[0] if ahead else None)


def presents(segment: Segment, person: User) -> bool:
    """Whether `person` brings the item: who is named for it, else anybody of its department."""
    named = {segment.presenter_id, segment.second_presenter_id} - {None}
    return person.pk in named if named else segment.department_id == person.department_id is not None


ORDERS = {
    AUTO: end_by_itself,
    SET: put_up,
    BLANK: blank,
    PARK: park,
    BRING_BACK: bring_back,
    TANGENT: tangent,
    SETTLE: settle,
    READY: ready,
}
