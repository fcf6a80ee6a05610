"""Joint projects: opened by a lead or from a problem of a meeting, given members and tasks, closed with a result."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from actions import followup, handover
from actions.models import Action, Blocker, Project
from metrics.units import scaled
from okr.models import KeyResult
from okr.models.cascade import SCALE
from reviewhub.people import activity
from reviewhub.people.models import Activity, Department, User
from reviewhub.people.permissions import may

FARTHEST = Decimal(10) ** 12


class CannotKeep(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wish:
    """What a project shall be. The lead is a member, whether named among them or not."""

    name: str
    goal: str
    lead: User | None
    departments: tuple[Department, ...]
    members: tuple[User, ...] = ()
    results: tuple[KeyResult, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of it: a sentence, and what was measured before and after where there is a number."""

    sentence: str
    measure: str = ""
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True)
class Progress:
    """Tasks of a project: how many are done of those that were not dropped."""

    done: int
    count: int


def may_open(person: User) -> bool:
    """Leads of departments, executives and the facilitator."""
    return not person.is_partner and (may(person, "action.edit") or may(person, "action.edit_any"))


def may_change(project: Project, person: User) -> bool:
    """Its lead, whoever opened it, and those who edit every action; not once it is closed."""
    if project.closed_at or not person.is_active or person.is_partner:
        return False
    return person.pk in (project.lead_id, project.opened_by_id) or may(person, "action.edit_any")


def may_add(project: Project, person: User) -> bool:
    """Members give tasks too, partners do not."""
    is_member = not person.is_partner and project.members.filter(pk=person.pk).exists()
    return project.closed_at is None and (may_change(project, person) or person.is_active and is_member)


def problems_with(wish: Wish, *, by: User) -> dict[str, str]:
    """Field → why `by` cannot keep a project like this."""
    found = {}
    if not wish.name:
        found["name"] = _("Give it a name.")
    if not wish.goal:
        found["goal"] = _("Say in one sentence what shall be reached.")
    if len(set(wish.departments)) < 2:
        found["departments"] = _("A joint project takes at least two departments.")
    elif not (may(by, "action.edit_any") or by.department in wish.departments):
        found["departments"] = _("Your own department takes part in a project that you open.")
    if wish.lead is None or not wish.lead.is_active or wish.lead.is_partner:
        found["lead"] = _("Choose a colleague who leads it.")
    return found


@transaction.atomic
def open_project(
    wish: Wish, *, by: User, at: dt.datetime, review=None, issue: str = "", actions: tuple[Action, ...] = ()
) -> Project:
    """A new project; of one problem of a meeting there is one only, the same again is found. Raises CannotKeep."""
    if not may_open(by):
        raise CannotKeep({"": _("Leads, executives and the facilitator open joint projects.")})
    if problems := problems_with(wish, by=by):
        raise CannotKeep(problems)
    fields = {"name": wish.name, "goal": wish.goal, "lead": wish.lead, "opened_at": at, "opened_by": by}
    if issue:
        project, is_new = Project.objects.get_or_create(review=review, issue=issue, defaults=fields)
        if not is_new:
            return project
    else:
        project = Project.objects.create(**fields)
    _keep_sets(project, wish)
    Action.objects.filter(pk__in=[one.pk for one in actions], project=None).update(project=project)
    _record("project.opened", project, by=by, at=at)
    return project


@transaction.atomic
def change(project: Project, wish: Wish, *, by: User, at: dt.datetime) -> Project:
    """Keep it as wished. Raises CannotKeep."""
    project = _locked(project)
    if not may_change(project, by):
        raise CannotKeep({"": _("Whoever leads or opened it changes it, until it is closed.")})
    if problems := problems_with(wish, by=by):
        problems.pop("departments", None) if len(set(wish.departments)) > 1 else None
        if problems:
            raise CannotKeep(problems)
    project.name, project.goal, project.lead = wish.name, wish.goal, wish.lead
    project.save(update_fields=["name", "goal", "lead"])
    _keep_sets(project, wish)
    _record("project.changed", project, by=by, at=at)
    return project


@transaction.atomic
def add_task(
    project: Project, title: str, *, owner: User | None, due_on: dt.date | None, by: User, at: dt.datetime
) -> Action:
    """A task of the project, which stands on the board as every other. Raises CannotKeep."""
    project = _locked(project)
    if not may_add(project, by):
        raise CannotKeep({"": _("Members give tasks, until the project is closed.")})
    try:
        action = followup.raise_action(
            title,
            by=by,
            at=at,
            owner=owner,
            due_on=due_on,
            review=project.review,
            result=_one_result(project),
            tell=True,
        )
    except followup.CannotRaise as refusal:
        raise CannotKeep({"title": " ".join(refusal.problems)}) from refusal
    action.project = project
    action.save(update_fields=["project"])
    _record("project.task_added", project, by=by, at=at, title=action.title)
    return action


def _one_result(project: Project) -> KeyResult | None:
    """Where a project serves one key result, so do its tasks; among several nobody guesses."""
    found = list(project.results.all()[:2])
    return found[0] if len(found) == 1 else None


def closing_problems(project: Project, outcome: Outcome, *, by: User) -> dict[str, str]:
    """Field → why `by` cannot close it so."""
    found, numbers = {}, (outcome.before, outcome.after)
    if not may_change(project, by):
        found[""] = _("Whoever leads or opened it closes it, once.")
    if not outcome.sentence:
        found["sentence"] = _("Say in one sentence what came of it.")
    if outcome.measure and None in numbers:
        found["after"] = _("An effect has a number before and one after.")
    elif not outcome.measure and numbers != (None, None):
        found["measure"] = _("Say what was measured.")
    if any(one is not None and abs(one) > FARTHEST for one in numbers):
        found["after"] = _("This number is too large.")
    return found


@transaction.atomic
def close(project: Project, outcome: Outcome, *, by: User, at: dt.datetime) -> Project:
    """It is over; its tasks go on as they are. Raises CannotKeep."""
    project = _locked(project)
    if problems := closing_problems(project, outcome, by=by):
        raise CannotKeep(problems)
    project.closed_at, project.closed_by, project.outcome = at, by, outcome.sentence
    if outcome.measure:
        project.measure = outcome.measure
        project.before, project.after = (scaled(one, SCALE) for one in (outcome.before, outcome.after))
    project.save()
    _record("project.closed", project, by=by, at=at, outcome=outcome.sentence)
    return project


def tasks(project: Project, reader: User) -> list[Action]:
    """Its tasks as far as `reader` may see them, those that are due first at the top."""
    return list(
        Action.objects.visible_to(reader).filter(project=project).select_related("owner", "department")
    )


def progress(rows: list[Action]) -> Progress:
    standing = [row for row in rows if row.status != Action.Status.DROPPED]
    return Progress(sum(row.status == Action.Status.DONE for row in standing), len(standing))


def blocked(project: Project, reader: User) -> list[Blocker]:
    """Whom its tasks wait for, the longest first."""
    rows = Blocker.objects.visible_to(reader).standing().filter(action__project=project)
    return list(rows.select_related("action__owner", "department", "person").order_by("raised_at", "pk"))


def history(project: Project) -> list[Activity]:
    """What happened to it, the latest first; for those who may see the project and are colleagues."""
    lines = Activity.objects.filter(subject_type=Project._meta.label_lower, subject_id=str(project.pk))
    return list(lines.select_related("actor").order_by("-at", "-pk"))


def default_lead(departments: tuple[Department, ...], by: User) -> User:
    """Who opens it where they lead one of the departments; else the lead of the first that has one."""
    found = [lead for one in departments if (lead := handover.lead_of(one))]
    return by if by in found or not found else found[0]


def _keep_sets(project: Project, wish: Wish) -> None:
    project.departments.set(wish.departments)
    project.members.set({*wish.members, wish.lead})
    project.results.set(wish.results)


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update(of=("self",)).select_related("lead").get(pk=project.pk)


def _record(code: str, project: Project, *, by, at, **params) -> None:
    home = project.lead.department
    activity.record(code, project, by=by, at=at, params={"name": project.name} | params, department=home)
