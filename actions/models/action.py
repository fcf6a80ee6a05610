"""What people promised to do: an owner, a due date that never disappears, and where it came from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.models import Review
from reviewhub.people.models import Confidentiality, Department, User


def waits_now() -> models.Exists:
    """Whether an action waits for another one that is open."""
    return models.Exists(Dependency.objects.standing().filter(waiting=models.OuterRef("pk")))


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody sees the confidential actions of others; a partner sees those of its own alone."""
        if not user.is_active:
            return self.none()
        is_open = Q(confidentiality__lte=Confidentiality.INTERNAL)
        if user.is_partner:
            return self.filter(Q(owner=user) | Q(department_id=user.department_id) & is_open)
        return self.filter(Q(owner=user) | Q(raised_by=user) | is_open)

    def open(self):
        return self.exclude(status__in=[Action.Status.DONE, Action.Status.DROPPED])

    def of(self, user):
        return self.filter(owner=user)

    def overdue(self, on):
        """Open ones whose day is over, but for those that wait for another task: their clock stands still."""
        return self.open().filter(due_on__lt=on).exclude(waits_now())

    def with_waits(self):
        """With `is_paused`: whether it waits for another task."""
        return self.annotate(is_paused=waits_now())


class Action(models.Model):
    """One task from a review."""

    class Status(models.TextChoices):
        TODO = "todo", _("Not started")
        DOING = "doing", _("In progress")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    URGENT, USUAL, LATER = 1, 2, 3
    PRIORITIES = ((URGENT, _("High")), (USUAL, _("Normal")), (LATER, _("Low")))

    title = models.CharField(max_length=500)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="actions")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="actions")
    collaborators = models.ManyToManyField(Department, blank=True, related_name="joint_actions")
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="actions")
    metric = models.ForeignKey(
        "metrics.Metric", models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    suggestion = models.OneToOneField(
        "metrics.Suggestion", models.SET_NULL, null=True, blank=True, related_name="action"
    )
    key_result = models.CharField(
        max_length=60, blank=True, help_text=_("As written in the meeting, e.g. KR2.")
    )
    result = models.ForeignKey(
        "okr.KeyResult", models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    project = models.ForeignKey(
        "actions.Project", models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.TODO)
    priority = models.PositiveSmallIntegerField(default=USUAL, choices=PRIORITIES)
    due_on = models.DateField(null=True, blank=True)
    original_due_on = models.DateField(null=True, blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality, default=Confidentiality.INTERNAL
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "status"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_at__isnull=False), name="done_has_a_moment"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 3)), name="action_priority_1_to_3"),
        ]

    def __str__(self):
        return self.title


class DependencyQuerySet(models.QuerySet):
    def standing(self):
        """Those that hold a task up now."""
        return self.filter(ended_at=None, awaited__status__in=[Action.Status.TODO, Action.Status.DOING])


class Dependency(models.Model):
    """A task waits for another one. It ends by itself once that is over, or when somebody takes it back."""

    waiting = models.ForeignKey(Action, models.CASCADE, related_name="waits_on")
    awaited = models.ForeignKey(Action, models.CASCADE, related_name="awaited_by")
    since = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DependencyQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(
                fields=["waiting", "awaited"], condition=Q(ended_at=None), name="one_dependency_of_a_pair"
            ),
            models.CheckConstraint(
                condition=~Q(waiting=models.F("awaited")), name="nothing_waits_for_itself"
            ),
        ]
