"""Figures of a version that look like slips of the hand, with the guess and the cells that would mend it."""

from django.db import models

from metrics.models.submission import Submission


class SlipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of versions that one may see."""
        return self.filter(submission__in=Submission.objects.visible_to(user).values("pk"))


class Slip(models.Model):
    """One guess about one metric in one slice: `code` and `params` are worded per reader.

    `days` are the days (or first days of weeks and months) concerned; `cells` [{"sheet", "row", "column", "before",
    "after"}] mend all of them, and are empty where that cannot be done safely.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="slips")
    code = models.CharField(max_length=12)
    metric = models.CharField(max_length=40)
    members = models.JSONField(default=dict)
    days = models.JSONField(default=list)
    params = models.JSONField(default=dict)
    cells = models.JSONField(default=list)
    found_at = models.DateTimeField()

    objects = SlipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
