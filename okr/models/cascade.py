"""The cascade: objectives, their key results, who shares them, and what was measured.

Every row has at most one primary parent, which carries the roll-up; contributions are links besides.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models import Metric, MetricVersion
from metrics.units import plain
from okr.models.cycle import Cycle
from reviewhub.people.models import Department, User

SCALE = "score"  # six decimals (metrics.units)


def six(stored: int | None) -> Decimal | None:
    """The value behind a stored one."""
    return None if stored is None else plain(stored, SCALE)


class ObjectiveQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see the objectives of the company and of every department."""
        return self if user.is_active and not user.is_partner else self.none()


class Objective(models.Model):
    """What the company (`department` None) or a department wants to reach. `parent` is the key result it serves."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="objectives")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="objectives"
    )
    parent = models.ForeignKey(
        "okr.KeyResult", models.SET_NULL, null=True, blank=True, related_name="objectives"
    )
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="objectives")
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    origin = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="goes_on")
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__range=(1, 100)), name="objective_weight_to_100"
            ),
        ]

    def __str__(self):
        return self.title


class KeyResultQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see them all; a partner those that it shares."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            return self.filter(shares__department_id=user.department_id, shares__ended_at=None)
        return self

    def standing(self):
        return self.filter(dropped_at=None)


class KeyResult(models.Model):
    """By what one sees that an objective is reached. It stands below an objective, or below a key result it serves.

    `baseline`, `target` and `change` have six decimals (`six`). Rates stand in percent: 23.5 % is 23.5. `change` is in
    percent of the baseline, or in percentage points (`in_points`); where nobody decided which, `in_points` is None.
    """

    class Stance(models.TextChoices):
        COMMIT = "commit", _("Committed")
        STRETCH = "stretch", _("Stretch")

    class Confidence(models.TextChoices):
        HIGH = "high", pgettext_lazy("confidence", "High")
        MID = "mid", pgettext_lazy("confidence", "Medium")
        LOW = "low", pgettext_lazy("confidence", "Low")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="results")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="results")
    objective = models.ForeignKey(Objective, models.SET_NULL, null=True, blank=True, related_name="results")
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="results")
    updater = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="updated_results")
    baseline = models.BigIntegerField(null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)
    change = models.BigIntegerField(null=True, blank=True)
    in_points = models.BooleanField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True, blank=True, help_text=_("Before the end of the cycle."))
    metric = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="results")
    version = models.ForeignKey(
        MetricVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="results",
        help_text=_("The definition by which it is judged until the end of the cycle."),
    )
    dimension = models.CharField(max_length=20, blank=True)
    member = models.CharField(max_length=80, blank=True)
    stance = models.CharField(max_length=7, choices=Stance, default=Stance.COMMIT)
    confidence = models.CharField(max_length=4, choices=Confidence, blank=True)
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    origin = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="goes_on",
        help_text=_("The key result of the cycle before from which it was made."),
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = KeyResultQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["cycle", "department"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(objective=None) | Q(parent=None), name="key_result_has_one_parent"
            ),
            models.CheckConstraint(
                condition=Q(weight=None) | Q(weight__range=(1, 100)), name="key_result_weight_to_100"
            ),
            models.CheckConstraint(
                condition=Q(target=None) | Q(change=None), name="key_result_says_target_or_change"
            ),
            models.CheckConstraint(
                condition=Q(metric=None, version=None) | Q(metric__isnull=False, version__isnull=False),
                name="key_result_pins_its_metric",
            ),
            models.CheckConstraint(
                condition=Q(dimension="", member="") | ~Q(dimension="") & ~Q(member=""),
                name="key_result_part_is_whole",
            ),
        ]

    def __str__(self):
        return self.title


class Link(models.Model):
    """A link that two sides must want. It is asked by one side, accepted by somebody else for the other side, and
    ended by either, with a reason; an ended one stays as it was, and asking anew makes a new row."""

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    from_helper = models.BooleanField(help_text=_("Asked by the side that helps."))
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def counts(self) -> bool:
        """Whether both sides want it now."""
        return self.accepted_at is not None and self.ended_at is None


def _consented(name: str) -> models.CheckConstraint:
    """Two people wanted what counts as accepted."""
    accepted = Q(accepted_at__isnull=False, accepted_by__isnull=False, asked_by__isnull=False)
    return models.CheckConstraint(
        condition=Q(accepted_at=None, accepted_by=None) | accepted & ~Q(accepted_by=models.F("asked_by")),
        name=name,
    )


class Contribution(Link):
    """A key result that helps another besides its parent."""

    giver = models.ForeignKey(KeyResult, models.CASCADE, related_name="gives")
    receiver = models.ForeignKey(KeyResult, models.CASCADE, related_name="receives")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "receiver"], condition=Q(ended_at=None), name="one_contribution_of_a_pair"
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="nothing_helps_itself"),
            _consented("contribution_is_wanted_by_two"),
        ]


class Share(Link):
    """A department that owns a key result together with others."""

    result = models.ForeignKey(KeyResult, models.CASCADE, related_name="shares")
    department = models.ForeignKey(Department, models.PROTECT, related_name="shared_results")

    class Meta:
        ordering = ["department__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "department"], condition=Q(ended_at=None), name="one_share_of_a_department"
            ),
            _consented("share_is_wanted_by_two"),
        ]


class Measurement(models.Model):
    """What somebody measured by hand, with what shows it and how sure they were then ("": not said).

    The newest day counts; none is overwritten.
    """

    result = models.ForeignKey(KeyResult, models.CASCADE, related_name="measurements")
    value = models.BigIntegerField()
    on = models.DateField()
    evidence = models.CharField(max_length=500)
    confidence = models.CharField(max_length=4, choices=KeyResult.Confidence, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["on", "at", "pk"]
