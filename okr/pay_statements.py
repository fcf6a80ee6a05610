"""Commission statements: where each line stands, what it would pay, drawing up, taking back, what-if.

There is an amount only where every figure is final: certified, ripe and whole for the cycle.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.units import scaled
from okr import pay_figures, pay_plans, pay_terms, payout
from okr.models import (
    SCALE,
    PayAmount,
    PayLine,
    PayMember,
    PayPlan,
    PayReturn,
    PayStatement,
)
from okr.pay_figures import Stand
from okr.payout import Paid, Reading
from okr.setting import CannotSet
from reviewhub.notices import planning

State = PayPlan.State
MILLION = 10**6
DRAWN = "pay.statement"
LONGEST = 300


@dataclass(frozen=True)
class Worked:
    """What a plan comes to for one person: each line's amounts in cents, their sum (None: a figure is missing), and
    the share of the cycle that counts."""

    lines: tuple[tuple[PayLine, Paid], ...]
    earned: int | None
    part: Fraction


def lines_of(plan: PayPlan) -> list[PayLine]:
    rows = plan.lines.select_related("metric", "gate_metric", "version", "gate_version", "result")
    return list(rows.order_by("position"))


def standings(plan: PayPlan, *, at: dt.datetime) -> dict[int, Stand]:
    """Key of a line → where it stands by certified figures."""
    return pay_figures.standings(plan.cycle, lines_of(plan), on=timezone.localdate(at))


def part_of(plan: PayPlan, member: PayMember) -> Fraction:
    start, end = plan.cycle.starts_on, plan.cycle.ends_on
    return payout.part_of(start, end, member.joined_on or start)


def worked(
    plan: PayPlan, member: PayMember, readings: Mapping[int, Reading], lines: Iterable[PayLine]
) -> Worked:
    """What `member` would get with these readings by key of the line."""
    part = part_of(plan, member)
    found = tuple(
        (row, payout.paid(member.base, pay_terms.line(row), readings[row.pk], part)) for row in lines
    )
    return Worked(found, payout.total([paid for _row, paid in found]), part)


def tried(
    plan: PayPlan, member: PayMember, attained: Mapping[int, Fraction], *, is_open: bool = True
) -> Worked:
    """What-if: every line at what is tried for it, the gates passed or not."""
    lines = lines_of(plan)
    readings = {row.pk: pay_terms.tried(row, attained[row.pk], is_open=is_open) for row in lines}
    return worked(plan, member, readings, lines)


# --- Drawing up ---------------------------------------------------------------------------------------------


def draw_problems(plan: PayPlan, stands: Mapping[int, Stand], *, by, at: dt.datetime) -> list[str]:
    """Why statements cannot be drawn up now."""
    found = []
    if pay_plans.Side.FINANCE not in pay_plans.sides(by):
        found.append(_("Finance draws up the statements."))
    if plan.state not in (State.APPROVED, State.DRAWN):
        found.append(_("The terms are not in force."))
    if timezone.localdate(at) < plan.cycle.ends_on:
        found.append(_("The cycle is not over."))
    missing = [row.name for row in lines_of(plan) if not stands[row.pk].is_final]
    if missing:
        found.append(_("Not certified for the whole cycle yet: %(names)s.") % {"names": "; ".join(missing)})
    return found


@transaction.atomic
def draw_up(plan: PayPlan, *, by, at: dt.datetime) -> list[PayStatement]:
    """A statement for everybody whom the plan pays, from the figures as they are certified now; drawing up again
    replaces what was drawn, and both sides agree anew. Raises CannotSet."""
    plan = pay_plans.held(plan)
    lines, stands = lines_of(plan), standings(plan, at=at)
    if problems := draw_problems(plan, stands, by=by, at=at):
        raise CannotSet({"": " ".join(problems)})
    plan.statements.all().delete()
    readings = {pk: one.reading for pk, one in stands.items()}
    made = []
    for member in plan.members.select_related("person").order_by("pk"):
        found = worked(plan, member, readings, lines)
        made.append(_drawn(plan, member, found, stands))
    plan.state, plan.round, plan.drawn_at = State.DRAWN, plan.round + 1, at
    plan.save(update_fields=["state", "round", "drawn_at"])
    pay_plans.record("pay.drawn", plan, by=by, at=at)
    planning.raise_occurrence(DRAWN, plan, at=at, cycle_key=str(plan.round))
    planning.raise_occurrence(pay_plans.ASKED, plan, at=at, cycle_key=f"{plan.round}:{plan.state}")
    return made


def _drawn(plan: PayPlan, member: PayMember, found: Worked, stands: Mapping[int, Stand]) -> PayStatement:
    before = carried(plan, member.person)
    returns = pending(plan, member.person)
    taken = sum(one.cents for one in returns)
    owed = before.carried_out if before else 0
    paid = payout.settled(found.earned, taken + owed)
    rate = pay_figures.budget_rate(plan.cycle, member.currency) if member.currency else None
    statement = PayStatement.objects.create(
        plan=plan,
        person=member.person,
        earned=found.earned,
        taken=taken,
        carried_in=owed,
        carried_from=before,
        due=paid.due,
        carried_out=paid.owed,
        currency=member.currency,
        rate=rate,
        elsewhere=None if rate is None else payout.in_currency(paid.due, 1 / Fraction(rate)),
    )
    PayAmount.objects.bulk_create(
        PayAmount(
            statement=statement,
            line=row,
            actual=kept(stands[row.pk].main.value),
            gate=kept(stands[row.pk].gate.value) if stands[row.pk].gate else None,
            attained=int(stands[row.pk].attained * MILLION),
            factor=int(amount.factor * MILLION),
            own=amount.own,
            partner=amount.partner,
            sources=[list(one) for one in stands[row.pk].sources],
        )
        for row, amount in found.lines
    )
    PayReturn.objects.filter(pk__in=[one.pk for one in returns]).update(taken_in=statement)
    return statement


def kept(value: Decimal) -> int:
    """Six decimals; what a figure has beyond them is cut, it is not computed with."""
    return scaled(value.quantize(Decimal(1).scaleb(-6)), SCALE)


def carried(plan: PayPlan, person) -> PayStatement | None:
    """The settled statement of an earlier cycle that could not take back everything, and that no other one has taken
    over."""
    rows = PayStatement.objects.filter(person=person, plan__state=State.SETTLED, carried_out__gt=0)
    rows = rows.filter(plan__cycle__ends_on__lte=plan.cycle.starts_on, carried_into=None)
    return rows.order_by("-plan__cycle__ends_on", "pk").first()


def pending(plan: PayPlan, person) -> list[PayReturn]:
    """Returns of what earlier cycles paid that no statement has taken."""
    rows = PayReturn.objects.filter(amount__statement__person=person, taken_in=None)
    return list(rows.filter(amount__statement__plan__cycle__ends_on__lte=plan.cycle.starts_on))


# --- Taking back --------------------------------------------------------------------------------------------


@transaction.atomic
def take_back(
    amount: PayAmount, sold: Decimal | None, returned: Decimal | None, reason: str, *, by, at: dt.datetime
) -> PayReturn:
    """What was sold came back: the part that was paid on it is taken from the next statement. Never more of a line than
    it paid. Raises CannotSet."""
    plan = pay_plans.held(amount.statement.plan)
    problems, reason = {}, " ".join(reason.split())
    if pay_plans.Side.FINANCE not in pay_plans.sides(by):
        problems[""] = _("Finance takes back.")
    elif plan.members.filter(person=by).exists():
        problems[""] = _("This plan pays you yourself; somebody else must agree.")
    elif plan.state != State.SETTLED:
        problems[""] = _("Nothing was paid yet.")
    if sold is None or sold <= 0:
        problems["sold"] = _("Write what was sold, more than nothing.")
    elif returned is None or not 0 < returned <= sold:
        problems["returned"] = _("What came back is more than nothing, and no more than what was sold.")
    if not 0 < len(reason) <= LONGEST:
        problems["reason"] = _("Say why, in at most %(most)s characters.") % {"most": LONGEST}
    if problems:
        raise CannotSet(problems)
    before = amount.returns.aggregate(cents=Sum("cents"))["cents"] or 0
    cents = min(payout.taken_back(amount.own, Fraction(sold), Fraction(returned)), amount.own - before)
    if cents <= 0:
        raise CannotSet({"": _("Everything that this line paid is taken back already.")})
    made = PayReturn.objects.create(
        amount=amount,
        sold=scaled(sold, SCALE),
        returned=scaled(returned, SCALE),
        cents=cents,
        reason=reason,
        at=at,
        by=by,
    )
    pay_plans.record("pay.taken_back", plan, by=by, at=at)
    return made
