"""Disputes: somebody doubts a line of their own, on exactly the value that they saw; Finance or HR answers."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from okr import pay_plans, pay_statements
from okr.models import PayDispute, PayLine, PayPlan
from okr.setting import CannotSet
from reviewhub.notices import planning

OPENED, ANSWERED = "pay.disputed", "pay.answered"
LONGEST = 500
Outcome = PayDispute.Outcome


@transaction.atomic
def dispute(plan: PayPlan, line: PayLine, words: str, *, by, at: dt.datetime) -> PayDispute:
    """Open one on the line as it stands: drawn up, else as far as it is certified. An open one stays one. Raises
    CannotSet."""
    plan, words = pay_plans.held(plan), " ".join(words.split())
    if not plan.members.filter(person=by).exists():
        raise CannotSet({"": _("Only whom the plan pays disputes a line.")})
    if plan.state not in PayPlan.BINDING:
        raise CannotSet({"": _("The terms are not in force.")})
    if plan.state == PayPlan.State.SETTLED:
        raise CannotSet({"": _("It is approved for payment already.")})
    if not 0 < len(words) <= LONGEST:
        raise CannotSet(
            {"words": _("Say what is wrong, in at most %(most)s characters.") % {"most": LONGEST}}
        )
    if found := plan.disputes.filter(line=line, person=by, outcome=Outcome.OPEN).first():
        return found
    made = PayDispute.objects.create(
        plan=plan, person=by, line=line, words=words, opened_at=at, **_seen(plan, line, by, at)
    )
    pay_plans.record("pay.disputed", plan, by=by, at=at)
    planning.raise_occurrence(OPENED, made, at=at)
    return made


def _seen(plan: PayPlan, line: PayLine, by, at: dt.datetime) -> dict:
    """The value, the amount and the versions of files that `by` sees now."""
    statement = plan.statements.filter(person=by).first()
    if statement and (amount := statement.amounts.filter(line=line).first()):
        return {"actual": amount.actual, "own": amount.own, "sources": amount.sources}
    stand = pay_statements.standings(plan, at=at)[line.pk]
    value = stand.main.value
    return {
        "actual": None if value is None else pay_statements.kept(value),
        "sources": [list(one) for one in stand.sources],
    }


@transaction.atomic
def answer(found: PayDispute, outcome: str, words: str, *, by, at: dt.datetime) -> PayDispute:
    """The figure stands, or it is being mended; either way with words. Raises CannotSet."""
    pay_plans.held(found.plan)
    found, words = PayDispute.objects.select_related("plan", "line").get(pk=found.pk), " ".join(words.split())
    problems = {}
    if not pay_plans.sides(by):
        problems[""] = _("Finance or HR answers.")
    elif found.person_id == by.pk:
        problems[""] = _("It is your own dispute; somebody else answers.")
    elif found.outcome:
        problems[""] = _("It is answered already.")
    if outcome not in (Outcome.KEPT, Outcome.MENDED):
        problems["outcome"] = _("Say whether the figure stands.")
    if not 0 < len(words) <= LONGEST:
        problems["words"] = _("Say why, in at most %(most)s characters.") % {"most": LONGEST}
    if problems:
        raise CannotSet(problems)
    found.outcome, found.answer, found.answered_at, found.answered_by = outcome, words, at, by
    found.save(update_fields=["outcome", "answer", "answered_at", "answered_by"])
    pay_plans.record("pay.answered", found.plan, by=by, at=at)
    planning.raise_occurrence(ANSWERED, found, at=at)
    return found
