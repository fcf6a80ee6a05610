"""Background work: one Celery application on Redis, or on a folder when there is no Redis."""

import contextlib
import os
import socket

from celery import Celery, bootsteps
from celery.signals import beat_embedded_init, beat_init, before_task_publish, worker_ready
from kombu.exceptions import KombuError

from reviewhub import file_broker, lifeline, redis_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewhub.settings")

# Whoever asks for work does not wait for a broker that is away: a publisher waits 6 s by default where the
# connection is refused, and for ever where nobody answers. Those who take work retry for ever, as they should.
ASKING = {"max_retries": 0, "socket_timeout": 1, "socket_connect_timeout": 1}
SHOWS_LIFE_EVERY_S = 30

redis_broker.mend()
file_broker.mend()


class ReviewHub(Celery):
    def connection_for_write(self, url=None, **options):
        if (url or self.conf.broker_write_url).startswith("redis"):
            options["transport_options"] = ASKING | (options.get("transport_options") or {})
        return super().connection_for_write(url, **options)


app = ReviewHub("reviewhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def first_sign_of_life(**_event):
    """A worker that has just come up shows it at once; beat's own tick follows within its 15 seconds."""
    with contextlib.suppress(KombuError, OSError):
        app.send_task("reviewhub.health.tasks.beat")
        app.send_task("reviewhub.notices.tasks.tick")


class SignOfLife(bootsteps.StartStopStep):
    """Every worker says twice a minute that it lives and which version of the code it runs (M5)."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker):
        self.show(worker)
        self.timer = worker.timer.call_repeatedly(SHOWS_LIFE_EVERY_S, self.show, (worker,), priority=10)

    def stop(self, worker):
        self.timer.cancel()

    def show(self, worker):
        from django.db import DatabaseError, connection  # noqa: PLC0415 - the site is loaded after this module
        from django.utils import timezone  # noqa: PLC0415

        from reviewhub.health import pulse  # noqa: PLC0415

        with contextlib.suppress(DatabaseError):  # it is away: silence is the right sign
            pulse.worker(worker.hostname, at=timezone.now())  # noqa: TID251 - no layer above has a clock
        # Children are forked from this process; no handle may be open then (M10).
        connection.close()


app.steps["worker"].add(SignOfLife)

beat_name = ""


@beat_init.connect
@beat_embedded_init.connect
def name_this_beat(**_event):
    global beat_name
    beat_name = f"{socket.gethostname()}:{os.getpid()}"


@before_task_publish.connect(sender="reviewhub.health.tasks.beat")
def sign_the_tick(headers=None, **_event):
    """A tick says which beat process it comes from, so that two of them are noticed."""
    if beat_name and headers is not None:
        headers["reviewhub_schedule"] = beat_name


# The schedule runs in a child of the worker: an orphan of a killed worker would be a second beat.
beat_embedded_init.connect(lifeline.end_with_parent)
