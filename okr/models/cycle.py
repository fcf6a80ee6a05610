"""The time for which objectives are set: a quarter, half a year or a year."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CycleQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see every cycle; a partner those in which it shares a key result."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            return self.filter(
                results__shares__department_id=user.department_id, results__shares__ended_at=None
            ).distinct()
        return self


class Cycle(models.Model):
    """The days [starts_on, ends_on) of the company's calendar."""

    class Length(models.TextChoices):
        QUARTER = "quarter", _("Quarter")
        HALF = "half", _("Half year")
        YEAR = "year", _("Year")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being set")
        OPEN = "open", _("Running")
        CLOSED = "closed", _("Scored")

    code = models.CharField(max_length=8, unique=True, help_text=_("2026-Q4, 2026-H2 or 2026."))
    length = models.CharField(max_length=7, choices=Length)
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("The first day after it."))

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "length"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="okr_cycle_is_forward"),
        ]

    def __str__(self):
        return self.code
