"""The health of a cycle at a glance: department by department, data, certification and open actions."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from actions.models import Action, waits_now
from metrics.models import Review, Submission
from reviewhub.people.models import Department, User

State = Submission.State
HANDED_IN = (State.HANDED_IN, State.CERTIFIED)


@dataclass(frozen=True)
class Row:
    """`data` and `certified` are states of the style sheet; `of` and `certified_count` say how many sets there are."""

    department: Department
    data: str
    certified: str
    certified_count: int
    of: int
    open_actions: int
    overdue_actions: int


def rows(review: Review | None, *, reader: User, on: dt.date) -> list[Row]:
    """One row for each department that `reader` may see; without a review only its actions are known."""
    departments = list(Department.objects.visible_to(reader).active())
    series = series_of(departments, [review] if review else [])
    counted = action_counts(reader, on=on)
    made = []
    for department in departments:
        own = [versions for (owner, *_rest), versions in series.items() if owner == department.pk]
        certified = sum(any(row.state == State.CERTIFIED for row in versions) for versions in own)
        opened, overdue = counted.get(department.pk, (0, 0))
        data, seal = (
            data_state([versions[-1].state for versions in own]),
            certified_state(certified, len(own)),
        )
        made.append(Row(department, data, seal, certified, len(own), opened, overdue))
    return made


def series_of(departments, reviews) -> dict[tuple, list[Submission]]:
    """The living versions of `departments` whose period touches one of `reviews`, oldest first, by series.

    A series is (department, profile, period start, period end).
    """
    touching = Q(pk__in=[])
    for review in reviews:
        touching |= Q(period_start__lt=review.period_end, period_end__gt=review.period_start)
    alive = Submission.objects.exclude(state__in=[State.WITHDRAWN, State.SUPERSEDED])
    series = {}
    for row in alive.filter(touching, department__in=departments).order_by("number"):
        key = (row.department_id, row.profile, row.period_start, row.period_end)
        series.setdefault(key, []).append(row)
    return series


def data_state(versions: list[str]) -> str:
    """queued: nothing yet · fail: something was returned · draft: not all handed in · pass: all handed in."""
    if not versions:
        return "queued"
    if State.RETURNED in versions:
        return "fail"
    return "pass" if all(state in HANDED_IN for state in versions) else "draft"


def certified_state(certified: int, of: int) -> str:
    """na: nothing to certify yet · queued: none · draft: some · pass: all."""
    if not of:
        return "na"
    return "pass" if certified == of else "draft" if certified else "queued"


def action_counts(reader: User, *, on: dt.date) -> dict[int, tuple[int, int]]:
    """Department → (open, overdue) actions that `reader` may see."""
    late = Count("pk", filter=Q(due_on__lt=on) & ~waits_now())
    found = (
        Action.objects.visible_to(reader)
        .open()
        .order_by()
        .values("department")
        .annotate(n=Count("pk"), late=late)
    )
    return {row["department"]: (row["n"], row["late"]) for row in found}
