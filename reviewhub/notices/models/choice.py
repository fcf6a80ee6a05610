"""What people chose: which event on which channel, chat hooks, and a calendar feed of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewhub.notices.models.delivery import Channel
from reviewhub.people.models import Department, User


class Preference(models.Model):
    """A person's own choice for one kind and channel; without a row the kind's default holds."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")]


class OpenHours(models.Model):
    """When mail and chat may reach a person, in their own zone; without a row 08:00 to 20:00 on weekdays."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="open_hours")
    opens = models.TimeField()
    closes = models.TimeField()
    weekends = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "open hours"
        constraints = [
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="hours_are_forward")
        ]


class WebhookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators enter hooks; an owner sees their own."""
        if not user.is_active:
            return self.none()
        return self if "people.manage" in user.abilities else self.filter(owner=user)

    def enabled(self):
        return self.filter(disabled_at=None)


class Webhook(models.Model):
    """A chat address (apprise): a person's own, or a room that is told about some kinds.

    `url` is a secret (C3): shown masked, never logged. Permanent errors disable it and tell its owner.
    """

    class Audience(models.TextChoices):
        PERSON = "person", _("Its owner")
        ROOM = "room", _("A room")

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=1000)
    audience = models.CharField(max_length=8, choices=Audience)
    owner = models.ForeignKey(User, models.CASCADE, related_name="webhooks")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    kinds = models.JSONField(default=list, help_text=_("For a room: the kinds that it is told about."))
    language = models.CharField(max_length=10, default="zh-hans")
    created_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.name


class CalendarFeed(models.Model):
    """The secret address of a person's calendar; only a hash of its token is kept (T24)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
