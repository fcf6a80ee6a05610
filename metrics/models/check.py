"""Checks of a review's figures: runs with what they found, and those that somebody waived for this period."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CheckRunQuerySet(models.QuerySet):
    def waiting(self, at):
        """Runs that no worker holds: never started, or their lease ran out."""
        return self.filter(Q(state="queued") | Q(state="running", lease_until__lt=at))

    def shown(self, review):
        """The newest that has an answer."""
        return self.answered().filter(review=review).first()

    def answered(self):
        """Those that have an answer, the newest first."""
        return self.filter(state="done").order_by("-finished_at", "-pk")


class CheckRun(models.Model):
    """All checks over what stands handed in for a review. `basis` names exactly what was asked and by which rules."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey("metrics.Review", models.CASCADE, related_name="check_runs")
    basis = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    results = models.JSONField(default=list)

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "basis"], name="checked_once")]
        indexes = [models.Index(fields=["state", "lease_until"])]


class CheckWaiver(models.Model):
    """A check that fails and is let through: for one review, by name, with the reason."""

    review = models.ForeignKey("metrics.Review", models.CASCADE, related_name="check_waivers")
    code = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    waived_at = models.DateTimeField()
    waived_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="waived_once")]


class CheckIncidentQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody closed and whose check did not pass since."""
        return self.filter(closed_at=None)


class CheckIncident(models.Model):
    """A failing check in somebody's hands. A person closes it with a reason; once it passes, it is closed by itself."""

    review = models.ForeignKey("metrics.Review", models.CASCADE, related_name="check_incidents")
    code = models.CharField(max_length=120)
    assignee = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = CheckIncidentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["assignee", "closed_at"], name="incident_in_hand")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "code"], condition=Q(closed_at=None), name="one_incident_of_a_check"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, reason="")
                | Q(closed_at__isnull=False, closed_by=None, reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(reason="")),
                name="a_person_closes_with_a_reason",
            ),
        ]
