"""A show of hands: one question, ten seconds, read from the log. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from meetings.plan import later

OPENED, CAST, CLOSED = "vote.opened", "vote.cast", "vote.closed"
CHOICES = ("yes", "no", "abstain")
LENGTHS_S = (10, 20, 30)
# An answer that was pressed in time may arrive this much later.
GRACE_S = 2


@dataclass
class Vote:
    """A vote; `ballots` holds the last choice of each person."""

    text: str
    seq: int
    until: datetime
    ballots: dict[int, str] = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        return at <= later(self.until, GRACE_S)

    def counts(self) -> dict[str, int]:
        """Ballots by choice, none left out."""
        found = Counter(self.ballots.values())
        return {choice: found[choice] for choice in CHOICES}


def latest(lines: Iterable) -> Vote | None:
    """The last vote among `lines` (seq, type, payload, at, actor_id; oldest first), open or over."""
    vote = None
    for line in lines:
        if line.type == OPENED:
            vote = Vote(line.payload["text"], line.seq, later(line.at, line.payload["seconds"]))
        elif line.type == CAST and vote:
            vote.ballots[line.actor_id] = line.payload["choice"]
        elif line.type == CLOSED and vote:
            vote.until = min(vote.until, later(line.at, -GRACE_S))
    return vote
