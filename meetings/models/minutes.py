"""The minutes of a meeting: what people wrote into them, and every version that was published."""

from django.db import models

from meetings.models.meeting import Meeting
from metrics.models.definition import Immutable
from reviewhub.people.models import User


class MinutesNote(models.Model):
    """What the facilitator or the scribe wrote into one section of the minutes; the next version takes it over."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="minutes_notes")
    section = models.CharField(max_length=12, help_text="SUMMARY or the code of an item.")
    text = models.TextField(max_length=4000)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "section"], name="one_note_a_section")]


class MinutesVersion(Immutable):
    """The minutes as they were published. `content` is canonical JSON, `fingerprint` its SHA-256."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    content = models.TextField()
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number")]

    @property
    def short(self) -> str:
        return self.fingerprint[:8]
