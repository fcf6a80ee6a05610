"""A file on its way in: received once, checked by a worker, and stored whole or not at all.

The job row is the truth. A worker holds it by a token and a lease; whoever lost the lease changes nothing any more.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.models import F, Q

from metrics import intake, kept_files, outcomes, reception, slip_search, versions
from metrics.checks import runs
from metrics.models import ImportJob, Review, Submission
from metrics.periods import Period
from reviewhub.health import waking
from reviewhub.people.models import Department

log = logging.getLogger(__name__)
State = ImportJob.State

LEASE = dt.timedelta(minutes=2)
PROGRESS_EVERY_S = 0.5
ATTEMPTS = 3
TASK = "metrics.tasks.run_import"


class LeaseLost(Exception):
    """Another worker holds this job now."""


@dataclass(frozen=True)
class Receipt:
    """What became of a hand-over: a job that reads it, or the submission that holds the same bytes already."""

    job: ImportJob
    submission: Submission | None = None

    @property
    def is_known(self) -> bool:
        return self.submission is not None


def receive(
    file,
    *,
    name: str,
    department: Department,
    period: Period,
    by,
    at: dt.datetime,
    profile: str = "",
    settings: dict | None = None,
    sheet: str = "",
    enqueue: bool = True,
    more: Iterable[tuple] = (),
) -> Receipt:
    """Keep `file` (a path or an uploaded file) and queue its import. Raises reception.CannotReceive.

    `more`: further files of the same hand-in as (file, name); they are kept together as one archive.

    `profile` "" means: find it by the headers. The same bytes with the same profile, period and settings as the
    newest version are not imported again.
    """  # fmt: skip
    chosen = {"values": settings or {}, "sheet": sheet}
    shown = reception.require(name, department=department, profile=profile, settings=chosen["values"], by=by)
    source = reception.kept(file, name=shown, by=by, at=at, more=tuple(more))
    wanted = ImportJob(
        department=department,
        source=source,
        profile=profile,
        settings=chosen,
        period_start=period.start,
        period_end=period.end,
        created_at=at,
        created_by=by,
        total=source.size,
    )
    if (earlier := versions.same_upload(wanted)) is not None:
        kept_files.discard(source)
        return Receipt(earlier, earlier.submission)
    try:
        with transaction.atomic():
            source.save(force_insert=True)
            wanted.save(force_insert=True)
            if enqueue:
                transaction.on_commit(lambda: wake_worker(wanted.pk))
    except BaseException:
        kept_files.discard(source)
        raise
    return Receipt(wanted)


def wake_worker(job_id) -> None:
    """Ask a worker to look at the job; if nobody hears it, the sweep asks again within a minute."""
    waking.wake(TASK, str(job_id))


def run(job_id, *, at: dt.datetime) -> ImportJob | None:
    """Import one job from `at` on; the job afterwards, None where it is gone.

    Safe to run twice and in two places: only the holder of the lease writes.
    """
    job = _claimed(job_id, at=at)
    if job is None:
        return ImportJob.objects.filter(pk=job_id).first()
    watch = _Watch(job, at)
    try:
        known, document, frame = _checked(job, watch)
        _store(job, known, document, frame, at=watch.now())
        job.refresh_from_db(fields=["submission"])
        slip_search.after_import(job, at=watch.now())
        _ask_for_checks(job, at=watch.now())
    except LeaseLost:
        log.warning("import %s was taken over by another worker", job_id)
    except OperationalError:
        log.exception("import %s meets a database that is away or busy; it will be tried again", job_id)
        _release(job)
    except Exception:
        _fail(job, at=watch.now())
    job.refresh_from_db()
    return job


def _ask_for_checks(job: ImportJob, *, at: dt.datetime) -> None:
    """The reviews that these figures belong to are checked anew."""
    reviews = Review.objects.filter(period_start__lt=job.period_end, period_end__gt=job.period_start)
    for review in reviews.filter(state=Review.State.OPEN):
        runs.ask(review, at=at)


def sweep(*, at: dt.datetime) -> int:
    """Wake workers for jobs that nobody holds, give up those that failed too often, delete expired files."""
    waiting = list(ImportJob.objects.abandoned(at).values_list("pk", "attempts")[:500])
    for pk, attempts in waiting:
        if attempts >= ATTEMPTS:
            give_up(pk, at=at)
        else:
            wake_worker(pk)
    kept_files.delete_expired(at=at)
    return len(waiting)


def run_waiting(*, clock) -> int:
    """Import here and now what no worker holds, for installations without one; how many."""
    waiting = list(ImportJob.objects.abandoned(clock()).values_list("pk", flat=True)[:500])
    for pk in waiting:
        run(pk, at=clock())
    return len(waiting)


class _Watch:
    """The time since the job was claimed, and its progress written at most twice a second."""

    def __init__(self, job: ImportJob, at: dt.datetime):
        self.job, self.at, self.started = job, at, time.monotonic()
        self.told_at, self.stage = float("-inf"), ""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def now(self) -> dt.datetime:
        return self.at + dt.timedelta(seconds=self.seconds)

    def tell(self, stage: str, done: int, total: int) -> None:
        """Write how far the check is and hold the lease. Raises LeaseLost."""
        if self.seconds - self.told_at < PROGRESS_EVERY_S and stage == self.stage:
            return
        self.told_at, self.stage = self.seconds, stage
        held = _held(self.job).update(
            stage=stage, done=min(done, total), total=total, lease_until=self.now() + LEASE
        )
        if not held:
            raise LeaseLost(self.job.pk)


def _held(job: ImportJob):
    return ImportJob.objects.filter(pk=job.pk, token=job.token, state=State.RUNNING)


def _claimed(job_id, *, at: dt.datetime) -> ImportJob | None:
    """The job, held by a new token; None while another worker holds it or when it is over."""
    token = uuid.uuid4()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=at)
    taken = ImportJob.objects.filter(free, pk=job_id, attempts__lt=ATTEMPTS).update(
        state=State.RUNNING,
        token=token,
        lease_until=at + LEASE,
        attempts=F("attempts") + 1,
        stage="opening",
        done=0,
    )
    if not taken:
        return None
    return ImportJob.objects.select_related("department", "source", "created_by").get(pk=job_id)


def _checked(job: ImportJob, watch: _Watch):
    """(profile or None, document, facts) of the job's file."""
    path = kept_files.path_of(job.source)
    try:
        known = reception.profile_for(job, path)
    except reception.CannotReceive as refusal:
        return None, refusal.document | {"seconds": round(watch.seconds, 3)}, None
    outcome = intake.check(
        path,
        job.source.name,
        known.profile,
        period=(job.period_start, job.period_end),
        limits=reception.limits(),
        settings=job.settings["values"],
        progress=watch.tell,
        sheet=job.settings["sheet"],
    )
    return known, outcomes.of(outcome, profile=known.name, seconds=watch.seconds), outcome.facts


def _store(job: ImportJob, known, document: dict, frame, *, at: dt.datetime) -> None:
    """Everything or nothing: the new version with its facts, and the end of the job. Raises LeaseLost."""
    with transaction.atomic():
        # One import of a department at a time: version numbers and overlaps are decided under this lock.
        Department.objects.select_for_update().get(pk=job.department_id)
        job = ImportJob.objects.select_for_update(of=("self",)).select_related("source", "department").filter(
            pk=job.pk, token=job.token, state=State.RUNNING
        ).first()  # fmt: skip
        if job is None:
            raise LeaseLost
        if known is not None:
            job.profile = known.name
        document = outcomes.storable(document)
        if outcomes.is_usable(document):
            document = versions.add(job, known, document, frame, at=at)
        else:
            versions.note_refusal(job, document, at=at)
        job.state, job.stage, job.finished_at, job.outcome = State.DONE, "", at, document
        job.done, job.lease_until = job.total, None
        job.save()


def _release(job: ImportJob) -> None:
    """Back into the queue; when even that cannot be written, the lease runs out by itself."""
    try:
        _held(job).update(state=State.QUEUED, token=None, lease_until=None)
    except OperationalError:
        log.warning("import %s keeps its lease until it runs out", job.pk)


def _fail(job: ImportJob, *, at: dt.datetime) -> None:
    """The import broke in a way nobody foresaw: say so with a number that leads to the log."""
    incident = uuid.uuid4().hex[:8]
    log.exception("import %s stopped, incident %s", job.pk, incident)
    _held(job).update(**_stopped(job.profile, incident, at))


def give_up(job_id, *, at: dt.datetime) -> None:
    """End a job that used up its attempts and that nobody holds."""
    incident = uuid.uuid4().hex[:8]
    log.error("import %s ended %s workers, incident %s", job_id, ATTEMPTS, incident)
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=at)
    ImportJob.objects.filter(free, pk=job_id, attempts__gte=ATTEMPTS).update(**_stopped("", incident, at))


def _stopped(profile: str, incident: str, at: dt.datetime) -> dict:
    document = outcomes.refusal("IMPORT_FAILED", profile=profile, incident=incident)
    return {"state": State.FAILED, "finished_at": at, "outcome": document, "lease_until": None, "stage": ""}
