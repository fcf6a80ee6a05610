"""Offers: what one level asks of the next or proposes to it, and every step of the talk about it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from okr.models.cascade import KeyResult, Objective
from okr.models.cycle import Cycle
from okr.negotiation import ABOVE, BELOW
from reviewhub.people.models import Department, User

SIDES = [
    (ABOVE, pgettext_lazy("side of an offer", "above")),
    (BELOW, pgettext_lazy("side of an offer", "below")),
]


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Both sides of it, and executives: who answers for the department or is the person, who owns or sets what
        it would serve. Partners never."""
        if not user.is_active or user.is_partner:
            return self.none()
        held = user.abilities.get("okr.set", set())
        if None in held:
            return self
        above = Q(parent__owner=user) | Q(objective__owner=user)
        above |= Q(parent__department__in=held) | Q(objective__department__in=held)
        below = Q(person=user) | Q(department__in=held)
        return self.filter(above | below)

    def open(self):
        return self.filter(state=Offer.State.OPEN)

    def agreed_pairs(self) -> set[tuple[str, str]]:
        """Keys of key result and parent, as okr.cascade names them, that both sides agreed on."""
        rows = self.filter(state=Offer.State.AGREED).values_list("result", "objective", "parent")
        return {
            (f"K{one}", f"O{objective}" if objective else f"K{parent}") for one, objective, parent in rows
        }

    def unanswered(self, before):
        """Open ones whose terms are from before that moment."""
        return self.open().filter(changed_at__lt=before)


class Offer(models.Model):
    """A key result that would stand below `objective` or `parent`, carried by `department` or by one `person` of it.

    Who begins is the side of its first step. `state`, `waits_for` and `changed_at` (the last step that was no comment)
    repeat what its steps come to, for lists.
    `result` is the key result that was proposed, or the one that both consents made.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("offer", "Open")
        AGREED = "agreed", pgettext_lazy("offer", "Agreed")
        DECLINED = "declined", pgettext_lazy("offer", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="offers")
    objective = models.ForeignKey(Objective, models.PROTECT, null=True, blank=True, related_name="offers")
    parent = models.ForeignKey(KeyResult, models.PROTECT, null=True, blank=True, related_name="offers")
    department = models.ForeignKey(Department, models.PROTECT, related_name="offers")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="offers")
    result = models.ForeignKey(KeyResult, models.PROTECT, null=True, blank=True, related_name="offered_in")
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=20, blank=True)
    baseline = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    waits_for = models.CharField(max_length=5, choices=SIDES)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["cycle", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(objective=None, parent__isnull=False) | Q(objective__isnull=False, parent=None),
                name="offer_serves_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(result__isnull=False), name="agreed_offer_has_its_result"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def serves(self) -> Objective | KeyResult:
        return self.objective or self.parent


class OfferStep(models.Model):
    """One step of the talk; rows are never changed (people.appending). Only a proposal and a counter-offer have terms:
    `target` with six decimals, the day, the weight."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    side = models.CharField(max_length=5, choices=SIDES)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    target = models.BigIntegerField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["offer", "number"], name="one_step_of_a_number")]
