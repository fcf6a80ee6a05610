"""What a number means: metrics, their immutable versions, other names, and the rules between them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Confidentiality, Department, bilingual
from reviewhub.people.names import folded, search_key


class Immutable(models.Model):
    """A row that is written once: a change is a new row."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk and type(self)._base_manager.filter(pk=self.pk).exists():
            raise TypeError(f"{type(self).__name__} is immutable; make a new version")
        super().save(*args, **kwargs)


class MetricQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Colleagues read the whole dictionary; a partner reads what is shared with it."""
        if not user.is_active:
            return self.none()
        if user.is_partner:
            shared = user.department.shares.filter(kind="metric").values("code")
            return self.filter(Q(confidentiality=Confidentiality.SHARED) | Q(code__in=shared))
        return self

    def enabled(self):
        return self.filter(is_enabled=True)

    def matching(self, text: str):
        """Metrics whose code, name or other name (pinyin and initials included) contains `text`."""
        needle = folded(text)
        if not needle:
            return self
        found = Q(code__icontains=needle) | Q(search__contains=needle) | Q(aliases__search__contains=needle)
        return self.filter(found).distinct()


class Metric(models.Model):
    """One entry of the dictionary. What it means stands in its versions."""

    class Pack(models.TextChoices):
        STARTER = "starter", _("Starter")
        DEPENDENCY = "dependency", _("Needed by others")
        EXTENDED = "extended", _("Extended")
        PROFILE = "profile", _("Of an import profile")

    code = models.CharField(max_length=40, unique=True)
    pack = models.CharField(max_length=12, choices=Pack)
    profile = models.CharField(max_length=60, blank=True)  # the import profile that brought it
    is_enabled = models.BooleanField(default=False)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    position = models.PositiveIntegerField(default=0)
    search = models.CharField(max_length=400, editable=False, blank=True)

    objects = MetricQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self):
        return self.code


class DatedQuerySet(models.QuerySet):
    def effective(self, on):
        """The version of each that holds on the date `on`."""
        return self.filter(effective_from__lte=on).filter(Q(effective_to=None) | Q(effective_to__gt=on))


class MetricVersionQuerySet(DatedQuerySet):
    def visible_to(self, user):
        return self.filter(metric__in=Metric.objects.visible_to(user))


class MetricVersion(Immutable):
    """A definition as it holds from `effective_from` (a date of the period it measures) until the next one.

    The columns are those of the starting dictionary (`manage.py dictionary export`), one for one, and two windows.
    """

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    tier = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    io = models.CharField(max_length=12)
    section = models.CharField(max_length=20)
    checklist = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=20)
    value_type = models.CharField(max_length=12)
    decimals = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=8)
    time_agg = models.CharField(max_length=20)
    dim_agg = models.CharField(max_length=80)
    grain = models.CharField(max_length=8)
    dimensions = models.JSONField(default=list)
    definition_zh = models.TextField()
    definition_en = models.TextField()
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    formula = models.CharField(max_length=1000, blank=True)
    engine = models.CharField(max_length=16)
    incl_shipping = models.CharField(max_length=8, blank=True)
    incl_tax = models.CharField(max_length=8, blank=True)
    refund_rule = models.CharField(max_length=120, blank=True)
    time_basis = models.CharField(max_length=120, blank=True)
    tz_rule = models.CharField(max_length=8, blank=True)
    fx_rule = models.CharField(max_length=8, blank=True)
    # In days. 0 new-customer days: everything that is known of the past counts.
    new_customer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    attribution_days = models.PositiveSmallIntegerField(null=True, blank=True)
    owner_dept = models.ForeignKey(Department, models.PROTECT, related_name="owned_metrics")
    steward_dept = models.ForeignKey(Department, models.PROTECT, related_name="stewarded_metrics")
    source_of_truth = models.CharField(max_length=300, blank=True)
    validation = models.TextField(blank=True)
    identities = models.JSONField(default=list)
    tolerance = models.CharField(max_length=40, blank=True)
    compare_as = models.CharField(max_length=8, blank=True)
    target_hint = models.CharField(max_length=300, blank=True)
    maturity_days = models.PositiveSmallIntegerField(null=True, blank=True)
    conflict_zh = models.TextField(blank=True)
    conflict_en = models.TextField(blank=True)
    reconcile_zh = models.TextField(blank=True)
    reconcile_en = models.TextField(blank=True)
    chart = models.CharField(max_length=80, blank=True)

    objects = MetricVersionQuerySet.as_manager()

    class Meta:
        ordering = ["metric", "number"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "number"], name="metric_version_number"),
            models.UniqueConstraint(fields=["metric", "effective_from"], name="metric_version_from"),
            models.UniqueConstraint(
                fields=["metric"], condition=Q(effective_to=None), name="one_open_metric_version"
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=models.F("effective_from")),
                name="metric_version_is_forward",
            ),
        ]

    def __str__(self):
        return f"{self.metric.code} v{self.number}"

    @property
    def name(self) -> str:
        return bilingual(self, "name")

    @property
    def definition(self) -> str:
        return bilingual(self, "definition")

    @property
    def conflict(self) -> str:
        return bilingual(self, "conflict")

    @property
    def reconcile(self) -> str:
        return bilingual(self, "reconcile")


class Alias(models.Model):
    """Another name people use for a metric."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=80)
    search = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering = ["text"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "text"], name="alias_once"),
            models.UniqueConstraint(Lower("text"), name="alias_of_one_metric"),
        ]
        verbose_name_plural = "aliases"

    def save(self, *args, **kwargs):
        self.search = search_key(self.text)
        super().save(*args, **kwargs)


class Rule(models.Model):
    """An identity or plausibility rule between metrics; its wording and limits stand in its versions."""

    code = models.CharField(max_length=10, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.code


class RuleVersionQuerySet(DatedQuerySet):
    def visible_to(self, user):
        """A partner reads a rule when every metric in it is shared with it."""
        if user.is_active and not user.is_partner:
            return self
        shown = set(Metric.objects.visible_to(user).values_list("code", flat=True))
        whole = [pk for pk, named in self.values_list("pk", "metrics") if named and shown >= set(named)]
        return self.filter(pk__in=whole)


class RuleVersion(Immutable):
    """A rule as it holds from `effective_from`."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    severity = models.CharField(max_length=8)
    expression = models.CharField(max_length=500)
    tolerance = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=80, blank=True)
    message_zh = models.CharField(max_length=300)
    message_en = models.CharField(max_length=300)
    on_fail = models.CharField(max_length=20)
    metrics = models.JSONField(default=list)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["rule", "number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_number")]

    @property
    def message(self) -> str:
        return bilingual(self, "message")
