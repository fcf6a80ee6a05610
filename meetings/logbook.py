"""The event log as rows: one writer at a time, one instant source, every line wakes the screens."""

import datetime as dt
from functools import partial

from django.db import connection, transaction

from meetings import agenda, clock, waking
from meetings.models import Event, Meeting, Part

ALONG = ("segment__department", "segment__presenter", "segment__second_presenter")
NOW = {
    "postgresql": "select clock_timestamp()",  # now() is the start of the transaction, before the lock was held
    "sqlite": "select strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
}


def instant() -> dt.datetime:
    """The database's clock now, UTC: the only clock of a meeting. Read it after the lock is held."""
    with connection.cursor() as cursor:
        cursor.execute(NOW[connection.vendor])
        value = cursor.fetchone()[0]
    at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(dt.UTC)


def locked(meeting_id: int) -> Meeting:
    """The meeting, locked until the transaction ends (SQLite: the IMMEDIATE transaction is the lock)."""
    return Meeting.objects.select_for_update().get(pk=meeting_id)


def line(row: Event) -> clock.Event:
    """A row of the log as the clock knows it; the actor is the person's id."""
    return clock.Event(row.seq, row.at, row.actor_id, row.type, row.payload, row.deltas, str(row.client_id))


def parts_of(meeting: Meeting) -> list[Part]:
    return list(meeting.parts.select_related(*ALONG).order_by("position"))


def standing(meeting: Meeting, upto: int | None = None) -> tuple[clock.Plan, clock.State]:
    """The plan of a meeting and the state that its log adds up to, whole or `upto` a number."""
    plan = agenda.plan_of(meeting, parts_of(meeting))
    rows = meeting.events.order_by("seq")
    rows = rows if upto is None else rows.filter(seq__lte=upto)
    return plan, clock.replay(plan, map(line, rows))


def append(meeting: Meeting, event: clock.Event, **columns) -> Event:
    """Write one line and the meeting's `columns` beside it. Call it with the meeting locked."""
    row = Event.objects.create(
        meeting=meeting,
        seq=event.seq,
        at=event.at,
        actor_id=event.actor,
        type=event.type,
        payload=event.payload,
        deltas=event.deltas,
        client_id=event.client_id,
    )
    for name, value in ({"seq": event.seq} | columns).items():
        setattr(meeting, name, value)
    meeting.save(update_fields=["seq", *columns])
    transaction.on_commit(partial(waking.wake, meeting.pk, event.seq))
    return row


def aside(meeting: Meeting, kind: str, payload: dict, client_id, by, at: dt.datetime, **columns) -> Event:
    """Write one line that leaves the clock alone, at `at` or at the last line where that is later."""
    last = meeting.events.order_by("-seq").values_list("at", flat=True).first()
    at = clock.second(clock.clamped(at, last))
    event = clock.Event(meeting.seq + 1, at, by.pk, kind, payload, {}, str(client_id))
    return append(meeting, event, **columns)
