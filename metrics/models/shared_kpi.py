"""Shared KPIs: a metric for which several departments answer together. A change of owners is a new row."""

from django.db import models
from django.db.models import F, Q

from metrics.models.definition import Metric
from reviewhub.people.models import Department, User


class SharedKpiQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see who answers for what they may know of; a partner what it answers for itself."""
        rows = self.filter(metric__in=Metric.objects.visible_to(user))
        if user.is_partner:
            own = SharedKpi.departments.through.objects.filter(department=user.department_id)
            rows = rows.filter(pk__in=own.values("sharedkpi"))
        return rows

    def standing(self):
        return self.filter(until=None)


class SharedKpi(models.Model):
    """Who answers for `metric` together in the days [since, until); one row of a metric is open."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="shared_kpis")
    departments = models.ManyToManyField(Department, related_name="shared_kpis")
    why = models.CharField(max_length=300, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SharedKpiQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric"], condition=Q(until=None), name="one_open_shared_kpi_of_a_metric"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="shared_kpi_is_forward"
            ),
            models.CheckConstraint(
                condition=Q(until=None, ended_at=None, ended_by=None)
                | Q(until__isnull=False, ended_at__isnull=False, ended_by__isnull=False),
                name="shared_kpi_ended_by_somebody",
            ),
        ]
