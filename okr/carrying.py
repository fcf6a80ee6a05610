"""What goes on into the next cycle: a row of its own with its origin, so that one sees how often it went on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from okr.models import Cycle, Grade, KeyResult, Objective
from okr.setting import version_on

# A key result that goes on this often is named: nobody reaches it and nobody lets go of it.
ZOMBIE = 3
SAME = ("department_id", "title", "weight", "position")
SAME_RESULT = ("in_points", "unit", "metric_id", "dimension", "member", "stance")
Then = Grade.Then


@dataclass(frozen=True)
class Past:
    """One earlier cycle of a key result: its code, what it came to there (six decimals, None: not known)."""

    row: KeyResult
    grade: Grade | None


def carry(results: Iterable[KeyResult], *, into: Cycle, at: dt.datetime) -> list[KeyResult]:
    """Make the rows of `into` from the graded `results` of the cycle before, whatever is not dropped.

    Kept: its target stands, its way begins where it ended. Rolled over: way and target as they were. Changed: begins
    where it ended, and its target is still to be set. Links and shares are wanted anew by both sides.
    """
    going = [row for row in results if row.grade.then != Then.DROP]
    objectives: dict[int, Objective] = {}
    made: dict[int, KeyResult] = {}
    for row in going:
        if row.objective_id and row.objective_id not in objectives:
            objectives[row.objective_id] = _objective(row.objective, into)
        made[row.pk] = _result(row, objectives.get(row.objective_id), into, at)
    for row in going:
        if row.parent_id in made:
            made[row.pk].parent = made[row.parent_id]
            made[row.pk].save(update_fields=["parent"])
    for new in objectives.values():
        if new.origin.parent_id in made:
            new.parent = made[new.origin.parent_id]
            new.save(update_fields=["parent"])
    return list(made.values())


def _objective(row: Objective, into: Cycle) -> Objective:
    same = {name: getattr(row, name) for name in SAME}
    return Objective.objects.create(cycle=into, origin=row, owner=_standing(row.owner), **same)


def _result(row: KeyResult, objective: Objective | None, into: Cycle, at: dt.datetime) -> KeyResult:
    same = {name: getattr(row, name) for name in (*SAME, *SAME_RESULT)}
    way = {"baseline": row.baseline, "target": row.target, "change": row.change}
    if row.grade.then != Then.ROLL and row.grade.actual is not None:
        way["baseline"] = row.grade.actual
    if row.grade.then == Then.CHANGE:
        way |= {"target": None, "change": None}
    version = version_on(row.metric, max(into.starts_on, at.date())) if row.metric_id else None
    people = {"owner": _standing(row.owner), "updater": _standing(row.updater)}
    return KeyResult.objects.create(
        cycle=into, origin=row, objective=objective, version=version, **same, **way, **people
    )


def _standing(person):
    """Who has left owns nothing in the next cycle."""
    return person if person is not None and person.is_active else None


def pasts(row: KeyResult) -> list[Past]:
    """The cycles before, the nearest first. A query for each, and one more."""
    found, one = [], row
    while one.origin_id and len(found) < 40:
        one = KeyResult.objects.select_related("cycle", "grade").get(pk=one.origin_id)
        found.append(Past(one, getattr(one, "grade", None)))
    return found


def often(cycle: Cycle) -> dict[int, int]:
    """Key result → how many cycles it has gone on through, where that is ZOMBIE or more. One query a cycle back."""
    rows = dict(cycle.results.exclude(origin=None).values_list("pk", "origin"))
    counts = dict.fromkeys(rows, 0)
    while rows:
        for pk in rows:
            counts[pk] += 1
        before = dict(
            KeyResult.objects.filter(pk__in=rows.values()).exclude(origin=None).values_list("pk", "origin")
        )
        rows = {pk: before[origin] for pk, origin in rows.items() if origin in before}
    return {pk: count for pk, count in counts.items() if count >= ZOMBIE}
