"""One thing that waits for a person, as the home page shows it."""

import datetime as dt
from dataclasses import dataclass

from actions import board


@dataclass(frozen=True)
class Card:
    """One thing to do. `due_at` orders the inbox; `due_on` instead of a moment where only a day was promised."""

    key: str
    state: str
    title: str
    url: str = ""
    verb: str = ""
    note: str = ""
    due_at: dt.datetime | None = None
    due_on: dt.date | None = None
    urgent: bool = False
    action: board.Card | None = None
    counts_from: dt.datetime | None = None  # the server's now, where the seconds to `due_at` are counted
