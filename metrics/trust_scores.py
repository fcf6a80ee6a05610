"""The scores of trust of each review: worked out by a worker when something changed, kept as a history."""

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import Count, Max

from metrics import deadlines, league, trust, trust_evidence
from metrics.models import (
    CheckRun,
    CheckWaiver,
    Extension,
    Metric,
    MetricVersion,
    Review,
    Ruling,
    Snapshot,
    Submission,
    Trust,
    TrustBasis,
)
from metrics.trust import Evidence, Part

MOST_REVIEWS = 12
# Raised when the same evidence would be counted or weighed otherwise.
FORMULA = 1
LIVING = (Review.State.OPEN, Review.State.FROZEN)


def sweep(*, at: dt.datetime) -> int:
    """Judge every review whose evidence is another than when it was judged last; how many were."""
    rows = Review.objects.filter(period_end__lte=at.date()).order_by("-meeting_at")[:MOST_REVIEWS]
    known = dict(
        TrustBasis.objects.filter(review__in=[one.pk for one in rows]).values_list("review", "basis")
    )
    wanted = [one for one in league.held(list(rows)) if one.state in LIVING or one.pk not in known]
    return sum(
        judge(one, at=at) for one in reversed(wanted) if basis(one, at=at) not in ("", known.get(one.pk))
    )


def basis(review: Review, *, at: dt.datetime) -> str:
    """The name of everything that the scores of `review` depend on; "" where nothing was handed in yet."""
    brought = Submission.objects.touching(review.period_start, review.period_end)
    brought = brought.aggregate(
        n=Count("pk"), last=Max("pk"), handed=Max("handed_in_at"), at=Max("certified_at")
    )
    if not brought["handed"]:
        return ""
    run = CheckRun.objects.shown(review)
    counted = [
        model.objects.aggregate(n=Count("pk"), last=Max("pk"))
        for model in (Ruling, Snapshot, CheckWaiver, Extension, MetricVersion)
    ]
    enabled = Metric.objects.enabled().count()
    day = min(at, review.meeting_at).astimezone(zoneinfo.ZoneInfo(review.time_zone)).date()
    named = f"{FORMULA} {brought} {run and run.pk} {counted} {enabled} {day} {at > review.freeze_at}"
    return hashlib.sha256(named.encode()).hexdigest()


def judge(review: Review, *, at: dt.datetime) -> bool:
    """Work the scores of `review` out and keep them; two at once write the same."""
    name, found = basis(review, at=at), trust_evidence.of_review(review, at=at)
    ids = dict(Metric.objects.filter(code__in=found.metrics).values_list("code", "pk"))
    rows = [_row(review, one, at, metric_id=ids[code]) for code, one in found.metrics.items()]
    rows += [
        _row(review, one, at, department_id=department, profile=profile)
        for (department, profile), one in found.files.items()
    ]
    with transaction.atomic():
        deadlines.held(review)
        Trust.objects.filter(review=review).delete()
        Trust.objects.bulk_create(row for row in rows if row is not None)
        said = {"basis": name, "judged_at": at}
        TrustBasis.objects.update_or_create(review=review, defaults=said)
    return True


def _row(review: Review, found: Evidence, at: dt.datetime, **of) -> Trust | None:
    """Nothing for what nothing can be said about."""
    parts = trust.parts(found)
    if all(one.share is None for one in parts):
        return None
    return Trust(review=review, score=trust.score(parts), evidence=asdict(found), judged_at=at, **of)


# --- Read ---------------------------------------------------------------------------------------------------


def evidence(row: Trust) -> Evidence:
    return Evidence(**row.evidence)


def parts(row: Trust) -> list[Part]:
    return trust.parts(evidence(row))


def history(metric: Metric) -> list[Trust]:
    """The scores of `metric`, the newest review first. One query."""
    rows = Trust.objects.filter(metric=metric).select_related("review").order_by("-review__meeting_at", "-pk")
    return list(rows[:MOST_REVIEWS])


def of_metrics(review: Review | None, codes: Iterable[str]) -> dict[str, int]:
    """Code → score of those of `codes` that have one in `review`. One query, none without a review."""
    if review is None:
        return {}
    rows = Trust.objects.filter(review=review, metric__code__in=list(codes), score__isnull=False)
    return dict(rows.values_list("metric__code", "score"))


def of_files(review: Review | None, department) -> dict[str, int]:
    """Profile → score of the kinds of file of `department` in `review`. One query."""
    if review is None:
        return {}
    rows = Trust.objects.filter(review=review, department=department, score__isnull=False)
    return dict(rows.values_list("profile", "score"))
