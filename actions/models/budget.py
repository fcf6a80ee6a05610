"""The adjustment of the budget that Finance publishes after a review, and its lines from account to account."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from actions.models.action import Action
from metrics.models import Review
from reviewhub.people.models import Department, User

# The department that answers for the budget.
FINANCE = "FIN"


def reads_all(user: User) -> bool:
    """Who sees whole adjustments, drafts too: Finance, and those who read the budget of the whole company."""
    if not user.is_active or user.is_partner:
        return False
    held = user.abilities.get("budget.publish", set())
    if None in held or None in user.abilities.get("budget.read", set()):
        return True
    return Department.objects.filter(code=FINANCE, pk__in=held).exists()


class BudgetAdjustmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them for those who publish and who read them all; a lead those that moved the own money, once
        published. For everybody else there is none."""
        if not user.is_active or user.is_partner:
            return self.none()
        if reads_all(user):
            return self
        own = user.abilities.get("budget.read", set())
        lines = BudgetLine.objects.filter(Q(from_department__in=own) | Q(to_department__in=own))
        return self.filter(published_at__isnull=False, pk__in=lines.values("adjustment_id"))

    def open(self):
        return self.filter(published_at=None, cancelled_at=None)

    def standing(self):
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)


class BudgetAdjustment(models.Model):
    """One clock of 48 hours from the recorded end of a review's meeting. Immutable once published."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="budget_adjustments")
    opened_at = models.DateTimeField(help_text=_("The recorded end of the meeting."))
    due_at = models.DateTimeField(help_text=_("48 elapsed hours later."))
    currency = models.CharField(max_length=3)
    version = models.PositiveIntegerField(default=0, help_text=_("Counts what was saved."))
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    late_s = models.PositiveIntegerField(default=0, help_text=_("Seconds late, 0 when in time."))
    cancelled_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when the clock stands still; empty while it runs.")
    )
    allowed_sum = models.BigIntegerField(
        null=True, blank=True, help_text=_("The sum that an executive allowed.")
    )
    allowed_at = models.DateTimeField(null=True, blank=True)
    allowed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    allowed_reason = models.CharField(max_length=300, blank=True)

    objects = BudgetAdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(published_at=None, cancelled_at=None),
                name="one_open_budget_adjustment",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(cancelled_at=None), name="budget_published_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(published_by__isnull=False),
                name="budget_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("opened_at")), name="budget_due_after_opened"
            ),
            models.CheckConstraint(
                condition=Q(allowed_sum=None) | (Q(allowed_by__isnull=False) & ~Q(allowed_reason="")),
                name="budget_allowed_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.review}: {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.published_at is None and self.cancelled_at is None

    def due(self, at) -> dt.datetime:
        """When the 48 hours are over as far as `at` knows: while the clock stands still it moves along."""
        return self.due_at + max(at - self.stopped_at, dt.timedelta()) if self.stopped_at else self.due_at


class BudgetLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whole adjustments, or of published ones the lines that touch the reader's departments."""
        if not user.is_active or user.is_partner:
            return self.none()
        if reads_all(user):
            return self
        own = user.abilities.get("budget.read", set())
        touched = Q(from_department__in=own) | Q(to_department__in=own)
        return self.filter(touched, adjustment__published_at__isnull=False)


class BudgetLine(models.Model):
    """One amount from an account to another; without a source it is new money, without a target a cut."""

    adjustment = models.ForeignKey(BudgetAdjustment, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    from_account = models.CharField(max_length=80, blank=True)
    from_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    to_account = models.CharField(max_length=80, blank=True)
    to_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    amount = models.BigIntegerField(null=True, blank=True, help_text=_("In 10⁻⁴ of the currency."))
    decision = models.CharField(max_length=120, blank=True)
    action = models.ForeignKey(Action, models.SET_NULL, null=True, blank=True, related_name="budget_lines")
    note = models.CharField(max_length=300, blank=True)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        ordering = ["adjustment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "position"], name="budget_line_position"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="budget_line_moves_something"
            ),
        ]

    @property
    def effect(self) -> int:
        """What the line adds to the budget of the company: new money positive, a cut negative, a move nothing."""
        amount = self.amount or 0
        return (amount if self.to_account else 0) - (amount if self.from_account else 0)


class BudgetReceipt(models.Model):
    """A department said that it has the adjustment."""

    adjustment = models.ForeignKey(BudgetAdjustment, models.CASCADE, related_name="receipts")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "department"], name="budget_received_once_by_a_department"
            )
        ]


class BudgetVersion(models.Model):
    """The lines as they were saved once: the first is what the meeting left. Written once, never changed."""

    adjustment = models.ForeignKey(BudgetAdjustment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lines = models.JSONField(default=list, help_text=_("Fields of each line, as they were typed."))

    class Meta:
        ordering = ["adjustment", "number"]
        constraints = [models.UniqueConstraint(fields=["adjustment", "number"], name="budget_version_number")]


class BudgetApproval(models.Model):
    """Somebody else than its writer allowed exactly this move: accounts casefolded, its lines added up."""

    adjustment = models.ForeignKey(BudgetAdjustment, models.CASCADE, related_name="approvals")
    from_account = models.CharField(max_length=80, blank=True)
    to_account = models.CharField(max_length=80, blank=True)
    amount = models.BigIntegerField(help_text=_("In 10⁻⁴ of the currency."))
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment", "from_account", "to_account", "amount"], name="budget_approved_once"
            )
        ]


class BudgetLimit(models.Model):
    """Up to which amount Finance moves money alone; the newest row counts, the others say what counted before."""

    amount = models.BigIntegerField(help_text=_("In 10⁻⁴ of the company's currency."))
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-set_at", "-id"]


class BudgetStop(models.Model):
    """A time that does not count among the 48 hours, and why."""

    adjustment = models.ForeignKey(BudgetAdjustment, models.CASCADE, related_name="stops")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["adjustment", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["adjustment"], condition=Q(ended_at=None), name="budget_clock_stopped_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="budget_clock_stopped_with_a_reason"),
        ]
