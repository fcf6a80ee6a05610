"""Pure. Which metrics of a source are not official, because a ruling says that the other side's figure is."""

import datetime as dt
from typing import NamedTuple

from metrics.declared_pairs import BY_RULE

OFFICIAL = ("left", "right")


class Told(NamedTuple):
    """A ruling as queries tell it: `pk:pair:first day:decision:reach`."""

    pk: int
    pair: str
    start: dt.date
    decision: str
    reach: str


def overruled(told: str | None, start: dt.date, end: dt.date) -> frozenset[str]:
    """The metrics that are not official in [start, end): those of the losing side of every ruling that holds.

    The newest decision of a pair and month counts; without one of its own, the newest standing one before it.
    """
    if not told:
        return frozenset()
    newest: dict[tuple[str, dt.date], Told] = {}
    for one in sorted(map(_read, told.split(","))):
        newest[one.pair, one.start] = one
    lost = set()
    for pair in {one.pair for one in newest.values()} & set(BY_RULE):
        mine = [one for one in newest.values() if one.pair == pair]
        inside = [one for one in mine if start <= one.start < end]
        before = [one for one in mine if one.start < start and one.reach == "standing"]
        holding = inside or ([max(before, key=lambda one: one.start)] if before else [])
        for one in holding:
            if one.decision in OFFICIAL:
                side = BY_RULE[pair].right if one.decision == "left" else BY_RULE[pair].left
                lost |= set() if side.table else {side.metric}
    return frozenset(lost)


def ruled_then(kept: list[dict], profile: str, until: dt.date) -> str:
    """The rulings of a snapshot that name the table `profile` and begin before `until`, as queries tell them."""
    return ",".join(
        f"{place}:{one['pair']}:{one['start']}:{one['decision']}:{one['reach']}"
        for place, one in enumerate(kept)
        if one["start"] < until.isoformat() and (profile in one["tables"] if "tables" in one else True)
    )


def _read(text: str) -> Told:
    pk, pair, start, decision, reach = text.split(":")
    return Told(int(pk), pair, dt.date.fromisoformat(start[:10]), decision, reach)
