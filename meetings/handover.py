"""Who holds a meeting: offering, taking and keeping the console, read from the log. Pure.

The facilitator's browser says every 20 s that it is there. After 60 s of silence whoever may hold a meeting
takes it at once; before that the facilitator is asked, and ten seconds without an answer are a yes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from meetings.plan import seconds_between

LEASE_S, ANSWER_S, OPEN_S = 60, 10, 60
OFFERED, CLAIMED, KEPT, CHANGED = "fac.offered", "fac.claimed", "fac.kept", "fac.changed"
KINDS = (OFFERED, CLAIMED, KEPT, CHANGED)


@dataclass(frozen=True)
class Ask:
    """A hand-over that waits for an answer: the person `to` would hold the meeting."""

    kind: str
    to: int
    at: datetime


def waiting(lines: Iterable, at: datetime) -> Ask | None:
    """The last offer or claim among `lines` (type, payload, at; oldest first) that nobody answered within a minute."""
    asked = None
    for line in lines:
        if line.type in (OFFERED, CLAIMED):
            asked = Ask(line.type, line.payload["to"], line.at)
        elif line.type in (KEPT, CHANGED):
            asked = None
    return asked if asked and seconds_between(asked.at, at) <= OPEN_S else None


def is_silent(lease_at: datetime | None, at: datetime) -> bool:
    """Whether the facilitator's browser has been quiet for too long."""
    return lease_at is None or seconds_between(lease_at, at) >= LEASE_S


def claim(asked: Ask | None, person: int, at: datetime, *, lease_at: datetime | None, overrides: bool):
    """What a claim by `person` becomes: CHANGED at once, CLAIMED when it must wait, None when it waits already."""
    if overrides or is_silent(lease_at, at):
        return CHANGED
    if asked is None or asked.kind != CLAIMED or asked.to != person:
        return CLAIMED
    return CHANGED if seconds_between(asked.at, at) >= ANSWER_S else None


def accepts(asked: Ask | None, person: int, facilitator: int) -> bool:
    """Whether `person` may say yes: the one who was offered the console, or the facilitator to a claim."""
    return asked is not None and person == (asked.to if asked.kind == OFFERED else facilitator)
