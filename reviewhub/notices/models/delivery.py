"""How it travels: one mail or chat post, claimed by one worker at a time, and what became of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import User


class Channel(models.TextChoices):
    INAPP = "inapp", _("In the app")
    EMAIL = "email", _("Mail")
    CHAT = "chat", _("Chat")


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The queue belongs to administrators (robustness §2.2)."""
        if not user.is_active or "people.manage" not in user.abilities:
            return self.none()
        return self

    def claimable(self, at):
        """Due, or left behind by a worker whose lease ran out."""
        due = models.Q(state__in=[Delivery.State.QUEUED, Delivery.State.RETRY], not_before__lte=at)
        return self.filter(due | models.Q(state=Delivery.State.SENDING, lease_until__lt=at))

    def in_doubt(self):
        """Handed over at least once without an answer: sent, or not, nobody can know."""
        return self.filter(doubts__gt=0)


class Delivery(models.Model):
    """One mail (or chat post) with one message in it, or a digest of several.

    `handed_over_at` is set, fenced by `token`, before the first byte leaves: a worker that finds it set knows
    that its predecessor died in the window in which the mail may have gone. `message_id` is the same for every
    attempt.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        RETRY = "retry", _("Tried again later")
        IN_DOUBT = "in_doubt", _("In doubt")
        FAILED = "failed", _("Refused")
        DEAD = "dead", _("Given up")
        HELD = "held", _("Held after a restore")
        CANCELLED = "cancelled", _("No longer wanted")

    FINAL = ("sent", "in_doubt", "failed", "dead", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="deliveries")
    webhook = models.ForeignKey(
        "notices.Webhook", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    idem = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    resend_in_doubt = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    doubts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    reply_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["state", "not_before"]),
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["user", "channel", "created_at"]),
        ]


class Circuit(models.Model):
    """The door to a channel: closed for a while after repeated failures, and at most so many a second (F26, F39)."""

    channel = models.CharField(max_length=8, choices=Channel, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    probe_at = models.DateTimeField(null=True, blank=True)
    next_slot_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
