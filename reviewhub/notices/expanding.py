"""From occurrences to messages: who is told, on which channel, once; and what is too late or already covered."""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max, Q

from reviewhub.notices import choices, kinds
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.hours import reach
from reviewhub.notices.models import Channel, Fence, Message, Occurrence, Webhook

log = logging.getLogger(__name__)
ASIDE = dt.timedelta(hours=1)
BATCH = 100
# The database is in trouble, not the row: nothing is put aside for it, the next tick tries again.
TROUBLE = (OperationalError, InterfaceError)
State = Occurrence.State
STATES = {kinds.SEND: State.FIRED, kinds.COALESCE: State.COALESCED, kinds.EXPIRE: State.EXPIRED}


def expand(*, clock, limit: int = 10_000) -> int:
    """Decide every occurrence that is due; the number decided. Safe beside another worker.

    The last first: when it cannot be told, an earlier one of its series is not taken as covered by it.
    """
    due = due_now(clock()).order_by("-due_at", "-id").values_list("pk", flat=True)
    pks = list(due[:limit])
    return sum(expand_batch(pks[start : start + BATCH], clock=clock) for start in range(0, len(pks), BATCH))


def expand_one(pk: int, *, clock) -> bool:
    """Decide this one, if nobody else is at it."""
    return bool(expand_batch([pk], clock=clock))


def due_now(at: dt.datetime):
    """Waiting, due, and not put aside."""
    return Occurrence.objects.waiting().filter(Q(not_before=None) | Q(not_before__lte=at), due_at__lte=at)


def expand_batch(pks: list[int], *, clock) -> int:
    """Decide these in one transaction. One that raises is found by halving and put aside for an hour (F38)."""
    try:
        with transaction.atomic():
            rows = Occurrence.objects.select_for_update(skip_locked=True).filter(pk__in=pks)
            locked = list(rows.waiting().order_by("-due_at", "-id"))
            decide(locked, at=clock())
            crashpoint("after_expand")
            return len(locked)
    except TROUBLE:
        raise
    except Exception as error:  # noqa: BLE001 - one poisoned row must not stop the others
        if len(pks) > 1:
            half = len(pks) // 2
            return expand_batch(pks[:half], clock=clock) + expand_batch(pks[half:], clock=clock)
        log.exception("occurrence %s failed", pks[0])
        said = f"{type(error).__name__}: {error}"[:300]
        Occurrence.objects.waiting().filter(pk=pks[0]).update(not_before=clock() + ASIDE, error=said)
        return 0


def decide(occurrences: list[Occurrence], *, at: dt.datetime) -> None:
    """Tell each, merge it into a later one, or let it expire. Call it with the rows locked."""
    decided = verdicts(occurrences, at=at)
    tell([occurrence for occurrence, verdict in decided if verdict == kinds.SEND], at=at)
    for wanted, state in STATES.items():
        pks = [occurrence.pk for occurrence, verdict in decided if verdict == wanted]
        if pks:
            Occurrence.objects.filter(pk__in=pks).update(state=state, decided_at=at, error="")


def verdicts(occurrences: list[Occurrence], *, at: dt.datetime) -> list[tuple[Occurrence, str]]:
    """Each with SEND, COALESCE or EXPIRE. Raises LookupError for a kind that no app registered."""
    found, strongest = [], {}
    for occurrence in occurrences:
        kind = kinds.find(occurrence.kind)
        if kind is None:
            raise LookupError(f"no app tells {occurrence.kind!r}")
        if kind.code not in strongest and kind.series:
            oldest = min(row.due_at for row in occurrences if row.kind == kind.code)
            strongest[kind.code] = latest_of_each_series(kind, oldest, at)
        verdict = kind.verdict(occurrence, at)
        if verdict == kinds.SEND and kind.series:
            if strongest[kind.code].get(kind.series(occurrence), occurrence.due_at) > occurrence.due_at:
                verdict = kinds.COALESCE
        found.append((occurrence, verdict))
    return found


def latest_of_each_series(kind: kinds.Kind, after: dt.datetime, at: dt.datetime) -> dict[str, dt.datetime]:
    """Series → when its last one fell due that is or will be told: after an outage only that one is told (F06).

    What expires tells nobody, and what was put aside perhaps never will: neither covers an earlier one.
    """
    later = Occurrence.objects.filter(kind=kind.code, due_at__gt=after, due_at__lte=at)
    later = later.filter(Q(state__in=[State.FIRED, State.COALESCED]) | Q(state=State.PLANNED, error=""))
    latest: dict[str, dt.datetime] = {}
    for row in later:
        if row.state != State.PLANNED or kind.verdict(row, at) == kinds.SEND:
            series = kind.series(row)
            latest[series] = max(row.due_at, latest.get(series, row.due_at))
    return latest


def tell(occurrences: list[Occurrence], *, at: dt.datetime) -> None:
    """A row for the inbox of each recipient, and one for each further channel that they want."""
    pairs = [
        (occurrence, user)
        for occurrence in occurrences
        for user in kinds.find(occurrence.kind).recipients(occurrence)
        if user.is_active and not kinds.find(occurrence.kind).recheck(occurrence, user, at)
    ]
    chosen = choices.of(user for _occurrence, user in pairs) if pairs else {}
    restored_at = Fence.objects.aggregate(last=Max("restored_at"))["last"]
    rows = []
    for occurrence, user in pairs:
        rows += for_person(
            occurrence, user, chosen[user.pk], at=at, state=first_state(occurrence, restored_at)
        )
    if any(kinds.find(occurrence.kind).rooms for occurrence in occurrences):
        rooms = list(Webhook.objects.enabled().filter(audience=Webhook.Audience.ROOM))
        for occurrence in occurrences:
            rows += for_rooms(occurrence, rooms, at=at, state=first_state(occurrence, restored_at))
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def first_state(occurrence: Occurrence, restored_at: dt.datetime | None) -> str:
    """Queued; held when it fell due before a restore, since the lost installation may have sent it (F35)."""
    is_held = restored_at is not None and occurrence.due_at <= restored_at
    return Message.State.HELD if is_held else Message.State.QUEUED


def for_person(occurrence, user, chosen: choices.Choices, *, at: dt.datetime, state: str) -> list[Message]:
    """The inbox row, and mail and chat where the person wants them, not before they may be reached."""
    kind = kinds.find(occurrence.kind)
    shown = message(occurrence, Channel.INAPP, at=at, user=user, state=Message.State.SHOWN)
    rows = [shown] if kind.inbox else []
    wanted, latest = chosen.channels(kind), kind.latest(occurrence)
    when = {"state": state, "not_before": reach(chosen.hours, at, latest), "latest_at": latest}
    if Channel.EMAIL in wanted and user.email:
        rows.append(message(occurrence, Channel.EMAIL, at=at, user=user, **when))
    if Channel.CHAT in wanted:
        for hook in chosen.hooks:
            rows.append(message(occurrence, Channel.CHAT, at=at, user=user, webhook=hook, **when))
    return rows


def for_rooms(occurrence, rooms: list[Webhook], *, at: dt.datetime, state: str) -> list[Message]:
    """One message for each room that is told about this kind."""
    if not kinds.find(occurrence.kind).rooms:
        return []
    return [
        message(occurrence, Channel.CHAT, at=at, webhook=room, state=state)
        for room in rooms
        if occurrence.kind in room.kinds
    ]


def message(
    occurrence,
    channel: str,
    *,
    at: dt.datetime,
    state,
    user=None,
    webhook=None,
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
