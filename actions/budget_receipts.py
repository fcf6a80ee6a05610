"""A published adjustment is received by every department whose money it moves: its lead says so, once."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actions.budget_rows import Refused, locked
from actions.models import BudgetAdjustment, BudgetReceipt
from reviewhub.people import activity
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may


class CannotConfirm(Refused):
    """Nothing was written."""


@dataclass(frozen=True)
class Standing:
    """A department whose money moves, and its receipt; None until it is there."""

    department: Department
    receipt: BudgetReceipt | None


def departments(adjustment: BudgetAdjustment) -> list[Department]:
    """Whose money a published adjustment moves, but for who published it: Finance's own word is the publication."""
    if not adjustment.published_at:
        return []
    lines = adjustment.lines.all()
    keys = {one.from_department_id for one in lines} | {one.to_department_id for one in lines}
    rows = Department.objects.filter(pk__in=keys - {None, adjustment.published_by.department_id})
    return list(rows.exclude(kind=Department.Kind.PARTNER).order_by("position"))


def standings(adjustment: BudgetAdjustment) -> list[Standing]:
    """Every department that confirms, in the order of the house. Three queries."""
    given = {row.department_id: row for row in adjustment.receipts.select_related("by")}
    return [Standing(one, given.get(one.pk)) for one in departments(adjustment)]


def may_confirm(adjustment: BudgetAdjustment, department: Department, *, by: User) -> bool:
    """Who leads it; not somebody who reads every budget."""
    held = by.abilities.get("budget.read", set()) if by.is_active and not by.is_partner else set()
    return department.pk in held and department in departments(adjustment)


@transaction.atomic
def confirm(
    adjustment: BudgetAdjustment, department: Department, *, by: User, at: dt.datetime
) -> BudgetReceipt:
    """The department has the new budget. Twice is once. Raises CannotConfirm."""
    adjustment = locked(adjustment)
    if not may_confirm(adjustment, department, by=by):
        raise CannotConfirm([_("The lead of a department whose money moves confirms it.")])
    row, is_new = BudgetReceipt.objects.get_or_create(
        adjustment=adjustment, department=department, defaults={"at": at, "by": by}
    )
    if is_new:
        params = {"review": adjustment.review.code, "department": department.code}
        activity.record("budget.received", adjustment, by=by, at=at, params=params, department=department)
    return row


def waiting(person: User) -> list[tuple[BudgetAdjustment, Department]]:
    """Published adjustments whose receipt `person` has still to confirm, the oldest first."""
    held = person.abilities.get("budget.read", set()) - {None} if person.is_active else set()
    if not held or person.is_partner:
        return []
    rows = BudgetAdjustment.objects.visible_to(person).filter(published_at__isnull=False)
    rows = rows.exclude(receipts__department__in=held).select_related("review", "published_by")
    found = []
    for row in rows.order_by("published_at"):
        found += [
            (row, one) for one in departments(row) if may(person, "budget.read", one) and one.pk in held
        ]
    return found
