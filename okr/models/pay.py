"""Commission (class C3): plans, whom they pay, what was drawn up, taken back and disputed.

These tables stand apart from everything that exports, searches, serialises or logs rows. Amounts are whole cents of
the company's currency; shares are percent with four decimals; figures have six decimals (`six`), rates in percent.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models import Metric, MetricVersion
from okr.models.cascade import KeyResult
from okr.models.cycle import Cycle
from reviewhub.people.models import Department, User

PERCENT = {"max_digits": 9, "decimal_places": 4}


class PayPlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The whole plan: who holds `commission.view`, and who writes the terms of that team. Whom it pays sees a
        statement (PayStatement, okr.pay_statements), never the plan. Partners see nothing."""
        if not user.is_active or user.is_partner:
            return self.none()
        if None in user.abilities.get("commission.view", ()):
            return self
        return self.filter(department__in=user.abilities.get("commission.plan", set()) - {None})

    def paying(self, user):
        """Those that pay `user` and are in force."""
        if not user.is_active or user.is_partner:
            return self.none()
        return self.filter(members__person=user, state__in=PayPlan.BINDING)

    def binding(self):
        """Whose definitions are pinned: from the moment somebody asked for approval."""
        return self.filter(state__in=(PayPlan.State.ASKED, *PayPlan.BINDING))


class PayPlan(models.Model):
    """One version of the terms of a team for a cycle. `round` counts how often approval was asked for."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("commission plan", "Draft")
        ASKED = "asked", pgettext_lazy("commission plan", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("commission plan", "In force")
        DRAWN = "drawn", pgettext_lazy("commission plan", "Statements drawn up")
        SETTLED = "settled", pgettext_lazy("commission plan", "Approved for payment")
        REPLACED = "replaced", pgettext_lazy("commission plan", "Replaced")

    BINDING = (State.APPROVED, State.DRAWN, State.SETTLED)

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="pay_plans")
    department = models.ForeignKey(Department, models.PROTECT, related_name="pay_plans")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=500, blank=True)
    sent_back = models.CharField(max_length=500, blank=True, help_text=_("Why it was sent back."))
    round = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)

    objects = PayPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__starts_on", "department__position", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "department", "number"], name="pay_plan_number"),
            models.UniqueConstraint(
                fields=["cycle", "department"],
                condition=Q(state__in=("approved", "drawn", "settled")),
                name="one_pay_plan_in_force",
            ),
        ]

    def __str__(self):
        return f"{self.cycle} {self.department.code} {self.number}"


class PayLine(models.Model):
    """A component: what is read, and how it becomes a factor (okr.payout.Line).

    Of a key result `metric`, `version`, part, `baseline` and `target` are copied, so that moving the key result
    afterwards moves nobody's pay. `new_days`: only products that came on sale so many days ago.
    """

    class Basis(models.TextChoices):
        RATIO = "ratio", _("figure ÷ target")
        WAY = "way", _("share of the way from baseline to target")

    plan = models.ForeignKey(PayPlan, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    result = models.ForeignKey(KeyResult, models.PROTECT, null=True, blank=True, related_name="pay_lines")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="pay_lines")
    version = models.ForeignKey(MetricVersion, models.PROTECT, null=True, related_name="pay_lines")
    dimension = models.CharField(max_length=20, blank=True)
    member = models.CharField(max_length=80, blank=True)
    new_days = models.PositiveSmallIntegerField(null=True, blank=True)
    basis = models.CharField(max_length=5, choices=Basis, default=Basis.RATIO)
    baseline = models.BigIntegerField(null=True, blank=True)
    target = models.BigIntegerField()
    weight = models.DecimalField(**PERCENT)
    threshold = models.DecimalField(**PERCENT, default=0)
    cap = models.DecimalField(**PERCENT, null=True, blank=True)
    tiers = models.JSONField(default=list, help_text=_("[from, rate] in percent, as text."))
    is_whole = models.BooleanField(default=False)
    shared = models.DecimalField(**PERCENT, default=0)
    gate_metric = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    gate_version = models.ForeignKey(MetricVersion, models.PROTECT, null=True, blank=True, related_name="+")
    gate_least = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    gate_pays = models.DecimalField(**PERCENT, default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="pay_line_position"),
            models.CheckConstraint(
                condition=Q(weight__gt=0) & Q(weight__lte=100), name="pay_line_weight_to_100"
            ),
            models.CheckConstraint(condition=Q(shared__gte=0) & Q(shared__lte=100), name="pay_line_shared"),
            models.CheckConstraint(
                condition=Q(gate_metric=None, gate_least=None)
                | Q(gate_metric__isnull=False, gate_least__isnull=False),
                name="pay_line_gate_is_whole",
            ),
        ]

    def __str__(self):
        return self.name


class PayMember(models.Model):
    """Somebody whom the plan pays: `base` cents for the whole cycle; `joined_on`: counted by days from then on."""

    plan = models.ForeignKey(PayPlan, models.CASCADE, related_name="members")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    base = models.BigIntegerField()
    joined_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, help_text=_("Paid in another currency, at budget."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="pay_member_once"),
            models.CheckConstraint(condition=Q(base__gte=0), name="pay_base_not_negative"),
        ]


class PayApproval(models.Model):
    """Finance or HR agreed: to the terms, or to what is paid. Counts for the round in which it was given."""

    class Stage(models.TextChoices):
        TERMS = "terms", _("Terms")
        PAYMENT = "payment", _("Payment")

    class Side(models.TextChoices):
        FINANCE = "finance", _("Finance")
        HR = "hr", _("HR")

    plan = models.ForeignKey(PayPlan, models.CASCADE, related_name="approvals")
    stage = models.CharField(max_length=7, choices=Stage)
    side = models.CharField(max_length=7, choices=Side)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "stage", "side", "round"], name="one_pay_approval_a_side"
            ),
            models.UniqueConstraint(
                fields=["plan", "stage", "by", "round"], name="one_pay_approval_a_person"
            ),
        ]


class PayStatementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of a plan that one sees, and one's own."""
        if not user.is_active or user.is_partner:
            return self.none()
        return self.filter(Q(person=user) | Q(plan__in=PayPlan.objects.visible_to(user).values("pk")))


class PayStatement(models.Model):
    """What was drawn up for one person: `earned` less `taken` for returns and `carried_in` from before makes `due`, and
    what it does not cover `carried_out`. `rate`: company's currency for one of `currency`, `elsewhere` its cents."""

    plan = models.ForeignKey(PayPlan, models.CASCADE, related_name="statements")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    earned = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)
    carried_in = models.BigIntegerField(default=0)
    due = models.BigIntegerField()
    carried_out = models.BigIntegerField(default=0)
    carried_from = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="carried_into"
    )
    currency = models.CharField(max_length=3, blank=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    elsewhere = models.BigIntegerField(null=True, blank=True)

    objects = PayStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_pay_statement_a_person"),
            models.CheckConstraint(condition=Q(due__gte=0, carried_out__gte=0), name="nobody_pays_in"),
        ]


class PayAmount(models.Model):
    """One line of a statement, and from which certified figures: `sources` are [submission, version number]."""

    statement = models.ForeignKey(PayStatement, models.CASCADE, related_name="amounts")
    line = models.ForeignKey(PayLine, models.PROTECT, related_name="amounts")
    actual = models.BigIntegerField()
    gate = models.BigIntegerField(null=True, blank=True)
    attained = models.BigIntegerField()
    factor = models.BigIntegerField()
    own = models.BigIntegerField()
    partner = models.BigIntegerField(default=0)
    sources = models.JSONField(default=list)

    class Meta:
        ordering = ["line__position"]
        constraints = [models.UniqueConstraint(fields=["statement", "line"], name="one_pay_amount_a_line")]


class PayReturn(models.Model):
    """What was sold came back: `cents` of what a settled line paid are taken from the statement `taken_in`.

    `sold` and `returned` in the unit of the line's figure, six decimals. Never changed or deleted.
    """

    amount = models.ForeignKey(PayAmount, models.PROTECT, related_name="returns")
    sold = models.BigIntegerField()
    returned = models.BigIntegerField()
    cents = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_in = models.ForeignKey(
        PayStatement, models.SET_NULL, null=True, blank=True, related_name="returns_taken"
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sold__gt=0, returned__gt=0, cents__gte=0) & Q(returned__lte=F("sold")),
                name="pay_return_of_what_was_sold",
            )
        ]


class PayDispute(models.Model):
    """Somebody doubts a line of theirs: on exactly this value, by this definition, from these versions of files."""

    class Outcome(models.TextChoices):
        OPEN = "", pgettext_lazy("dispute", "Open")
        KEPT = "kept", pgettext_lazy("dispute", "The figure stands")
        MENDED = "mended", pgettext_lazy("dispute", "The figure is being mended")

    plan = models.ForeignKey(PayPlan, models.PROTECT, related_name="disputes")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    line = models.ForeignKey(PayLine, models.PROTECT, related_name="disputes")
    actual = models.BigIntegerField(null=True, blank=True)
    own = models.BigIntegerField(null=True, blank=True)
    sources = models.JSONField(default=list)
    words = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "person", "line"], condition=Q(outcome=""), name="one_open_dispute_a_line"
            )
        ]
