"""Targets, budgets and forecasts of metrics, by period and part of the company. A change is a new row."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metrics.models.definition import Immutable, Metric


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may know the metric; a partner those that are shared with it."""
        return self.filter(metric__in=Metric.objects.visible_to(user))


class Target(Immutable):
    """What a metric is to be in [start, end), from `set_at` on; without a value the one before it is withdrawn.

    `dimension` and `member` name the part ("" is the whole company). `value` is a scaled integer (metrics.units).
    """

    class Scenario(models.TextChoices):
        TARGET = "target", _("Target")
        BUDGET = "budget", _("Budget")
        FORECAST = "forecast", _("Forecast")

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="targets")
    scenario = models.CharField(max_length=8, choices=Scenario, default=Scenario.TARGET)
    period_start = models.DateField()
    period_end = models.DateField()
    dimension = models.CharField(max_length=20, blank=True)
    member = models.CharField(max_length=80, blank=True)
    value = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    note = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "period_start", "pk"]
        indexes = [models.Index(fields=["metric", "scenario", "period_start"], name="target_read")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="target_period_is_forward"
            ),
            models.CheckConstraint(
                condition=Q(dimension="", member="") | ~Q(dimension="") & ~Q(member=""),
                name="target_part_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.metric_id} {self.scenario} {self.period_start}"
