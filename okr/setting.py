"""Setting objectives and key results: who may, what is refused, what is kept. A warning never stands in the way."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Metric, MetricVersion
from metrics.readings import open_to
from metrics.units import LARGEST, SCALES, CannotScale, scaled
from okr.models import SCALE, Cycle, KeyResult, Measurement, Objective
from okr.tree import DEEPEST
from reviewhub.people import activity
from reviewhub.people.models import Department, User

LONGEST, MOST = 200, 2_000


class CannotSet(Exception):
    """Everything stays as it is; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class ObjectiveWish:
    """An objective as somebody writes it. Without a department it is the company's."""

    title: str
    department: Department | None = None
    parent: KeyResult | None = None
    owner: User | None = None
    weight: int | None = None


@dataclass(frozen=True)
class ResultWish:
    """A key result as somebody writes it; rates in percent. It has a target or a change, not both."""

    title: str
    department: Department | None = None
    objective: Objective | None = None
    parent: KeyResult | None = None
    owner: User | None = None
    updater: User | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    change: Decimal | None = None
    in_points: bool | None = None
    unit: str = ""
    due_on: dt.date | None = None
    metric: Metric | None = None
    dimension: str = ""
    member: str = ""
    stance: str = KeyResult.Stance.COMMIT
    confidence: str = ""
    weight: int | None = None


def set_problems(cycle: Cycle, department: Department | None, *, by) -> list[str]:
    """Why `by` may not set what belongs to `department` (None: the company) in this cycle."""
    if cycle.state == Cycle.State.CLOSED:
        return [_("This cycle is scored: it stays as it is.")]
    held = by.abilities.get("okr.set", set()) if by.is_active and not by.is_partner else set()
    if None in held or (department is not None and department.pk in held):
        return []
    if department is None:
        return [_("Executives set what the company wants.")]
    return [_("The lead of the department sets this, or an executive.")]


@transaction.atomic
def keep_objective(
    cycle: Cycle, wish: ObjectiveWish, *, by, at: dt.datetime, row: Objective | None = None
) -> Objective:
    """Write an objective, or change `row`. Raises CannotSet."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    row = row and _as_it_stands(row)
    problems = _problems(cycle, wish, by=by, row=row)
    if wish.parent is not None and (said := _parent_problem(cycle, wish.parent, row)):
        problems["parent"] = said
    if problems:
        raise CannotSet(problems)
    kept = row or Objective(cycle=cycle)
    kept.title = _clean(wish.title)
    for name in ("department", "parent", "owner", "weight"):
        setattr(kept, name, getattr(wish, name))
    kept.save()
    _record("okr.objective_changed" if row else "okr.objective_set", kept, by=by, at=at)
    return kept


@transaction.atomic
def keep_result(
    cycle: Cycle, wish: ResultWish, *, by, at: dt.datetime, row: KeyResult | None = None, agreed: bool = False
) -> KeyResult:
    """Write a key result, or change `row`. Binding it to a metric pins the definition that holds. Raises CannotSet.

    `agreed`: two sides consented (okr.offers), which stands for the right of `by` to set it.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    row = row and _as_it_stands(row)
    problems = _problems(cycle, wish, by=by, row=row, agreed=agreed)
    if problems := problems | _result_problems(cycle, wish, row, by=by):
        raise CannotSet(problems)
    kept = row or KeyResult(cycle=cycle)
    if wish.metric is None or kept.metric_id != wish.metric.pk:
        kept.version = wish.metric and version_on(wish.metric, max(cycle.starts_on, at.date()))
    for name in ResultWish.__dataclass_fields__:
        if name not in ("title", "baseline", "target", "change"):
            setattr(kept, name, getattr(wish, name))
    for name in ("baseline", "target", "change"):
        value = getattr(wish, name)
        setattr(kept, name, None if value is None else scaled(value, SCALE))
    kept.title = _clean(wish.title)
    kept.save()
    _record("okr.result_changed" if row else "okr.result_set", kept, by=by, at=at)
    return kept


@transaction.atomic
def drop(row: Objective | KeyResult, *, by, at: dt.datetime) -> None:
    """Take it out of the cycle; what stood below it stands by itself. Twice the same is once. Raises CannotSet."""
    row = _as_it_stands(row)
    if problems := set_problems(row.cycle, row.department, by=by):
        raise CannotSet({"": problems[0]})
    if row.dropped_at is not None:
        return
    row.dropped_at = at
    row.save(update_fields=["dropped_at"])
    kind = "objective" if isinstance(row, Objective) else "result"
    _record(f"okr.{kind}_dropped", row, by=by, at=at)


def measure_problems(row: KeyResult, *, by) -> list[str]:
    """Why `by` may not write what was measured: the updater does, the owner, or who may set the key result."""
    if row.cycle.state == Cycle.State.CLOSED:
        return [_("This cycle is scored: it stays as it is.")]
    if row.metric_id:
        return [_("Its metric is read from certified figures.")]
    if row.dropped_at is not None:
        return [_("It was dropped.")]
    if by.is_active and by.pk in (row.owner_id, row.updater_id):
        return []
    return set_problems(row.cycle, row.department, by=by) and [
        _("Its owner measures it, or who was named for that.")
    ]


@transaction.atomic
def measure(
    row: KeyResult,
    value: Decimal | None,
    evidence: str,
    *,
    on: dt.date,
    confidence: str = "",
    by,
    at: dt.datetime,
) -> Measurement:
    """Keep what was measured on the day `on`, with what shows it. Raises CannotSet.

    A `confidence` that is said becomes that of the key result; where none is said the last one stays.
    """
    row = _as_it_stands(row)
    problems, evidence = {}, _clean(evidence)
    if said := measure_problems(row, by=by):
        problems[""] = said[0]
    if value is None or is_unfit(value):
        problems["value"] = _("Write a number with at most six decimals.")
    if not 0 < len(evidence) <= 500:
        problems["evidence"] = _("Say in one line what shows it.")
    if not row.cycle.starts_on <= on < row.cycle.ends_on:
        problems["on"] = _("This day lies outside the cycle.")
    elif on > at.date() + dt.timedelta(days=1):
        problems["on"] = _("This day is still to come.")
    if confidence and confidence not in KeyResult.Confidence.values:
        problems["confidence"] = _("There is no such confidence.")
    if problems:
        raise CannotSet(problems)
    kept = Measurement.objects.create(
        result=row, value=scaled(value, SCALE), on=on, evidence=evidence, confidence=confidence, at=at, by=by
    )
    if confidence and confidence != row.confidence:
        row.confidence = confidence
        row.save(update_fields=["confidence"])
    _record("okr.measured", row, by=by, at=at, value=f"{value.normalize():f}")
    return kept


def _as_it_stands(row: Objective | KeyResult) -> Objective | KeyResult:
    """The row as the database has it now, its cycle held: what a page read may have been scored or dropped since."""
    cycle = Cycle.objects.select_for_update().get(pk=row.cycle_id)
    found = type(row)._default_manager.select_related("department").get(pk=row.pk)
    found.cycle = cycle
    return found


def _problems(cycle: Cycle, wish, *, by, row, agreed: bool = False) -> dict[str, str]:
    """What every wish is judged by."""
    found = {}
    said = set_problems(cycle, wish.department, by=by)
    if agreed and cycle.state != Cycle.State.CLOSED:
        said = []
    if not agreed and row is not None and row.department_id != (wish.department and wish.department.pk):
        said = said or set_problems(cycle, row.department, by=by)
    if not said and row is not None and row.dropped_at is not None:
        said = [_("It was dropped.")]
    if said:
        found[""] = said[0]
    if not 0 < len(_clean(wish.title)) <= LONGEST:
        found["title"] = _("Say in one line what is to be reached, in at most %(most)s characters.") % {
            "most": LONGEST
        }
    if wish.owner is not None and (not wish.owner.is_active or wish.owner.is_partner):
        found["owner"] = _("%(name)s cannot own it.") % {"name": wish.owner.display_name}
    if wish.weight is not None and not 1 <= wish.weight <= 100:
        found["weight"] = _("A weight lies between 1 and 100.")
    if row is None and _count(cycle) >= MOST:
        found[""] = _("A cycle holds at most %(most)s objectives and key results.") % {"most": MOST}
    return found


def _result_problems(cycle: Cycle, wish: ResultWish, row, *, by) -> dict[str, str]:
    found = {}
    if wish.objective is not None and wish.parent is not None:
        found["parent"] = _("It stands below one objective or one key result, not both.")
    for name in ("objective", "parent"):
        above = getattr(wish, name)
        if above is not None and name not in found and (said := _parent_problem(cycle, above, row)):
            found[name] = said
    if wish.target is not None and wish.change is not None:
        found["change"] = _("Write a target, or how far it is to move, not both.")
    for name in ("baseline", "target", "change"):
        value = getattr(wish, name)
        if value is not None and is_unfit(value):
            found[name] = _("Write a number with at most six decimals.")
    if wish.target is not None and wish.target == wish.baseline:
        found["target"] = _("The target is the baseline: there is no way to go.")
    if wish.due_on is not None and not cycle.starts_on <= wish.due_on < cycle.ends_on:
        found["due_on"] = _("This day lies outside the cycle.")
    if wish.metric is not None:
        if not open_to(by, wish.metric.code):
            found["metric"] = _("There is no such metric.")
        if wish.owner is not None and wish.updater is not None and wish.owner == wish.updater:
            found["updater"] = _("Name somebody else than the owner, or nobody.")
    return found


def _parent_problem(cycle: Cycle, above: Objective | KeyResult, row) -> str:
    """Why `row` may not stand below `above`; "" where it may."""
    if above.cycle_id != cycle.pk:
        return _("This stands in another cycle.")
    seen, levels, one = [], 1, above
    while one is not None and one not in seen:
        if row is not None and one == row:
            return _("It would stand below itself: %(names)s.") % {
                "names": " → ".join(each.title for each in [row, *reversed(seen), row])
            }
        seen.append(one)
        levels += 1
        one = getattr(one, "objective", None) or one.parent
    if levels + _height(row) > DEEPEST:
        return _("It would stand %(levels)s levels deep; %(most)s are the most.") % {
            "levels": levels + _height(row),
            "most": DEEPEST,
        }
    return ""


def _height(row) -> int:
    """Levels that stand below `row`."""
    rows, height = [row] if row is not None and row.pk else [], -1
    while rows and height < DEEPEST:
        height += 1
        objectives = [one.pk for one in rows if isinstance(one, Objective)]
        results = [one.pk for one in rows if isinstance(one, KeyResult)]
        rows = [
            *KeyResult.objects.standing().filter(objective__in=objectives),
            *KeyResult.objects.standing().filter(parent__in=results),
            *Objective.objects.filter(parent__in=results, dropped_at=None),
        ]
    return max(0, height)


def version_on(metric: Metric, day: dt.date) -> MetricVersion:
    """The definition that holds on `day`; the first one where none holds yet."""
    rows = metric.versions.order_by("number")
    return rows.filter(effective_from__lte=day).last() or rows.first()


def is_unfit(value: Decimal) -> bool:
    try:
        return (
            not value.is_finite()
            or abs(value) > Decimal(LARGEST).scaleb(-SCALES[SCALE])
            or scaled(value, SCALE) is None
        )
    except CannotScale:
        return True


def _count(cycle: Cycle) -> int:
    return cycle.objectives.count() + cycle.results.count()


def _clean(text: str) -> str:
    return " ".join(text.split())


def _record(code: str, row: Objective | KeyResult, *, by, at, **more) -> None:
    said = {"title": row.title, "cycle": row.cycle.code} | more
    activity.record(code, row, by=by, at=at, params=said, department=row.department)
