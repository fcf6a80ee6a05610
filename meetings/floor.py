"""Who has the floor and who waits for it, read from the log. Pure.

Fair order: who has not spoken in this item comes first, then who has spoken least, then who asked first. A reply goes
right after the speaker, one in a row. Talk time runs from the call to the end of the turn; pauses do not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from meetings.plan import seconds_between
from meetings.signals import DROPS, MOVES, told

JOINED, LEFT, CALLED, DONE, LOCKED, SORTED = (
    "queue.joined", "queue.left", "queue.called", "queue.done", "queue.locked", "queue.sorted",
)  # fmt: skip
KINDS = (JOINED, LEFT, CALLED, DONE, LOCKED, SORTED)
SPEAK, REPLY = "speak", "reply"
WAYS = (SPEAK, REPLY)
FAIR, BY_TIME = "fair", "by_time"
ORDERS = (FAIR, BY_TIME)
TURN_S = 120  # after this the turn turns amber; nobody is cut off


@dataclass(frozen=True)
class Hand:
    """Somebody who waits for the floor."""

    person: int
    way: str
    seq: int
    at: datetime


@dataclass(frozen=True)
class Turn:
    """Somebody has the floor, or had it. A pause splits a turn in two."""

    person: int
    way: str
    segment: str | None
    since: datetime
    until: datetime | None = None

    def seconds(self, at: datetime) -> int:
        return max(0, seconds_between(self.since, self.until or at))


@dataclass
class Floor:
    """The queue as it stands, and every turn there was."""

    hands: list[Hand] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    segment: str | None = None
    interrupted: Turn | None = None
    is_locked: bool = False
    order: str = FAIR

    @property
    def speaking(self) -> Turn | None:
        return self.turns[-1] if self.turns and self.turns[-1].until is None else None

    def begin(self, person: int, way: str, at: datetime) -> None:
        self.turns.append(Turn(person, way, self.segment, at))

    def end(self, at: datetime) -> Turn | None:
        """The turn that goes on, if any, is over at `at`."""
        turn = self.speaking
        if turn:
            self.turns[-1] = Turn(turn.person, turn.way, turn.segment, turn.since, max(at, turn.since))
        return turn

    def drop(self, person: int) -> None:
        self.hands = [hand for hand in self.hands if hand.person != person]

    def line(self, at: datetime) -> list[Hand]:
        """Who waits, in the order in which the floor is offered."""
        if self.order == BY_TIME:
            return list(self.hands)
        spoken = talk(self, at)
        heard = {turn.person for turn in self.turns if turn.segment == self.segment}
        fair = sorted(
            self.hands, key=lambda hand: (hand.person in heard, spoken.get(hand.person, 0), hand.seq)
        )
        reply = next((hand for hand in self.hands if hand.way == REPLY), None)
        if reply is None or self.speaking is None or self.speaking.way == REPLY:
            return fair
        return [reply, *(hand for hand in fair if hand != reply)]


def talk(floor: Floor, at: datetime) -> dict[int, int]:
    """Person → seconds on the floor up to `at`."""
    spoken: dict[int, int] = {}
    for turn in floor.turns:
        spoken[turn.person] = spoken.get(turn.person, 0) + turn.seconds(at)
    return spoken


def read(lines: Iterable, segments: Mapping[str, str]) -> Floor:
    """The floor that a log (seq, type, payload, at, actor_id; oldest first) adds up to; `segments`: part → item.

    A voided line never was. A new item empties the queue; a new part of the same item only ends the turn.
    """
    floor = Floor()
    for line, moved in told(lines):
        if line.type == "meeting.closing":
            _closed(floor, line)
        elif moved:
            _moved(floor, line, segments)
        elif line.type in STEPS:
            STEPS[line.type](floor, line)
    return floor


def _joined(floor, line):
    floor.drop(line.payload["person"])
    floor.hands.append(Hand(line.payload["person"], line.payload["way"], line.seq, line.at))


def _left(floor, line):
    floor.drop(line.payload["person"])


def _called(floor, line):
    floor.end(line.at)
    floor.drop(line.payload["person"])
    floor.begin(line.payload["person"], line.payload["way"], line.at)


def _done(floor, line):
    floor.end(line.at)


def _locked(floor, line):
    floor.is_locked = line.payload["is_locked"]


def _sorted(floor, line):
    floor.order = line.payload["order"]


def _moved(floor, line, segments):
    to = segments.get(line.payload["to"])
    floor.end(line.at)
    floor.interrupted = None
    if to != floor.segment:
        floor.segment, floor.hands = to, []


def _paused(floor, line):
    floor.interrupted = floor.end(line.at)


def _resumed(floor, line):
    if floor.interrupted:
        floor.begin(floor.interrupted.person, floor.interrupted.way, line.at)
    floor.interrupted = None


def _closed(floor, line):
    floor.end(line.at)
    floor.segment, floor.hands, floor.interrupted = None, [], None


STEPS = {
    JOINED: _joined,
    LEFT: _left,
    CALLED: _called,
    DONE: _done,
    LOCKED: _locked,
    SORTED: _sorted,
    "meeting.paused": _paused,
    "meeting.resumed": _resumed,
}
READS = (*STEPS, *MOVES, *DROPS, "event.voided")
