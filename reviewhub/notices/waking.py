"""A word to the workers that something waits. Losing it costs at most a minute: the tick looks anyway."""

import logging

from celery import current_app

log = logging.getLogger(__name__)
TASK = "reviewhub.notices.tasks.deliver"


def wake() -> None:
    """Ask a worker to look now. Never raises: without a broker the next tick does it (F10)."""
    try:
        current_app.send_task(TASK, retry=False, ignore_result=True)
    except Exception:  # noqa: BLE001 - whatever is wrong with the broker, the row is kept
        log.warning("no worker could be woken; the next tick sends", exc_info=True)
