"""The owner's sentence to a figure of one period: what happened, why, what next. A change is a new row."""

from django.db import models
from django.db.models import F, Q

from metrics.models.definition import Immutable, Metric


class Sentence(Immutable):
    """What the owner of a metric says of [start, end); the newest row stands, the ones before are its history."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="sentences")
    period_start = models.DateField()
    period_end = models.DateField()
    text = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["metric", "period_start", "pk"]
        indexes = [models.Index(fields=["metric", "period_start"], name="sentence_read")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="sentence_period_is_forward"
            )
        ]

    def __str__(self):
        return self.text
