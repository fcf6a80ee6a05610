"""Where a test may kill or pause a worker (robustness §6.5); nothing in an installation."""

import os
import random
import signal
import time

# "after_claim:0.02,after_250:0.02" kills, "after_marker:0.02:pause:1.5" sleeps that many seconds.
WANTED = os.environ.get("REVIEWHUB_CRASH", "") if os.environ.get("TESTING") == "1" else ""
POINTS = ("planned", "after_expand", "after_pack", "after_claim")
POINTS += ("after_marker", "before_data", "after_250", "after_confirm")


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
            time.sleep(float(rest[1]))
        else:
            os.kill(os.getpid(), signal.SIGKILL)
