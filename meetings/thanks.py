"""Thanks that were said in meetings, on the board of execution."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from actions import recognising
from actions.checkin_rhythm import company_zone
from meetings.models import Capture
from metrics import boards
from metrics.boards.spec import BlockSpec, Section
from metrics.periods import Period
from reviewhub.people.models import User

MONTHS, MOST, MOST_READ = 12, 50, 500
SECTION = Section(
    "thanks", _("Thanks"), (BlockSpec("thanks", "thanks", (), (), _("Said in meetings"), "wide"),)
)


@dataclass(frozen=True)
class Thanks:
    """What was said, by whom, on which day of the company, in which meeting."""

    on: dt.date
    text: str
    by: str
    meeting: str
    meeting_id: int


def register() -> None:
    boards.extend("execution", SECTION)
    recognising.register_thanks(repeated)


def repeated(reader: User, quarter: Period) -> list[recognising.Thanked]:
    """People who were thanked at least twice in the quarter by others, as far as `reader` sees; the most thanked first.
    One query."""
    zone = company_zone()
    begin, end = (dt.datetime.combine(day, dt.time(), zone) for day in (quarter.start, quarter.end))
    rows = Capture.objects.visible_to(reader).filter(
        kind=Capture.Kind.KUDOS, captured_at__gte=begin, captured_at__lt=end, owner__is_active=True
    )
    rows = (
        rows.exclude(owner=F("captured_by")).select_related("owner__department").order_by("captured_at", "pk")
    )
    found: dict[int, list[Capture]] = {}
    for row in rows[:MOST_READ]:
        found.setdefault(row.owner_id, []).append(row)
    often = sorted((own for own in found.values() if len(own) > 1), key=len, reverse=True)
    return [recognising.Thanked(own[0].owner, tuple(row.text for row in own)) for own in often]


def said(reader: User, month: Period, zone: dt.tzinfo) -> list[Thanks]:
    """Of the twelve months up to `month`, the latest first; what `reader` may see. One query."""
    first = month
    for _number in range(MONTHS - 1):
        first = first.before()
    begin, end = (dt.datetime.combine(day, dt.time(), zone) for day in (first.start, month.end))
    rows = Capture.objects.visible_to(reader).filter(
        kind=Capture.Kind.KUDOS, captured_at__gte=begin, captured_at__lt=end
    )
    rows = rows.select_related("captured_by", "meeting").order_by("-captured_at", "-pk")[:MOST]
    return [
        Thanks(
            row.captured_at.astimezone(zone).date(),
            row.text,
            row.captured_by.display_name,
            row.meeting.title,
            row.meeting_id,
        )
        for row in rows
    ]
