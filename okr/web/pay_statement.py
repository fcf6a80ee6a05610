"""A commission statement: one person's lines, what they pay, what-if, disputes, and what Finance takes back.

What is tried goes by POST alone, so that no amount stands in an address or a log.
"""

from decimal import Decimal
from fractions import Fraction

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from okr import pay_disputes, pay_plans, pay_statements
from okr.models import PayAmount, PayMember, PayPlan
from okr.setting import CannotSet
from okr.web import pay_words
from okr.web.pay_forms import DisputeForm, TakeBackForm
from reviewhub.ui.htmx import UNPROCESSABLE, fragment, refused

TEMPLATE, PARTS = "okr/pay_statement.html", ["whatif"]
State = PayPlan.State


def member_of(request, code: str, pk: int, person: int) -> PayMember:
    """A row of a plan that the reader sees whole, or their own."""
    rows = PayPlan.objects.visible_to(request.user).filter(cycle__code=code, pk=pk)
    if person == request.user.pk and not rows.exists():
        rows = PayPlan.objects.paying(request.user).filter(cycle__code=code, pk=pk)
    plan = rows.select_related("cycle", "department").first()
    row = plan and plan.members.filter(person=person).select_related("person").first()
    if row is None:
        raise Http404
    row.plan = plan
    return row


def trying(member: PayMember, stands, data=None) -> forms.Form:
    """One field for each line: what would be attained, in percent; it begins with what is certified so far."""
    form = forms.Form(data, prefix="try")
    for line in pay_statements.lines_of(member.plan):
        attained = stands[line.pk].attained
        form.fields[str(line.pk)] = forms.DecimalField(
            label=line.name,
            min_value=0,
            max_value=1000,
            max_digits=8,
            decimal_places=2,
            initial=100 if attained is None else round(Decimal(float(attained) * 100), 2),
            widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
        )
    if any(line.gate_metric_id for line in pay_statements.lines_of(member.plan)):
        form.fields["gate"] = forms.BooleanField(
            label=_("Margin gates are passed"), required=False, initial=True
        )
    return form


def tried(member: PayMember, form: forms.Form) -> dict:
    """What the typed figures would pay."""
    given = (
        dict(form.cleaned_data) if form.is_bound else {name: one.initial for name, one in form.fields.items()}
    )
    is_open = given.pop("gate", True)
    attained = {int(name): Fraction(value) / 100 for name, value in given.items()}
    return pay_words.worked(pay_statements.tried(member.plan, member, attained, is_open=is_open))


@never_cache
@require_http_methods(["GET", "POST"])
def page(request, code, pk, person):
    member = member_of(request, code, pk, person)
    if request.method == "GET":
        return statement_page(request, member)
    stands = pay_statements.standings(member.plan, at=timezone.now())
    form = trying(member, stands, request.POST)
    if not form.is_valid():
        return refused(request, TEMPLATE, context_of(request, member, stands, form), PARTS)
    return fragment(request, TEMPLATE, context_of(request, member, stands, form), PARTS)


def statement_page(request, member: PayMember, wrong: dict | None = None, *, status: int = 200):
    stands = pay_statements.standings(member.plan, at=timezone.now())
    context = context_of(request, member, stands, trying(member, stands), wrong)
    return render(request, TEMPLATE, context, status=status)


def context_of(request, member: PayMember, stands, form, wrong: dict | None = None) -> dict:
    """`wrong`: the form that was refused, by ("dispute" or "back", key)."""
    plan, user, wrong = member.plan, request.user, wrong or {}
    row = plan.statements.filter(person=member.person).first()
    drawn = pay_words.statement(row) if row else None
    readings = {pk: one.reading for pk, one in stands.items()}
    live = pay_statements.worked(plan, member, readings, pay_statements.lines_of(plan))
    paid = {line.pk: pay_words.paid(one) for line, one in live.lines}
    is_own = member.person_id == user.pk
    may_dispute = is_own and plan.state in (State.APPROVED, State.DRAWN)
    may_take = plan.state == State.SETTLED and pay_plans.Side.FINANCE in pay_plans.sides(user) and not is_own
    disputes = plan.disputes.filter(person=member.person).select_related(
        "line__version", "line__metric", "answered_by"
    )
    lines = pay_words.terms(plan)
    for one in lines:
        key = one["row"].pk
        one["stand"] = pay_words.stand(one["row"], stands[key])
        one["paid"] = drawn["amounts"][key] if drawn else paid[key]
        one["dispute"] = wrong.get(("dispute", key)) or DisputeForm(auto_id=f"dispute{key}_%s")
        one["is_disputed"] = any(each.line_id == key and not each.outcome for each in disputes)
        one["wrong"] = ("dispute", key) in wrong or ("back", key) in wrong
        if may_take:
            sold = f"{drawn['amounts'][key]['actual'].normalize():f}"
            one["take"] = wrong.get(("back", key)) or TakeBackForm(
                initial={"sold": sold}, auto_id=f"back{key}_%s"
            )
    return {
        "okr_cycle": plan.cycle,
        "one": pay_words.state(plan, user),
        "member": member,
        "base": pay_words.amount(member.base),
        "part": float(live.part) if live.part != 1 else None,
        "is_own": is_own,
        "sees_plan": PayPlan.objects.visible_to(user).filter(pk=plan.pk).exists(),
        "lines": lines,
        "drawn": drawn,
        "earned": pay_words.amount(live.earned),
        "beside": pay_words.beside(plan, member),
        "form": form,
        "result": tried(member, form) if not form.errors else None,
        "may_dispute": may_dispute,
        "may_take": may_take,
        "disputes": [pay_words.dispute(one) for one in disputes],
        "currency": pay_words.company_currency(),
    }


@require_POST
def dispute(request, code, pk, person, line):
    member = member_of(request, code, pk, person)
    row = member.plan.lines.filter(pk=line).first()
    if row is None or member.person_id != request.user.pk:
        raise Http404
    form = DisputeForm(request.POST, auto_id=f"dispute{line}_%s")
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        pay_disputes.dispute(member.plan, row, words, by=request.user, at=timezone.now())
    except CannotSet as refusal:
        form.explain(refusal.problems)
        return statement_page(request, member, {("dispute", line): form}, status=UNPROCESSABLE)
    messages.success(request, _("Finance and HR are asked; payment waits for their answer."))
    return redirect("pay-statement", code, pk, person)


@require_POST
def take_back(request, code, pk, person, line):
    member = member_of(request, code, pk, person)
    found = PayAmount.objects.filter(statement__plan=member.plan, statement__person=member.person, line=line)
    row = found.select_related("statement__plan").first()
    if row is None or pay_plans.Side.FINANCE not in pay_plans.sides(request.user):
        raise Http404
    form = TakeBackForm(request.POST, auto_id=f"back{line}_%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            pay_statements.take_back(
                row, given["sold"], given["returned"], given["reason"], by=request.user, at=timezone.now()
            )
        except CannotSet as refusal:
            form.explain(refusal.problems)
        else:
            messages.success(request, _("Taken from the next statement."))
            return redirect("pay-statement", code, pk, person)
    return statement_page(request, member, {("back", line): form}, status=UNPROCESSABLE)
