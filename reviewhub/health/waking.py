"""Asking a worker to look at something now. It may fail; the sweep looks a minute later anyway (F10)."""

import logging
import time

from celery import current_app
from kombu.exceptions import KombuError

log = logging.getLogger(__name__)

# A broker that hangs costs its time limit once, not once a request.
QUIET_S = 15
_quiet_until = 0.0


def wake(task: str, *args) -> bool:
    """Send `task` to the workers; whether the broker took it. Never raises, never takes longer than 2 seconds."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        current_app.send_task(task, args, retry=False)
    except (KombuError, OSError) as error:
        _quiet_until = time.monotonic() + QUIET_S
        log.warning("%s waits for the sweep: the broker did not take it: %s", task, error)
        return False
    return True
