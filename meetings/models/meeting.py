"""One meeting of a review, and who came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.models import Review
from reviewhub.people.models import User, bilingual


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see every meeting; a partner those that have an open segment of its own."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            own = {"segments__department_id": user.department_id, "segments__is_private": False}
            return self.filter(**own).distinct()
        return self

    def live(self):
        return self.filter(state__in=Meeting.LIVE)

    def of_reviews(self):
        """Those that are compared and remembered: alignment meetings have another agenda each time."""
        return self.exclude(template=Meeting.ALIGNMENT)


class Meeting(models.Model):
    """A meeting. Its clock is the event log (meetings.clock); the columns here are what lists and locks need."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        READY = "ready", _("Ready")
        LOBBY = "lobby", _("Lobby")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        CLOSING = "closing", _("Closing")
        ENDED = "ended", _("Ended")
        PUBLISHED = "published", _("Published")
        CANCELLED = "cancelled", _("Cancelled")

    ALIGNMENT = "alignment"  # the template of meetings that align objectives
    LIVE = ("lobby", "running", "paused", "closing")

    review = models.ForeignKey(Review, models.PROTECT, related_name="meetings")
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    scheduled_at = models.DateTimeField()
    budget_s = models.PositiveIntegerField(default=14_400)
    buffer_s = models.PositiveIntegerField(default=600)
    template = models.CharField(max_length=40, default="default-240")
    accepted_s = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    seq = models.PositiveIntegerField(default=0, help_text=_("Number of the last event."))
    facilitator = models.ForeignKey(User, models.PROTECT, related_name="facilitated")
    scribe = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    lease_at = models.DateTimeField(null=True, blank=True, help_text=_("Last sign of the facilitator."))
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-scheduled_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(buffer_s__lte=models.F("budget_s")), name="buffer_within_budget"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ended", "published"]) | Q(ended_at__isnull=False),
                name="ended_has_a_moment",
            ),
        ]

    def __str__(self):
        return self.title_en

    @property
    def title(self) -> str:
        return bilingual(self, "title")


class Attendance(models.Model):
    """A person said "I am here"."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    present_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="present_once")]
