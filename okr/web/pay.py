"""Commission: the list of a cycle, one plan, writing it, agreeing; a stranger gets 404, a partner always."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okr import pay_disputes, pay_plans, pay_statements
from okr.models import Cycle, PayDispute, PayPlan
from okr.setting import CannotSet
from okr.web import pay_words
from okr.web.forms import metric_names
from okr.web.pay_forms import (
    AnswerForm,
    NoteForm,
    PayLineForm,
    PayLines,
    PayMembers,
    WordsForm,
    whom,
)
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE

State = PayPlan.State


def writes_for(user) -> list[Department]:
    """The teams whose terms `user` writes."""
    if user.is_partner:
        return []
    return [one for one in Department.objects.active() if pay_plans.may_write(one, by=user)]


@never_cache
@require_GET
def newest(request):
    """The running cycle, else the newest one."""
    if not pay_plans.concerns(request.user):
        raise Http404
    rows = Cycle.objects.visible_to(request.user)
    today = timezone.localdate()
    row = rows.filter(starts_on__lte=today, ends_on__gt=today).order_by("-starts_on").first() or rows.first()
    if row is None:
        return redirect("okr")
    return redirect("pay-cycle", row.code)


def cycle_of(request, code: str) -> Cycle:
    row = Cycle.objects.visible_to(request.user).filter(code=code).first()
    if row is None or not pay_plans.concerns(request.user):
        raise Http404
    return row


@never_cache
@require_GET
def listed(request, code):
    cycle, user = cycle_of(request, code), request.user
    rows = PayPlan.objects.visible_to(user).filter(cycle=cycle).select_related("department", "made_by")
    plans = [pay_words.state(one, user) for one in rows]
    mine = PayPlan.objects.paying(user).filter(cycle=cycle).select_related("department")
    written_for = {one.department_id for one in rows if one.state != State.REPLACED}
    cycles = Cycle.objects.visible_to(user)[:8]
    context = {
        "okr_cycle": cycle,
        "cycles": [{"label": one.code, "url": address(one), "active": one == cycle} for one in cycles],
        "plans": plans,
        "mine": mine,
        "may_write": [one for one in writes_for(user) if one.pk not in written_for],
        "may_try": None in user.abilities.get("commission.view", ()),
    }
    return render(request, "okr/pay_list.html", context)


def address(cycle: Cycle) -> str:
    return reverse("pay-cycle", args=[cycle.code])


def plan_of(request, code: str, pk: int) -> PayPlan:
    rows = PayPlan.objects.visible_to(request.user).filter(cycle__code=code, pk=pk)
    row = rows.select_related("cycle", "department", "made_by").first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_GET
def page(request, code, pk):
    return plan_page(request, plan_of(request, code, pk))


def plan_page(request, plan: PayPlan, said: str = "", wrong: dict | None = None, *, status: int = 200):
    """`said`: why a step was refused; `wrong`: the form that was, by "back" or the key of a dispute."""
    user, at, wrong = request.user, timezone.now(), wrong or {}
    stands = pay_statements.standings(plan, at=at)
    lines = pay_words.terms(plan)
    for one in lines:
        one["stand"] = pay_words.stand(one["row"], stands[one["row"].pk])
    drawn = {one.person_id: one for one in plan.statements.all()}
    disputes = plan.disputes.select_related("person", "line__version", "line__metric", "answered_by")
    may_answer = bool(pay_plans.sides(user))
    is_finance = pay_plans.Side.FINANCE in pay_plans.sides(user)
    may_draw = is_finance and plan.state in (State.APPROVED, State.DRAWN)
    context = {
        "okr_cycle": plan.cycle,
        "one": pay_words.state(plan, user),
        "lines": lines,
        "members": [
            {
                "row": member,
                "base": pay_words.amount(member.base),
                "due": pay_words.amount(drawn[member.person_id].due) if member.person_id in drawn else None,
            }
            for member in plan.members.select_related("person")
        ],
        "is_drawn": bool(drawn),
        "currency": pay_words.company_currency(),
        "last_day": plan.cycle.ends_on - dt.timedelta(days=1),
        "partner": pay_words.amount(
            sum(
                each.partner
                for one in plan.statements.prefetch_related("amounts")
                for each in one.amounts.all()
            )
        ),
        "disputes": [
            pay_words.dispute(one)
            | {
                "form": wrong.get(one.pk) or AnswerForm(auto_id=f"answer{one.pk}_%s"),
                "may_answer": may_answer and not one.outcome and one.person_id != user.pk,
            }
            for one in disputes
        ],
        "agree_problems": pay_plans.agree_problems(plan, by=user)
        if may_answer and plan.state in pay_plans.STAGE
        else [],
        "may_write": pay_plans.may_write(plan.department, by=user),
        "may_ask": plan.state == State.DRAFT and pay_plans.may_write(plan.department, by=user),
        "may_change": plan.state in (State.DRAFT, State.APPROVED)
        and pay_plans.may_write(plan.department, by=user),
        "back_form": wrong.get("back") or WordsForm(auto_id="back_%s"),
        "may_send_back": plan.state == State.ASKED
        and (may_answer or pay_plans.may_write(plan.department, by=user)),
        "may_draw": may_draw,
        "draw_problems": pay_statements.draw_problems(plan, stands, by=user, at=at) if may_draw else [],
        "said": said,
    }
    return render(request, "okr/pay_plan.html", context, status=status)


@require_POST
def do(request, code, pk, verb):
    """ask, agree, back or draw."""
    plan, at, user = plan_of(request, code, pk), timezone.now(), request.user
    steps = {
        "ask": (pay_plans.ask, _("Finance and HR are asked.")),
        "agree": (pay_plans.agree, _("Agreed.")),
        "draw": (pay_statements.draw_up, _("Statements are drawn up; whom they pay are told.")),
    }
    try:
        if verb == "back":
            form = WordsForm(request.POST, auto_id="back_%s")
            words = form.cleaned_data["words"] if form.is_valid() else ""
            pay_plans.send_back(plan, words, by=user, at=at)
            messages.success(request, _("Sent back."))
        elif verb in steps:
            step, told = steps[verb]
            step(plan, by=user, at=at)
            messages.success(request, told)
        else:
            raise Http404
    except CannotSet as refusal:
        if verb == "back":
            form.explain(refusal.problems)
            return plan_page(request, plan, wrong={"back": form}, status=UNPROCESSABLE)
        return plan_page(
            request, plan_of(request, code, pk), " ".join(refusal.problems.values()), status=UNPROCESSABLE
        )
    return redirect("pay-plan", code, pk)


@require_POST
def answer(request, code, pk, dispute):
    plan = plan_of(request, code, pk)
    found = PayDispute.objects.filter(plan=plan, pk=dispute).first()
    if found is None or not pay_plans.sides(request.user):
        raise Http404
    form = AnswerForm(request.POST, auto_id=f"answer{dispute}_%s")
    given = form.cleaned_data if form.is_valid() else {}
    try:
        pay_disputes.answer(
            found, given.get("outcome", ""), given.get("words", ""), by=request.user, at=timezone.now()
        )
    except CannotSet as refusal:
        form.explain(refusal.problems)
        return plan_page(request, plan, wrong={dispute: form}, status=UNPROCESSABLE)
    messages.success(request, _("Answered; whoever asked is told."))
    return redirect("pay-plan", code, pk)


# --- Writing ------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def write(request, code, slug):
    """The draft of a team: as it is, else what holds now as its next version."""
    cycle, user = cycle_of(request, code), request.user
    department = Department.objects.active().filter(slug=slug).first()
    if department is None or not pay_plans.may_write(department, by=user):
        raise Http404
    plan = PayPlan.objects.visible_to(user).filter(cycle=cycle, department=department).first()
    people, given = whom(department, plan), request.POST or None
    more = {"cycle": cycle, "department": department, "user": user}
    lines = [PayLineForm.of(one) for one in pay_statements.lines_of(plan)] if plan else []
    members = (
        [
            {
                "person": str(one.person_id),
                "base": f"{one.base / 100:.2f}",
                "joined_on": one.joined_on,
                "currency": one.currency,
            }
            for one in plan.members.all()
        ]
        if plan
        else []
    )
    if given and "more" in given:
        given = given.copy()
        name = "line" if given["more"] == "line" else "member"
        given[f"{name}-TOTAL_FORMS"] = str(int(given.get(f"{name}-TOTAL_FORMS") or 0) + 1)
    forms = {
        "note": NoteForm(given, initial={"note": plan.note if plan else ""}),
        "lines": PayLines(given, initial=lines, prefix="line", form_kwargs=more),
        "members": PayMembers(given, initial=members, prefix="member", form_kwargs={"people": people}),
    }
    status, said = 200, ""
    if given and "more" not in given:
        status = UNPROCESSABLE
        if all([one.is_valid() for one in forms.values()]):
            try:
                kept = pay_plans.keep(
                    cycle,
                    department,
                    forms["lines"].wishes,
                    forms["members"].wishes,
                    forms["note"].cleaned_data["note"],
                    by=user,
                    at=timezone.now(),
                )
            except CannotSet as refusal:
                said = explained(forms, refusal.problems)
            else:
                messages.success(request, _("Kept as a draft. It counts once Finance and HR agreed."))
                return redirect("pay-plan", code, kept.pk)
    context = forms | {
        "okr_cycle": cycle,
        "department": department,
        "plan": plan,
        "said": said,
        "metrics": metric_names(user),
        "currency": pay_words.company_currency(),
    }
    return render(request, "okr/pay_form.html", context, status=status)


def explained(forms: dict, problems: dict[str, str]) -> str:
    """Each sentence beside its row; what belongs to no row is returned."""
    for name, sentence in problems.items():
        kind, _dash, place = name.partition("-")
        if place:
            forms[f"{kind}s"].explain(int(place), sentence)
        elif name == "note":
            forms["note"].add_error("note", sentence)
    return problems.get("", "")
