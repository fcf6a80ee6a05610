"""Rows of the outbox: what happens, who is told, how it travels, and what people chose."""

from reviewhub.notices.models.choice import CalendarFeed, OpenHours, Preference, Webhook
from reviewhub.notices.models.delivery import Channel, Circuit, Delivery
from reviewhub.notices.models.link import FormLink
from reviewhub.notices.models.message import Message
from reviewhub.notices.models.occurrence import Fence, Occurrence, Quarantine, Watermark

__all__ = [
    "CalendarFeed",
    "Channel",
    "Circuit",
    "Delivery",
    "Fence",
    "FormLink",
    "Message",
    "Occurrence",
    "OpenHours",
    "Preference",
    "Quarantine",
    "Watermark",
    "Webhook",
]
