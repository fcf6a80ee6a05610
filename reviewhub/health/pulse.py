"""How old the last signs of life are."""

import datetime as dt
from dataclasses import dataclass

from django.db import DatabaseError, connection

from reviewhub import __version__
from reviewhub.health.models import Heartbeat

STALE_AFTER_S = 90
TICK, WORKER, SCHEDULE = "beat", "worker ", "schedule "
# Header of a tick: which beat process sent it.
SENDER = "reviewhub_schedule"
FORGOTTEN_AFTER = dt.timedelta(days=1)


@dataclass(frozen=True)
class Sign:
    """A process that showed itself: its name, seconds ago, and the version of its code."""

    name: str
    age_s: int
    version: str

    @property
    def is_fresh(self) -> bool:
        return self.age_s <= STALE_AFTER_S


def beat(*, at: dt.datetime, schedule: str = "") -> None:
    """A tick of the beat process called `schedule` was carried out by a worker at `at`: both live."""
    _show(TICK, at)
    if schedule:
        _show(SCHEDULE + schedule, at)
    Heartbeat.objects.exclude(name=TICK).filter(at__lt=at - FORGOTTEN_AFTER).delete()


def worker(name: str, *, at: dt.datetime) -> None:
    """The worker called `name` lives."""
    _show(WORKER + name, at)


def _show(name: str, at: dt.datetime) -> None:
    Heartbeat.objects.update_or_create(name=name[:200], defaults={"at": at, "version": __version__})


def signs(prefix: str, *, at: dt.datetime) -> list[Sign]:
    """What showed itself within a day under `prefix`, WORKER or SCHEDULE, freshest first."""
    rows = Heartbeat.objects.filter(name__startswith=prefix, at__gt=at - FORGOTTEN_AFTER).order_by("-at")
    return [Sign(row.name.removeprefix(prefix), _age(row, at), row.version) for row in rows]


def tick_age_s(*, at: dt.datetime) -> int | None:
    """Seconds since a worker last carried out a tick of beat; None if never."""
    last = Heartbeat.objects.filter(name=TICK).first()
    return _age(last, at) if last else None


def _age(row: Heartbeat, at: dt.datetime) -> int:
    return max(0, int((at - row.at).total_seconds()))


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
        age = tick_age_s(at=at)
    except DatabaseError:
        return document | {"status": "down"}
    alive = age is not None and age <= STALE_AFTER_S
    return document | {"beat_age_s": age, "worker": "ok" if alive else "down"}
