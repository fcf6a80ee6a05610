"""The pre-read: what somebody has read of it, and what they ask about it before the meeting."""

from django.db import models
from django.db.models import Q

from metrics.models import Review
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import departments_with


class Receipt(models.Model):
    """That a person has read a section: `seen_at` by staying on it, `read_at` by saying so. One row for each."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="receipts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    section = models.CharField(max_length=12)
    seen_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user", "section"], name="one_receipt")]


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues read every question; a partner those put to it and its own."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            return self.filter(Q(department__in=departments_with(user, "submission.edit")) | Q(asked_by=user))
        return self

    def unanswered(self):
        return self.filter(answered_at=None)


class Question(models.Model):
    """One question under a section of the pre-read, or under a figure wherever it stands; unanswered it is a topic.

    `place`: {"page", "code", "block", "query", "row", "column"} of a board or the explorer.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="questions")
    section = models.CharField(max_length=12)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    metric = models.CharField(max_length=40, blank=True)
    place = models.JSONField(
        default=dict, blank=True, help_text="Where it was asked, if not in the pre-read."
    )
    text = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer=""), name="answered_question_says_something"
            )
        ]
