"""Which key result a task serves, said after it was raised."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from actions import followup
from actions.models import Action
from okr.models import Cycle, KeyResult
from reviewhub.people.models import User

MOST = 300  # key results of one list


def choices(by: User):
    """The key results of cycles that are not scored, as far as `by` sees them."""
    rows = KeyResult.objects.visible_to(by).standing().exclude(cycle__state=Cycle.State.CLOSED)
    return rows.select_related("cycle", "department").order_by("-cycle__starts_on", "position", "pk")[:MOST]


def problems(action: Action, *, by: User) -> list[str]:
    """Why `by` may not say what the task serves."""
    if not followup.may_move(action, by):
        return [_("Only its owner, the department's lead and the facilitator can move this action.")]
    if action.result_id and action.result.cycle.state == Cycle.State.CLOSED:
        return [_("This cycle is scored: it stays as it is.")]
    return []


@transaction.atomic
def serve(action: Action, wanted: str, *, by: User, at: dt.datetime) -> Action:
    """Let the task serve the key result of the key `wanted`. Raises followup.CannotChange."""
    action = (
        Action.objects.select_for_update(of=("self",)).select_related("owner", "department").get(pk=action.pk)
    )
    if said := problems(action, by=by):
        raise followup.CannotChange(said)
    rows = KeyResult.objects.visible_to(by).standing().exclude(cycle__state=Cycle.State.CLOSED)
    result = rows.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
    if result is None:
        raise followup.CannotChange([_("Choose a key result of a running cycle.")])
    return followup.complete(action, owner=action.owner, due_on=action.due_on, result=result, by=by, at=at)
