"""Small signals from the room, read from the log: off the subject, ready to present, topics parked. Pure."""

from collections.abc import Iterable
from datetime import datetime

from meetings.plan import seconds_between

TANGENT, SETTLED = "tangent.pressed", "tangent.settled"
READY = "presenter.ready"
TOPIC_PARKED, TOPIC_BACK = "topic.parked", "topic.back"
STAGE, BLANKED, CHARTED = "stage.set", "stage.blanked", "stage.charted"
AUTO = "part.auto_set"
KINDS = (TANGENT, SETTLED, READY, TOPIC_PARKED, TOPIC_BACK, STAGE, BLANKED, CHARTED, AUTO)
# As many people within this time, and the facilitator is asked whether to park what is talked about.
ENOUGH, WITHIN_S = 3, 60
MOVES = ("meeting.started", "part.next", "part.back", "part.goto", "meeting.closing")
DROPS = ("part.skipped", "part.parked")


def standing(lines: Iterable) -> list:
    """The lines that were not voided, oldest first."""
    lines = list(lines)
    voided = {line.payload.get("seq") for line in lines if line.type == "event.voided"}
    return [line for line in lines if line.seq not in voided and line.type != "event.voided"]


def told(lines: Iterable) -> list[tuple]:
    """Every line that was not voided, and whether it put another part on the floor (or none: closing)."""
    current, found = None, []
    for line in standing(lines):
        moved = line.type in MOVES or (line.type in DROPS and line.payload["part"] == current)
        if moved:
            current = line.payload.get("to")
        found.append((line, moved))
    return found


def tangents(lines: Iterable, at: datetime) -> list[datetime]:
    """When somebody found the talk off the subject: the last press of each person within the last minute.

    Starts anew when another part begins, a topic is parked, or the facilitator has answered.
    """
    pressed: dict[int, datetime] = {}
    for line, moved in told(lines):
        if line.type == TANGENT:
            pressed[line.actor_id] = line.at
        elif moved or line.type in (SETTLED, TOPIC_PARKED):
            pressed = {}
    return sorted(when for when in pressed.values() if seconds_between(when, at) < WITHIN_S)


def ready(lines: Iterable, part: str | None) -> int | None:
    """Who said to be ready for `part`, the next to come; None when nobody has, or it was taken back."""
    said = [line for line in lines if line.type == READY and line.payload["part"] == part]
    return said[-1].actor_id if said and said[-1].payload["is_ready"] else None


def parked_topics(lines: Iterable, part: str | None) -> list[int]:
    """Numbers of the topics of `part` that were parked, in the order in which they were."""
    parked: list[int] = []
    for line in lines:
        if line.type == TOPIC_PARKED and line.payload["part"] == part:
            parked.append(line.payload["question"])
        elif line.type == TOPIC_BACK and line.payload["part"] == part and line.payload["question"] in parked:
            parked.remove(line.payload["question"])
    return parked


def asked(lines: Iterable, part: str | None, count: int) -> int:
    """Number of the question on the stage: the one put up last, else the first; parked ones are passed over."""
    lines = list(lines)
    put_up = [
        line.payload["question"] for line in lines if line.type == STAGE and line.payload["part"] == part
    ]
    parked = parked_topics(lines, part)
    first = put_up[-1] if put_up else 0
    order = [*range(first, count), *range(first)]
    return next((number for number in order if number not in parked), first)


def chart(lines: Iterable) -> dict | None:
    """The block of a board that is on the stage: block, snapshot, and the seq of its line; a new part takes it down."""
    up = None
    for line, moved in told(lines):
        if moved:
            up = None
        elif line.type == CHARTED:
            up = line.payload | {"seq": line.seq} if line.payload["block"] else None
    return up


def is_auto(lines: Iterable, part: str | None) -> bool:
    """Whether `part` ends by itself when its time is up; off unless it was asked for."""
    told = [line for line in lines if line.type == AUTO and line.payload["part"] == part]
    return bool(told) and told[-1].payload["is_on"]


def is_blank(lines: Iterable) -> bool:
    """Whether the stage shows nothing for now."""
    told = [line for line in lines if line.type == BLANKED]
    return bool(told) and told[-1].payload["is_blank"]
