"""Background work of the numbers: imports, and the sweep that starts again what was lost."""

from celery import shared_task
from django.utils import timezone

from metrics import importing


@shared_task
def run_import(job_id: str):
    """Check and store one upload."""
    importing.run(job_id, at=timezone.now())


@shared_task
def sweep_imports():
    """Every minute: jobs that no worker holds any more."""
    importing.sweep(at=timezone.now())
