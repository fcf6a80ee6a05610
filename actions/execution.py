"""How what was promised goes: by first promised dates, by department, and since when nobody has said a word."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.models import Action, CheckIn
from metrics.periods import Period
from reviewhub.people.models import Department, User

Status = Action.Status
WEEKS = 13
# Days since anybody said something about an open action: within one check-in, within two, longer.
FRESH_DAYS, STALE_DAYS = 14, 28
AGES = ("fresh", "stale", "silent")


@dataclass(frozen=True)
class Promise:
    """One action with the days that matter, in the company's zone; `heard_on`: when something was last said of it."""

    department: int | None
    status: str
    first_due_on: dt.date | None
    due_on: dt.date | None
    done_on: dt.date | None
    heard_on: dt.date
    confidence: str = ""
    is_paused: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in (Status.TODO, Status.DOING)

    def done_by(self, day: dt.date) -> bool:
        return self.done_on is not None and self.done_on <= day


@dataclass(frozen=True)
class Week:
    """How many actions should have been done by its end, by first and by today's dates, and how many were."""

    period: Period
    promised: int
    due: int
    done: int


@dataclass
class Counts:
    """The actions of one department."""

    name: str
    promises: list[Promise] = field(default_factory=list)

    def finished(self, month: Period) -> int:
        return sum(
            one.done_on is not None and month.start <= one.done_on < month.end for one in self.promises
        )

    def open(self, on: dt.date, *, late: bool) -> int:
        return sum(one.is_open and is_late(one, on) == late for one in self.promises)

    def in_time(self, month: Period) -> tuple[int, int]:
        """(done by the first date, how many were first promised for the month)."""
        due = [
            one for one in self.promises if one.first_due_on and month.start <= one.first_due_on < month.end
        ]
        return sum(one.done_by(one.first_due_on) for one in due), len(due)

    def sure(self) -> dict[str, int]:
        """Open actions by the confidence that their owners spoke of last; "" for those without a word."""
        found = dict.fromkeys([*CheckIn.Confidence.values, ""], 0)
        for one in self.promises:
            if one.is_open:
                found[one.confidence] += 1
        return found

    def ages(self, on: dt.date) -> dict[str, int]:
        found = dict.fromkeys(AGES, 0)
        for one in self.promises:
            if one.is_open:
                found[age((on - one.heard_on).days)] += 1
        return found


def age(days: int) -> str:
    return "fresh" if days <= FRESH_DAYS else "stale" if days <= STALE_DAYS else "silent"


def is_late(one: Promise, on: dt.date) -> bool:
    """Whether an open action is past the date that stands today."""
    return bool(one.is_open and not one.is_paused and one.due_on and one.due_on < on)


def promises(reader: User, zone: dt.tzinfo) -> list[Promise]:
    """Every action that `reader` may see and that was not dropped. Two queries."""
    rows = Action.objects.visible_to(reader).exclude(status=Status.DROPPED)
    said: dict[int, tuple] = {}
    spoken = CheckIn.objects.filter(action__in=rows.open()).order_by("id")
    for action, at, confidence in spoken.values_list("action_id", "at", "confidence"):
        said[action] = (at, confidence or said.get(action, ("", ""))[1])
    found = []
    names = (
        "pk",
        "department_id",
        "status",
        "original_due_on",
        "due_on",
        "done_at",
        "started_at",
        "raised_at",
        "is_paused",
    )
    stored = rows.with_waits().values_list(*names)
    for pk, department, status, first, due, done_at, started_at, raised_at, paused in stored:
        at, confidence = said.get(pk, (raised_at, ""))
        heard = max(one for one in (at, started_at, raised_at) if one).astimezone(zone).date()
        done_on = done_at.astimezone(zone).date() if done_at else None
        when = (first or due, due or first, done_on, heard)
        found.append(Promise(department, status, *when, confidence, paused))
    return found


def burn_up(found: Iterable[Promise], last: Period) -> list[Week]:
    """The weeks up to `last`: of the actions first promised for these weeks, how many were due and done by each end."""
    weeks = [last]
    while len(weeks) < WEEKS:
        weeks.insert(0, weeks[0].before())
    start, end = weeks[0].start, last.end
    ours = [one for one in found if one.first_due_on and start <= one.first_due_on < end]
    made = []
    for week in weeks:
        promised = sum(one.first_due_on < week.end for one in ours)
        due = sum(one.due_on < week.end for one in ours)
        done = sum(one.done_on is not None and one.done_on < week.end for one in ours)
        made.append(Week(week, promised, due, done))
    return made


def by_department(found: Iterable[Promise], nobody: str) -> list[Counts]:
    """In the order of departments; actions of none of them last, under the name `nobody`."""
    counts = {one.pk: Counts(one.name) for one in Department.objects.active()}
    counts[None] = Counts(nobody)
    for one in found:
        counts[one.department if one.department in counts else None].promises.append(one)
    return [one for one in counts.values() if one.promises]
