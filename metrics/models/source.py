"""Where figures come from: kept files, saved import profiles, and the jobs that read them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Department
from reviewhub.people.permissions import departments_with


class SavedProfile(models.Model):
    """An import profile that users of this installation made (shipped ones are files)."""

    name = models.SlugField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    spec = models.TextField(help_text=_("YAML, declarative."))
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "number"], name="profile_version")]


class SourceFile(models.Model):
    """A file as it was handed over. The bytes lie under a random name; `name` is for people only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    content = models.FileField(upload_to="source/%Y/%m/")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True, related_name="+")
    keep_until = models.DateField(help_text=_("After this day the bytes are deleted; the facts stay."))


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The job's uploader and those who may edit that department's data."""
        if not user.is_active:
            return self.none()
        own = Q(department__in=departments_with(user, "submission.edit"))
        return self.filter(own | Q(created_by=user))

    def abandoned(self, at):
        """Jobs that no worker holds any more: never started, or their lease ran out."""
        return self.filter(Q(state="queued") | Q(state="running", lease_until__lt=at))


class ImportJob(models.Model):
    """One file on its way in. The row is the truth; a Celery message only wakes a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Reading")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(Department, models.CASCADE, related_name="+")
    source = models.ForeignKey(SourceFile, models.CASCADE, related_name="jobs")
    profile = models.CharField(max_length=60)
    settings = models.JSONField(default=dict)
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(null=True, blank=True, help_text="The document of `manage.py submit --json`.")
    submission = models.ForeignKey("metrics.Submission", models.SET_NULL, null=True, related_name="jobs")

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"])]
