"""Send a test: a message to oneself on one channel, at once, and what became of it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from reviewhub.notices import expanding, waking
from reviewhub.notices.models import Channel, Delivery, Message, Occurrence, Webhook
from reviewhub.notices.packing import TEST
from reviewhub.people.models import User

# A test is shown on the page for so long, and so many of them go out in that time on one channel.
SHOWN_FOR = dt.timedelta(hours=1)
AT_MOST = 5
# A page that shows one looks again by itself for so long.
WATCHED_FOR = dt.timedelta(minutes=2)
CHANNELS = (Channel.INAPP, Channel.EMAIL, Channel.CHAT)


class CannotTry(Exception):
    """No test was sent; `problems` says why, in words."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Trial:
    """A test and what became of it: `state` is that of its delivery, or of the message while it has none."""

    channel: str
    to: str
    at: dt.datetime
    state: str
    reply_code: int | None = None
    words: str = ""
    attempts: int = 0
    next_at: dt.datetime | None = None

    @property
    def is_moving(self) -> bool:
        """Still on its way without having failed once."""
        return self.state in MOVING


MOVING = (Message.State.PACKED, Delivery.State.QUEUED, Delivery.State.SENDING)


def problems(user: User, channel: str, *, at: dt.datetime) -> list[str]:
    """What stands against a test to `user` on this channel."""
    if channel not in CHANNELS:
        return [_("There is no such channel.")]
    if channel == Channel.EMAIL and not user.email:
        return [_("You have no e-mail address here. An administrator can enter one.")]
    if channel == Channel.CHAT and not _own_hooks(user):
        return [_("You have no chat address that is switched on. An administrator can enter one.")]
    recent = Message.objects.filter(
        user=user, channel=channel, occurrence__kind=TEST, created_at__gt=at - SHOWN_FOR
    )
    if recent.values("occurrence").distinct().count() >= AT_MOST:
        return [_("Five tests an hour are enough. Try again later.")]
    return []


@transaction.atomic
def send(user: User, channel: str, *, at: dt.datetime) -> list[Message]:
    """A test to `user`: neither quiet hours, digest nor daily limit hold it back. Raises CannotTry."""
    if found := problems(user, channel, at=at):
        raise CannotTry(found)
    occurrence = raised(user, at=at)
    hooks = _own_hooks(user) if channel == Channel.CHAT else [None]
    state = Message.State.SHOWN if channel == Channel.INAPP else Message.State.QUEUED
    rows = [
        expanding.message(occurrence, channel, at=at, user=user, webhook=hook, state=state) for hook in hooks
    ]
    return kept(rows)


@transaction.atomic
def send_to(hook: Webhook, *, by: User, at: dt.datetime) -> Message:
    """A test to a chat address, asked for by whoever looks after it."""
    occurrence = raised(by, at=at)
    row = expanding.message(occurrence, Channel.CHAT, at=at, webhook=hook, state=Message.State.QUEUED)
    return kept([row])[0]


def raised(by: User, *, at: dt.datetime) -> Occurrence:
    """An occurrence of its own for every test; nobody has to decide it."""
    return Occurrence.objects.create(
        kind=TEST,
        subject_type=by._meta.label_lower,
        subject_id=str(by.pk),
        cycle_key=uuid.uuid4().hex,
        due_at=at,
        planned_at=at,
        decided_at=at,
        state=Occurrence.State.FIRED,
    )


def kept(rows: list[Message]) -> list[Message]:
    Message.objects.bulk_create(rows)
    transaction.on_commit(waking.wake, robust=True)
    return rows


def latest(user: User, *, at: dt.datetime) -> dict[str, list[Trial]]:
    """What became of the last test of each channel, while it is young: channel → one for each address."""
    rows = Message.objects.filter(user=user, occurrence__kind=TEST, created_at__gt=at - SHOWN_FOR)
    found: dict[str, list[Message]] = {}
    for row in rows.select_related("delivery", "webhook").order_by("-created_at", "id"):
        same = found.setdefault(row.channel, [])
        if not same or same[0].occurrence_id == row.occurrence_id:
            same.append(row)
    return {channel: [trial(row) for row in rows] for channel, rows in found.items()}


def trial(row: Message) -> Trial:
    """One test message and its delivery, if there is one yet."""
    to = row.webhook.name if row.webhook else row.user.email if row.channel == Channel.EMAIL else ""
    sent = row.delivery
    if sent is None:
        return Trial(row.channel, to, row.created_at, row.state, words=row.reason)
    waits = sent.not_before if sent.state == Delivery.State.RETRY else None
    return Trial(
        row.channel, to, row.created_at, sent.state, sent.reply_code, sent.error, sent.attempts, waits
    )


def _own_hooks(user: User) -> list[Webhook]:
    return list(Webhook.objects.enabled().filter(owner=user, audience=Webhook.Audience.PERSON))
