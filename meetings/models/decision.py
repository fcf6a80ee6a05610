"""What a decision was meant to bring, when it is looked at again, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from meetings.models.capture import Capture
from metrics.models import Metric
from reviewhub.people.models import User


class DecisionReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whom the decision is."""
        return self.filter(capture__in=Capture.objects.visible_to(user))

    def due(self, on):
        """Those whose day has come and of which nobody said what came of them, the oldest first."""
        return self.filter(outcome="", review_on__lte=on).order_by("review_on", "capture_id")


class DecisionReview(models.Model):
    """One a decision: what is expected (a metric, a sentence, or both), and by which day it is looked at again."""

    class Outcome(models.TextChoices):
        KEPT = "kept", pgettext_lazy("outcome of a decision", "Kept")
        REVERSED = "reversed", pgettext_lazy("outcome of a decision", "Reversed")
        NO_EFFECT = "none", pgettext_lazy("outcome of a decision", "No effect")
        UNCLEAR = "unclear", pgettext_lazy("outcome of a decision", "Unclear")

    capture = models.OneToOneField(Capture, models.CASCADE, related_name="review")
    metric = models.ForeignKey(Metric, models.SET_NULL, null=True, blank=True, related_name="+")
    sentence = models.CharField(max_length=200, blank=True)
    review_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    said = models.CharField(max_length=200, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DecisionReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(judged_at__isnull=False, judged_by__isnull=False) & ~Q(said=""),
                name="decision_judged_by_somebody",
            ),
        ]
