"""How old the last sign of life is."""

import datetime as dt

from django.db import DatabaseError, connection

from reviewhub import __version__
from reviewhub.health.models import Heartbeat

STALE_AFTER_S = 90


def beat(*, at: dt.datetime) -> None:
    """Remember that a beat tick was carried out by a worker at `at`."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": at, "version": __version__})


def report(*, at: dt.datetime) -> dict:
    """The document of `GET /healthz`; `status` is "down" when the database is away."""
    document = {
        "status": "ok",
        "database": connection.vendor,
        "worker": "down",
        "beat_age_s": None,
        "version": __version__,
    }
    try:
        last = Heartbeat.objects.filter(name="beat").first()
    except DatabaseError:
        return document | {"status": "down"}
    if last:
        document["beat_age_s"] = max(0, int((at - last.at).total_seconds()))
        document["worker"] = "ok" if document["beat_age_s"] <= STALE_AFTER_S else "down"
    return document
