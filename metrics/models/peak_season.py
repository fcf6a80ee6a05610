"""Peak seasons of the company: weeks in which figures have limits of their own and definitions stay as they are."""

import json

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from metrics.peaks import Peak
from reviewhub.people.models import bilingual

DAYS = ("prepares_on", "starts_on", "ends_on", "settles_on")
PLAIN, LISTS = ("name_zh", "name_en"), ("platforms", "countries", "limits")


class PeakSeasonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues know the seasons; to a partner they are not shown."""
        return self if user.is_active and not user.is_partner else self.none()

    def over(self, day):
        """Those that run on `day`."""
        return self.filter(prepares_on__lte=day, settles_on__gt=day)

    def documents(self):
        """Each with its `document` as one text `written`, for queries that read it beside other things."""
        names = {one.removesuffix("_on"): one for one in (*DAYS, *PLAIN, *LISTS)}
        return self.annotate(written=Cast(JSONObject(**names), models.TextField()))


def read(written: str) -> Peak:
    """The season of such a text; SQLite writes what is JSON already as text once more."""
    document = json.loads(written)
    for name in LISTS:
        if isinstance(document[name], str):
            document[name] = json.loads(document[name])
    return Peak.read(document)


class PeakSeason(models.Model):
    """Getting ready [prepares_on, starts_on), peak [starts_on, ends_on), afterwards [ends_on, settles_on).

    `limits`: metric code → {"low", "high": text or None, "of_change"}, see metrics.peaks.
    """

    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    prepares_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("First day after the peak."))
    settles_on = models.DateField(help_text=_("First day on which everything is as usual again."))
    platforms = models.JSONField(default=list, blank=True)
    countries = models.JSONField(default=list, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # by hand, before its last day
    ended_by = models.ForeignKey("people.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PeakSeasonQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name_en"]
        constraints = [
            models.UniqueConstraint(fields=["name_en", "starts_on"], name="peak_season_once"),
            models.CheckConstraint(
                condition=Q(prepares_on__lte=F("starts_on"), starts_on__lt=F("ends_on"))
                & Q(ends_on__lte=F("settles_on"))
                | Q(ended_at__isnull=False, settles_on__gte=F("prepares_on")),
                name="peak_season_is_forward",
            ),
        ]

    def __str__(self):
        return f"{self.name_en} {self.starts_on}"

    @property
    def name(self) -> str:
        return bilingual(self, "name")

    @property
    def document(self) -> dict:
        """As it is frozen with a month, and as metrics.peaks reads it."""
        return {
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "prepares": self.prepares_on.isoformat(),
            "starts": self.starts_on.isoformat(),
            "ends": self.ends_on.isoformat(),
            "settles": self.settles_on.isoformat(),
            "platforms": sorted(self.platforms),
            "countries": sorted(self.countries),
            "limits": self.limits,
        }

    @property
    def peak(self) -> Peak:
        return Peak.read(self.document)
