"""Moves above a limit need the word of an executive who did not write them; the limit is the executives' own (W5)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actions import budget_amounts, budget_lines
from actions.budget_lines import Line
from actions.models import FINANCE, BudgetAdjustment, BudgetApproval, BudgetLimit
from reviewhub.people import activity
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import may

# Until somebody says otherwise: 500,000 of the company's currency.
DEFAULT = 500_000 * 10**4


class CannotApprove(Exception):
    """Nothing was written; `problems` says why, in the reader's language."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Asked:
    """A saved line above the limit, counted from 1, and the word that was given for it; None until it is there."""

    number: int
    line: Line
    approval: BudgetApproval | None


def limit() -> int:
    """Up to which amount Finance moves money alone, in 10⁻⁴ of the company's currency. One query."""
    return BudgetLimit.objects.values_list("amount", flat=True).first() or DEFAULT


def asked(adjustment: BudgetAdjustment, lines: list[Line]) -> list[Asked]:
    """The lines that need a word, each with the one that fits it exactly. Two queries."""
    most = limit()
    given = {_key(row): row for row in adjustment.approvals.select_related("by")}
    return [
        Asked(number, line, given.get((line.typed.from_account, line.typed.to_account, line.units)))
        for number, line in enumerate(lines, 1)
        if line.units is not None and line.units > most
    ]


def _key(row: BudgetApproval) -> tuple[str, str, int]:
    return row.from_account, row.to_account, row.amount


def saved(adjustment: BudgetAdjustment) -> list[Asked]:
    """The same of the lines that are stored."""
    return asked(adjustment, budget_lines.read_lines(budget_lines.kept(adjustment), adjustment.currency))


def problems(adjustment: BudgetAdjustment, lines: list[Line]) -> list[str]:
    """What still keeps these lines from being published."""
    said = {"limit": budget_amounts.written(limit()), "currency": adjustment.currency}
    return [
        _("Line %(number)s is above %(limit)s %(currency)s: an executive approves it first.")
        % (said | {"number": one.number})
        for one in asked(adjustment, lines)
        if one.approval is None
    ]


def may_approve(adjustment: BudgetAdjustment, person: User) -> bool:
    """An executive who did not save these lines."""
    return (
        adjustment.is_open
        and may(person, "budget.approve")
        and not person.is_partner
        and adjustment.saved_by_id != person.pk
    )


@transaction.atomic
def approve(
    adjustment: BudgetAdjustment, number: int, *, version: int, by: User, at: dt.datetime
) -> BudgetApproval:
    """The word for line `number` as `by` saw it in `version`. Twice is once. Raises CannotApprove."""
    rows = BudgetAdjustment.objects.select_for_update(of=("self",)).select_related("review")
    adjustment = rows.get(pk=adjustment.pk)
    if not may_approve(adjustment, by):
        raise CannotApprove([_("An executive who did not write the lines approves them.")])
    if version != adjustment.version:
        raise CannotApprove([_("Finance saved other lines meanwhile. Look at them first.")])
    found = next((one for one in saved(adjustment) if one.number == number), None)
    if found is None:
        raise CannotApprove([_("This line needs no approval.")])
    if found.approval:
        return found.approval
    typed = found.line.typed
    row = BudgetApproval.objects.create(
        adjustment=adjustment,
        from_account=typed.from_account,
        to_account=typed.to_account,
        amount=found.line.units,
        at=at,
        by=by,
    )
    params = {"number": number, "review": adjustment.review.code}
    _record("budget.approved", adjustment, by=by, at=at, params=params)
    return row


def may_limit(person: User) -> bool:
    return may(person, "budget.approve") and not person.is_partner


@transaction.atomic
def set_limit(typed: str, *, currency: str, by: User, at: dt.datetime) -> BudgetLimit | None:
    """From now on Finance moves up to this amount alone. The same again changes nothing. Raises CannotApprove."""
    if not may_limit(by):
        raise CannotApprove([_("Executives set the limit.")])
    try:
        amount = budget_amounts.read(budget_lines.clean(typed), currency)
    except budget_amounts.NoAmount as refusal:
        raise CannotApprove([budget_lines.amount_problem(refusal.code, currency)]) from refusal
    if amount == limit():
        return BudgetLimit.objects.first()
    row = BudgetLimit.objects.create(amount=amount, set_at=at, set_by=by)
    _record("budget.limit_set", row, by=by, at=at, params={})
    return row


def _record(code: str, row, *, by, at, params) -> None:
    """No amounts: the log is read more widely than the budget."""
    finance = Department.objects.filter(code=FINANCE).first()
    activity.record(code, row, by=by, at=at, params=params, department=finance)
