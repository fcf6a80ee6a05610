"""Cells of a file that somebody corrected on a page: which version of the data they made, and what they held before."""

from django.db import models
from django.db.models import Q

from metrics.models.source import ImportJob
from metrics.models.submission import Submission


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those whose import one may see."""
        return self.filter(job__in=ImportJob.objects.visible_to(user).values("pk"))


class Correction(models.Model):
    """One correction: `job` imports the copy of the file of `base` (or of the refused `base_job`).

    `cells`: [{"sheet", "row", "column", "before", "after"}]. `why`: {} or a code with parameters, as of a slip.
    """

    job = models.OneToOneField(ImportJob, models.CASCADE, related_name="correction")
    base = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="corrections")
    base_job = models.ForeignKey(ImportJob, models.CASCADE, null=True, blank=True, related_name="corrections")
    cells = models.JSONField()
    why = models.JSONField(default=dict, blank=True)
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(base=None) ^ Q(base_job=None), name="correction_of_one_file"),
        ]
