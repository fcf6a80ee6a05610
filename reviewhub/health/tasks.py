"""Signs of life: beat asks every 15 seconds, a worker answers by writing rows."""

from celery import shared_task
from django.utils import timezone

from reviewhub.health import pulse


@shared_task
def beat():
    """Sent by beat, run by a worker: proves that both live."""
    pulse.beat(at=timezone.now())
