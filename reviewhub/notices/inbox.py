"""What a person was told inside the app: rendered when it is read, in the reader's language."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db.models import Count, Subquery
from django.utils.translation import gettext as _

from reviewhub.notices import choices, kinds
from reviewhub.notices.channels.letters import IN_TIME
from reviewhub.notices.hours import Hours, reach
from reviewhub.notices.models import Message
from reviewhub.people.models import User

log = logging.getLogger(__name__)
# The bell counts no further: "99+".
COUNTED = 100


@dataclass(frozen=True)
class Told:
    """One message as its reader sees it. `late_by` is None where it came in time."""

    message: Message
    content: kinds.Content
    label: str
    late_by: dt.timedelta | None

    @property
    def is_unread(self) -> bool:
        return self.message.read_at is None


@dataclass(frozen=True)
class Day:
    """The messages of one day in the reader's zone, newest first."""

    on: dt.date
    told: list[Told]


def unread_count(user: User) -> int:
    """How many wait unread, at most COUNTED."""
    return Message.objects.visible_to(user).unread()[:COUNTED].count()


def unread_beside(user: User) -> Subquery:
    """The same as part of another query; None where none waits."""
    found = Message.objects.visible_to(user).unread().order_by().values("user")
    return Subquery(found.annotate(count=Count("pk")).values("count"))


def rows(user: User, *, kind: str = "", unread: bool = False):
    """The person's messages, newest first, narrowed to one kind or to what is unread."""
    found = Message.objects.visible_to(user)
    found = found.unread() if unread else found.inbox()
    if kind:
        found = found.filter(occurrence__kind=kind)
    return found.select_related("occurrence").order_by("-created_at", "-id")


def kinds_of(user: User) -> list[tuple[str, str]]:
    """Code and name of the kinds that the person has messages of, by name."""
    codes = Message.objects.visible_to(user).inbox().order_by("occurrence__kind")
    codes = codes.values_list("occurrence__kind", flat=True).distinct()
    return sorted(((code, label(code)) for code in codes), key=lambda pair: pair[1])


def label(code: str) -> str:
    """The name of a kind; one that no app knows any more is shown by its code."""
    kind = kinds.find(code)
    return str(kind.label) if kind else code.replace("_", " ").replace(".", " · ")


def by_day(messages: list[Message], reader: User) -> list[Day]:
    """The messages in words, grouped by the day in the reader's zone on which they came."""
    open_hours = choices.hours(reader)
    days: list[Day] = []
    for message in messages:
        on = message.created_at.astimezone(open_hours.zone).date()
        if not days or days[-1].on != on:
            days.append(Day(on, []))
        days[-1].told.append(told(message, reader, open_hours))
    return days


def told(message: Message, reader: User, open_hours: Hours) -> Told:
    """One message in the active language; by how much it is late is what its mail would say."""
    occurrence, kind = message.occurrence, kinds.find(message.occurrence.kind)
    late = None
    if kind is not None:
        late = message.created_at - reach(open_hours, occurrence.due_at, message.latest_at)
    return Told(
        message, content(message, reader), label(occurrence.kind), late if late and late > IN_TIME else None
    )


def content(message: Message, reader: User) -> kinds.Content:
    """What it says now. What it was about, the right to see it, or the kind itself may be gone: that breaks no page."""
    kind = kinds.find(message.occurrence.kind)
    if kind is None:
        return gone()
    try:
        if not kind.visible(message.occurrence, reader):
            return gone()
        return kind.render(message.occurrence, reader)
    except Exception:  # noqa: BLE001 - one message that cannot be worded must not hide the others (F38)
        log.exception("message %s cannot be shown", message.pk)
        return gone()


def gone() -> kinds.Content:
    return kinds.Content(title=_("What this was about is no longer here"), path="", state="na")


def path(message: Message, reader: User) -> str:
    """Where the message leads, an address of ours; "" when it leads nowhere any more."""
    return content(message, reader).path


def mark(message: Message, *, at: dt.datetime) -> bool:
    """Remember when it was first read; whether it was unread until now."""
    return bool(Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at))


def unmark(message: Message) -> None:
    """Unread again: the person wants to come back to it."""
    Message.objects.filter(pk=message.pk).update(read_at=None)


def mark_all(user: User, *, at: dt.datetime) -> int:
    """Everything that came up to now is read; how many were not. What comes this very moment stays unread."""
    waiting = Message.objects.visible_to(user).inbox().filter(read_at=None, created_at__lte=at)
    return waiting.update(read_at=at)
