"""A file that is being corrected cell by cell: every value that a cell had, and by whom. Nothing is overwritten."""

from django.db import models
from django.db.models import Q

from metrics.models.source import ImportJob
from reviewhub.people.permissions import departments_with


class WorkingCopyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """For those who edit that department's data."""
        if not user.is_active:
            return self.none()
        return self.filter(job__department__in=departments_with(user, "submission.edit"))


class WorkingCopy(models.Model):
    """The cells of one uploaded file, and what it was handed over as when the corrections were checked."""

    job = models.OneToOneField(ImportJob, models.CASCADE, related_name="working_copy")
    table = models.JSONField(help_text="metrics.intake.whole_table.WholeTable.stored()")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    became = models.OneToOneField(ImportJob, models.SET_NULL, null=True, blank=True, related_name="made_of")

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(became=None) | Q(checked_at__isnull=False), name="checked_copy_has_a_moment"
            )
        ]


class CellChange(models.Model):
    """The n-th value that somebody typed into a cell; `place` counts columns from 0, an added row is negative."""

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="changes")
    row = models.IntegerField()
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    value = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            # Of two people at the same cell one is first; the other one is told.
            models.UniqueConstraint(fields=["copy", "row", "place", "number"], name="cell_changed_in_turn")
        ]


class RowChange(models.Model):
    """A row that was added or taken out; one that was taken out can come back."""

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="row_changes")
    row = models.IntegerField()
    is_removed = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["copy", "row"], name="row_changed_once")]
