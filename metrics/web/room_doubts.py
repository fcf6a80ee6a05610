"""Figures that were doubted in the room: an app above tells of them by `@doubts`, the desk shows them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from metrics.models import Review
from reviewhub.people.models import User


@dataclass(frozen=True)
class RoomDoubt:
    """One doubt: what was said by whom, the seconds it took, and the data owner's answer ("" while it waits)."""

    seq: int
    text: str
    codes: tuple[str, ...]
    person: str
    item: str
    at: dt.datetime
    seconds: int
    ruling: str
    ruled_by: str
    url: str
    client_id: str


Teller = Callable[[Review, User], list[RoomDoubt]]
TELLERS: list[Teller] = []


def doubts(teller: Teller) -> Teller:
    TELLERS.append(teller)
    return teller


def of(review: Review, reader: User) -> list[RoomDoubt]:
    """The doubts of the meeting of `review` that `reader` may know, those that wait first."""
    found = [one for teller in TELLERS for one in teller(review, reader)]
    return sorted(found, key=lambda one: (bool(one.ruling), one.at))
