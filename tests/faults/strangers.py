"""Two workers that are not today's: one that knows none of the tasks, one with a task that never ends."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

# `celery -A tests.faults.strangers:old worker`: the queue of the product, no task of it.
old = Celery("old", set_as_current=False)
old.config_from_object("django.conf:settings", namespace="CELERY")
