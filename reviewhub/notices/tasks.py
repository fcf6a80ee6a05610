"""What the clock of the house does for notices: look what is due, tell it, send it."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from reviewhub.notices import expanding, outbox, planning

# Well below the time limit of a task, with a whole conversation to spare; the next minute goes on.
LASTING = dt.timedelta(seconds=150)


@shared_task
def tick() -> dict:
    """Every minute: plan, expand, pack and send. Two at once do no harm."""
    planned = planning.plan(clock=timezone.now)
    decided = expanding.expand(clock=timezone.now)
    return {"planned": planned, "decided": decided, "sent": outbox.run(clock=timezone.now, lasting=LASTING)}


@shared_task
def deliver() -> int:
    """Woken by whoever has just raised something: tell it and send it without waiting for the minute."""
    expanding.expand(clock=timezone.now)
    return outbox.run(clock=timezone.now, lasting=LASTING)
