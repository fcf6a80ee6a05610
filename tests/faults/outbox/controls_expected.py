"""The usual ways to write it, each with what must be seen to go wrong: else the test could not see it either."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.outbox.matrix import Combination


@dataclass(frozen=True)
class Control:
    """`fails(row, messages)`: whether it went wrong as it is known to."""

    worker: str
    fails: Callable[[dict, int], bool]
    kills: float = 0.0
    pauses: float = 0.0
    points: tuple[str, ...] = ()

    def on(self, database: str, messages: int) -> Combination:
        return Combination(
            database,
            self.worker,
            messages,
            kills=self.kills,
            pauses=self.pauses,
            points=self.points,
            packed=True,
        )


CONTROLS = [
    # Several look at the same rows: most are sent more than once.
    Control("naive", lambda row, messages: row["duplicates"] > messages / 4),
    # Killed between writing it down and sending it.
    Control("mark_first", lambda row, messages: row["lost_silently"] > 0, kills=0.1, points=("after_claim",)),
    # Asleep for longer than its lease, then it sends what another one has sent meanwhile.
    Control("no_fence", lambda row, messages: row["duplicates"] > 0, pauses=0.05, points=("after_marker",)),
]
