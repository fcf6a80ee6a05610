"""When sources were down: from the first failure, or the missed moment, until one answers again.

What never worked is not down, nor is what somebody paused; a bad file in a folder is no failure of the folder.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from metrics.feeding.fetched import Failed
from metrics.models import Feed, FeedOutage

LATE = dt.timedelta(minutes=15)
OF_THE_FILE = ("NO_PERIOD", "REFUSED", "DOOR")


def is_down(feed: Feed, failure: Failed | None) -> bool:
    """Whether `failure` says that the source gives nothing, and not that a file in its folder is bad."""
    if failure is None:
        return False
    return not (feed.kind == Feed.Kind.FOLDER and failure.permanent and failure.code in OF_THE_FILE)


def note(feed: Feed, failure: Failed | None, *, asked_at: dt.datetime, at: dt.datetime) -> None:
    """Write down what a run that began at `asked_at` says. `feed` is held, its health as it was before the run."""
    if feed.paused_at or feed.last_success_at is None:
        return
    missed = feed.next_run_at if feed.disabled_at is None and feed.next_run_at < asked_at - LATE else None
    standing = FeedOutage.objects.filter(feed=feed, until=None)
    if is_down(feed, failure):
        if not standing.exists():
            FeedOutage.objects.create(feed=feed, since=missed or at)
    elif not end(feed, at=at) and missed:
        FeedOutage.objects.create(feed=feed, since=missed, until=at)


def end(feed: Feed, *, at: dt.datetime) -> bool:
    return bool(FeedOutage.objects.filter(feed=feed, until=None).update(until=at))


@transaction.atomic
def note_missed(*, at: dt.datetime) -> int:
    """Sources that nobody asked for a quarter of an hour after they should have been; how many are new."""
    free = Q(lease_until=None) | Q(lease_until__lt=at)
    missed = Feed.objects.filter(
        free, paused_at=None, disabled_at=None, last_success_at__isnull=False, next_run_at__lt=at - LATE
    ).exclude(outages__in=FeedOutage.objects.filter(until=None))
    count = 0
    for pk in list(missed.order_by("pk").values_list("pk", flat=True)):
        feed = Feed.objects.select_for_update().get(pk=pk)
        still = feed.next_run_at < at - LATE and feed.paused_at is None and feed.disabled_at is None
        if still and not FeedOutage.objects.filter(feed=feed, until=None).exists():
            FeedOutage.objects.create(feed=feed, since=feed.next_run_at)
            count += 1
    return count
