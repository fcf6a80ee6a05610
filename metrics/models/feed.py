"""Sources: where a department's data is fetched from by itself, how each is doing, and every time it was asked."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.models.source import ImportJob
from reviewhub.people.models import Department, User
from reviewhub.people.permissions import departments_with, may

# The kind of notice that tells of a source that was switched off.
NOTICE = "source.disabled"
WARNED = "source.warned"


class FeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of one's departments; all of them for who reads every draft and for administrators."""
        if not user.is_active:
            return self.none()
        if may(user, "submission.read_any") or None in user.abilities.get("people.manage", ()):
            return self
        return self.filter(department__in=departments_with(user, "submission.edit"))

    def due(self, at):
        """On, due, and held by nobody."""
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        return self.filter(free, paused_at=None, disabled_at=None, next_run_at__lte=at)


class Feed(models.Model):
    """One source of one kind of file of one department, with its health.

    `config` holds no secret: it names one (metrics.feeding.secrets). `marks` are what the other side said of the
    version that we have, `digest` its bytes.
    """

    class Kind(models.TextChoices):
        FOLDER = "folder", _("Watched folder")
        QUERY = "query", _("Database query")
        ADDRESS = "address", _("Web address")

    class Covers(models.TextChoices):
        NAME = "name", _("The period in the file name")
        YESTERDAY = "yesterday", _("Yesterday")
        THIS_WEEK = "this_week", _("This week")
        LAST_WEEK = "last_week", _("Last week")
        THIS_MONTH = "this_month", _("This month")
        LAST_MONTH = "last_month", _("Last month")

    name = models.CharField(max_length=80)
    department = models.ForeignKey(Department, models.PROTECT, related_name="feeds")
    kind = models.CharField(max_length=8, choices=Kind)
    config = models.JSONField(default=dict)
    profile = models.CharField(max_length=60, blank=True)
    settings = models.JSONField(default=dict)
    covers = models.CharField(max_length=10, choices=Covers)
    every_minutes = models.PositiveIntegerField(default=60)
    owner = models.ForeignKey(User, models.PROTECT, related_name="feeds")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    next_run_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    marks = models.JSONField(default=dict)
    brings = models.JSONField(default=list, help_text="The kinds of file that it brought so far.")

    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True, help_text="Of the last run: {code, params}.")
    last_rows = models.PositiveBigIntegerField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    hopeless = models.PositiveIntegerField(
        default=0, help_text="Failures in a row that nobody's patience mends."
    )

    warnings = models.JSONField(
        default=list, help_text="Of the last run that was answered: [{code, params}]."
    )
    certificate_until = models.DateField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["department__position", "name"]
        constraints = [models.UniqueConstraint(fields=["name"], name="feed_name")]
        indexes = [models.Index(fields=["next_run_at"])]

    def __str__(self):
        return self.name


class FeedRun(models.Model):
    """One time a source was asked, and what became of it."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNCHANGED = "unchanged", _("Nothing new")
        FAILED = "failed", _("Failed")

    class Reason(models.TextChoices):
        SCHEDULE = "schedule", _("on schedule")
        PRESSED = "pressed", _("run by hand")
        COMMAND = "command", _("by command")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="runs")
    reason = models.CharField(max_length=8, choices=Reason)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.RUNNING)
    files = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    problem = models.JSONField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True, help_text="Until it had answered.")
    warnings = models.JSONField(default=list)
    jobs = models.ManyToManyField(ImportJob, blank=True, related_name="+")

    class Meta:
        ordering = ["-started_at", "id"]
        indexes = [models.Index(fields=["feed", "started_at"])]


class FeedOutage(models.Model):
    """A time in which a source gave nothing: from the first failure, or the missed moment, to the next success."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="outages")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["feed"], condition=Q(until=None), name="feed_is_down_once")
        ]
        indexes = [models.Index(fields=["until", "since"], name="feed_outage_when")]
