"""The one company of this installation and its standing choices."""

import json

from django.db import models
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models.languages import bilingual


class SecondFactor(models.TextChoices):
    """Who has to prove by a second thing that it is them."""

    NOBODY = "nobody", pgettext_lazy("second factor", "Nobody")
    LEADERS = "leaders", _("Administrators and executives")
    EVERYBODY = "everybody", pgettext_lazy("second factor", "Everybody")


class ColourMeaning(models.TextChoices):
    """What colour says of a change. A and B: whether it is good; C and D: where it goes."""

    BLUE_ORANGE = "A", _("Good blue, bad orange")
    GREEN_RED = "B", _("Good green, bad red")
    RED_UP = "C", _("Up red, down green")
    GREEN_UP = "D", _("Up green, down red")


class CompanyQuerySet(models.QuerySet):
    def written(self):
        """The company as one text, for a query that reads something else at once; `Company.read` reads it again."""
        fields = [field.attname for field in self.model._meta.concrete_fields]
        return self.values(text=Cast(JSONObject(**{name: name for name in fields}), models.TextField()))[:1]


class Company(models.Model):
    """The one company of this installation and its standing choices."""

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    currency = models.CharField(max_length=3, default="CNY")
    language = models.CharField(max_length=10, default="zh-hans")
    vision_zh = models.CharField(max_length=300, blank=True)
    vision_en = models.CharField(max_length=300, blank=True)
    second_factor = models.CharField(max_length=10, choices=SecondFactor, default=SecondFactor.LEADERS)
    colours = models.CharField(max_length=1, choices=ColourMeaning, default=ColourMeaning.BLUE_ORANGE)
    is_demo = models.BooleanField(
        default=False, help_text=_("Made by the demo command; allows demo sign-in.")
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="company_is_one")]
        verbose_name_plural = "companies"

    @classmethod
    def read(cls, written: str | None) -> "Company | None":
        """The company of such a text; SQLite writes what is true as 1."""
        if written is None:
            return None
        values = json.loads(written)
        values["is_demo"] = bool(values["is_demo"])
        names = [field.attname for field in cls._meta.concrete_fields]
        return cls.from_db("default", names, [values[name] for name in names])

    def __str__(self):
        chinese = (get_language() or "").startswith("zh")
        return self.name if chinese or not self.name_en else self.name_en

    @property
    def vision(self) -> str:
        return bilingual(self, "vision")
