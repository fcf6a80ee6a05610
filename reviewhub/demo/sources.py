"""Sources of the demo company: two folders that are looked into every hour; one has been away since this morning."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from metrics.models import Feed, FeedOutage, FeedRun
from reviewhub.people.models import Department

HOUR = dt.timedelta(hours=1)
# name, department, kind of file, folder, for how many hours it has been away, who looks after it.
SOURCES = (
    ("Amazon", "SAL", "sales-daily", "sales/amazon", 0, "sales"),
    ("3PL", "LOG", "shipments-cohort", "logistics/3pl", 6, "tech"),
)


def create(people: dict, *, at: dt.datetime) -> None:
    """Both with their last hours. A folder is made where the server has a place for it, not the one that is away."""
    for name, department, profile, path, away, owner in SOURCES:
        last = at - away * HOUR - dt.timedelta(minutes=20)
        feed = Feed.objects.create(
            name=name,
            department=Department.objects.named(department).get(),
            kind=Feed.Kind.FOLDER,
            config={"path": path},
            profile=profile,
            covers=Feed.Covers.NAME,
            owner=people[owner],
            made_at=at - dt.timedelta(days=90),
            made_by=people["admin"],
            next_run_at=at + HOUR,
            last_success_at=last,
            failures=away,
        )
        _history(feed, path, away, last)
        if settings.SOURCES_ROOT and not away:
            (Path(settings.SOURCES_ROOT) / path).mkdir(parents=True, exist_ok=True)


def _history(feed: Feed, path: str, away: int, last: dt.datetime) -> None:
    gone = {"code": "FOLDER_MISSING", "params": {"path": path}}
    asked = [last - hours * HOUR for hours in range(12)] + [
        last + hours * HOUR for hours in range(1, away + 1)
    ]
    FeedRun.objects.bulk_create(
        FeedRun(
            feed=feed,
            reason=FeedRun.Reason.SCHEDULE,
            started_at=when,
            finished_at=when + dt.timedelta(seconds=2),
            state=FeedRun.State.FAILED if when > last else FeedRun.State.UNCHANGED,
            problem=gone if when > last else None,
        )
        for when in asked
    )
    _brought(feed, last)
    if away:
        failed = last + HOUR
        FeedOutage.objects.create(feed=feed, since=failed)
        feed.problem, feed.last_failure_at = gone, last + away * HOUR
        feed.save(update_fields=["problem", "last_failure_at"])


def _brought(feed: Feed, last: dt.datetime) -> None:
    """The nights on which something came; on one of them much less than usual."""
    nights = [(days, 240 + 7 * days % 30) for days in range(9, 0, -1)]
    for days, rows in nights:
        is_odd = days == 4
        warnings = [{"code": "FEWER_ROWS", "params": {"rows": 71, "usual": 255}}] if is_odd else []
        when = last - dt.timedelta(days=days)
        FeedRun.objects.create(
            feed=feed,
            reason=FeedRun.Reason.SCHEDULE,
            started_at=when,
            finished_at=when + dt.timedelta(seconds=3),
            state=FeedRun.State.DONE,
            files=1,
            rows=71 if is_odd else rows,
            warnings=warnings,
        )
