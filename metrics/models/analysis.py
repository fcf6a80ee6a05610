"""What a department says beside its figures: the analysis of a review, and a sentence for each exception."""

from django.db import models
from django.db.models import Q

from metrics.models.review import Review
from metrics.models.submission import Submission
from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with

# The fields of P2, in the order in which they are asked for.
FIELDS = ("moved", "risks", "proposals", "targets")


class AnalysisQuerySet(models.QuerySet):
    def visible_to(self, user):
        """While it is prepared: the own department and those who read every draft; later every colleague."""
        if not user.is_active:
            return self.none()
        own = Q(department__in=departments_with(user, "submission.edit"))
        if None in user.abilities.get("submission.read_any", ()):
            return self
        return self.filter(own) if user.is_partner else self.filter(own | ~Q(review__state=Review.State.OPEN))


class Analysis(models.Model):
    """One department's analysis for one review. `number` counts what was saved: who is behind is told."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="analyses")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    moved = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    targets = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "department"], name="one_analysis")]

    @property
    def written(self) -> int:
        """How many of the four fields say something."""
        return sum(bool(getattr(self, name).strip()) for name in FIELDS)


class Suggestion(models.Model):
    """One line of the proposals that became something in an app above, which points here."""

    analysis = models.ForeignKey(Analysis, models.CASCADE, related_name="suggestions")
    digest = models.CharField(max_length=16)
    text = models.CharField(max_length=500)
    kind = models.CharField(max_length=8)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.UniqueConstraint(fields=["analysis", "digest"], name="suggested_once")]


class Explanation(models.Model):
    """The sentence to one exception of a version: what happened, why, what next. Later versions inherit it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="explanations")
    key = models.CharField(max_length=160)
    sentence = models.CharField(max_length=300)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "key"], name="explained_once")]
