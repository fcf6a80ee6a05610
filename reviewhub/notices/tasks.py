"""What the clock of the house does for notices: look what is due, tell it, send it."""

import datetime as dt

from celery import shared_task
from django.utils import timezone

from reviewhub.notices import expanding, outbox, packing, planning, waking

# Well below the time limit of a task, which would tear a letter in two; and other work gets its turn.
SHIFT = dt.timedelta(seconds=30)


@shared_task
def tick() -> dict:
    """Every minute: plan, expand, pack and send. Two at once do no harm."""
    planned = planning.plan(clock=timezone.now)
    decided = expanding.expand(clock=timezone.now)
    return {"planned": planned, "decided": decided, "sent": send()}


@shared_task
def deliver() -> int:
    """Woken by whoever has just raised something: tell it and send it without waiting for the minute.

    While another worker sends, that one comes to it: a crowd of wake-ups does not keep every worker busy.
    """
    expanding.expand(clock=timezone.now)
    packing.pack(clock=timezone.now)
    return 0 if outbox.is_busy(at=timezone.now()) else send()


def send() -> int:
    """One shift; when there is more, the next one queues up behind whatever else waits for a worker."""
    began = timezone.now()
    sent = outbox.run(clock=timezone.now, lasting=SHIFT)
    if timezone.now() - began >= SHIFT:
        waking.wake()
    return sent
