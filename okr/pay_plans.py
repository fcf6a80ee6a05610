"""Commission plans: the lead of a team writes the terms, Finance and HR agree, each through somebody who is not paid.

What changed is never said outside these tables: the activity log keeps that something did.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from okr import pay_wishes
from okr.models import Cycle, PayApproval, PayLine, PayMember, PayPlan
from okr.pay_wishes import LONGEST, LineWish, MemberWish
from okr.setting import CannotSet
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, Department

State, Stage, Side = PayPlan.State, PayApproval.Stage, PayApproval.Side
ABILITY = {Side.FINANCE: "commission.finance", Side.HR: "commission.hr"}
STAGE = {State.ASKED: Stage.TERMS, State.DRAWN: Stage.PAYMENT}
ASKED, AGREED, BACK = "pay.asked", "pay.agreed", "pay.back"


# --- Who may ------------------------------------------------------------------------------------------------


def may_write(department: Department, *, by) -> bool:
    """The lead of the team, and Finance's commission steward."""
    if not by.is_active or by.is_partner:
        return False
    return department.pk in by.abilities.get("commission.plan", ()) or None in by.abilities.get(
        ABILITY[Side.FINANCE], ()
    )


def concerns(user) -> bool:
    """Whether commission has a page for them at all. One query at most."""
    if not user.is_active or user.is_partner:
        return False
    held = {"commission.view", "commission.plan", *ABILITY.values()} & user.abilities.keys()
    return bool(held) or PayPlan.objects.paying(user).exists()


def sides(by) -> list[str]:
    """For whom `by` may agree."""
    if not by.is_active or by.is_partner:
        return []
    return [side for side, ability in ABILITY.items() if None in by.abilities.get(ability, ())]


def agreed(plan: PayPlan) -> dict[str, PayApproval]:
    """Side → its word in this round at this stage."""
    stage = STAGE.get(plan.state, Stage.PAYMENT if plan.state == State.SETTLED else Stage.TERMS)
    rows = plan.approvals.filter(stage=stage, round=plan.round).select_related("by")
    return {row.side: row for row in rows}


def side_of(plan: PayPlan, *, by) -> str | None:
    """The side for which `by` may agree now: one that has not yet, not paid by the plan, not its writer, and no
    dispute open where it is about the payment. None where there is none."""
    if plan.state not in STAGE or agree_problems(plan, by=by):
        return None
    given = agreed(plan)
    if any(row.by_id == by.pk for row in given.values()):
        return None
    return next((side for side in sides(by) if side not in given), None)


def agree_problems(plan: PayPlan, *, by) -> list[str]:
    """Why somebody of Finance or HR cannot agree."""
    found = []
    if plan.members.filter(person=by).exists():
        found.append(_("This plan pays you yourself; somebody else must agree."))
    if plan.state == State.ASKED and plan.made_by_id == by.pk:
        found.append(_("You wrote these terms yourself; somebody else must agree."))
    if plan.state == State.DRAWN and plan.disputes.filter(outcome="").exists():
        found.append(_("A dispute is open; it is answered first."))
    return found


# --- Writing ------------------------------------------------------------------------------------------------


@transaction.atomic
def keep(
    cycle: Cycle,
    department: Department,
    lines: list[LineWish],
    members: list[MemberWish],
    note: str = "",
    *,
    by,
    at: dt.datetime,
) -> PayPlan:
    """Write the draft: the one there is, else the next version. Raises CannotSet."""
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    rows = PayPlan.objects.filter(cycle=cycle, department=department)
    problems = pay_wishes.problems(cycle, lines, members, note)
    if not may_write(department, by=by):
        problems[""] = _("The lead of the team writes its terms, or Finance.")
    elif rows.filter(state__in=(State.ASKED, State.DRAWN, State.SETTLED)).exists():
        problems[""] = _(
            "A version waits for approval, or statements are drawn up: the terms stay as they are."
        )
    if problems:
        raise CannotSet(problems)
    plan = rows.filter(state=State.DRAFT).first()
    if plan is None:
        number = (rows.aggregate(most=Max("number"))["most"] or 0) + 1
        plan = PayPlan(cycle=cycle, department=department, number=number)
    plan.note, plan.made_at, plan.made_by = note.strip(), at, by
    plan.save()
    plan.lines.all().delete()
    plan.members.all().delete()
    for position, wish in enumerate(lines):
        PayLine.objects.create(plan=plan, position=position, **pay_wishes.stored(wish, cycle, at))
    PayMember.objects.bulk_create(
        PayMember(plan=plan, person=one.person, base=one.base, joined_on=one.joined_on, currency=one.currency)
        for one in members
    )
    record("pay.written", plan, by=by, at=at)
    return plan


# --- Agreeing -----------------------------------------------------------------------------------------------


def held(plan: PayPlan) -> PayPlan:
    """The plan as it is now, its cycle held until the end of the transaction."""
    Cycle.objects.select_for_update().get(pk=plan.cycle_id)
    return PayPlan.objects.select_related("cycle", "department", "made_by").get(pk=plan.pk)


@transaction.atomic
def ask(plan: PayPlan, *, by, at: dt.datetime) -> PayPlan:
    """Ask Finance and HR to agree; from now on the definitions are pinned. Raises CannotSet."""
    plan = held(plan)
    if not may_write(plan.department, by=by):
        raise CannotSet({"": _("The lead of the team writes its terms, or Finance.")})
    if plan.state != State.DRAFT:
        raise CannotSet({"": _("It is not a draft any more.")})
    if PayPlan.objects.filter(
        cycle=plan.cycle, department=plan.department, state__in=(State.DRAWN, State.SETTLED)
    ).exists():
        raise CannotSet({"": _("Statements are drawn up: the terms stay as they are.")})
    if any(not pay_wishes.is_current(line, plan.cycle, at) for line in plan.lines.all()):
        raise CannotSet(
            {"": _("A definition or a key result has changed since: open the draft and save it.")}
        )
    plan.state, plan.round, plan.asked_at, plan.sent_back = State.ASKED, plan.round + 1, at, ""
    plan.save()
    record("pay.asked", plan, by=by, at=at)
    planning.raise_occurrence(ASKED, plan, at=at, cycle_key=f"{plan.round}:{plan.state}")
    return plan


@transaction.atomic
def send_back(plan: PayPlan, words: str, *, by, at: dt.datetime) -> PayPlan:
    """Finance or HR wants other terms, or who asked thinks again: a draft once more. Raises CannotSet."""
    plan, words = held(plan), " ".join(words.split())
    if not (sides(by) or may_write(plan.department, by=by)):
        raise CannotSet({"": _("Finance and HR decide on it.")})
    if plan.state != State.ASKED:
        raise CannotSet({"": _("It does not wait for approval.")})
    if not 0 < len(words) <= LONGEST:
        raise CannotSet({"words": _("Say why, in at most %(most)s characters.") % {"most": LONGEST}})
    plan.state, plan.sent_back = State.DRAFT, words
    plan.save(update_fields=["state", "sent_back"])
    record("pay.sent_back", plan, by=by, at=at)
    planning.raise_occurrence(BACK, plan, at=at, cycle_key=str(plan.round))
    return plan


@transaction.atomic
def agree(plan: PayPlan, *, by, at: dt.datetime) -> PayPlan:
    """Agree for Finance or HR. With both, terms are in force and an older version is replaced, or the statements are
    approved for payment. Raises CannotSet."""
    plan = held(plan)
    side = side_of(plan, by=by)
    if side is None:
        problems = agree_problems(plan, by=by) or [_("There is nothing for you to agree to.")]
        raise CannotSet({"": problems[0]})
    stage = STAGE[plan.state]
    plan.approvals.create(stage=stage, side=side, round=plan.round, at=at, by=by)
    record("pay.agreed", plan, by=by, at=at)
    if len(agreed(plan)) < len(Side.values):
        return plan
    if stage == Stage.TERMS:
        older = PayPlan.objects.filter(
            cycle=plan.cycle, department=plan.department, state__in=PayPlan.BINDING
        )
        older.exclude(pk=plan.pk).update(state=State.REPLACED)
    plan.state = State.APPROVED if stage == Stage.TERMS else State.SETTLED
    plan.save(update_fields=["state"])
    planning.raise_occurrence(AGREED, plan, at=at, cycle_key=f"{plan.round}:{stage}")
    return plan


def record(code: str, plan: PayPlan, *, by, at: dt.datetime) -> None:
    """That something changed, for named persons only; what it was stays in these tables (class C3)."""
    activity.record(code, plan, by=by, at=at, params={}, confidentiality=Confidentiality.SECRET)
