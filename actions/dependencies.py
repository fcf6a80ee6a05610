"""A task waits for another one: its clock stands still until that one is over. Both pages say so."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actions import followup, supervision
from actions.models import Action, Dependency
from reviewhub.people.models import User

OVER = (Action.Status.DONE, Action.Status.DROPPED)
MOST_OFFERED = 200


class CannotWait(Exception):
    """Nothing was changed; `sentence` says why, in the reader's language."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


def may_say(action: Action, person: User) -> bool:
    """Who moves it, and who asked for it."""
    return followup.may_move(action, person) or (person.is_active and action.raised_by_id == person.pk)


def choices(action: Action, *, by: User) -> list[Action]:
    """What it could wait for: open tasks that `by` sees, those of the same key result and department first."""
    found = Action.objects.visible_to(by).open().exclude(pk=action.pk).select_related("owner")
    found = found.exclude(pk__in=Dependency.objects.standing().filter(waiting=action).values("awaited"))
    rows = list(found.order_by("due_on", "pk")[:MOST_OFFERED])
    near = lambda one: (one.result_id != action.result_id, one.department_id != action.department_id)  # noqa: E731
    return sorted(rows, key=near)


@transaction.atomic
def wait(action: Action, awaited: Action | None, *, by: User, at: dt.datetime) -> Dependency:
    """From now on `action` waits for `awaited`, a task that `by` sees. Twice the same is once. Raises CannotWait."""
    action = followup.locked(action)
    if not may_say(action, by):
        raise CannotWait(_("Only who moves or asked for this task can say what it waits for."))
    if action.status in OVER:
        raise CannotWait(_("This task is over."))
    if awaited is None or awaited.status in OVER:
        raise CannotWait(_("Choose an open task that it waits for."))
    standing = Dependency.objects.standing()
    if found := standing.filter(waiting=action, awaited=awaited).first():
        return found
    if supervision.goes_round(set(standing.values_list("waiting_id", "awaited_id")), action.pk, awaited.pk):
        raise CannotWait(_("“%(title)s” waits for this task already.") % {"title": awaited.title})
    try:
        with transaction.atomic():
            made = Dependency.objects.create(waiting=action, awaited=awaited, since=at, by=by)
    except IntegrityError:  # an older one still stands whose task was opened again, or somebody was faster
        return Dependency.objects.get(waiting=action, awaited=awaited, ended_at=None)
    followup.record("action.waits", action, by=by, at=at, after={"awaited": awaited.pk})
    return made


@transaction.atomic
def end(action: Action, pk: int, *, by: User, at: dt.datetime) -> None:
    """`action` waits no more for that dependency's task. Twice is once. Raises CannotWait."""
    if not may_say(action, by):
        raise CannotWait(_("Only who moves or asked for this task can say what it waits for."))
    rows = Dependency.objects.filter(waiting=action, pk=pk, ended_at=None)
    if rows.update(ended_at=at, ended_by=by):
        followup.record("action.waits_no_more", action, by=by, at=at)


def of(action: Action, reader: User) -> tuple[list[Dependency], list[Dependency]]:
    """(What it waits for, what waits for it), as long as it stands. `is_open_to_reader` says whether the other task may
    be named to the reader."""
    rows = Dependency.objects.standing().select_related("waiting__owner", "awaited__owner")
    ours, theirs = list(rows.filter(waiting=action)), list(rows.filter(awaited=action))
    theirs = [one for one in theirs if one.waiting.status not in OVER]
    others = [one.awaited_id for one in ours] + [one.waiting_id for one in theirs]
    seen = (
        set(Action.objects.visible_to(reader).filter(pk__in=others).values_list("pk", flat=True))
        if others
        else ()
    )
    for one in ours:
        one.is_open_to_reader = one.awaited_id in seen
    for one in theirs:
        one.is_open_to_reader = one.waiting_id in seen
    return ours, theirs
