"""Recognition: what one department says another did well, with a number, and a reward that few may see."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from actions.models.action import Action
from actions.models.budget import FINANCE
from metrics.models import Metric, Review
from reviewhub.people.models import Confidentiality, Department, User

DECIDES = "budget.approve"


def decides(user: User) -> bool:
    """Executives, for the whole company."""
    return user.is_active and not user.is_partner and None in user.abilities.get(DECIDES, ())


def pays(user: User) -> bool:
    """Finance and HR, who pay rewards out."""
    if not user.is_active or user.is_partner:
        return False
    held = user.assignments.filter(ended_at=None)
    return held.filter(Q(role__code="hr") | Q(role__code="lead", department__code=FINANCE)).exists()


class RecognitionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was approved is for every colleague; before, and what was declined, for its nominator and those who
        decide. Nothing for a partner."""
        if not user.is_active or user.is_partner:
            return self.none()
        if decides(user):
            return self
        return self.filter(Q(state=Recognition.State.APPROVED) | Q(nominated_by=user))

    def approved(self):
        return self.filter(state=Recognition.State.APPROVED)


class Recognition(models.Model):
    """A person or a whole department, nominated by another one. `before` and `after` have six decimals
    (`okr.models.six`)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("recognition", "Waits for a decision")
        APPROVED = "approved", pgettext_lazy("recognition", "Approved")
        DECLINED = "declined", pgettext_lazy("recognition", "Declined")

    department = models.ForeignKey(Department, models.PROTECT, related_name="recognitions")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="recognitions")
    from_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    review = models.ForeignKey(Review, models.SET_NULL, null=True, blank=True, related_name="+")
    sentence = models.CharField(max_length=300)
    measure = models.CharField(max_length=80, help_text=_("What was measured, with its unit."))
    before = models.BigIntegerField()
    after = models.BigIntegerField()
    metric = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    before_on = models.DateField(null=True, blank=True, help_text=_("First day of the month of `before`."))
    after_on = models.DateField(null=True, blank=True, help_text=_("First day of the month of `after`."))
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="recognitions",
        help_text=_("By which it was done."),
    )
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-nominated_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(department=F("from_department")), name="recognised_by_another_department"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None)
                | ~Q(state="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="recognition_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("nominated_by")),
                name="recognition_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(metric=None, before_on=None, after_on=None)
                | Q(metric__isnull=False, before_on__isnull=False, after_on__gt=F("before_on")),
                name="recognition_read_in_two_months",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="recognition_declined_with_why"
            ),
        ]

    @property
    def named(self) -> str:
        """Who is recognised, in the reader's language."""
        return self.person.display_name if self.person else self.department.name


class RewardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever nominated, the executive who decided (any of them until then), Finance and HR. Nobody else."""
        if not user.is_active or user.is_partner:
            return self.none()
        if pays(user):
            return self
        own = Q(recognition__nominated_by=user) | Q(recognition__decided_by=user)
        if decides(user):
            own |= Q(recognition__state=Recognition.State.PROPOSED)
        return self.filter(own)


class Reward(models.Model):
    """What goes with a recognition: a row of its own, so that reading a recognition never reads an amount."""

    class Kind(models.TextChoices):
        BONUS = "bonus", _("Bonus")
        LEAVE = "leave", _("Day off")
        GIFT = "gift", _("Gift")
        TRAINING = "training", _("Training")

    recognition = models.OneToOneField(Recognition, models.CASCADE, related_name="reward")
    kind = models.CharField(max_length=8, choices=Kind)
    amount = models.BigIntegerField(null=True, blank=True, help_text=_("In 10⁻⁴ of the currency."))
    currency = models.CharField(max_length=3)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality, default=Confidentiality.CONFIDENTIAL
    )

    objects = RewardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="reward_is_positive"),
            models.CheckConstraint(
                condition=Q(confidentiality__gte=Confidentiality.CONFIDENTIAL), name="reward_is_confidential"
            ),
        ]
