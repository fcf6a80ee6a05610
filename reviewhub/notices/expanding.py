"""From occurrences to messages: who is told, on which channel, once; and what is too late or already covered."""

import datetime as dt
import logging

from django.db import transaction

from reviewhub.notices import choices, kinds
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.hours import reach
from reviewhub.notices.models import Channel, Fence, Message, Occurrence, Webhook
from reviewhub.people.models import User

log = logging.getLogger(__name__)
ASIDE = dt.timedelta(hours=1)
State = Occurrence.State


def expand(*, clock, limit: int = 10_000) -> int:
    """Decide every occurrence that is due; the number decided. One transaction each, safe beside another worker."""
    done = 0
    due = Occurrence.objects.waiting().filter(due_at__lte=clock()).order_by("due_at", "id")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        done += expand_one(pk, clock=clock)
    return done


def expand_one(pk: int, *, clock) -> bool:
    """Decide one occurrence. An error puts it aside for an hour; the others go on (F38)."""
    try:
        with transaction.atomic():
            rows = Occurrence.objects.waiting().select_for_update(skip_locked=True)
            occurrence = rows.filter(pk=pk).first()
            at = clock()
            if occurrence is None or (occurrence.not_before and occurrence.not_before > at):
                return False
            decide(occurrence, at=at)
            crashpoint("after_expand")
            return True
    except Exception as error:  # noqa: BLE001 - one poisoned row must not stop the others
        log.exception("occurrence %s failed", pk)
        said = f"{type(error).__name__}: {error}"[:300]
        Occurrence.objects.waiting().filter(pk=pk).update(not_before=clock() + ASIDE, error=said)
        return False


def decide(occurrence: Occurrence, *, at: dt.datetime) -> None:
    """Tell it, merge it into a later one, or let it expire. Call it with the row locked."""
    kind = kinds.find(occurrence.kind)
    if kind is None:
        raise LookupError(f"no app tells {occurrence.kind!r}")
    verdict = kind.verdict(occurrence, at)
    if verdict == kinds.SEND and kind.series and is_covered(kind, occurrence, at):
        verdict = kinds.COALESCE
    states = {kinds.SEND: State.FIRED, kinds.COALESCE: State.COALESCED, kinds.EXPIRE: State.EXPIRED}
    if verdict == kinds.SEND:
        tell(kind, occurrence, at=at)
    occurrence.state, occurrence.decided_at, occurrence.error = states[verdict], at, ""
    occurrence.save(update_fields=["state", "decided_at", "error"])


def is_covered(kind: kinds.Kind, occurrence: Occurrence, at: dt.datetime) -> bool:
    """Whether a later one of its series is due too: after an outage only the strongest is told (F06)."""
    series = kind.series(occurrence)
    later = Occurrence.objects.exclude(state__in=[State.CANCELLED, State.EXPIRED]).filter(
        kind=occurrence.kind, due_at__gt=occurrence.due_at, due_at__lte=at
    )
    return any(kind.series(row) == series for row in later)


def tell(kind: kinds.Kind, occurrence: Occurrence, *, at: dt.datetime) -> list[Message]:
    """A row for the inbox of each recipient, and one for each further channel that they want."""
    held = Fence.objects.filter(restored_at__gte=occurrence.due_at).exists()
    rows = []
    for user in kind.recipients(occurrence):
        if user.is_active and not kind.recheck(occurrence, user, at):
            rows += for_person(kind, occurrence, user, at=at, held=held)
    if kind.rooms:
        rows += for_rooms(kind, occurrence, at=at, held=held)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def for_person(kind, occurrence, user: User, *, at: dt.datetime, held: bool = False) -> list[Message]:
    """The inbox row, and mail and chat where the person wants them, not before they may be reached."""
    rows = [message(occurrence, Channel.INAPP, at=at, user=user, state=Message.State.SHOWN)]
    wanted = choices.channels(user, kind)
    latest = kind.latest(occurrence)
    open_at = reach(choices.hours(user), at, latest)
    state = Message.State.HELD if held else Message.State.QUEUED
    if Channel.EMAIL in wanted and user.email:
        rows.append(
            message(
                occurrence, Channel.EMAIL, at=at, user=user, state=state, not_before=open_at, latest_at=latest
            )
        )
    if Channel.CHAT in wanted:
        for hook in Webhook.objects.enabled().filter(owner=user, audience=Webhook.Audience.PERSON):
            rows.append(
                message(
                    occurrence,
                    Channel.CHAT,
                    at=at,
                    user=user,
                    webhook=hook,
                    state=state,
                    not_before=open_at,
                    latest_at=latest,
                )
            )
    return rows


def for_rooms(kind, occurrence, *, at: dt.datetime, held: bool) -> list[Message]:
    """One message for each room that is told about this kind."""
    state = Message.State.HELD if held else Message.State.QUEUED
    rooms = Webhook.objects.enabled().filter(audience=Webhook.Audience.ROOM)
    return [
        message(occurrence, Channel.CHAT, at=at, webhook=room, state=state)
        for room in rooms
        if kind.code in room.kinds
    ]


def message(
    occurrence,
    channel: str,
    *,
    at: dt.datetime,
    user=None,
    webhook=None,
    state,
    not_before=None,
    latest_at=None,
) -> Message:
    """One row, its `idem` made from what it is about and for whom."""
    to = f"user:{user.pk}" if user else f"room:{webhook.pk}"
    hook = f":{webhook.pk}" if user and webhook else ""
    return Message(
        occurrence=occurrence,
        user=user,
        webhook=webhook,
        channel=channel,
        idem=f"{occurrence}:{to}:{channel}{hook}",
        state=state,
        not_before=not_before or at,
        latest_at=latest_at,
        created_at=at,
    )
