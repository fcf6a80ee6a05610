"""Telling every process that shows a meeting that its log grew. Lost calls do no harm: the screens also look."""

import logging
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings

CHANNEL = "reviewhub:meetings"
# What this very process has open: the embedded server answers pages and streams in one process.
LISTENERS: set[Callable[[int], None]] = set()

logger = logging.getLogger(__name__)


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def wake(meeting_id: int, seq: int) -> None:
    """Wake whoever shows the meeting. Called after the commit; never fails."""
    for listener in list(LISTENERS):
        listener(meeting_id)
    if not settings.REDIS_URL:
        return
    try:
        _redis().publish(CHANNEL, f"{meeting_id}:{seq}")
    except redis.RedisError as trouble:
        logger.warning("redis did not take a wake-up call: %s", trouble)
