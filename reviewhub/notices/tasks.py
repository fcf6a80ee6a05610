"""What the clock of the house does for notices: look what is due, tell it, send it."""

from celery import shared_task
from django.utils import timezone

from reviewhub.notices import expanding, outbox, packing, planning


@shared_task
def tick() -> dict:
    """Every minute: plan, expand, pack and send. Two at once do no harm."""
    planned = planning.plan(clock=timezone.now)
    decided = expanding.expand(clock=timezone.now)
    sent = outbox.run(clock=timezone.now, shift=outbox.SHIFT)
    return {"planned": planned, "decided": decided, "sent": sent}


@shared_task
def deliver() -> int:
    """Woken by whoever has just raised something: tell it and send it without waiting for the minute.

    While another worker sends, that one comes to it: many wake-ups do not occupy every worker.
    """
    expanding.expand(clock=timezone.now)
    packing.pack(clock=timezone.now)
    if outbox.is_busy(at=timezone.now()):
        return 0
    return outbox.deliver(clock=timezone.now, shift=outbox.SHIFT)
