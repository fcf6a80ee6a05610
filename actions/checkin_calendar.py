"""Check-ins as appointments: in the calendars of those who own open tasks and will be asked."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from actions import checkin_rhythm
from actions.checkin_rows import open_tasks
from actions.models import CheckInRhythm
from reviewhub.notices import calendar
from reviewhub.people.models import User

# As long as answering takes at most; an appointment of no length is not shown by some calendars.
LENGTH = dt.timedelta(minutes=15)


def register() -> None:
    calendar.register(calendar.Source("checkins", events))


def events(user: User, since: dt.datetime, until: dt.datetime) -> list[calendar.Event]:
    """The turns in [since, until) that `user` is asked in, as long as the rhythm and their tasks stay as they are."""
    rhythm = CheckInRhythm.objects.first()
    if rhythm is None or not rhythm.is_on or not open_tasks(user).exists():
        return []
    return [event(turn, rhythm) for turn in checkin_rhythm.turns(rhythm, since, until)]


def event(turn, rhythm: CheckInRhythm) -> calendar.Event:
    """One turn. It keeps its key when the rhythm moves within the week, with a higher sequence."""
    return calendar.Event(
        key=f"checkin-{turn.key}",
        title=_("Progress check-in"),
        starts_at=turn.at,
        ends_at=turn.at + LENGTH,
        zone=checkin_rhythm.company_zone().key,
        sequence=int(rhythm.changed_at.timestamp()) // 60,
        changed_at=rhythm.changed_at,
        path=reverse("checkin"),
    )
