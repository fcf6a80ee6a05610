"""Strips above the blocks of a board: what apps above have to say there, entered with `@tells("deck")`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Strip:
    """A template and what it shows."""

    template: str
    shown: dict


Teller = Callable[[object, dt.date], Strip | None]
TELLERS: dict[str, list[Teller]] = {}


def tells(board: str) -> Callable[[Teller], Teller]:
    def entered(teller: Teller) -> Teller:
        TELLERS.setdefault(board, []).append(teller)
        return teller

    return entered


def strips(board: str, user, on: dt.date) -> list[Strip]:
    """Those that have something to say to `user` on that day."""
    return [strip for teller in TELLERS.get(board, []) if (strip := teller(user, on))]
