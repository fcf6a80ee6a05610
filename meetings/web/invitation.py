"""The way into a meeting for a phone: its address as a QR code."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from meetings.models import Meeting


def address(meeting: Meeting) -> str:
    """Where the lobby of `meeting` is reached from outside. Opening it signs nobody in."""
    return settings.BASE_URL + reverse("meeting", args=[meeting.pk])


def code(meeting: Meeting) -> SafeString:
    """The address as an inline SVG: dark on light, with the quiet zone that readers need; no styles of its own."""
    drawn = segno.make(address(meeting), error="m", micro=False)
    picture = drawn.svg_inline(
        border=4, omitsize=True, dark="#0b0f14", light="#fff", svgclass="qr-code", lineclass=None
    )
    return mark_safe(picture)  # drawn here, from an address
