"""What stands behind the builder of an agenda: templates of one's own, and every state that was saved."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models.meeting import Meeting
from reviewhub.people.models import User


class AgendaTemplate(models.Model):
    """An agenda under a name. A series takes its template by itself when a review of its length is opened."""

    class Series(models.TextChoices):
        NONE = "", pgettext_lazy("no series", "None")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every quarter")

    name = models.CharField(max_length=60, unique=True)
    series = models.CharField(max_length=8, choices=Series, blank=True, default="")
    content = models.JSONField(help_text="meetings.agenda_draft.Draft")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["series"], condition=~Q(series=""), name="one_template_a_series")
        ]

    def __str__(self):
        return self.name


class AgendaVersion(models.Model):
    """A saved state of an agenda. The last one stands; undoing takes it away and brings back the one before."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="meetings.agenda_draft.Draft")
    change = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="agenda_version_number")]
