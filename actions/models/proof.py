"""How one sees that a task is done: the proof that was given at closing, and what its figure did afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action
from metrics.models import MetricVersion
from reviewhub.people.models import User


class OfActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whom the action is."""
        return self.filter(action__in=Action.objects.visible_to(user))


class Proof(models.Model):
    """A link, a sentence or a figure. Never changed nor deleted (people.appending); the newest of a closing counts.

    `closed_at` is the action's `done_at`: a task that was reopened and closed again needs another proof.
    """

    class Kind(models.TextChoices):
        LINK = "link", pgettext_lazy("kind of proof", "Link")
        FIGURE = "figure", pgettext_lazy("kind of proof", "Figure")
        SENTENCE = "sentence", pgettext_lazy("kind of proof", "Sentence")

    action = models.ForeignKey(Action, models.CASCADE, related_name="proofs")
    closed_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class EffectLook(models.Model):
    """The certified reading of the key result's metric at closing (`weeks` 0), two and four weeks later.

    `value`, `low` and `high` have six decimals (okr.models.six), rates stand as ratios; no `value`: nothing was
    certified in time. `verdict` and `reason` are codes of actions.effect_rule, empty at closing. The aim is kept as it
    was at closing: definition, part of the company and `wanted` (+1 up, -1 down, 0 unknown).
    """

    class Verdict(models.TextChoices):
        WORKED = "worked", _("Worked")
        NO_EFFECT = "none", _("No effect")
        UNCLEAR = "unclear", pgettext_lazy("verdict", "Unclear")

    action = models.ForeignKey(Action, models.CASCADE, related_name="effect_looks")
    closed_at = models.DateTimeField()
    weeks = models.PositiveSmallIntegerField()
    version = models.ForeignKey(MetricVersion, models.PROTECT, related_name="+")
    dimension = models.CharField(max_length=20, blank=True)
    member = models.CharField(max_length=80, blank=True)
    wanted = models.SmallIntegerField()
    grain = models.CharField(max_length=5, blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    value = models.BigIntegerField(null=True, blank=True)
    low = models.BigIntegerField(null=True, blank=True)
    high = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    verdict = models.CharField(max_length=7, choices=Verdict, blank=True)
    reason = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()

    objects = OfActionQuerySet.as_manager()

    class Meta:
        ordering = ["weeks", "id"]
        constraints = [
            models.UniqueConstraint(fields=["action", "closed_at", "weeks"], name="effect_looked_at_once")
        ]
