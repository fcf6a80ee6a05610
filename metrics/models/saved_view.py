"""A board or the explorer of a metric with its filters, under a name that somebody gave it."""

from django.db import models
from django.db.models import Q


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those that are shared with one's department or with all colleagues."""
        if not user.is_active:
            return self.none()
        seen = Q(owner=user)
        if user.department_id:
            seen |= Q(department=user.department_id)
        if not user.is_partner:
            seen |= Q(audience=SavedView.Audience.EVERYONE)
        return self.filter(seen)


class SavedView(models.Model):
    """`page` and `code` say what opens, `query` how; without a month in it, it opens the month under review.

    A view is an address: whoever opens one that is shared sees there what they may see, no more.
    """

    class Page(models.TextChoices):
        BOARD = "board"
        EXPLORER = "explore"

    class Audience(models.TextChoices):
        OWN = "own"
        DEPARTMENT = "department"
        EVERYONE = "everyone"

    owner = models.ForeignKey("people.User", models.CASCADE, related_name="saved_views")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.OWN)
    department = models.ForeignKey("people.Department", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60)
    page = models.CharField(max_length=8, choices=Page)
    code = models.CharField(max_length=40)
    query = models.CharField(max_length=500, blank=True)
    opens_first = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "code", "name"], name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=["owner", "page", "code"],
                condition=Q(opens_first=True),
                name="saved_view_opens_first_once",
            ),
            models.CheckConstraint(
                condition=Q(audience="department", department__isnull=False)
                | (~Q(audience="department") & Q(department__isnull=True)),
                name="saved_view_names_its_department",
            ),
        ]

    def __str__(self):
        return self.name
