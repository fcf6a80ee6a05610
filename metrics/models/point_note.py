"""A note to one point of a chart: what the figures of a metric, period and slice do not say themselves."""

from django.db import models
from django.db.models import F, Q

from metrics.models.definition import Metric


class PointNoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Notes of metrics that this person knows of, none of them for a partner; figures have their own door."""
        if user.is_partner:
            return self.none()
        return self.filter(metric__in=Metric.objects.visible_to(user))

    def standing(self):
        return self.filter(removed_at=None)


class PointNote(models.Model):
    """`slice` is "" for the whole, else its members as `metrics.point_notes.slice_of` writes them."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="point_notes")
    period_start = models.DateField()
    period_end = models.DateField()
    slice = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=280)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = PointNoteQuerySet.as_manager()

    class Meta:
        ordering = ["period_start", "pk"]
        indexes = [models.Index(fields=["metric", "period_start"], name="point_note_read")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="point_note_period_is_forward"
            )
        ]

    def __str__(self):
        return self.text
