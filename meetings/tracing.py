"""What stands on the thread of a task, a key result or a line of a meeting, as far as the reader may see it."""

import datetime as dt
from dataclasses import dataclass, field

from actions import cascade_tasks
from actions.models import Action
from meetings import stations
from meetings.models import Capture, Meeting
from meetings.stations import FIGURE, FILE, LINE, MEETING, RESULT, TASK, Station
from metrics import frozen_months, readings
from metrics.models import Metric, Submission
from metrics.periods import Period
from metrics.readings import Reading
from metrics.reasons import CannotRead
from metrics.sources import Source
from okr import cascade as cascades
from okr.cascade import Cascade
from okr.models import Cycle, KeyResult, Objective
from reviewhub.people.models import User


@dataclass(frozen=True)
class Figure:
    """A reading with what it was asked for; `part` are the member words, "" for the whole."""

    reading: Reading
    period: Period
    part: str = ""


@dataclass(frozen=True)
class Files:
    """The newest version behind a figure that the reader may open, its source, and how many stand behind it."""

    version: Submission
    source: Source
    count: int


@dataclass
class Thread:
    """The stations in order, and the rows that its page links: the task, the cascade and the key result of it."""

    stations: list[Station]
    task: Action | None = None
    cascade: Cascade | None = None
    result: KeyResult | None = None
    tasks: list[Action] = field(default_factory=list)

    @property
    def is_traced(self) -> bool:
        return stations.is_traced(self.stations)


def of_task(task: Action, *, user: User, on: dt.date) -> Thread:
    """`result__cycle`, `review` and `metric` of the task should be selected."""
    found = Thread([], task=task)
    if task.result_id is None:
        upward = [Station(TASK, task), stations.missing(RESULT)]
    else:
        upward = _up(found, task.result, user, on)
        own = cascade_tasks.task_key(task.pk)
        known = found.cascade.tree.nodes.get(own) if found.cascade else None
        upward = [Station(TASK, known or task), *upward]
    line = Capture.objects.filter(action=task).first()
    found.stations = [*upward, *_down(line, *_asked(task, found, on), user=user, on=on)]
    return found


def of_result(row: KeyResult, *, user: User, on: dt.date) -> Thread:
    """The tasks that serve it stand in front; of several decisions behind them the first is shown."""
    found = Thread([])
    upward = _up(found, row, user, on)
    found.tasks = list(Action.objects.visible_to(user).filter(result=row).exclude(status="dropped")[:50])
    first = Station(TASK, found.tasks) if found.tasks else stations.missing(TASK)
    lines = Capture.objects.visible_to(user).filter(action__in=found.tasks).order_by("captured_at", "pk")
    found.stations = [first, *upward, *_down(lines.first(), *_asked(None, found, on), user=user, on=on)]
    return found


def of_line(line: Capture, *, user: User, on: dt.date) -> Thread:
    """A line with a task has the thread of the task; another stands in its meeting alone, with its figure."""
    rows = Action.objects.visible_to(user).select_related("result__cycle", "review", "metric", "owner")
    if line.action_id and (task := rows.filter(pk=line.action_id).first()):
        return of_task(task, user=user, on=on)
    first = Station(TASK) if line.action_id else stations.missing(TASK)
    links = line.parsed.get("links", [])
    metric = Metric.objects.filter(code__in=[*links, *(one.upper() for one in links)]).first()
    period = _month(line.meeting.review) if metric else None
    return Thread([first, *_down(line, metric, period, {}, user=user, on=on)])


def _up(found: Thread, row: KeyResult, user: User, on: dt.date) -> list[Station]:
    if not KeyResult.objects.visible_to(user).filter(pk=row.pk).exists():
        return [Station(RESULT)]
    if row.dropped_at:
        return [Station(RESULT, gap=stations.GONE)]
    found.cascade = cascades.cascade(row.cycle, user=user, on=on)
    key = cascades.result_key(row.pk)
    found.result = found.cascade.result(row.pk)
    return stations.climbed(found.cascade.tree, key, _standing(row.cycle))


def _standing(cycle: Cycle) -> set[str]:
    """Keys of everything that stands in the cycle, seen by the reader or not."""
    results = KeyResult.objects.filter(cycle=cycle).standing().values_list("pk", flat=True)
    objectives = Objective.objects.filter(cycle=cycle, dropped_at=None).values_list("pk", flat=True)
    return {*map(cascades.result_key, results), *map(cascades.objective_key, objectives)}


def _asked(task: Action | None, found: Thread, on: dt.date) -> tuple:
    """Metric, period and part of the figure: the task's own of its review, else that of the key result."""
    if task and task.metric and task.review:
        return task.metric, _month(task.review), {}
    row = found.result
    if row is None or row.metric is None:
        return (
            (task.metric, Period.containing(on, "month").before(), {})
            if task and task.metric
            else (None, None, {})
        )
    until = min(found.cascade.cycle.ends_on, on + dt.timedelta(days=1))
    start = min(found.cascade.cycle.starts_on, until - dt.timedelta(days=1))
    return row.metric, Period.between(start, until), {row.dimension: row.member} if row.dimension else {}


def _month(review) -> Period:
    return Period.between(review.period_start, review.period_end)


def _down(line, metric, period, part, *, user, on) -> list[Station]:
    said, where = stations.missing(LINE), None
    if line is not None:
        seen = Capture.objects.visible_to(user).select_related("part__segment", "owner")
        row = seen.filter(pk=line.pk).first()
        said = Station(LINE, row)
        meetings = Meeting.objects.visible_to(user).select_related("review")
        where = Station(MEETING, row and meetings.filter(pk=line.meeting_id).first())
    return stations.down(said, where, *_read(metric, period, part, user, on))


def _read(metric: Metric | None, period, part: dict, user, on) -> tuple[Station, Station | None]:
    if metric is None:
        return stations.missing(FIGURE), None
    if not readings.open_to(user, metric.code):
        return Station(FIGURE), None
    frozen = frozen_months.around(period, user=user)
    try:
        reading = readings.reading(metric.code, period, where=part, user=user, on=on, snapshot=frozen)
    except CannotRead:
        return Station(FIGURE, gap=stations.NO_READING), None
    if reading.value is None:
        return Station(FIGURE, gap=stations.NO_READING), None
    figure = Station(FIGURE, Figure(reading, period, " · ".join(part.values())))
    if not reading.sources:
        return figure, stations.missing(FILE)
    behind = {one.pk: one for one in reading.sources}
    newest = Submission.objects.visible_to(user).filter(pk__in=behind).order_by("-period_end", "-pk")
    version = newest.select_related("department").first()
    return figure, Station(FILE, version and Files(version, behind[version.pk], len(behind)))
