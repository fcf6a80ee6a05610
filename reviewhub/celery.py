"""Background work: one Celery application on Redis, or on a folder when there is no Redis."""

import os

from celery import Celery
from celery.signals import beat_embedded_init, worker_ready

from reviewhub import lifeline

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

app = Celery("reviewhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def first_sign_of_life(**_event):
    """A worker that has just come up shows it at once; beat's own tick follows within its 15 seconds."""
    app.send_task("reviewhub.health.tasks.beat")
    app.send_task("reviewhub.notices.tasks.tick")


# The schedule runs in a child of the worker: an orphan of a killed worker would be a second beat.
beat_embedded_init.connect(lifeline.end_with_parent)
