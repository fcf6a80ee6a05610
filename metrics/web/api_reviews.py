"""Reviews by API: period, gates and state, and how far the data of each department is."""

import datetime as dt

from ninja import Query, Router, Schema

from metrics import snapshots
from metrics.models import Review, Signature, Submission
from metrics.periods import Period
from reviewhub.api import door

router = Router()


class ReviewOut(Schema):
    """One cycle: the period that is reviewed, and when its data is due, frozen and talked about."""

    code: str
    title_zh: str
    title_en: str
    period: str
    state: str
    time_zone: str
    due_at: dt.datetime
    freeze_at: dt.datetime
    meeting_at: dt.datetime


class ReviewsOut(Schema):
    items: list[ReviewOut]
    next: str | None


class HandedIn(Schema):
    """The newest version of one kind of file of one department that touches the period."""

    department: str
    profile: str
    submission: int
    period: str
    number: int
    state: str


class SignedBy(Schema):
    """Who put their name under the figures, for which department."""

    department: str
    by: str
    at: dt.datetime


class SnapshotOut(Schema):
    """The frozen figures that stand. `previous` and `reason` are those of a restatement."""

    number: int
    fingerprint: str
    previous: str
    reason: str
    frozen_at: dt.datetime
    signatures: list[SignedBy]


class ReviewDetailOut(ReviewOut):
    data: list[HandedIn]
    snapshot: SnapshotOut | None


def reviews(request):
    return Review.objects.visible_to(request.auth.user)


def told(review: Review) -> dict:
    same = ("code", "title_zh", "title_en", "state", "time_zone", "due_at", "freeze_at", "meeting_at")
    period = Period.between(review.period_start, review.period_end)
    return {name: getattr(review, name) for name in same} | {"period": period.text}


def handed_in(request, review: Review) -> list[dict]:
    """What the caller may see of the data of this review, by department and kind of file."""
    rows = Submission.objects.visible_to(request.auth.user).in_force(drafts=True).select_related("department")
    rows = request.auth.within(rows.touching(review.period_start, review.period_end))
    return [
        {
            "department": row.department.slug,
            "profile": row.profile,
            "submission": row.pk,
            "period": Period.between(row.period_start, row.period_end).text,
            "number": row.number,
            "state": row.state,
        }
        for row in rows.order_by("department__position", "profile", "period_start")[:500]
    ]


def frozen(review: Review) -> dict | None:
    """The snapshot that stands, None before the freeze."""
    snapshot = snapshots.latest(review)
    if snapshot is None:
        return None
    same = ("number", "fingerprint", "previous", "reason", "frozen_at")
    signed = Signature.objects.filter(review=review, fingerprint=snapshot.fingerprint)
    return {name: getattr(snapshot, name) for name in same} | {
        "signatures": [
            {"department": row.side, "by": row.signed_by.display_name, "at": row.signed_at}
            for row in signed.select_related("signed_by").order_by("signed_at", "pk")
        ]
    }


@router.get(
    "/reviews", response=ReviewsOut, **door.needs("reviews:read", summary="Reviews, the latest meeting first")
)
def list_reviews(request, asked: Query[door.Paged]):
    return door.page(reviews(request), ("-meeting_at", "-id"), asked, told)


@router.get(
    "/reviews/{slug:code}",
    response=ReviewDetailOut,
    **door.needs(
        "reviews:read", summary="One review: how far the data of each department is, and what is frozen"
    ),
)
def show_review(request, code: str):
    review = door.one(reviews(request).filter(code=code))
    return told(review) | {"data": handed_in(request, review), "snapshot": frozen(review)}
