"""Who has looked at the frozen figures of a review, so that a restatement can be told to just those people."""

import datetime as dt

from metrics.models import Review, Sight, Snapshot
from metrics.snapshots import latest


def note(review: Review, *, by, at: dt.datetime, snapshot: Snapshot | None = None) -> Snapshot | None:
    """Remember that `by` has opened a page of these figures; the snapshot it showed, None where nothing is frozen.

    One row for each person and review, written when they open it first and after each restatement, not per visit. A
    snapshot of `frozen_months.around(…, user=by)` brings what they saw: then looking again takes no query.
    """
    snapshot = snapshot or latest(review)
    if snapshot is None:
        return None
    rows = Sight.objects.filter(review=review, user=by)
    if hasattr(snapshot, "seen_number"):
        seen = snapshot.seen_number
    else:
        seen = rows.values_list("number", flat=True).first()
    if seen is None:
        fields = {"number": snapshot.number, "first_at": at, "seen_at": at}
        Sight.objects.get_or_create(review=review, user=by, defaults=fields)
    elif seen < snapshot.number:
        rows.filter(number__lt=snapshot.number).update(number=snapshot.number, seen_at=at)
    return snapshot


def news(review: Review, user) -> list[Snapshot]:
    """The restatements that came after what `user` saw; none for whoever never looked. Two queries."""
    row = Sight.objects.filter(review=review, user=user).first()
    if row is None:
        return []
    return list(Snapshot.objects.filter(review=review, number__gt=row.number).order_by("number"))
