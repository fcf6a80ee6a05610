"""Runs of the checks: one for each state of what is handed in, done by a worker, kept with what it found."""

import datetime as dt
import hashlib
import logging
import uuid
from collections import Counter
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from metrics.checks import incidents
from metrics.checks.asking import checks
from metrics.checks.results import FAILED, PASSED, Check
from metrics.models import (
    CheckRun,
    CheckWaiver,
    Metric,
    MetricVersion,
    PinnedVersion,
    Review,
    RuleVersion,
    Submission,
)
from metrics.periods import Period
from reviewhub.health import waking

log = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=5)
ATTEMPTS = 3
TASK = "metrics.tasks.run_checks"
# Raised when the same figures would be answered otherwise: everything is then checked anew.
ANSWERS = 3
State = CheckRun.State


def period_of(review: Review) -> Period:
    return Period.between(review.period_start, review.period_end)


def handed_in(review: Review):
    """The versions that the checks of a review read: whatever stands for its period, drafts included."""
    touching = Submission.objects.touching(review.period_start, review.period_end)
    return touching.in_force(drafts=True).order_by("pk")


def basis(review: Review) -> str:
    """The name of what would be checked now; "" where nothing has been handed in.

    Another version of the data, of a definition or of a rule is another basis.
    """
    versions = list(handed_in(review).values_list("pk", "state"))
    if not versions:
        return ""
    rules = RuleVersion.objects.aggregate(last=Max("pk"), count=Count("pk"))
    metrics = MetricVersion.objects.aggregate(last=Max("pk"), count=Count("pk"))
    pinned = PinnedVersion.objects.filter(review=review).count()
    enabled = Metric.objects.enabled().count()
    named = f"{ANSWERS} {versions} {rules} {metrics} {enabled} {pinned}"
    return hashlib.sha256(named.encode()).hexdigest()


def ask(review: Review, *, at: dt.datetime) -> CheckRun | None:
    """The run of what stands handed in, made where there is none yet; None where nothing is handed in."""
    name = basis(review)
    if not name:
        return None
    try:
        with transaction.atomic():
            run, is_new = CheckRun.objects.get_or_create(review=review, basis=name, defaults={"asked_at": at})
    except IntegrityError:  # another process was quicker
        return CheckRun.objects.get(review=review, basis=name)
    if is_new:
        transaction.on_commit(lambda: waking.wake(TASK, str(run.pk)), robust=True)
    return run


def sweep(*, at: dt.datetime) -> int:
    """Ask for every review that is not over, and wake workers for runs that nobody holds; how many waited."""
    for review in Review.objects.filter(state=Review.State.OPEN).order_by("pk"):
        ask(review, at=at)
    waiting = list(CheckRun.objects.waiting(at).values_list("pk", "attempts")[:100])
    for pk, attempts in waiting:
        if attempts >= ATTEMPTS:
            CheckRun.objects.filter(pk=pk).update(state=State.FAILED, finished_at=at, token=None)
        else:
            waking.wake(TASK, str(pk))
    return len(waiting)


def claim(run_id, *, at: dt.datetime) -> CheckRun | None:
    """The run, ours for the length of the lease; None when somebody else has it or it is over."""
    with transaction.atomic():
        run = CheckRun.objects.waiting(at).select_for_update(skip_locked=True).filter(pk=run_id).first()
        if run is None:
            return None
        run.state, run.token, run.lease_until = State.RUNNING, uuid.uuid4(), at + LEASE
        run.attempts += 1
        run.save(update_fields=["state", "token", "lease_until", "attempts"])
    return run


def run(run_id, *, at: dt.datetime, between: Callable[[Review], list[Check]] | None = None) -> bool:
    """Carry a run out; whether it was ours. What was handed in meanwhile gets a run of its own.

    `between` asks the rules between departments where more than metrics is needed; its answers take the place of ours.
    """
    mine = claim(run_id, at=at)
    if mine is None:
        return False
    found = checks(period_of(mine.review), status="draft", on=at.date())
    better = {check.code: check for check in between(mine.review)} if between else {}
    found = [better.get(check.code, check) for check in found]
    if basis(mine.review) != mine.basis:
        ask(mine.review, at=at)
    held = CheckRun.objects.filter(pk=mine.pk, token=mine.token)
    results = [check.document() for check in found]
    ended = {"state": State.DONE, "finished_at": at, "token": None, "lease_until": None, "results": results}
    with transaction.atomic():
        is_ours = bool(held.update(**ended))
        if is_ours:
            incidents.settle(mine.review, found, at=at)
    return is_ours


def results(run: CheckRun) -> list[Check]:
    return [Check.of(document) for document in run.results]


def beside(reviews):
    """The reviews of a query with `check_results`, those of the run that is shown (None while none ran), and
    `checks_waived`, how many of them were let through."""
    run = CheckRun.objects.answered().filter(review=OuterRef("pk")).values("results")[:1]
    waived = CheckWaiver.objects.filter(review=OuterRef("pk")).order_by().values("review")
    waived = Subquery(waived.annotate(count=Count("pk")).values("count"))
    return reviews.annotate(check_results=Subquery(run), checks_waived=Coalesce(waived, 0))


def counted(review: Review) -> dict[str, int]:
    """How many checks of a review that `beside` has read pass, fail and are waived; nothing while none ran."""
    if review.check_results is None:
        return {}
    states = Counter(Check.of(one).state for one in review.check_results)
    waived = review.checks_waived
    return {"passed": states[PASSED], "failed": max(0, states[FAILED] - waived), "waived": waived}
