"""Pure. When to try again, and when to give up (F26)."""

import datetime as dt
import random

MINUTES = (1, 5, 15, 30, 60)
TRIES = 12
GIVE_UP_AFTER = dt.timedelta(hours=24)
JITTER = 0.2


def next_try(attempts: int, *, seed: str, at: dt.datetime) -> dt.datetime:
    """When to try after `attempts` failures: 1, 5, 15, 30, 60, 60 … minutes, ±20 % so that a crowd spreads.

    The same `seed` and number give the same moment: a claim can be replayed.
    """
    minutes = MINUTES[min(attempts, len(MINUTES)) - 1]
    stretch = 1 + random.Random(f"{seed}/{attempts}").uniform(-JITTER, JITTER)
    return at + dt.timedelta(minutes=minutes * stretch)


def is_hopeless(attempts: int, *, since: dt.datetime, at: dt.datetime) -> bool:
    """After 12 tries or a day, whichever comes first."""
    return attempts >= TRIES or at - since >= GIVE_UP_AFTER
