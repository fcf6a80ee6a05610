"""Figures that people put on the agenda: what is to be discussed, and who asked for it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from metrics.models import Review
from reviewhub.people.models import User, bilingual
from reviewhub.ui import days


class FigurePinQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues see every one; a partner none."""
        return self.none() if user.is_partner or not user.is_active else self


class FigurePin(models.Model):
    """One figure on the agenda of a review: metric, period and part, once, whoever asks for it.

    `view`: "" for the headline of the metric, else the block that shows it otherwise. `page`, `board`, `block` and
    `query` lead back to where it was first asked for. The names are those of that day.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="pins")
    metric = models.CharField(max_length=40, blank=True)
    view = models.CharField(max_length=60, blank=True)
    period_start = models.DateField()
    period_end = models.DateField()
    slice = models.CharField(max_length=300, blank=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    page = models.CharField(max_length=20)
    board = models.CharField(max_length=60)
    block = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    objects = FigurePinQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "metric", "view", "period_start", "period_end", "slice"],
                name="figure_pinned_once",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="pin_period_is_forward"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self) -> str:
        """The figure and its period in the reader's language."""
        period = days.period(self.period_start, self.period_end, get_language() or "en")
        return f"{bilingual(self, 'name')} · {period}"


class PinAsker(models.Model):
    """Somebody who wants a figure discussed."""

    pin = models.ForeignKey(FigurePin, models.CASCADE, related_name="askers")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["pin", "person"], name="asked_once")]

    def __str__(self):
        return self.person.display_name
