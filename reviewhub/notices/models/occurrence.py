"""What happens: one row per kind, subject and cycle, however many planners look at it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OccurrenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Occurrences are machinery: administrators see them, people see their messages."""
        if not user.is_active or "people.manage" not in user.abilities:
            return self.none()
        return self

    def waiting(self):
        return self.filter(state=Occurrence.State.PLANNED)


class Occurrence(models.Model):
    """One thing to tell: "48 h after this meeting", "the check-in of 2026-W14 of this owner".

    `subject_type` and `subject_id` name a row of an upper app; `params` are JSON values for the renderer.
    `due_at` is the instant; `wall_time` and `time_zone` say which local time it stands for, where one does.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        FIRED = "fired", _("Told")
        COALESCED = "coalesced", _("Merged into a stronger one")
        EXPIRED = "expired", _("Too late to matter")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    cycle_key = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    wall_time = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text=_("Put aside after an error until then.")
    )
    error = models.CharField(max_length=300, blank=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "cycle_key"], name="occurrence_once"
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self):
        return f"{self.kind}:{self.subject_type}:{self.subject_id}:{self.cycle_key}"


class Watermark(models.Model):
    """Up to where a kind has been planned."""

    kind = models.CharField(max_length=40, primary_key=True)
    planned_until = models.DateTimeField()


class Quarantine(models.Model):
    """A subject whose planning failed: left alone until then, and planned from `since` on afterwards (F38)."""

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField()
    error = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_type", "subject_id"], name="quarantined_once")
        ]


class Fence(models.Model):
    """A backup was restored: what was due before may have been sent by the lost installation (F35)."""

    restored_at = models.DateTimeField()
