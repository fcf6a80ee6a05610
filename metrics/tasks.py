"""Background work of the numbers: imports, and the sweep that starts again what was lost."""

import time

from celery import shared_task
from django.utils import timezone

from metrics import fact_digests, feed_delays, importing, pair_checks, pulling, trust_scores
from metrics.checks import runs
from metrics.models import FeedRun
from reviewhub.people.models import User

DIGESTING_S = 30


@shared_task
def run_import(job_id: str):
    """Check and store one upload."""
    importing.run(job_id, at=timezone.now())


@shared_task
def sweep_imports():
    """Every minute: jobs that no worker holds any more."""
    importing.sweep(at=timezone.now())


@shared_task
def pull_source(feed_id: int, reason: str = FeedRun.Reason.SCHEDULE, by: int | None = None):
    """Ask one source; on schedule only when it is still due."""
    person = User.objects.active().filter(pk=by).first() if by else None
    pulling.pull(feed_id, clock=timezone.now, reason=reason, by=person)


@shared_task
def pull_sources() -> int:
    """Every minute: sources that are due."""
    return pulling.wake_due(at=timezone.now())


@shared_task
def move_deadlines() -> int:
    """Every minute: lines that wait for a source that was down."""
    return feed_delays.sweep(at=timezone.now())


@shared_task
def judge_trust() -> int:
    """Every minute: reviews whose evidence changed, or whose day did."""
    return trust_scores.sweep(at=timezone.now())


@shared_task
def run_checks(run_id: str):
    """Check what a review was handed in."""
    pair_checks.run(run_id, at=timezone.now())


@shared_task
def sweep_checks():
    """Every minute: reviews whose figures changed, and runs that no worker holds any more."""
    runs.sweep(at=timezone.now())


@shared_task
def digest_facts() -> int:
    """Every minute, for at most half of it: versions that the next freeze will name by the digest of their facts."""
    began, done = time.monotonic(), 0
    while (made := fact_digests.ahead()) and time.monotonic() - began < DIGESTING_S:
        done += made
    return done + made
