"""Where a test may kill or pause a worker, and make its waits short; nothing in an installation."""

import datetime as dt
import os
import random
import signal
import time

# "after_claim:0.02,after_250:0.02" kills, "after_marker:0.02:pause:1.5" sleeps that many seconds.
IS_TEST = os.environ.get("TESTING") == "1"
WANTED = os.environ.get("REVIEWHUB_CRASH", "") if IS_TEST else ""
# "lease:1.5,doubt:3": seconds instead of minutes, so that a test sees a lease run out.
SHORT = os.environ.get("REVIEWHUB_SHORT", "") if IS_TEST else ""
POINTS = ("planned", "after_expand", "after_pack", "after_claim")
POINTS += ("after_marker", "before_data", "after_250", "after_confirm")


def shortened(name: str, usual: dt.timedelta) -> dt.timedelta:
    """`usual`, or what a test asks for under this name."""
    wishes = dict(wish.split(":") for wish in SHORT.split(",") if wish)
    return dt.timedelta(seconds=float(wishes[name])) if name in wishes else usual


def crashpoint(name: str) -> None:
    """Perhaps the end of this process. `name` is one of POINTS."""
    if WANTED:
        _perhaps(name)


def _perhaps(name: str) -> None:
    for wish in WANTED.split(","):
        point, probability, *rest = wish.split(":")
        if point not in (name, "any") or random.random() >= float(probability):
            continue
        if rest and rest[0] == "pause":
            _pause(name, float(rest[1]))
        else:
            _kill(name)


def _pause(name: str, seconds: float) -> None:
    time.sleep(seconds)


def _kill(name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
