"""Figures that were doubted in the room, and the minutes that went into it; read from the log. Pure.

The talk goes on with the certified figure; the doubt goes to the data owner. Its clock runs from the moment it was said
until the facilitator settles it, another one is raised, another part begins, or the meeting pauses.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from meetings.plan import seconds_between
from meetings.signals import told

CAPTURED, CLOSED, RULED = "capture.add", "doubt.closed", "doubt.ruled"


@dataclass(frozen=True)
class Doubt:
    """One doubt. `seq` is the line that raised it, `ruling` the data owner's answer ("" while it waits)."""

    seq: int
    capture: int
    person: int
    text: str
    since: datetime
    until: datetime | None = None
    ruling: str = ""
    ruled_by: int | None = None
    ruled_at: datetime | None = None

    def seconds(self, at: datetime) -> int:
        """Seconds that the room spent on it up to `at`."""
        return max(0, seconds_between(self.since, self.until or at))


def read(lines: Iterable) -> list[Doubt]:
    """The doubts of a log (seq, type, payload, at, actor_id; oldest first), in the order in which they were raised."""
    doubts: dict[int, Doubt] = {}
    for line, moved in told(lines):
        if line.type == RULED:
            said = {"ruling": line.payload["text"], "ruled_by": line.actor_id, "ruled_at": line.at}
            doubts[line.payload["doubt"]] = replace(doubts[line.payload["doubt"]], **said)
        elif moved or _ends(line):
            doubts = {seq: _ended(one, line.at) for seq, one in doubts.items()}
        if is_doubt(line):
            doubts[line.seq] = Doubt(
                line.seq, line.payload["capture"], line.actor_id, line.payload["text"], line.at
            )
    return list(doubts.values())


def is_doubt(line) -> bool:
    return line.type == CAPTURED and line.payload["kind"] == "data"


def _ends(line):
    return is_doubt(line) or line.type in (CLOSED, "meeting.paused")


def _ended(doubt, at):
    return doubt if doubt.until else replace(doubt, until=max(at, doubt.since))


def going_on(doubts: list[Doubt]) -> Doubt | None:
    """The doubt whose clock runs."""
    return doubts[-1] if doubts and doubts[-1].until is None else None


def lost_s(doubts: list[Doubt], at: datetime) -> int:
    """Seconds of the meeting that went into doubts."""
    return sum(one.seconds(at) for one in doubts)
