"""`celery -A tests.faults.stuck worker`: the product with two more tasks that never end, and a slow one."""

import time

from celery.exceptions import SoftTimeLimitExceeded

from reviewhub.celery import app

# As in the settings, seconds instead of four and five minutes.
LIMITS = {"soft_time_limit": 1, "time_limit": 2}


@app.task(name="tests.stuck", **LIMITS)
def stuck():
    while True:
        pass


@app.task(name="tests.deaf", **LIMITS)
def deaf():
    while True:
        try:
            stuck()
        except SoftTimeLimitExceeded:
            pass


@app.task(name="tests.busy")
def busy():
    time.sleep(2)
