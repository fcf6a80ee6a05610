"""The facts: values by metric, day and slice, and the week and month sums that pages read.

Values are scaled integers: money 10⁻⁴, counts 1, durations and ratios 10⁻⁶ (metrics.units).
"""

from django.db import models

from metrics.models.submission import Submission
from reviewhub.people.models import bilingual


class Member(models.Model):
    """One value of a dimension (a platform, a country …). Regions are a tree; country is its leaf."""

    dimension = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    iso = models.CharField(max_length=3, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=1000)

    class Meta:
        ordering = ["dimension", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="member_code")]

    def __str__(self):
        return self.code

    @property
    def name(self) -> str:
        return bilingual(self, "name") or self.code


class Slice(models.Model):
    """A combination of dimension members; an empty dimension means: not split by it."""

    key = models.CharField(max_length=400, unique=True)
    platform = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    other = models.JSONField(default=dict)


class Observation(models.Model):
    """One submitted value at its own grain."""

    # Written by metrics.facts alone, a million rows at a time: the database would check every key at commit,
    # which takes longer than writing them.
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.CharField(max_length=40)
    day = models.DateField()
    slice = models.ForeignKey(Slice, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    value = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    rows = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["submission", "metric", "day"])]


# Grain of a sum → grain of a closing: of stocks, the values of the last day in the unit that a submission reports.
CLOSINGS = {"W": "w", "M": "m"}


class RollUp(models.Model):
    """What pages read of one submission, by ISO week or month; sums (W, M), and of stocks the closing (w, m).

    `period_key`: 202605 (week: ISO year × 100 + week) or 202601 (month). Written by metrics.facts, never changed.
    """

    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.CharField(max_length=40)
    grain = models.CharField(
        max_length=1, choices=[("W", "week"), ("M", "month"), ("w", "end of week"), ("m", "end of month")]
    )
    period_key = models.PositiveIntegerField()
    slice = models.ForeignKey(Slice, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    value = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    rows = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["metric", "grain", "period_key", "submission", "slice", "currency", "value", "rows"],
                name="rollup_figures",
            ),
            models.Index(fields=["submission"], name="rollup_submission"),
        ]


class CoarseSlice(models.Model):
    """Which slice stands for `slice` where summaries of one level (metrics.summaries.LEVELS) are read."""

    level = models.CharField(max_length=1)
    slice = models.ForeignKey(Slice, models.CASCADE, related_name="coarse", db_index=False)
    coarse = models.ForeignKey(Slice, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slice", "level"], name="coarse_slice")]


class Summary(models.Model):
    """Roll-ups of one submission with fewer dimensions: what pages read that do not ask for all of them.

    `grain` and `period_key` are those of RollUp; besides, level "p" has days (D, 20260131). Written by
    metrics.summaries, never changed.
    """

    level = models.CharField(max_length=1)
    submission = models.ForeignKey(
        Submission, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    metric = models.CharField(max_length=40)
    grain = models.CharField(max_length=1)
    period_key = models.PositiveIntegerField()
    slice = models.ForeignKey(Slice, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    value = models.BigIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    rows = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=[
                    "level",
                    "metric",
                    "grain",
                    "period_key",
                    "submission",
                    "slice",
                    "currency",
                    "value",
                    "rows",
                ],
                name="summary_figures",
            ),
            models.Index(fields=["submission"], name="summary_submission"),
        ]
