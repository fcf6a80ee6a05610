"""Which snapshot pages of a period answer from, and what its restatements changed: the old figure beside the new."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Subquery

from metrics.models import Restatement, Review, Sight, Snapshot
from metrics.periods import Period

COLUMNS = [one.attname for one in Snapshot._meta.concrete_fields]


@dataclass(frozen=True)
class Restated:
    """A figure of the whole company that a restatement changed; exact values, None where there was none."""

    metric: str
    old: Decimal | None
    new: Decimal | None
    snapshot: Snapshot


def around(period: Period, *, user=None) -> Snapshot | None:
    """The snapshot that stands for the review whose period holds `period`; None where that was never frozen.

    One query, with what a page says beside its figures: the review, `is_restating`, and `seen_number`, the number that
    `user` opened last.
    """
    rows = Snapshot.objects.filter(review__period_start__lte=period.start, review__period_end__gte=period.end)
    rows = _told(rows, user)
    return rows.order_by("-review__period_start", "review__period_end", "-review", "-number").first()


def first_of(reviews, *order: str, user=None) -> Review | None:
    """The first review of a query in `order`, with `standing`: the snapshot that stands for it, told as by `around`, or
    None before the freeze. One query: a row for each snapshot, the newest first."""
    kept = {f"kept_{name}": F(f"snapshots__{name}") for name in COLUMNS}
    rows = reviews.annotate(**kept, **_beside("pk", user)).order_by(*order, "-pk", "-kept_number")
    found = rows.first()
    if found is not None:
        found.standing = _standing(found)
    return found


def _standing(review) -> Snapshot | None:
    values = [getattr(review, f"kept_{name}") for name in COLUMNS]
    if values[0] is None:
        return None
    found = Snapshot.from_db(review._state.db, COLUMNS, values)
    found.review, found.is_restating, found.seen_number = review, review.is_restating, review.seen_number
    return found


def _told(rows, user):
    return rows.select_related("review", "restated_by").annotate(**_beside("review", user))


def _beside(review: str, user) -> dict:
    begun = Restatement.objects.filter(review=OuterRef(review), review__state=Review.State.OPEN, became=None)
    seen = Sight.objects.filter(review=OuterRef(review), user=user).values("number")
    return {"is_restating": Exists(begun), "seen_number": Subquery(seen)}


def restated(snapshot: Snapshot, codes: Iterable[str]) -> dict[str, Restated]:
    """Those of `codes` that restatements of this review changed, each as it changed last. No query but where a review
    was restated more than once."""
    if snapshot.number == 1:
        return {}
    rows = [snapshot]
    if snapshot.number > 2:
        before = Snapshot.objects.filter(review=snapshot.review_id, number__lt=snapshot.number)
        rows = [*before.defer("content", "told").select_related("restated_by").order_by("number"), snapshot]
    wanted = set(codes)
    return {
        one["metric"]: Restated(one["metric"], _value(one["old"]), _value(one["new"]), row)
        for row in rows
        for one in row.changes
        if one["metric"] in wanted
    }


def _value(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
