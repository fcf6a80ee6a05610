"""What a review agrees with a department beside its figures: more time, items set aside, comments on returned cells."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.models.review import Review
from metrics.models.submission import Submission
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Agreements stand in the open among colleagues; a partner sees those with the own department."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            return self.filter(department__in=departments_with(user, "submission.edit"))
        return self

    def standing(self):
        return self.filter(ended_at=None)


class Extension(models.Model):
    """More time for one department's data in one review. The latest one counts; none is changed.

    Given by nobody: a source was down (`cause`: minutes, and downtimes of feed, since, until), and the lines `items`
    that it feeds are due later.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="extensions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    items = models.JSONField(default=list, blank=True, help_text="Codes of lines; empty: all of them.")
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    cause = models.JSONField(null=True, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by__isnull=False, cause__isnull=True)
                | Q(given_by__isnull=True, cause__isnull=False),
                name="extension_by_person_or_cause",
            )
        ]


class Exemption(models.Model):
    """One item of the checklist that this review does not ask of a department, and why."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="exemptions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    item = models.CharField(max_length=4)
    reason = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "department", "item"], condition=Q(ended_at=None), name="exempted_once"
            )
        ]


class RemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For the own department and for those who read every draft: it speaks of single cells."""
        if not user.is_active:
            return self.none()
        own = Q(submission__department__in=departments_with(user, "submission.edit"))
        if None in user.abilities.get("submission.read_any", ()):
            return self
        return self.filter(own)


class Remark(models.Model):
    """What the data owner asks about one cell, row or column of a version that was returned."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="remarks")
    sheet = models.CharField(max_length=60, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True, help_text=_("As the spreadsheet counts."))
    column = models.CharField(max_length=3, blank=True)
    text = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
