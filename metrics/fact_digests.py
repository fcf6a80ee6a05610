"""Digests of the stored facts of versions: each is read once, by a worker, long before a freeze names it."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.models import CharField, Sum
from django.db.models.functions import Cast

from metrics.models import FactsDigest, Observation, Slice, Submission

BATCH = 200
AT_ONCE = 20_000  # rows that a page may read while somebody waits
State = Submission.State


def known(pks: Iterable[int]) -> dict[int, str]:
    """Submission → digest of its facts; worked out now where no worker came to it yet."""
    pks = sorted(pks)
    kept = _kept(pks)
    return kept | of([pk for pk in pks if pk not in kept])


def waiting(pks: Iterable[int]) -> int:
    """How many of these versions a worker has still to digest before a page can ask for them; none where what is left
    is read in a moment. Two queries."""
    pks = list(pks)
    left = set(pks) - _kept(pks).keys()
    rows = Submission.objects.filter(pk__in=left).aggregate(rows=Sum("rows_used"))["rows"] or 0
    return len(left) if rows > AT_ONCE else 0


def _kept(pks: Iterable[int]) -> dict[int, str]:
    return dict(FactsDigest.objects.filter(submission__in=pks).values_list("submission", "digest"))


def ahead(most: int = BATCH) -> int:
    """Work out what the next freeze will need: digests of versions that were handed in; how many.

    Versions are never changed, so that each is read once, by a worker, long before somebody waits for it.
    """
    rows = Submission.objects.filter(state__in=(State.CERTIFIED, State.HANDED_IN), facts_digest=None)
    made = of(list(rows.order_by("-pk").values_list("pk", flat=True)[:most]))
    FactsDigest.objects.bulk_create(
        (FactsDigest(submission_id=pk, digest=one) for pk, one in made.items()), ignore_conflicts=True
    )
    return len(made)


def of(pks: list[int]) -> dict[int, str]:
    """Submission → SHA-256 over its observations as they are stored now, whatever order the database gives them."""
    slices = dict(Slice.objects.values_list("pk", "key")) if pks else {}
    found = {pk: hashlib.sha256().hexdigest() for pk in pks}
    for start in range(0, len(pks), BATCH):
        for pk, rows in groupby(_facts(pks[start : start + BATCH]), key=lambda row: row[0]):
            lines = sorted(
                f"{metric}\t{day}\t{slices[part]}\t{value}\t{currency}\t{count}"
                for _pk, metric, day, part, value, currency, count in rows
            )
            found[pk] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


def _facts(pks: list[int]) -> Iterator[tuple]:
    columns = ("submission", "metric", "written", "slice", "value", "currency", "rows")
    rows = Observation.objects.filter(submission__in=pks).order_by("submission")
    # As text already: making a date of each day and text of that again would be half of the work.
    rows = rows.annotate(written=Cast("day", CharField()))
    return rows.values_list(*columns).iterator(chunk_size=10_000)
