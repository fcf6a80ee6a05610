"""What people say of a meeting when it closes."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from meetings.models.meeting import Meeting
from reviewhub.people.models import User


class RatingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; everybody else's only as an average and as sentences without a name."""
        return self.filter(person=user) if user.is_active else self.none()


class Rating(models.Model):
    """How useful a person found the meeting, and why."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="ratings")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(10)])
    sentence = models.CharField(max_length=200, blank=True)
    rated_at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "rated_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="rated_once"),
            models.CheckConstraint(condition=Q(points__range=(1, 10)), name="one_to_ten_points"),
        ]
