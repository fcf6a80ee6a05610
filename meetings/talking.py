"""The speaker queue of a live meeting: hands go up and down, the facilitator gives the floor."""

from meetings import clock, floor, logbook
from meetings.models import Meeting, Part
from meetings.problems import Problem, Refused
from reviewhub.people.models import User

JOIN, LEAVE, CALL, DONE, LOCK, SORT = (
    "queue.join", "queue.leave", "queue.call", "queue.done", "queue.lock", "queue.sort",
)  # fmt: skip
BY_EVERYBODY = (JOIN, LEAVE)
BY_ASSISTANTS = (CALL, DONE, LOCK, SORT)
ON_THE_FLOOR = (Meeting.State.RUNNING, Meeting.State.PAUSED)


def segments_of(parts: list[Part]) -> dict[str, str]:
    return {part.code: part.segment.code for part in parts}


def floor_of(meeting: Meeting) -> floor.Floor:
    lines = meeting.events.filter(type__in=floor.READS).order_by("seq")
    return floor.read(lines, segments_of(logbook.parts_of(meeting)))


def join(meeting, arguments, client_id, by, at):
    """A hand goes up: to speak, or to answer who speaks now. A second time changes the way."""
    way = arguments.get("to") or floor.SPEAK
    _must_run(meeting)
    if way not in floor.WAYS:
        raise Refused(Problem("unknown_way"))
    now = floor_of(meeting)
    if now.is_locked:
        raise Refused(Problem("queue_locked"), out_of_turn=True)
    if now.speaking and now.speaking.person == by.pk:
        raise Refused(Problem("speaking_already"), out_of_turn=True)
    return logbook.aside(meeting, floor.JOINED, {"person": by.pk, "way": way}, client_id, by, at)


def leave(meeting, arguments, client_id, by, at):
    """The hand goes down again; who speaks gives the floor back."""
    now = floor_of(meeting)
    if now.speaking and now.speaking.person == by.pk:
        return logbook.aside(meeting, floor.DONE, {"person": by.pk}, client_id, by, at)
    if by.pk not in {hand.person for hand in now.hands}:
        raise Refused(Problem("not_waiting"), out_of_turn=True)
    return logbook.aside(meeting, floor.LEFT, {"person": by.pk}, client_id, by, at)


def call(meeting, arguments, client_id, by, at):
    """The floor goes to `person`, else to whoever is first in the fair order."""
    if meeting.state != Meeting.State.RUNNING:
        raise Refused(Problem("not_running"), out_of_turn=True)
    line = floor_of(meeting).line(clock.clamped(at, None))
    number = arguments.get("person")
    hand = next((one for one in line if number in (None, one.person)), None)
    if hand is None:
        raise Refused(Problem("nobody_waits" if number is None else "not_in_queue"), out_of_turn=True)
    return logbook.aside(meeting, floor.CALLED, {"person": hand.person, "way": hand.way}, client_id, by, at)


def done(meeting, arguments, client_id, by, at):
    """The speaker is done; nobody has the floor."""
    turn = floor_of(meeting).speaking
    if turn is None:
        raise Refused(Problem("nobody_speaks"), out_of_turn=True)
    return logbook.aside(meeting, floor.DONE, {"person": turn.person}, client_id, by, at)


def lock(meeting, arguments, client_id, by, at):
    """No more hands, or hands again."""
    _must_run(meeting)
    is_locked = not floor_of(meeting).is_locked
    return logbook.aside(meeting, floor.LOCKED, {"is_locked": is_locked}, client_id, by, at)


def sort(meeting, arguments, client_id, by, at):
    """Who spoke least first, or who asked first."""
    order = arguments.get("to", "")
    _must_run(meeting)
    if order not in floor.ORDERS:
        raise Refused(Problem("unknown_order"))
    return logbook.aside(meeting, floor.SORTED, {"order": order}, client_id, by, at)


def _must_run(meeting):
    if meeting.state not in ON_THE_FLOOR:
        raise Refused(Problem("not_running"), out_of_turn=True)


def people_of(found: floor.Floor) -> dict[int, User]:
    """Everybody who waits, speaks or has spoken. One query."""
    numbers = {hand.person for hand in found.hands} | {turn.person for turn in found.turns}
    return User.objects.select_related("department").in_bulk(numbers) if numbers else {}


ORDERS = {JOIN: join, LEAVE: leave, CALL: call, DONE: done, LOCK: lock, SORT: sort}
