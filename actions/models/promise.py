"""What the owner of a task and who asked said to each other: a trail that only grows."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import pgettext_lazy

from actions.models.action import Action
from reviewhub.people.models import User


class PromiseStepQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whom the action is."""
        return self.filter(action__in=Action.objects.visible_to(user))

    def latest_of_each(self):
        """The last step of every action: it says how things stand."""
        later = PromiseStep.objects.filter(action=OuterRef("action"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later))


class PromiseStep(models.Model):
    """One step (actions.promise_steps), with the terms that it names and what stands after it.

    Never changed nor deleted (people.appending). A proposal that nobody answered yet is always the last step.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("step of a promise", "accepted")
        OFFERED = "offered", pgettext_lazy("step of a promise", "asked for")
        PROPOSED = "proposed", pgettext_lazy("step of a promise", "proposed")
        KEPT = "kept", pgettext_lazy("step of a promise", "kept it as it was")
        DECLINED = "declined", pgettext_lazy("step of a promise", "declined")
        OVERRULED = "overruled", pgettext_lazy("step of a promise", "decided over both sides")

    action = models.ForeignKey(Action, models.CASCADE, related_name="promise_steps")
    kind = models.CharField(max_length=9, choices=Kind)
    side = models.CharField(max_length=5)
    state = models.CharField(max_length=8)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PromiseStepQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["declined", "overruled"]) | ~Q(reason=""),
                name="promise_refused_with_why",
            ),
        ]
