"""What was decided about differences between two sides, and what the sides answered: rows that are written once."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.models.definition import Immutable
from reviewhub.people.permissions import departments_with, may


class Listed(models.Aggregate):
    """Texts of several rows as one, with commas between, on either database."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = models.TextField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **more)


class RulingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Data owners and executives read every ruling; a department those about its own figures."""
        if not user.is_active or user.is_partner:
            return self.none()
        if may(user, "figure.certify") or may(user, "figure.read_draft") or may(user, "meeting.override"):
            return self
        own = departments_with(user, "submission.edit").values("code")
        return self.filter(Q(left_department__in=own) | Q(right_department__in=own))

    def newest(self):
        """The newest decision of each difference, by (pair, first day): the others stand below it."""
        found = {}
        for one in self.order_by("decided_at", "pk"):
            found[one.pair, one.period_start] = one
        return found


def rulings_about(profile: str, until: str) -> Subquery:
    """For each row of another query, with its columns `profile` and `until`: the rulings that name the table and begin
    before then, as metrics.official_sides reads them; NULL where there are none."""
    told = [
        Cast("pk", models.CharField()),
        "pair",
        Cast("period_start", models.CharField()),
        "decision",
        "reach",
    ]
    parts = [one for part in told for one in (Value(":"), part)][1:]
    named = Concat(Value("|"), OuterRef(profile), Value("|"))
    rows = Ruling.objects.filter(period_start__lt=OuterRef(until), profiles__contains=named).order_by()
    rows = rows.annotate(all=Value(1)).values("all")
    return Subquery(
        rows.annotate(told=Listed(Concat(*parts))).values("told"), output_field=models.TextField()
    )


class Ruling(Immutable):
    """One decision about the difference of one declared pair in one month. It never changes; a new one follows it.

    `left`, `right` and `residual` are the figures it was about (exact decimals), `profiles` the tables they stood in
    (between bars): who brought one of them cannot decide, and the database holds that.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Bridge accepted")
        LEFT = "left", _("First side's figure is official")
        RIGHT = "right", _("Second side's figure is official")
        ASKED = "asked", _("Both sides asked")
        PARKED = "parked", _("Both numbers shown")
        REOPENED = "reopened", _("Opened again")

    class Reach(models.TextChoices):
        REVIEW = "review", pgettext_lazy("reach of a ruling", "This review")
        STANDING = "standing", pgettext_lazy("reach of a ruling", "From this review on")

    review = models.ForeignKey("metrics.Review", models.PROTECT, related_name="rulings")
    pair = models.CharField(max_length=10)
    left_department = models.CharField(max_length=10)
    right_department = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    decision = models.CharField(max_length=8, choices=Decision)
    reach = models.CharField(max_length=8, choices=Reach, default=Reach.REVIEW)
    reason = models.CharField(max_length=300)
    left = models.CharField(max_length=40)
    right = models.CharField(max_length=40)
    residual = models.CharField(max_length=40)
    causes = models.JSONField(default=list)
    profiles = models.CharField(max_length=400)
    answer_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    objects = RulingQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["pair", "period_start"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="ruling_period_is_forward"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_has_a_reason"),
            models.CheckConstraint(condition=~Q(profiles=""), name="ruling_names_its_tables"),
            models.CheckConstraint(
                condition=~Q(reach="standing") | Q(decision__in=("left", "right")),
                name="only_an_official_side_stands",
            ),
            models.CheckConstraint(
                condition=Q(decision="asked", answer_by__isnull=False)
                | (~Q(decision="asked") & Q(answer_by=None)),
                name="asked_until_when",
            ),
        ]


class SideAnswer(Immutable):
    """What one side answered to a question of the data owner."""

    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="answers")
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey("people.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="answer_says_something")]
