"""What the clock of the house does for the API."""

from celery import shared_task
from django.utils import timezone

from reviewhub.api import repeats


@shared_task
def forget_answers() -> int:
    """Every hour: answers that nobody repeats any more."""
    return repeats.forget(at=timezone.now())
