"""From business rows to occurrences: everything that fell due since the watermark, however often it is asked."""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model

from reviewhub.notices import kinds, waking
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Message, Occurrence, Quarantine, Watermark

log = logging.getLogger(__name__)
ASIDE = dt.timedelta(hours=1)
# Business rows that were being written while the last planner looked: what fell due shortly before is looked at again.
OVERLAP = dt.timedelta(minutes=10)
BATCH = 500
# The database is in trouble, not the row: nobody is put aside for it, the next tick tries again.
TROUBLE = (OperationalError, InterfaceError)


def plan(*, clock) -> int:
    """Plan every kind up to now; the number of new occurrences. A kind whose app fails does not stop the others."""
    made = 0
    for kind in kinds.every():
        if kind.subjects:
            try:
                made += plan_kind(kind, clock=clock)
            except Exception:  # noqa: BLE001 - its watermark has not moved: the next tick plans it
                log.exception("planning %s failed", kind.code)
    return made


@transaction.atomic
def plan_kind(kind: kinds.Kind, *, clock) -> int:
    """Add the occurrences of `kind` since its watermark and move that, in one transaction.

    `clock()` is read under the watermark's lock. A kind that is planned for the first time looks back OVERLAP only:
    an installation is not told its whole past.
    """
    first = {"planned_until": clock()}
    mark, _new = Watermark.objects.select_for_update().get_or_create(kind=kind.code, defaults=first)
    until = max(clock(), mark.planned_until)
    since = mark.planned_until - OVERLAP
    aside = {(row.subject_type, row.subject_id): row for row in Quarantine.objects.filter(kind=kind.code)}
    subjects = [row for row in kind.subjects(since, until) if key(row) not in aside]
    made = sum(
        plan_batch(kind, subjects[start : start + BATCH], since, until)
        for start in range(0, len(subjects), BATCH)
    )
    made += plan_released(kind, {one: row for one, row in aside.items() if row.until <= until}, until)
    mark.planned_until = until
    mark.save(update_fields=["planned_until"])
    crashpoint("planned")
    return made


def plan_batch(kind: kinds.Kind, subjects: list[Model], since: dt.datetime, until: dt.datetime) -> int:
    """The occurrences of these; one that raises is found by halving, put aside for an hour, the others go on (F38)."""
    try:
        with transaction.atomic():
            pairs = [(row, found) for row in subjects for found in kind.plans(row, since, until)]
            return add(kind, pairs, at=until)
    except TROUBLE:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a business row does, the other rows are planned
        if len(subjects) > 1:
            half = len(subjects) // 2
            parts = subjects[:half], subjects[half:]
            return sum(plan_batch(kind, part, since, until) for part in parts)
        log.exception("planning %s for %s failed", kind.code, subjects[0].pk)
        put_aside(kind, subjects[0], since=since, until=until, error=error)
        return 0


def put_aside(kind: kinds.Kind, subject: Model, *, since, until, error: Exception) -> None:
    """Leave a subject alone for an hour; `since` stays the moment from which it has to be planned."""
    subject_type, subject_id = key(subject)
    said = {"until": until + ASIDE, "error": f"{type(error).__name__}: {error}"[:300]}
    Quarantine.objects.update_or_create(
        kind=kind.code,
        subject_type=subject_type,
        subject_id=subject_id,
        defaults=said,
        create_defaults=said | {"since": since},
    )


def plan_released(kind: kinds.Kind, rows: dict[tuple[str, str], Quarantine], until: dt.datetime) -> int:
    """Those whose hour is over, from where they were left. Who fails again is put aside again."""
    if not rows:
        return 0
    subjects = kind.subjects(min(row.since for row in rows.values()), until)
    made = sum(
        plan_batch(kind, [subject], rows[key(subject)].since, until)
        for subject in subjects
        if key(subject) in rows
    )
    # Asked anew: those that were put aside again are not over any more.
    Quarantine.objects.filter(kind=kind.code, until__lte=until).delete()
    return made


def add(kind: kinds.Kind, pairs: list[tuple[Model, kinds.Plan]], *, at: dt.datetime) -> int:
    """Insert what is not there yet; the number of new rows. The unique key decides, not who came first."""
    wanted = {(*key(subject), found.cycle_key): found for subject, found in pairs}
    if not wanted:
        return 0
    there = Occurrence.objects.filter(
        kind=kind.code,
        subject_id__in={subject_id for _type, subject_id, _cycle in wanted},
        cycle_key__in={cycle_key for _type, _id, cycle_key in wanted},
    )
    known = set(there.values_list("subject_type", "subject_id", "cycle_key"))
    new = [
        Occurrence(
            kind=kind.code,
            subject_type=subject_type,
            subject_id=subject_id,
            cycle_key=cycle_key,
            due_at=found.due_at,
            params=found.params,
            wall_time=found.wall_time,
            time_zone=found.time_zone,
            planned_at=at,
        )
        for (subject_type, subject_id, cycle_key), found in wanted.items()
        if (subject_type, subject_id, cycle_key) not in known
    ]
    Occurrence.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def raise_occurrence(
    code: str, subject: Model, *, at: dt.datetime, cycle_key: str = "once", params: dict | None = None
) -> Occurrence:
    """Tell it now: called by the business verb, in its transaction. The same key again is the same occurrence."""
    subject_type, subject_id = key(subject)
    row, _made = Occurrence.objects.get_or_create(
        kind=code,
        subject_type=subject_type,
        subject_id=subject_id,
        cycle_key=cycle_key,
        defaults={"due_at": at, "planned_at": at, "params": params or {}},
    )
    transaction.on_commit(waking.wake, robust=True)
    return row


@transaction.atomic
def cancel(code: str, subject: Model, *, at: dt.datetime) -> int:
    """What is planned about `subject` will not be told, and what waits for open hours does not leave; how many
    occurrences. What is packed already is for the kind's re-check."""
    subject_type, subject_id = key(subject)
    rows = Occurrence.objects.filter(kind=code, subject_type=subject_type, subject_id=subject_id)
    # First the occurrences: whoever is telling one now is waited for, and then its messages are seen.
    cancelled = rows.waiting().update(state=Occurrence.State.CANCELLED, decided_at=at)
    waiting = Message.objects.filter(
        occurrence__in=rows, state__in=[Message.State.QUEUED, Message.State.HELD]
    )
    waiting.update(state=Message.State.SUPPRESSED, reason="cancelled")
    return cancelled


def key(subject: Model) -> tuple[str, str]:
    return subject._meta.label_lower, str(subject.pk)
