"""The calendar of the company: its days off, and the weekends on which it works instead."""

from django.db import models
from django.db.models import F, Q

from reviewhub.people.models.languages import bilingual
from reviewhub.people.models.people import User


class CompanyDays(models.Model):
    """Days off from `first_on` to `last_on`, both included; or days at a weekend that are worked (调休)."""

    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    first_on = models.DateField()
    last_on = models.DateField()
    works = models.BooleanField(default=False)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="company_days_in_order"),
            models.UniqueConstraint(fields=["first_on"], name="company_days_begin_once"),
        ]

    @property
    def name(self) -> str:
        return bilingual(self, "name")
