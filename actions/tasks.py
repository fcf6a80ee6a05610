"""Background work of actions: what figures did after the tasks behind them were done."""

from celery import shared_task
from django.utils import timezone

from actions import effects


@shared_task
def look_at_effects() -> int:
    """Every hour: looks that are due, at closing, two and four weeks later."""
    return effects.take_due(at=timezone.now())
