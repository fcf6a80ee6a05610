"""Meetings as appointments: in the files and feeds of those who may see them."""

import datetime as dt

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.models import Event, Meeting
from reviewhub.notices import calendar
from reviewhub.people.models import Activity, User


def register() -> None:
    calendar.register(calendar.Source("meetings", events))


def events(user: User, since: dt.datetime, until: dt.datetime) -> list[calendar.Event]:
    """The meetings that `user` may see and that begin in [since, until); what is a draft has no date yet."""
    rows = Meeting.objects.visible_to(user).exclude(state=Meeting.State.DRAFT)
    rows = list(rows.filter(scheduled_at__gte=since, scheduled_at__lt=until).select_related("review"))
    changed = changes(rows)
    return [event(row, user, changed_at=changed.get(row.pk, row.scheduled_at)) for row in rows]


def changes(rows: list[Meeting]) -> dict[int, dt.datetime]:
    """When each meeting last changed: its newest event, else when it was planned."""
    planned = Activity.objects.filter(
        code="meeting.planned",
        subject_type=Meeting._meta.label_lower,
        subject_id__in=[str(row.pk) for row in rows],
    )
    newest = Event.objects.filter(meeting__in=rows, seq=F("meeting__seq"))
    return {int(key): at for key, at in planned.values_list("subject_id", "at")} | dict(
        newest.values_list("meeting_id", "at")
    )


def event(meeting: Meeting, reader: User, *, changed_at: dt.datetime) -> calendar.Event:
    """One meeting. A partner's calendar travels out of the house: it names the occasion, not our review.

    The log of a meeting numbers its changes, which is what SEQUENCE wants to know.
    """
    return calendar.Event(
        key=f"meeting-{meeting.pk}",
        title=_("Business review meeting") if reader.is_partner else meeting.title,
        starts_at=meeting.scheduled_at,
        ends_at=meeting.scheduled_at + dt.timedelta(seconds=meeting.budget_s),
        zone=meeting.review.time_zone,
        sequence=meeting.seq,
        changed_at=changed_at,
        path=reverse("meeting", args=[meeting.pk]),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
    )


def of_meeting(meeting: Meeting, reader: User) -> calendar.Event:
    """The appointment of one meeting, for its file."""
    return event(meeting, reader, changed_at=changes([meeting]).get(meeting.pk, meeting.scheduled_at))
