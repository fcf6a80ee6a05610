"""Pure. When to try again, and when to give up (F26)."""

import datetime as dt
import random

# Twelve tries fill the day after which a letter is given up; the last is made at its very end.
MINUTES = (1, 5, 15, 30, 60, 120, 180, 240, 300, 300)
TRIES = 12
GIVE_UP_AFTER = dt.timedelta(hours=24)
JITTER = 0.2
# Who comes back after a day of standing still does not give up at the first no.
AT_LEAST = 3


def next_try(attempts: int, *, seed: str, since: dt.datetime, at: dt.datetime) -> dt.datetime:
    """When to try after `attempts` failures: 1, 5, 15, 30, 60 … minutes, ±20 % so that a crowd spreads.

    The same `seed` and number give the same moment: a claim can be replayed. The twelfth try, and none after it,
    stands at the end of the day that began with `since`.
    """
    minutes = MINUTES[min(attempts, len(MINUTES)) - 1]
    stretch = 1 + random.Random(f"{seed}/{attempts}").uniform(-JITTER, JITTER)
    wanted, end = at + dt.timedelta(minutes=minutes * stretch), since + GIVE_UP_AFTER
    if at >= end:
        return wanted
    return end if attempts >= TRIES - 1 else min(wanted, end)


def is_hopeless(attempts: int, *, since: dt.datetime, at: dt.datetime) -> bool:
    """After a day of trying, however often a door that opened and shut made it try."""
    return attempts >= AT_LEAST and at - since >= GIVE_UP_AFTER
