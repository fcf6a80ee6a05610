"""Who is told what on which channel: one row each, made in the transaction that decides it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewhub.notices.models.choice import Webhook
from reviewhub.notices.models.delivery import Channel, Delivery
from reviewhub.notices.models.occurrence import Occurrence
from reviewhub.people.models import User


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees their own."""
        return self.filter(user=user) if user.is_active else self.none()

    def inbox(self):
        return self.filter(channel=Channel.INAPP).exclude(state=Message.State.SUPPRESSED)

    def unread(self):
        return self.inbox().filter(read_at=None)


class Message(models.Model):
    """An occurrence for one recipient on one channel. `idem` makes it one, whoever tries again."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        HELD = "held", _("Held after a restore")
        PACKED = "packed", _("On its way")
        SHOWN = "shown", _("In the inbox")
        SUPPRESSED = "suppressed", _("Not sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="messages")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="messages")
    webhook = models.ForeignKey(Webhook, models.CASCADE, null=True, blank=True, related_name="messages")
    channel = models.CharField(max_length=8, choices=Channel)
    idem = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=40, blank=True, help_text=_("Code of why it was not sent."))
    not_before = models.DateTimeField()
    latest_at = models.DateTimeField(null=True, blank=True, help_text=_("No quiet hour delays it past this."))
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True, related_name="messages")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "not_before"]),
            models.Index(fields=["user", "channel", "read_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | models.Q(webhook__isnull=False),
                name="message_has_a_recipient",
            )
        ]
