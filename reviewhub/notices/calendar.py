"""Appointments as iCalendar (RFC 5545): what upper apps give, escaped, folded, in wall time with its zone.

Upper apps register a source in AppConfig.ready(); titles are those of C1 things (T24).
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import icalendar
from django.conf import settings

from reviewhub import __version__
from reviewhub.people.models import User

AT_MOST = 500
BEHIND = dt.timedelta(days=90)
AHEAD = dt.timedelta(days=400)
MEDIA_TYPE = "text/calendar; charset=utf-8"
# Of a calendar program that asks: how often it should look again.
REFRESH = dt.timedelta(hours=4)


@dataclass(frozen=True)
class Event:
    """One appointment. `key` is the same for its whole life; `starts_at` and `ends_at` are instants.

    `zone` is the IANA zone in whose wall time it was agreed: there it stays when the rules of clocks change.
    `sequence` grows with every change of time or state; `changed_at` is when that was.
    """

    key: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    changed_at: dt.datetime
    path: str = "/"
    note: str = ""
    sequence: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True)
class Source:
    """events(user, since, until) → what `user` may see and takes part in that begins in [since, until)."""

    code: str
    events: Callable[[User, dt.datetime, dt.datetime], Iterable[Event]]


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    """Add a source; the same code again replaces it."""
    _sources[source.code] = source
    return source


def events_of(user: User, *, at: dt.datetime) -> list[Event]:
    """The appointments of `user` around `at`, oldest first; of too many those that lie furthest ahead are left out."""
    since, until = at - BEHIND, at + AHEAD
    found = [event for source in _sources.values() for event in source.events(user, since, until)]
    found.sort(key=lambda event: (event.starts_at, event.key))
    return found[:AT_MOST]


def document(events: Iterable[Event], *, name: str, at: dt.datetime) -> bytes:
    """The calendar called `name` with these appointments."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//ReviewHub//ReviewHub {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", icalendar.vText(" ".join(plain(name).split())))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    rows = list(events)
    for event in rows:
        calendar.add_component(component(event, at=at))
    if rows:
        first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
        calendar.add_missing_timezones(dt.date(first.year - 1, 1, 1), dt.date(last.year + 2, 1, 1))
    return calendar.to_ical()


def component(event: Event, *, at: dt.datetime) -> icalendar.Event:
    """One VEVENT; without alarms, for reminding is the outbox's."""
    zone = zoneinfo.ZoneInfo(event.zone)
    made = icalendar.Event()
    made.add("uid", f"{event.key}@{settings.MAIL_DOMAIN}")
    made.add("dtstamp", at.astimezone(dt.UTC).replace(microsecond=0))
    made.add("dtstart", event.starts_at.astimezone(zone).replace(microsecond=0))
    made.add("dtend", event.ends_at.astimezone(zone).replace(microsecond=0))
    made.add("summary", plain(event.title))
    address = settings.BASE_URL + event.path
    made.add("description", plain(f"{event.note}\n{address}" if event.note else address))
    made.add("url", address)
    made.add("sequence", event.sequence)
    made.add("last-modified", event.changed_at.astimezone(dt.UTC).replace(microsecond=0))
    made.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if event.is_cancelled else "OPAQUE")
    return made


def plain(text: str) -> str:
    """`text` with line ends as \\n and without control characters, which RFC 5545 does not allow in a value."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and letter != "\x7f"))
