"""What a department says in words where the checklist asks for it: market trends, competitors, customers (D2)."""

from django.db import models
from django.utils.translation import pgettext_lazy

from metrics.models.analysis import AnalysisQuerySet
from metrics.models.review import Review
from metrics.models.source import SourceFile
from reviewhub.people.models import Department


class NoteVersion(models.Model):
    """Everything that was said to one item at a moment. Versions are never overwritten; the newest one counts."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="note_versions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    item = models.CharField(max_length=4)
    number = models.PositiveIntegerField()
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "department", "item", "number"], name="note_version")
        ]


class Note(models.Model):
    """One entry of a version. The file is shared by the versions that keep it."""

    class Kind(models.TextChoices):
        TREND = "trend", pgettext_lazy("kind of note", "Market trend")
        COMPETITOR = "rival", pgettext_lazy("kind of note", "Competitor")
        CUSTOMER = "buyer", pgettext_lazy("kind of note", "Customer voice")
        OTHER = "other", pgettext_lazy("kind of note", "Other")

    version = models.ForeignKey(NoteVersion, models.CASCADE, related_name="notes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TREND)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)
    file = models.ForeignKey(SourceFile, models.PROTECT, null=True, blank=True, related_name="notes")

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="note_position")]
