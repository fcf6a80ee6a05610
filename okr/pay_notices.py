"""Who is told of commission: that something waits or is there, never whose, how much or on what (class C3)."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from okr import pay_disputes, pay_plans, pay_statements
from okr.models import PayDispute, PayPlan
from reviewhub.notices import kinds
from reviewhub.people.models import User

State = PayPlan.State


def register() -> None:
    for kind in (
        kinds.Kind(
            code=pay_plans.ASKED,
            label=gettext_lazy("A commission plan waits for Finance and HR"),
            note=gettext_lazy(
                "When terms are handed in and when statements are drawn up, until both agreed."
            ),
            recipients=approvers,
            recheck=waits,
            render=asked_content,
            concerns=lambda user: bool(pay_plans.sides(user)),
            visible=sees_plan,
            reasons={"decided": gettext_lazy("It was decided.")},
        ),
        kinds.Kind(
            code=pay_plans.BACK,
            label=gettext_lazy("A commission plan was sent back"),
            note=gettext_lazy("To whoever wrote it."),
            recipients=writer,
            render=back_content,
            concerns=concerns_writers,
            visible=sees_plan,
        ),
        kinds.Kind(
            code=pay_plans.AGREED,
            label=gettext_lazy("A commission plan is in force or approved for payment"),
            note=gettext_lazy("To whoever wrote it, and whom it pays."),
            recipients=lambda occurrence: [*dict.fromkeys([*writer(occurrence), *paid(occurrence)])],
            render=agreed_content,
            concerns=lambda user: not user.is_partner,
            visible=sees_either,
        ),
        kinds.Kind(
            code=pay_statements.DRAWN,
            label=gettext_lazy("Your commission statement is there"),
            note=gettext_lazy("When Finance has drawn it up; before it is approved for payment."),
            recipients=paid,
            recheck=lambda occurrence, user, at: (
                "" if plan_of(occurrence).state == State.DRAWN else "decided"
            ),
            render=statement_content,
            concerns=lambda user: not user.is_partner,
            visible=sees_either,
            reasons={"decided": gettext_lazy("It was decided.")},
        ),
        kinds.Kind(
            code=pay_disputes.OPENED,
            label=gettext_lazy("A commission figure is disputed"),
            note=gettext_lazy("To Finance and HR; payment waits for the answer."),
            recipients=answerers,
            recheck=lambda occurrence, user, at: "answered" if dispute_of(occurrence).outcome else "",
            render=disputed_content,
            concerns=lambda user: bool(pay_plans.sides(user)),
            visible=lambda occurrence, user: sees(dispute_of(occurrence).plan, user),
            reasons={"answered": gettext_lazy("It was answered.")},
        ),
        kinds.Kind(
            code=pay_disputes.ANSWERED,
            label=gettext_lazy("Your dispute of a commission figure is answered"),
            note=gettext_lazy("To whoever opened it."),
            recipients=lambda occurrence: [dispute_of(occurrence).person],
            render=answered_content,
            concerns=lambda user: not user.is_partner,
            visible=lambda occurrence, user: dispute_of(occurrence).person_id == user.pk,
        ),
    ):
        kinds.register(kind)


def plan_of(occurrence) -> PayPlan:
    return PayPlan.objects.select_related("cycle", "department", "made_by").get(pk=occurrence.subject_id)


def dispute_of(occurrence) -> PayDispute:
    rows = PayDispute.objects.select_related("plan__cycle", "plan__department", "person")
    return rows.get(pk=occurrence.subject_id)


def sees(plan: PayPlan, user) -> bool:
    return PayPlan.objects.visible_to(user).filter(pk=plan.pk).exists()


def sees_plan(occurrence, user) -> bool:
    return sees(plan_of(occurrence), user)


def sees_either(occurrence, user) -> bool:
    """The plan, or one's own statement."""
    mine = PayPlan.objects.paying(user).filter(pk=occurrence.subject_id)
    return mine.exists() or sees_plan(occurrence, user)


def concerns_writers(user) -> bool:
    return not user.is_partner and bool({"commission.plan", "commission.finance"} & set(user.abilities))


def agreeing() -> list[User]:
    people = User.objects.active().filter(
        assignments__role__code__in=("hr", "payroll"), assignments__ended_at=None
    )
    return [one for one in people.distinct().order_by("pk") if pay_plans.sides(one)]


def approvers(occurrence) -> list[User]:
    plan = plan_of(occurrence)
    return [one for one in agreeing() if pay_plans.side_of(plan, by=one)]


def answerers(occurrence) -> list[User]:
    found = dispute_of(occurrence)
    return [one for one in agreeing() if one.pk != found.person_id]


def waits(occurrence, user, at) -> str:
    plan = plan_of(occurrence)
    if occurrence.cycle_key != f"{plan.round}:{plan.state}":
        return "decided"
    return "" if user is None or pay_plans.side_of(plan, by=user) else "decided"


def writer(occurrence) -> list[User]:
    by = plan_of(occurrence).made_by
    return [by] if by and by.is_active else []


def paid(occurrence) -> list[User]:
    members = plan_of(occurrence).members.filter(person__is_active=True).select_related("person")
    return [one.person for one in members]


def content(title: str, plan: PayPlan, action: str, path: str) -> kinds.Content:
    """Which cycle, and nothing else: the mail travels."""
    return kinds.Content(
        title=title % {"cycle": plan.cycle.code}, action=action, path=path, thread=f"pay:{plan.pk}"
    )


def plan_path(plan: PayPlan) -> str:
    return reverse("pay-plan", args=[plan.cycle.code, plan.pk])


def own_path(plan: PayPlan, user) -> str:
    return reverse("pay-statement", args=[plan.cycle.code, plan.pk, user.pk if user else 0])


def asked_content(occurrence, user) -> kinds.Content:
    plan = plan_of(occurrence)
    title = _("Commission %(cycle)s: your approval was asked for")
    return content(title, plan, _("Open the plan"), plan_path(plan))


def back_content(occurrence, user) -> kinds.Content:
    plan = plan_of(occurrence)
    return content(
        _("Commission %(cycle)s: your plan was sent back"), plan, _("Open the plan"), plan_path(plan)
    )


def agreed_content(occurrence, user) -> kinds.Content:
    plan = plan_of(occurrence)
    title = _("Commission %(cycle)s: the terms are in force")
    if occurrence.cycle_key.endswith("payment"):
        title = _("Commission %(cycle)s: approved for payment")
    if user is not None and sees(plan, user):
        return content(title, plan, _("Open the plan"), plan_path(plan))
    return content(title, plan, _("Open your statement"), own_path(plan, user))


def statement_content(occurrence, user) -> kinds.Content:
    plan = plan_of(occurrence)
    title = _("Commission %(cycle)s: your statement is there")
    return content(title, plan, _("Open your statement"), own_path(plan, user))


def disputed_content(occurrence, user) -> kinds.Content:
    plan = dispute_of(occurrence).plan
    title = _("Commission %(cycle)s: a figure is disputed")
    return content(title, plan, _("Open the plan"), plan_path(plan))


def answered_content(occurrence, user) -> kinds.Content:
    plan = dispute_of(occurrence).plan
    title = _("Commission %(cycle)s: your dispute is answered")
    return content(title, plan, _("Open your statement"), own_path(plan, user))
