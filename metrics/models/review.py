"""The review: one cycle prepare → meet → execute, with its period, its gates and its pinned definitions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import bilingual


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_active else self.none()

    def upcoming(self, at):
        return self.filter(meeting_at__gte=at).order_by("meeting_at")


class Review(models.Model):
    """One cycle. Instants are stored in UTC; `time_zone` is the company's when the review was opened."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        FROZEN = "frozen", _("Frozen")
        MET = "met", _("Met")
        CLOSED = "closed", _("Closed")

    code = models.CharField(max_length=20, unique=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    period_start = models.DateField()
    period_end = models.DateField(help_text=_("First day after the period."))
    time_zone = models.CharField(max_length=64)
    meeting_at = models.DateTimeField(help_text="T-0")
    due_at = models.DateTimeField(help_text=_("When the data is due: T-7, 18:00."))
    freeze_at = models.DateTimeField(help_text="T-4, 12:00")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-meeting_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")), name="review_period_is_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__lt=models.F("freeze_at"))
                & models.Q(freeze_at__lt=models.F("meeting_at")),
                name="review_gates_in_order",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def title(self) -> str:
        return bilingual(self, "title")


class PinnedVersion(models.Model):
    """The definition of one metric that this review uses, whatever is approved later."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="pinned")
    version = models.ForeignKey("metrics.MetricVersion", models.PROTECT, related_name="pinned_in")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "version"], name="pinned_once")]
