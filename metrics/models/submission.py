"""What a department handed in for a period: versions that are never overwritten."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from metrics.models.source import SourceFile
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with, may


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Certified ones to colleagues; drafts to the own department and to those who read every draft."""
        if not user.is_active:
            return self.none()
        own = Q(department__in=departments_with(user, "submission.edit"))
        if may(user, "submission.read_any"):
            own |= ~Q(state=Submission.State.WITHDRAWN)
        if not user.is_partner:
            own |= Q(state=Submission.State.CERTIFIED)
        return self.filter(own)

    def waiting(self):
        return self.filter(state=Submission.State.HANDED_IN)

    def touching(self, start, end):
        """Submissions whose period overlaps [start, end)."""
        return self.filter(period_start__lt=end, period_end__gt=start)

    def of_series(self, submission):
        """Every version of the same department, profile and period."""
        return self.filter(
            department=submission.department_id,
            profile=submission.profile,
            period_start=submission.period_start,
            period_end=submission.period_end,
        )

    def in_force(self, *, drafts: bool):
        """The version of each series that counts: the certified one, or with `drafts` the newest living one."""
        living = [Submission.State.CERTIFIED]
        if drafts:
            living += [Submission.State.DRAFT, Submission.State.HANDED_IN]
        candidates = self.filter(state__in=living)
        newer = candidates.filter(
            department=OuterRef("department"),
            profile=OuterRef("profile"),
            period_start=OuterRef("period_start"),
            period_end=OuterRef("period_end"),
            number__gt=OuterRef("number"),
        ).order_by()
        return candidates.filter(~Exists(newer))


class Submission(models.Model):
    """One version of one department's data from one profile for one period [start, end)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        HANDED_IN = "handed_in", _("Handed in")
        RETURNED = "returned", _("Returned")
        CERTIFIED = "certified", _("Certified")
        SUPERSEDED = "superseded", _("Replaced")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    department = models.ForeignKey(Department, models.PROTECT, related_name="submissions")
    profile = models.CharField(max_length=60)
    profile_digest = models.CharField(max_length=64)
    period_start = models.DateField()
    period_end = models.DateField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)

    source = models.ForeignKey(SourceFile, models.PROTECT, null=True, related_name="submissions")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.CharField(max_length=500, blank=True)

    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced")
    replaced_state = models.CharField(max_length=12, choices=State, blank=True)

    rows_read = models.PositiveBigIntegerField(default=0)
    rows_used = models.PositiveBigIntegerField(default=0)
    rows_excluded = models.JSONField(default=dict)
    excluded_value = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    findings_total = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "profile", "period_start", "period_end", "number"],
                name="submission_version",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="submission_period_is_forward"
            ),
            models.CheckConstraint(
                condition=Q(certified_by=None)
                | (
                    (Q(uploaded_by=None) | ~Q(certified_by=F("uploaded_by")))
                    & (Q(handed_in_by=None) | ~Q(certified_by=F("handed_in_by")))
                ),
                name="nobody_certifies_own_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state="certified") | Q(certified_at__isnull=False),
                name="certified_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["state", "period_start"])]

    def __str__(self):
        return f"{self.department_id}/{self.profile} {self.period_start} v{self.number}"
