"""Joint projects: what several departments do together, for whom it exists, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from metrics.models import Review
from okr.models import KeyResult
from reviewhub.people.models import Department, User


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its members, the departments it is of, and those who edit every action; a partner only as a member."""
        if not user.is_active:
            return self.none()
        taking_part = Q(members=user) | Q(lead=user)
        if not user.is_partner:
            if None in user.abilities.get("action.edit_any", ()):
                return self
            taking_part |= Q(opened_by=user)
            if user.department_id:
                taking_part |= Q(departments=user.department_id) | Q(members__department=user.department_id)
        return self.filter(pk__in=self.model.objects.filter(taking_part).values("pk"))

    def open(self):
        return self.filter(closed_at=None)


class Project(models.Model):
    """A group of people of several departments with one goal. Closed once, with a sentence, and a number if there
    is one: `before` and `after` have six decimals (`okr.models.six`)."""

    name = models.CharField(max_length=120)
    goal = models.CharField(max_length=300)
    lead = models.ForeignKey(User, models.PROTECT, related_name="led_projects")
    departments = models.ManyToManyField(Department, related_name="projects")
    members = models.ManyToManyField(User, blank=True, related_name="projects")
    results = models.ManyToManyField(KeyResult, blank=True, related_name="projects")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="projects")
    issue = models.CharField(
        max_length=20, blank=True, help_text=_("Key of the problem in the meeting from which it was opened.")
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)
    measure = models.CharField(max_length=80, blank=True, help_text=_("What was measured, with its unit."))
    before = models.BigIntegerField(null=True, blank=True)
    after = models.BigIntegerField(null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = [F("closed_at").desc(nulls_first=True), "-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "issue"], condition=~Q(issue=""), name="one_project_of_an_issue"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome=""),
                name="project_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(before=None, after=None, measure="")
                | Q(before__isnull=False, after__isnull=False) & ~Q(measure=""),
                name="project_effect_is_whole",
            ),
        ]

    def __str__(self):
        return self.name
