"""What a delivery says: its messages rendered for one reader, or for a room, with what is no longer wanted left out."""

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation

from reviewhub.notices import choices, kinds, packing
from reviewhub.notices.hours import reach
from reviewhub.notices.models import Channel, Delivery, Message
from reviewhub.people.models import Company, User
from reviewhub.people.preferences import LANGUAGES, zone_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """One message of a letter: its content, and by how much it is late (None: in time)."""

    message: Message
    content: kinds.Content
    late_by: dt.timedelta | None


@dataclass(frozen=True)
class Letter:
    """Everything a channel needs. `language` and `zone` are the reader's; `notices` is never empty; `at` is when it
    leaves.

    `is_last_today`: no further mail goes to this person today. `body`: what the channel made of it beforehand.
    """

    delivery: Delivery
    notices: tuple[Notice, ...]
    language: str
    zone: dt.tzinfo
    at: dt.datetime
    is_last_today: bool = False
    body: object = None

    @property
    def channel(self) -> str:
        return self.delivery.channel

    @property
    def user(self) -> User | None:
        return self.delivery.user

    @property
    def is_digest(self) -> bool:
        return len(self.notices) > 1


# A notice that leaves within this of the first minute in which its reader could be reached is in time.
IN_TIME = dt.timedelta(minutes=10)


def letter(delivery: Delivery, *, at: dt.datetime) -> Letter | None:
    """The letter as it leaves at `at`; None when none of its messages is wanted any more (F25)."""
    rows = delivery.messages.select_related("occurrence").order_by("occurrence__due_at", "occurrence_id")
    rows = packing.wanted(list(rows), delivery.user, at=at)
    if not rows:
        return None
    language, zone = reader_of(delivery)
    with translation.override(language), timezone.override(zone):
        notices = written(rows, delivery.user, at=at)
    if not notices:
        return None
    last = delivery.channel == Channel.EMAIL and packing.mails_today(delivery.user, at=at) >= packing.A_DAY
    return Letter(delivery, notices, language, zone, at, is_last_today=last)


def written(rows: list[Message], reader: User | None, *, at: dt.datetime) -> tuple[Notice, ...]:
    """All that can be written, in the active language and zone. In a digest one that cannot leaves it and is put aside
    for an hour (F38); alone it raises, and the delivery is tried again."""
    notices = []
    for row in rows:
        try:
            notices.append(notice(row, reader, at=at))
        except Exception:  # noqa: BLE001 - whatever a renderer does, the others are told
            if len(rows) == 1:
                raise
            log.exception("message %s cannot be written", row.idem)
            packing.put_aside(row, at=at)
    return tuple(notices)


def notice(row: Message, reader: User | None, *, at: dt.datetime) -> Notice:
    """One message in the active language and zone."""
    occurrence = row.occurrence
    expected = occurrence.due_at
    if reader is not None:
        expected = reach(choices.hours(reader), occurrence.due_at, row.latest_at)
    late = at - expected
    return Notice(
        row, kinds.find(occurrence.kind).render(occurrence, reader), late if late > IN_TIME else None
    )


def reader_of(delivery: Delivery) -> tuple[str, dt.tzinfo]:
    """Language and zone of who reads it: the person's, else the company's; a room has its own language."""
    company = Company.objects.first()
    fallback = company.language if company and company.language in LANGUAGES else settings.LANGUAGE_CODE
    wanted = delivery.user.language if delivery.user else delivery.webhook.language
    return (wanted if wanted in LANGUAGES else fallback), zone_of(delivery.user, company)
