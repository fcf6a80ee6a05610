"""Moves above a limit need the word of an executive who did not write them; the limit is the executives' own (W5)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from actions import budget_amounts, budget_lines
from actions.budget_lines import Line
from actions.budget_rows import Refused, locked, record
from actions.models import BudgetAdjustment, BudgetApproval, BudgetLimit, BudgetVersion
from reviewhub.people.models import User
from reviewhub.people.permissions import may

# Until somebody says otherwise: 500,000 of the company's currency.
DEFAULT = 500_000 * 10**4


class CannotApprove(Refused):
    """Nothing was written."""


@dataclass(frozen=True)
class Asked:
    """A move above the limit: all lines (counted from 1) from one account to another, what they come to, and the word
    that was given for exactly that; None until it is there. Parting an amount does not get below the limit."""

    numbers: tuple[int, ...]
    from_account: str
    to_account: str
    units: int
    decisions: tuple[str, ...]
    approval: BudgetApproval | None

    @property
    def number(self) -> int:
        """The line by which it is called."""
        return self.numbers[0]

    @property
    def amount(self) -> str:
        return budget_amounts.written(self.units)


def limit() -> int:
    """Up to which amount Finance moves money alone, in 10⁻⁴ of the company's currency. One query."""
    return BudgetLimit.objects.values_list("amount", flat=True).first() or DEFAULT


def asked(adjustment: BudgetAdjustment, lines: list[Line], most: int | None = None) -> list[Asked]:
    """The moves that need a word, each with the one that fits it exactly. Two queries."""
    most = limit() if most is None else most
    given = {
        (row.from_account, row.to_account, row.amount): row
        for row in adjustment.approvals.select_related("by")
    }
    moves: dict[tuple[str, str], list[tuple[int, Line]]] = {}
    for number, line in enumerate(lines, 1):
        key = line.typed.from_account.casefold(), line.typed.to_account.casefold()
        moves.setdefault(key, []).append((number, line))
    found = []
    for key, together in moves.items():
        units = sum(line.units or 0 for _number, line in together)
        if units > most:
            first = together[0][1].typed
            numbers = tuple(number for number, _line in together)
            decisions = tuple(line.typed.decision for _number, line in together if line.typed.decision)
            approval = given.get((*key, units))
            found.append(Asked(numbers, first.from_account, first.to_account, units, decisions, approval))
    return found


def saved(adjustment: BudgetAdjustment) -> list[Asked]:
    """The same of the lines that are stored."""
    return asked(adjustment, budget_lines.read_lines(budget_lines.kept(adjustment), adjustment.currency))


def problems(adjustment: BudgetAdjustment, lines: list[Line]) -> list[str]:
    """What still keeps these lines from being published."""
    most = limit()
    said = {"limit": budget_amounts.written(most), "currency": adjustment.currency}
    alone = _("Line %(number)s is above %(limit)s %(currency)s: an executive approves it first.")
    together = _(
        "Lines %(numbers)s are together above %(limit)s %(currency)s: an executive approves them first."
    )
    return [
        (alone if len(one.numbers) == 1 else together)
        % (said | {"number": one.number, "numbers": ", ".join(map(str, one.numbers))})
        for one in asked(adjustment, lines, most)
        if one.approval is None
    ]


def may_approve(adjustment: BudgetAdjustment, person: User) -> bool:
    """An executive who never saved lines of this review, however many others saved since."""
    if not adjustment.is_open or not may_limit(person):
        return False
    return not BudgetVersion.objects.filter(adjustment__review=adjustment.review_id, by=person).exists()


@transaction.atomic
def approve(
    adjustment: BudgetAdjustment, number: int, *, version: int, by: User, at: dt.datetime
) -> BudgetApproval:
    """The word for the move of line `number` as `by` saw it in `version`. Twice is once. Raises CannotApprove."""
    adjustment = locked(adjustment)
    if not may_approve(adjustment, by):
        raise CannotApprove([_("An executive who did not write the lines approves them.")])
    if version != adjustment.version:
        raise CannotApprove([_("Finance saved other lines meanwhile. Look at them first.")])
    found = next((one for one in saved(adjustment) if number in one.numbers), None)
    if found is None:
        raise CannotApprove([_("This line needs no approval.")])
    if found.approval:
        return found.approval
    row = BudgetApproval.objects.create(
        adjustment=adjustment,
        from_account=found.from_account.casefold(),
        to_account=found.to_account.casefold(),
        amount=found.units,
        at=at,
        by=by,
    )
    record("budget.approved", adjustment, by=by, at=at, number=number, review=adjustment.review.code)
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
    record("budget.limit_set", row, by=by, at=at)
    return row
