"""The company's promotion calendar: when it sells more on purpose, on which platforms and in which countries."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import bilingual


class PromotionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues know the calendar; to a partner it is not shown."""
        return self if user.is_active and not user.is_partner else self.none()


class Promotion(models.Model):
    """One occurrence. The same English name in another year is the same promotion, wherever its days lie."""

    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("First day after the promotion."))
    platforms = models.JSONField(default=list, blank=True)
    countries = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+")

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name_en"]
        constraints = [
            models.UniqueConstraint(fields=["name_en", "starts_on"], name="promotion_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="promotion_is_forward"),
        ]

    def __str__(self):
        return f"{self.name_en} {self.starts_on}"

    @property
    def name(self) -> str:
        return bilingual(self, "name")
