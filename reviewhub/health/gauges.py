"""Figures that are read from the database when Prometheus asks. Upper apps add theirs in `ready()`."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily

from reviewhub import __version__
from reviewhub.health import pulse

# (labels by name, value)
Sample = tuple[dict[str, str], float]


@dataclass(frozen=True)
class Gauge:
    name: str
    help: str
    labels: tuple[str, ...]
    read: Callable[[dt.datetime], Iterable[Sample]]


_registered: dict[str, Gauge] = {}


def register(name: str, read: Callable[[dt.datetime], Iterable[Sample]], *, help: str, labels=()) -> None:
    """`read(at)` gives `(labels, value)` pairs whenever somebody asks; keep it to one cheap query."""
    _registered[name] = Gauge(f"reviewhub_{name}", help, tuple(labels), read)


class Readings:
    """What prometheus_client asks for a document of now: every registered gauge, read at `at`."""

    def __init__(self, at: dt.datetime):
        self.at = at

    def collect(self):
        reachable = GaugeMetricFamily("reviewhub_database_up", "1 while the database answers")
        try:
            found = [self._family(gauge) for gauge in _registered.values()]
        except DatabaseError:
            found = []
        reachable.add_metric([], 1 if found else 0)
        yield reachable
        yield from found

    def _family(self, gauge: Gauge) -> GaugeMetricFamily:
        family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
        for labels, value in gauge.read(self.at):
            family.add_metric([labels[name] for name in gauge.labels], value)
        return family


def _tick_age(at):
    age = pulse.tick_age_s(at=at)
    return [] if age is None else [({}, age)]


def _worker_ages(at):
    return [
        ({"worker": sign.name, "version": sign.version}, sign.age_s)
        for sign in pulse.signs(pulse.WORKER, at=at)
    ]


def _schedules(at):
    return [({}, sum(sign.is_fresh for sign in pulse.signs(pulse.SCHEDULE, at=at)))]


def jobs_by_state(model: str) -> Callable[[dt.datetime], Iterable[Sample]]:
    """A reader that counts the rows of `app.Model` by their `state`, empty states as 0."""

    def read(_at):
        from django.db.models import Count  # noqa: PLC0415 - after the apps are loaded

        rows = apps.get_model(model)
        counts = {state: 0 for state, _label in rows._meta.get_field("state").choices}
        counts |= dict(rows.objects.values_list("state").annotate(Count("pk")).order_by())
        return [({"state": state}, count) for state, count in counts.items()]

    return read


def register_own() -> None:
    """The figures of this app."""
    register("tick_age_seconds", _tick_age, help="Seconds since a worker carried out a tick of beat")
    register(
        "worker_age_seconds",
        _worker_ages,
        help="Seconds since each worker showed itself",
        labels=("worker", "version"),
    )
    register(
        "schedules", _schedules, help="Beat processes seen in the last 90 seconds; more than one is a mistake"
    )
    register(
        "version_info",
        lambda at: [({"version": __version__}, 1)],
        help="Running version",
        labels=("version",),
    )
