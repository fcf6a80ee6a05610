"""From business rows to occurrences: everything that fell due since the watermark, however often it is asked."""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Model

from reviewhub.notices import kinds, waking
from reviewhub.notices.crashpoints import crashpoint
from reviewhub.notices.models import Occurrence, Quarantine, Watermark

log = logging.getLogger(__name__)
ASIDE = dt.timedelta(hours=1)
# A kind that is planned for the first time looks back this far: an installation is not told its whole past.
FIRST_LOOK = dt.timedelta(minutes=5)


def plan(*, clock) -> int:
    """Plan every kind up to now; the number of new occurrences. `clock()` is read under the watermark's lock."""
    return sum(plan_kind(kind, clock=clock) for kind in kinds.every() if kind.subjects)


@transaction.atomic
def plan_kind(kind: kinds.Kind, *, clock) -> int:
    """Add the occurrences of `kind` in (watermark, now] and move the watermark, in one transaction."""
    start = clock()
    Watermark.objects.get_or_create(kind=kind.code, defaults={"planned_until": start - FIRST_LOOK})
    mark = Watermark.objects.select_for_update().get(kind=kind.code)
    since, until = mark.planned_until, max(clock(), mark.planned_until)
    aside = set(Quarantine.objects.filter(kind=kind.code).values_list("subject_type", "subject_id"))
    made = 0
    for subject in kind.subjects(since, until):
        if key(subject) not in aside:
            made += plan_subject(kind, subject, since, until)
    made += plan_released(kind, until)
    mark.planned_until = until
    mark.save(update_fields=["planned_until"])
    crashpoint("planned")
    return made


def plan_subject(kind: kinds.Kind, subject: Model, since: dt.datetime, until: dt.datetime) -> int:
    """The occurrences of one subject; one that raises is put aside for an hour and the others go on (F38)."""
    try:
        with transaction.atomic():
            return add(kind, subject, kind.plans(subject, since, until), at=until)
    except Exception as error:  # noqa: BLE001 - whatever a business row does, the other rows are planned
        log.exception("planning %s for %s failed", kind.code, subject.pk)
        subject_type, subject_id = key(subject)
        Quarantine.objects.update_or_create(
            kind=kind.code,
            subject_type=subject_type,
            subject_id=subject_id,
            defaults={"until": until + ASIDE, "error": f"{type(error).__name__}: {error}"[:300]},
            create_defaults={
                "since": since,
                "until": until + ASIDE,
                "error": f"{type(error).__name__}: {error}"[:300],
            },
        )
        return 0


def plan_released(kind: kinds.Kind, until: dt.datetime) -> int:
    """Those whose hour is over, from where they were left."""
    made = 0
    for row in Quarantine.objects.filter(kind=kind.code, until__lte=until):
        subject = next(
            (
                one
                for one in kind.subjects(row.since, until)
                if key(one) == (row.subject_type, row.subject_id)
            ),
            None,
        )
        before = row.until
        made += plan_subject(kind, subject, row.since, until) if subject else 0
        Quarantine.objects.filter(pk=row.pk, until=before).delete()
    return made


def add(kind: kinds.Kind, subject: Model, plans, *, at: dt.datetime) -> int:
    """Insert what is not there yet; the number of new rows. The unique key decides, not who came first."""
    subject_type, subject_id = key(subject)
    rows = [
        Occurrence(
            kind=kind.code,
            subject_type=subject_type,
            subject_id=subject_id,
            cycle_key=plan.cycle_key,
            due_at=plan.due_at,
            params=plan.params,
            wall_time=plan.wall_time,
            time_zone=plan.time_zone,
            planned_at=at,
        )
        for plan in plans
    ]
    known = set(
        Occurrence.objects.filter(
            kind=kind.code, subject_type=subject_type, subject_id=subject_id
        ).values_list("cycle_key", flat=True)
    )
    new = [row for row in rows if row.cycle_key not in known]
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


def cancel(code: str, subject: Model, *, at: dt.datetime) -> int:
    """What is planned and not yet told about `subject` will not be told; how many."""
    subject_type, subject_id = key(subject)
    rows = Occurrence.objects.waiting().filter(kind=code, subject_type=subject_type, subject_id=subject_id)
    return rows.update(state=Occurrence.State.CANCELLED, decided_at=at)


def key(subject: Model) -> tuple[str, str]:
    return subject._meta.label_lower, str(subject.pk)
