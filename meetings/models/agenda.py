"""The agenda: segments in value-chain order, each with one timed part or two (report, then discussion)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from meetings.models.pin import FigurePin
from meetings.models.preread import Question
from metrics.models import Review, Suggestion
from reviewhub.people.models import Department, User, bilingual


class Segment(models.Model):
    """One item of the agenda."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="segments")
    code = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    presenter = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    second_presenter = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    guests = models.CharField(max_length=200, blank=True)
    is_private = models.BooleanField(default=False, help_text=_("Never sent to a partner."))
    questions = models.JSONField(default=list, help_text='[{"zh": …, "en": …}]')

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "code"], name="segment_code"),
            models.UniqueConstraint(fields=["meeting", "position"], name="segment_position"),
        ]

    @property
    def title(self) -> str:
        return bilingual(self, "title")


class Part(models.Model):
    """A timebox. `code` is the part id of the command line: OPEN, SAL.R, SAL.D …"""

    class Kind(models.TextChoices):
        SINGLE = "single", _("Item")
        REPORT = "report", _("Report")
        DISCUSS = "discuss", _("Discussion")
        BREAK = "break", _("Break")
        READING = "reading", _("Silent reading")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="parts")
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="parts")
    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=Kind)
    position = models.PositiveSmallIntegerField()
    planned_s = models.PositiveIntegerField()
    minimum_s = models.PositiveIntegerField()
    weight = models.PositiveSmallIntegerField(default=1)
    is_protected = models.BooleanField(default=False)
    has_own_minimum = models.BooleanField(default=False)

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "code"], name="part_code"),
            models.UniqueConstraint(fields=["meeting", "position"], name="part_position"),
            models.CheckConstraint(
                condition=Q(minimum_s__lte=models.F("planned_s")), name="minimum_within_plan"
            ),
        ]


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see every topic; a partner its own."""
        if not user.is_active:
            return self.none()
        return self.filter(department_id=user.department_id) if user.is_partner else self


class Topic(models.Model):
    """What a department wants to talk about in the meeting of a review, or is asked, in its own item of the agenda.

    A topic of a pinned figure has no text of its own: the pin says it in the reader's language.

    It belongs to the review: a meeting that is called off and planned anew keeps its topics.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="topics")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    suggestion = models.OneToOneField(Suggestion, models.CASCADE, null=True, blank=True, related_name="topic")
    question = models.OneToOneField(Question, models.CASCADE, null=True, blank=True, related_name="topic")
    pin = models.OneToOneField(FigurePin, models.CASCADE, null=True, blank=True, related_name="topic")
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suggestion__isnull=False, question=None, pin=None)
                | Q(suggestion=None, question__isnull=False, pin=None)
                | Q(suggestion=None, question=None, pin__isnull=False),
                name="topic_of_one_thing",
            )
        ]
