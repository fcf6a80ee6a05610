"""The append-only log of a meeting: what was commanded, when, by whom, and which minutes moved."""

from django.db import models

from meetings.models.meeting import Meeting
from metrics.models.definition import Immutable
from reviewhub.people.models import User


class Event(Immutable):
    """One event. `deltas` (seconds by ledger account, sum 0) were computed once, when it happened."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    deltas = models.JSONField(default=dict)
    client_id = models.UUIDField()

    class Meta:
        ordering = ["meeting", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seq"], name="event_seq"),
            models.UniqueConstraint(fields=["meeting", "client_id"], name="event_client_id"),
        ]
