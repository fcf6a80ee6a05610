"""Asking a source: what it gives goes in by the door of the uploads; its health says how that went.

A run holds the source by a token and a lease. Running twice does no harm: the same bytes are not imported again.
"""

import dataclasses
import datetime as dt
import logging
import re
import tempfile
import time
import uuid
from pathlib import Path

from django.db import OperationalError, transaction
from django.db.models import Q

from metrics import feed_checks, feed_outages, importing, outcomes, reception
from metrics.feeding import address, database, folder
from metrics.feeding.fetched import Failed, Fetched
from metrics.models import Feed, FeedRun
from metrics.models.feed import NOTICE, WARNED
from metrics.periods import DAY, BadPeriod, Period
from reviewhub.health import waking
from reviewhub.notices import planning
from reviewhub.people.models import Company
from reviewhub.people.preferences import zone_of

log = logging.getLogger(__name__)
State, Reason, Covers = FeedRun.State, FeedRun.Reason, Feed.Covers
TASK = "metrics.tasks.pull_source"
LEASE = dt.timedelta(minutes=10)
HOPELESS = 5  # failures in a row that no patience mends: then it is asked no more
AGAIN = (1, 5, 15, 60)  # minutes after passing failures
KEPT_RUNS = 200
IN_A_NAME = re.compile(
    r"(?<!\d)(\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d|\d{4}-\d\d-\d\d|\d{4}-W\d\d|\d{4}-\d\d|\d{4}-Q[1-4])(?!\d)"
)


def wake_due(*, at: dt.datetime) -> int:
    """Wake workers for what is due; how many sources."""
    due = list(Feed.objects.due(at).values_list("pk", flat=True)[:200])
    for pk in due:
        waking.wake(TASK, pk)
    return len(due)


def pull_due(*, clock) -> int:
    """Ask here and now what is due, for installations without a worker; how many sources."""
    due = Feed.objects.due(clock()).values_list("pk", flat=True)
    return sum(pull(pk, clock=clock) is not None for pk in list(due))


def pull(feed_id: int, *, clock, reason: str = Reason.SCHEDULE, by=None) -> FeedRun | None:
    """Ask the source now; the run, or None while another worker asks it, and on schedule when it is not due."""
    at = clock()
    feed = _claimed(feed_id, at=at, due_only=reason == Reason.SCHEDULE)
    if feed is None:
        return None
    FeedRun.objects.filter(feed=feed, state=State.RUNNING).update(
        state=State.FAILED, finished_at=at, problem={"code": "LOST", "params": {}}
    )
    run = FeedRun.objects.create(feed=feed, reason=reason, by=by, started_at=at)
    try:
        _gone_through(feed, run, clock)
    except Failed as failure:
        return _ended(feed, run, at=clock(), failure=failure)
    except OperationalError:
        log.exception("source %s meets a database that is away or busy", feed.pk)
        return _ended(feed, run, at=clock(), failure=Failed("DATABASE_AWAY", permanent=False))
    except Exception:
        incident = uuid.uuid4().hex[:8]
        log.exception("source %s broke, incident %s", feed.pk, incident)
        return _ended(feed, run, at=clock(), failure=Failed("BROKE", permanent=False, incident=incident))
    return _ended(feed, run, at=clock())


def period_of(feed: Feed, name: str, *, on: dt.date) -> Period:
    """The period that a file of this source covers, asked on the day `on` of the company. Failed."""
    week = on - dt.timedelta(days=on.weekday())
    month = on.replace(day=1)
    match feed.covers:
        case Covers.YESTERDAY:
            return Period.containing(on - DAY, "day")
        case Covers.THIS_WEEK:
            return Period.containing(on, "week")
        case Covers.LAST_WEEK:
            return Period.containing(week - DAY, "week")
        case Covers.THIS_MONTH:
            return Period.containing(on, "month")
        case Covers.LAST_MONTH:
            return Period.containing(month - DAY, "month")
    if found := IN_A_NAME.search(name):
        try:
            return Period.parse(found[0])
        except BadPeriod:
            pass
    raise Failed("NO_PERIOD", name=name[:100])


def _gone_through(feed: Feed, run: FeedRun, clock) -> None:
    """Fetch and import everything there is. Failed for the first thing that went wrong, after all were tried."""
    at = clock()
    on = at.astimezone(zone_of(None, Company.objects.first())).date()
    first = None
    if feed.kind == Feed.Kind.FOLDER:
        for fetched in folder.finished(feed.config["path"], at=at):
            _hold(feed, at=clock())
            failure = _tried(feed, run, fetched, on=on, clock=clock)
            if failure is None or failure.permanent:
                folder.put_away(fetched, is_good=failure is None, at=clock())
            first = first or failure
    else:
        with tempfile.TemporaryDirectory(prefix="source-") as scratch:
            asked = time.perf_counter()
            try:
                fetched = _fetched(feed, Path(scratch), on=on)
            finally:
                run.took_ms = round((time.perf_counter() - asked) * 1000)
            first = _tried(feed, run, fetched, on=on, clock=clock) if fetched else None
            if fetched and first is None:
                feed.marks = fetched.marks
    if first:
        raise first


def _fetched(feed: Feed, scratch: Path, *, on: dt.date) -> Fetched | None:
    limits = reception.limits()
    if feed.kind == Feed.Kind.ADDRESS:
        seen: dict = {}
        try:
            return address.fetch(feed.config, scratch, marks=feed.marks, limit=limits.text_bytes, seen=seen)
        finally:
            feed.certificate_until = seen.get("certificate_until", feed.certificate_until)
    period = period_of(feed, "", on=on)
    fetched = database.fetch(feed.config, scratch, start=period.start, end=period.end, limits=limits)
    return dataclasses.replace(fetched, name=f"{feed.name[:60]} {period.text}.csv".replace("/", "-"))


def _tried(feed: Feed, run: FeedRun, fetched: Fetched, *, on: dt.date, clock) -> Failed | None:
    """Import one file; why it did not go in."""
    run.files += 1
    try:
        period = period_of(feed, fetched.name, on=on)
        receipt = importing.receive(
            fetched.path,
            name=fetched.name,
            department=feed.department,
            period=period,
            profile=feed.profile,
            settings=feed.settings,
            by=None,
            at=clock(),
            enqueue=False,
        )
    except Failed as failure:
        return failure
    except reception.CannotReceive as refusal:
        code = refusal.document["findings"][0]["code"]
        return Failed("DOOR", permanent=code != "DISK_FULL", file=fetched.name, code=code)
    if receipt.is_known:
        return None
    job = importing.run(receipt.job.pk, at=clock())
    run.jobs.add(job)
    if job.outcome is None:
        return Failed("DATABASE_AWAY", permanent=False)
    if not outcomes.is_usable(job.outcome):
        return Failed("REFUSED", file=fetched.name, findings=job.outcome["findings_total"])
    run.rows += job.outcome["rows_used"]
    feed.brings = sorted({*feed.brings, job.profile})
    run.state = State.DONE
    return None


def _claimed(feed_id: int, *, at: dt.datetime, due_only: bool) -> Feed | None:
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    rows = Feed.objects.due(at) if due_only else Feed.objects.filter(free)
    token = uuid.uuid4()
    if not rows.filter(pk=feed_id).update(token=token, lease_until=at + LEASE):
        return None
    return Feed.objects.select_related("department", "owner").get(pk=feed_id)


def _hold(feed: Feed, *, at: dt.datetime) -> None:
    """The lease goes on. Failed when another worker took the source over."""
    if not Feed.objects.filter(pk=feed.pk, token=feed.token).update(lease_until=at + LEASE):
        raise Failed("LOST", permanent=False)


@transaction.atomic
def _ended(feed: Feed, run: FeedRun, *, at: dt.datetime, failure: Failed | None = None) -> FeedRun:
    """Write down how it went, and when it is asked next; switched off and told after too many hopeless failures."""
    run.finished_at = at
    if failure:
        run.state, run.problem = State.FAILED, {"code": failure.code, "params": failure.params}
    elif run.state == State.RUNNING:
        run.state = State.UNCHANGED
    run.warnings = [] if failure else feed_checks.warnings(feed, run, on=at.date())
    run.save()
    now = Feed.objects.select_for_update().get(pk=feed.pk)
    if now.token != feed.token:
        return run
    feed_outages.note(now, failure, asked_at=run.started_at, at=at)
    now.token = now.lease_until = None
    now.problem, now.brings = run.problem, feed.brings
    now.certificate_until = feed.certificate_until
    if failure:
        now.failures, now.last_failure_at = now.failures + 1, at
        now.hopeless = now.hopeless + 1 if failure.permanent else now.hopeless
        wait = (
            now.every_minutes
            if failure.permanent
            else min(now.every_minutes, AGAIN[min(now.failures, 4) - 1])
        )
    else:
        now.failures = now.hopeless = 0
        now.last_success_at, now.marks, wait = at, feed.marks, now.every_minutes
        now.last_rows = run.rows if run.state == State.DONE else now.last_rows
        _warn(now, run, at=at)
    now.next_run_at = at + dt.timedelta(minutes=wait)
    if now.hopeless >= HOPELESS and now.disabled_at is None:
        now.disabled_at = at
        planning.raise_occurrence(NOTICE, now, at=at, cycle_key=f"{at:%Y-%m-%dT%H:%M:%S}")
    now.save()
    old = feed.runs.values_list("pk", flat=True)[KEPT_RUNS:]
    FeedRun.objects.filter(pk__in=list(old)).delete()
    return run


def _warn(feed: Feed, run: FeedRun, *, at: dt.datetime) -> None:
    """What this run shows counts until the next one that brings something; what is new is told once. A run that brought
    nothing new says nothing of what was brought."""
    kept = (
        []
        if run.state == State.DONE
        else [one for one in feed.warnings if one["code"] in feed_checks.BROUGHT]
    )
    before = {one["code"] for one in feed.warnings}
    feed.warnings = [*kept, *run.warnings]
    if {one["code"] for one in run.warnings} & feed_checks.TOLD - before:
        planning.raise_occurrence(WARNED, feed, at=at, cycle_key=str(run.pk))
