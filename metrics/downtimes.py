"""How much later something is due because what feeds it was down. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, order=True)
class Downtime:
    """A source that gave nothing from `since` on (aware) until `until`; None: it still does not."""

    since: dt.datetime
    until: dt.datetime | None
    name: str = ""


def counted(
    found: Iterable[Downtime], start: dt.datetime, due_at: dt.datetime, *, at: dt.datetime
) -> list[Downtime]:
    """The parts between `start` and `due_at` whose length is known at `at`, the earliest first.

    One that goes on is known once `due_at` is reached: nothing after it counts.
    """
    known = []
    for one in found:
        since, until = max(one.since, start), one.until
        if until is None or until > due_at:
            until = due_at if at >= due_at else None
        if until is not None and since < until:
            known.append(Downtime(since, until, one.name))
    return sorted(known)


def minutes(known: Iterable[Downtime]) -> int:
    """Whole minutes that `known` (ended, the earliest first) cover together; what overlaps counts once."""
    total, reached = dt.timedelta(), None
    for one in known:
        since = one.since if reached is None else max(one.since, reached)
        total += max(one.until - since, dt.timedelta())
        reached = one.until if reached is None else max(reached, one.until)
    return total // MINUTE


def later(due_at: dt.datetime, freeze_at: dt.datetime, lost: int) -> dt.datetime:
    """`lost` minutes after `due_at`, at most until the freeze."""
    return min(due_at + lost * MINUTE, freeze_at)
