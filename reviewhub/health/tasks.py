"""Signs of life: beat asks every 15 seconds, a worker answers by writing rows."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reviewhub.health import pulse


@shared_task(bind=True)
def beat(self):
    """Sent by beat, run by a worker: proves that both live."""
    pulse.beat(at=timezone.now(), schedule=getattr(self.request, pulse.SENDER, ""))
    if settings.WORKER_ALIVE_FILE:
        Path(settings.WORKER_ALIVE_FILE).touch()
