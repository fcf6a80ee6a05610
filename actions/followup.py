"""What becomes of a promise: raised, completed, started, done, dropped. Every step leaves its trace."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from actions.models import Action, Dependency
from okr.models import KeyResult
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department, User
from reviewhub.people.permissions import may

GOES_ON = "action.goes_on"  # a kind of notice (actions.waiting_notices)
ASSIGNED = "action.assigned"  # one more (actions.assigned_notices)
Status = Action.Status


class CannotRaise(Exception):
    """No action was made; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


class CannotChange(CannotRaise):
    """The action stays as it is; `problems` says why, in the reader's language."""


def raise_problems(title: str, *, owner: User | None, by: User | None) -> list[str]:
    """Why this cannot become an action. An owner or a date may still be missing: they are asked for later."""
    problems = []
    longest = Action._meta.get_field("title").max_length
    if not title.strip():
        problems.append(_("Say what is to be done."))
    elif len(title) > longest:
        problems.append(_("An action takes at most %(number)s characters.") % {"number": longest})
    if owner is not None and not owner.is_active:
        problems.append(_("%(name)s does not work here any more.") % {"name": owner})
    if by is not None and not by.is_active:
        problems.append(_("You may not raise actions."))
    return problems


@transaction.atomic
def raise_action(
    title: str,
    *,
    by: User | None,
    at: dt.datetime,
    owner: User | None = None,
    due_on: dt.date | None = None,
    department: Department | None = None,
    review=None,
    metric=None,
    key_result: str = "",
    result: KeyResult | None = None,
    priority: int = 2,
    collaborators=(),
    confidentiality: int = Confidentiality.INTERNAL,
    tell: bool = False,
) -> Action:
    """Write a promise down; without `department` it is that of its owner. `tell`: its owner hears of it at once, for no
    recap of a meeting tells them. Raises CannotRaise."""
    title = " ".join(title.split())
    if problems := raise_problems(title, owner=owner, by=by):
        raise CannotRaise(problems)
    action = Action.objects.create(
        title=title,
        owner=owner,
        department=department or (owner.department if owner else None),
        review=review,
        metric=metric,
        key_result=key_result,
        result=result,
        priority=priority,
        due_on=due_on,
        original_due_on=due_on,
        raised_at=at,
        raised_by=by,
        confidentiality=confidentiality,
    )
    action.collaborators.set(collaborators)
    after = {"owner": owner.username if owner else None, "due_on": due_on.isoformat() if due_on else None}
    record("action.raised", action, by=by, at=at, after=after)
    if tell and owner is not None and by is not None and owner.pk != by.pk:
        planning.raise_occurrence(ASSIGNED, action, at=at)
    return action


@transaction.atomic
def complete(
    action: Action,
    *,
    owner: User | None,
    due_on: dt.date | None,
    result: KeyResult | None,
    by: User,
    at: dt.datetime,
) -> Action:
    """Say of a promise what the meeting had left open, or says differently before it is over."""
    action = locked(action)
    before, after = _promised(action), {}
    action.owner, action.due_on, action.result = owner, due_on, result
    action.original_due_on = action.original_due_on or due_on  # what was promised first never disappears
    action.department = action.department or (owner.department if owner else None)
    after = _promised(action)
    if before != after:
        action.save(update_fields=["owner", "due_on", "original_due_on", "result", "department"])
        record("action.completed", action, by=by, at=at, before=before, after=after)
    return action


def _promised(action):
    due_on = action.due_on.isoformat() if action.due_on else None
    return {
        "owner": action.owner.username if action.owner else None,
        "due_on": due_on,
        "result": action.result.title if action.result else None,
    }


def may_edit(action: Action, person: User) -> bool:
    """The department's lead, and those who edit every action."""
    if action.department_id is None:
        return None in person.abilities.get("action.edit", ()) or may(person, "action.edit_any")
    return may(person, "action.edit", action.department) or may(person, "action.edit_any")


def may_move(action: Action, person: User) -> bool:
    """The owner moves their own; editors move every one of theirs."""
    return person.is_active and (action.owner_id == person.pk or may_edit(action, person))


def status_problems(action: Action, status: str, *, by: User) -> list[str]:
    """Why `by` cannot move the action to `status`; empty when nothing stands against it."""
    if status not in Status.values:
        return [_("There is no such status.")]
    if not may_move(action, by):
        return [_("Only its owner, the department's lead and the facilitator can move this action.")]
    if status == Status.DROPPED and not may_edit(action, by):
        return [_("Only the department's lead or the facilitator can drop an action.")]
    return []


@transaction.atomic
def set_status(action: Action, status: str, *, by: User, at: dt.datetime) -> Action:
    """Move the action. Twice the same is once. Raises CannotChange."""
    action = locked(action)
    if problems := status_problems(action, status, by=by):
        raise CannotChange(problems)
    if action.status == status:
        return action
    if status in (Status.DONE, Status.DROPPED):
        _let_go(action, at)
    before, action.status = action.status, status
    action.started_at = None if status == Status.TODO else action.started_at
    if status == Status.DOING:
        action.started_at = action.started_at or at
    action.done_at = at if status == Status.DONE else None
    action.save(update_fields=["status", "started_at", "done_at"])
    record("action.status", action, by=by, at=at, before={"status": before}, after={"status": status})
    return action


def _let_go(action: Action, at: dt.datetime) -> None:
    """Whoever waits for `action` is told; it is about to be over."""
    for one in Dependency.objects.standing().filter(awaited=action).select_related("waiting"):
        params = {"awaited": action.pk}
        planning.raise_occurrence(
            GOES_ON, one.waiting, at=at, cycle_key=f"{one.pk}:{at.isoformat()}", params=params
        )


@transaction.atomic
def detail(action: Action, *, priority: int, collaborators, offered, by: User, at: dt.datetime) -> Action:
    """How urgent it is, and the departments that work along: of those `offered` the `collaborators`, others stay.
    Twice the same is once. Raises CannotChange."""
    action = locked(action)
    if not (may_move(action, by) or (by.is_active and action.raised_by_id == by.pk)):
        raise CannotChange([_("Only who moves or asked for this task can say that.")])
    before = {"priority": action.priority, "along": sorted(one.code for one in action.collaborators.all())}
    along = [*(one for one in action.collaborators.all() if one not in offered), *collaborators]
    after = {"priority": priority, "along": sorted(one.code for one in along)}
    if before != after:
        action.priority = priority
        action.save(update_fields=["priority"])
        action.collaborators.set(along)
        record("action.detailed", action, by=by, at=at, before=before, after=after)
    return action


def locked(action: Action) -> Action:
    """The action as the database has it now, held until the transaction ends."""
    rows = Action.objects.select_for_update(of=("self",)).select_related("owner", "department")
    return rows.get(pk=action.pk)


def record(code: str, action: Action, *, by, at, before=None, after=None) -> None:
    """One line of the log about an action."""
    activity.record(
        code,
        action,
        by=by,
        at=at,
        params={"title": action.title},
        before=before,
        after=after,
        department=action.department,
        confidentiality=action.confidentiality,
    )
