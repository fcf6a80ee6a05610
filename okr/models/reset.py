"""The reset of a cycle: what each key result came to, why, what becomes of it, and that the cycle is scored."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from okr.models.cascade import KeyResult
from okr.models.cycle import Cycle
from reviewhub.people.models import User


class Grade(models.Model):
    """What its owner says of a key result at the end of its cycle, and from the reset on what it came to.

    `score`, `baseline`, `target` and `actual` have six decimals and are written once, by the reset.
    """

    class Cause(models.TextChoices):
        TARGET = "target", pgettext_lazy("cause of a score", "The target was wrong")
        EXECUTION = "execution", pgettext_lazy("cause of a score", "Execution")
        OUTSIDE = "outside", pgettext_lazy("cause of a score", "Something outside")
        DATA = "data", pgettext_lazy("cause of a score", "The data")

    class Then(models.TextChoices):
        KEEP = "keep", pgettext_lazy("key result, next cycle", "Keep")
        CHANGE = "change", pgettext_lazy("key result, next cycle", "Change")
        DROP = "drop", pgettext_lazy("key result, next cycle", "Drop")
        ROLL = "roll", pgettext_lazy("key result, next cycle", "Roll over")

    result = models.OneToOneField(KeyResult, models.CASCADE, related_name="grade")
    cause = models.CharField(max_length=9, choices=Cause, blank=True)
    sentence = models.CharField(max_length=200, blank=True)
    then = models.CharField(max_length=6, choices=Then)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    score = models.PositiveIntegerField(null=True, blank=True)
    baseline = models.BigIntegerField(null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)
    actual = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__lte=1_000_000), name="grade_score_to_one"
            ),
            models.CheckConstraint(condition=Q(cause="") | ~Q(sentence=""), name="grade_says_its_cause"),
        ]


class Reset(models.Model):
    """That a cycle was scored: once."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="reset")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
