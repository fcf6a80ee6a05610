"""The 48 hours stand still only when an executive says why; what was stopped does not count (E4)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from actions import budget_clock, budget_lines
from actions.budget_rows import LONGEST_REASON, Refused, locked, record
from actions.models import BudgetAdjustment, BudgetStop
from reviewhub.people.models import User
from reviewhub.people.permissions import may


class CannotStop(Refused):
    """The clock goes on as it did."""


def may_stop(adjustment: BudgetAdjustment, person: User) -> bool:
    """An executive: who has to keep a term does not stop it."""
    return adjustment.is_open and may(person, "budget.approve") and not person.is_partner


def spans(adjustment: BudgetAdjustment) -> budget_clock.Stops:
    """(from, to) of every stop, oldest first, as the clock reads them. One query."""
    return list(adjustment.stops.order_by("at", "id").values_list("at", "ended_at"))


@transaction.atomic
def stop(adjustment: BudgetAdjustment, reason: str, *, by: User, at: dt.datetime) -> BudgetAdjustment:
    """Stand still from `at`. A clock that stands stays as it is. Raises CannotStop."""
    adjustment = locked(adjustment)
    reason = budget_lines.clean(reason)
    if not may_stop(adjustment, by):
        raise CannotStop([_("Only an executive stops the clock, and only while it runs.")])
    if adjustment.stopped_at:
        return adjustment
    if not reason:
        raise CannotStop([_("Say why in a few words.")])
    if len(reason) > LONGEST_REASON:
        raise CannotStop([_("Write at most %(limit)s characters.") % {"limit": LONGEST_REASON}])
    BudgetStop.objects.create(adjustment=adjustment, at=at, by=by, reason=reason)
    adjustment.stopped_at = at
    adjustment.save(update_fields=["stopped_at"])
    record("budget.stopped", adjustment, by=by, at=at, review=adjustment.review.code, reason=reason)
    return adjustment


@transaction.atomic
def go_on(adjustment: BudgetAdjustment, *, by: User, at: dt.datetime) -> BudgetAdjustment:
    """Run again; the term ends later by exactly what was stopped. Raises CannotStop."""
    adjustment = locked(adjustment)
    if not may_stop(adjustment, by):
        raise CannotStop([_("Only an executive stops the clock, and only while it runs.")])
    end(adjustment, by=by, at=at)
    return adjustment


def end(adjustment: BudgetAdjustment, *, by: User, at: dt.datetime) -> None:
    """End the stop that lasts, if there is one. Call it inside the transaction that holds the adjustment."""
    if not adjustment.stopped_at:
        return
    adjustment.stops.filter(ended_at=None).update(ended_at=at, ended_by=by)
    adjustment.due_at, adjustment.stopped_at = adjustment.due(at), None
    adjustment.save(update_fields=["due_at", "stopped_at"])
    record("budget.went_on", adjustment, by=by, at=at, review=adjustment.review.code)
