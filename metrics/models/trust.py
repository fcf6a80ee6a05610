"""How far figures have deserved trust, review by review, and the badges that expire with the quarter."""

from django.db import models
from django.db.models import F, Q

from metrics.models.definition import Metric, MetricVersion
from metrics.models.review import Review
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with, may


class TrustQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of metrics: whoever may know them. Of kinds of file: their department, and who reads every draft."""
        of_files = Department.objects.active()
        if not may(user, "submission.read_any"):
            of_files = departments_with(user, "submission.edit")
        return self.filter(Q(metric__in=Metric.objects.visible_to(user)) | Q(department__in=of_files))


class Trust(models.Model):
    """The score of a metric, or of a kind of file of a department, in one review: worked out anew while the review is
    prepared, kept as it was at the meeting. `evidence`: what was counted (metrics.trust.Evidence)."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="trust")
    metric = models.ForeignKey(Metric, models.CASCADE, null=True, related_name="trust")
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="trust")
    profile = models.CharField(max_length=60, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    evidence = models.JSONField()
    judged_at = models.DateTimeField()

    objects = TrustQuerySet.as_manager()

    class Meta:
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "metric"], name="trust_of_metric"),
            models.UniqueConstraint(fields=["review", "department", "profile"], name="trust_of_file"),
            models.CheckConstraint(
                condition=Q(metric__isnull=False, department=None, profile="")
                | Q(metric=None, department__isnull=False) & ~Q(profile=""),
                name="trust_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="trust_up_to_100"),
        ]


class TrustBasis(models.Model):
    """What the scores of a review were worked out from: where it is another now, they are worked out anew."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="trust_basis")
    basis = models.CharField(max_length=64)
    judged_at = models.DateTimeField()


class BadgeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may know the metric."""
        return self.filter(metric__in=Metric.objects.visible_to(user))

    def waiting(self):
        return self.filter(given_at=None, ended_at=None)

    def standing(self):
        """Given and not taken back; whether the quarter is over is for who knows the day."""
        return self.filter(given_at__isnull=False, ended_at=None)


class Badge(models.Model):
    """“Certified until …”: asked for by the department that owns the metric, given by a data owner, for one definition,
    until the quarter ends. `until`: the first day on which it does not hold. Who asks never gives."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="badges")
    version = models.ForeignKey(MetricVersion, models.PROTECT, related_name="badges")
    sentence = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    until = models.DateField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = BadgeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric"], condition=Q(given_at=None, ended_at=None), name="badge_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("asked_by")), name="nobody_gives_own_badge"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, given_by=None, until=None)
                | Q(given_at__isnull=False, given_by__isnull=False, until__isnull=False),
                name="badge_given_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(reason=""),
                name="badge_ended_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.metric_id} until {self.until}"
