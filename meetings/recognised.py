"""Recognition that opens a meeting: what was approved since the one before began, without any reward."""

import datetime as dt

from actions import recognising
from actions.models import Recognition
from meetings.floor_screen import named
from meetings.models import Meeting
from okr.models.cascade import six


def of(meeting: Meeting) -> list[Recognition]:
    """Approved after the meeting before was planned to begin, and before this one was; the earliest first.

    By the planned times, so that every recognition opens one meeting however long either took.
    """
    if meeting.state == Meeting.State.CANCELLED or meeting.template == Meeting.ALIGNMENT:
        return []
    before = Meeting.objects.of_reviews().exclude(state=Meeting.State.CANCELLED)
    before = before.filter(scheduled_at__lt=meeting.scheduled_at).order_by("-scheduled_at")
    first: dt.datetime | None = before.values_list("scheduled_at", flat=True).first()
    return recognising.since(first, meeting.scheduled_at)


def lines(meeting: Meeting) -> list[dict]:
    """As screens and minutes carry them: name in both languages, sentence, what was measured. Never an amount."""
    return [line(row) for row in of(meeting)]


def line(row: Recognition) -> dict:
    before, after = (f"{six(value).normalize():,f}" for value in (row.before, row.after))
    home = row.department
    return {
        "name": named(row.person) if row.person else {"zh": home.name_zh, "en": home.name_en},
        "by": {"zh": row.from_department.name_zh, "en": row.from_department.name_en},
        "sentence": row.sentence,
        "effect": f"{row.measure} {before} → {after}",
    }
