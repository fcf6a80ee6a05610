"""What was written down in the room, and the bond between actions and the reviews that look at them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from actions.models import Action
from meetings.models.agenda import Part
from meetings.models.meeting import Meeting
from reviewhub.people.models import Confidentiality, User


class CaptureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nothing confidential; a partner sees only what was captured in an open segment of its own."""
        if not user.is_active:
            return self.none()
        open_rows = self.filter(confidentiality__lte=Confidentiality.INTERNAL)
        if user.is_partner:
            return open_rows.filter(
                part__segment__department_id=user.department_id, part__segment__is_private=False
            )
        return open_rows

    def held_by(self, user):
        """Whose task it is now, which may have been handed over since it was said."""
        return self.filter(models.Q(action__owner=user) | models.Q(action__owner__isnull=True, owner=user))


class Capture(models.Model):
    """One line captured in a meeting, as typed; what it became stands beside it."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision")
        ACTION = "action", _("Action")
        ISSUE = "issue", _("Issue")
        PARK = "park", _("Parked")
        CONFLICT = "conflict", _("Conflict")
        DATA = "data", _("Data doubt")
        RISK = "risk", _("Risk")
        KUDOS = "kudos", _("Thanks")
        VOTE = "vote", _("Vote")
        NOTE = "note", _("Note")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        COUNTERED = "countered", _("Other proposal")
        DECLINED = "declined", _("Declined")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="captures")
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="captures")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    typed = models.CharField(max_length=1000)
    text = models.CharField(max_length=1000)
    parsed = models.JSONField(default=dict)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    action = models.OneToOneField(Action, models.SET_NULL, null=True, blank=True, related_name="capture")
    excuse = models.CharField(max_length=200, blank=True, help_text=_("Why it serves no key result."))
    answer = models.CharField(max_length=9, choices=Answer, blank=True, default="")
    answer_text = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality, default=Confidentiality.INTERNAL
    )

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["captured_at", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "client_id"], name="captured_once")]

    @property
    def holder_id(self) -> int | None:
        """Whose the task is now: that of the action, which may have been handed over since."""
        return (self.action.owner_id if self.action else None) or self.owner_id

    @property
    def promised_on(self):
        """By when it is promised now: the date of the action, which may have another since."""
        return self.action.due_on if self.action else self.due_on

    @property
    def answer_stands(self) -> bool:
        """Whether the one whose task it is has answered; what a former owner said binds nobody else."""
        return bool(self.answer) and self.owner_id == self.holder_id

    @property
    def missing(self) -> list[str]:
        """What must still be said of it, as far as the line itself tells: somebody answers for every decision."""
        if self.kind == self.Kind.DECISION:
            return [] if self.owner_id else ["owner"]
        return self.parsed.get("missing", [])


class ActionReview(models.Model):
    """An action was raised in this meeting, or looked at in it."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("Raised")
        REVIEWED = "reviewed", _("Reviewed")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="action_reviews")
    action = models.ForeignKey(Action, models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "action", "kind"], name="action_review_once")
        ]
