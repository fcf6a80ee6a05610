"""A source was down while its data was being prepared: the lines that it feeds are due later, by that long.

The rule: as long as the sources of a line were down between T−10 and the deadline, in whole minutes, what overlaps
once, at most until the freeze. Nobody grants it, nobody takes it back.
"""

import datetime as dt
import zoneinfo

from django.db import transaction
from django.db.models import Q

from metrics import checklist, deadlines, downtimes, feed_outages
from metrics.checklist_lines import Line
from metrics.downtimes import Downtime
from metrics.models import Extension, Feed, FeedOutage, Review
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import Department

FIRST_DAY = 10  # days before the meeting: from then on data is prepared (experience §1.1)
TOLD = 30  # minutes: shorter moves stand on the page and in the log, nobody is written to


def sweep(*, at: dt.datetime) -> int:
    """Notice sources that nobody asks, and move what they delay; how many deadlines were moved."""
    feed_outages.note_missed(at=at)
    reviews = Review.objects.filter(state=Review.State.OPEN, meeting_at__gt=at).order_by("pk")
    return sum(move(review, at=at) for review in reviews if known(review, at=at))


def begins_at(review: Review) -> dt.datetime:
    """T−10, at midnight of the company."""
    zone = zoneinfo.ZoneInfo(review.time_zone)
    day = review.meeting_at.astimezone(zone).date() - dt.timedelta(days=FIRST_DAY)
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def known(review: Review, *, at: dt.datetime) -> dict[Feed, list[Downtime]]:
    """Source → what of its downtimes counts in `review`, as far as it is known at `at`. One query."""
    start = begins_at(review)
    rows = FeedOutage.objects.filter(Q(until=None) | Q(until__gt=start), since__lt=review.due_at)
    found: dict[Feed, list[Downtime]] = {}
    for row in rows.select_related("feed").order_by("since", "pk"):
        one = Downtime(row.since, row.until, row.feed.name)
        if parts := downtimes.counted([one], start, review.due_at, at=at):
            found.setdefault(row.feed, []).extend(parts)
    return found


@transaction.atomic
def move(review: Review, *, at: dt.datetime) -> int:
    """Move the lines of `review` that wait for a source that was down; how many agreements that made.

    Asked twice, or by two at once, nothing is added: the deadline follows from all downtimes, not from the last one.
    """
    review = deadlines.held(review)
    if review.state != Review.State.OPEN:
        return 0
    down = known(review, at=at)
    fed = {feed: fed_by(feed) for feed in down}
    ask, made = deadlines.dues([review]), 0
    for department, asked in _asked(review):
        grouped: dict[tuple[Downtime, ...], list[str]] = {}
        for item in asked.items:
            parts = sorted(
                part for feed, parts in down.items() if item.line.code in fed[feed] for part in parts
            )
            if parts and not _was_in_time(item):
                grouped.setdefault(tuple(parts), []).append(item.line.code)
        for parts, codes in grouped.items():
            made += _moved(review, department, codes, parts, ask, at=at)
    return made


def fed_by(feed: Feed) -> set[str]:
    """Codes of the lines of which this source brings a metric, split as the line wants it."""
    from metrics import known_profiles  # noqa: PLC0415 - profiles load numpy; pages start without it

    names = [feed.profile] if feed.profile else feed.brings
    found = set()
    for name in names:
        try:
            profile = known_profiles.named(name).profile
        except known_profiles.UnknownProfile:
            continue
        found |= {line.code for line in checklist.lines_asked() if _feeds(profile, line)}
    return found


def _feeds(profile, line: Line) -> bool:
    return not set(line.needs).isdisjoint(profile.metrics) and (not line.by or line.by in profile.dimensions)


def _asked(review: Review) -> list[tuple[Department, checklist.Checklist]]:
    departments = list(Department.objects.active().order_by("pk"))
    found = checklist.of_all(review, departments)
    return [(one, found[one.pk]) for one in departments]


def _was_in_time(item: checklist.Item) -> bool:
    return item.state == "waived" or (item.state == "pass" and not item.is_late)


def _moved(review, department, codes: list[str], parts: tuple[Downtime, ...], ask, *, at) -> int:
    lost = downtimes.minutes(parts)
    due_at = downtimes.later(review.due_at, review.freeze_at, lost)
    codes = [code for code in codes if ask(review, department.pk, code).at < due_at]
    if not codes:
        return 0
    former = min(ask(review, department.pk, code).at for code in codes)
    downs = [
        {"feed": one.name, "since": one.since.isoformat(), "until": one.until.isoformat()} for one in parts
    ]
    row = Extension.objects.create(
        review=review,
        department=department,
        items=codes,
        due_at=due_at,
        cause={"minutes": lost, "downtimes": downs},
        given_at=at,
    )
    said = {"review": review.code, "department": department.code, "items": codes, "minutes": lost}
    said |= {"feeds": sorted({one.name for one in parts}), "since_at": parts[0].since.isoformat()}
    activity.record(
        "review.delayed",
        review,
        by=None,
        at=at,
        params=said,
        before={"due_at": former.isoformat()},
        after={"due_at": due_at.isoformat()},
        department=department,
    )
    if lost >= TOLD:
        planning.raise_occurrence(deadlines.EXTENDED, row, at=at)
    return 1
