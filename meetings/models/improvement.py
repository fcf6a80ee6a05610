"""The one thing that people do otherwise at the next meeting."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from reviewhub.people.models import User


class Improvement(models.Model):
    """One a meeting, with an owner; at the next one it is said whether it was kept."""

    class Verdict(models.TextChoices):
        KEPT = "kept", _("Kept")
        NOT_KEPT = "not", _("Not kept")

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="improvement")
    text = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=4, choices=Verdict, blank=True, default="")
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="") | Q(judged_at__isnull=False), name="judged_at_a_moment"
            )
        ]
