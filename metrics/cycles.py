"""Opening a review: the period it looks at, its gates before the meeting, and the definitions it uses."""

import calendar
import datetime as dt
import zoneinfo

from django.db import transaction

from metrics.models import MetricVersion, PinnedVersion, Review
from metrics.periods import Period

# Days before the meeting and time of day in the company's zone (experience §1.1).
DUE = (7, dt.time(18))
FREEZE = (4, dt.time(12))


def gates(meeting_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """When the data is due (T-7, 18:00) and frozen (T-4, 12:00), on the calendar of `zone`."""
    day = meeting_at.astimezone(zone).date()
    due, freeze = (
        dt.datetime.combine(day - dt.timedelta(days=days), time, zone) for days, time in (DUE, FREEZE)
    )
    return due, freeze


@transaction.atomic
def open_review(period: Period, *, meeting_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> Review:
    """The review of `period`, with the definitions that hold on its last day pinned to it.

    IntegrityError when the period has one already.
    """
    due_at, freeze_at = gates(meeting_at, zone)
    title_zh, title_en = titles(period)
    review = Review.objects.create(
        code=code(period),
        title_zh=title_zh,
        title_en=title_en,
        period_start=period.start,
        period_end=period.end,
        time_zone=zone.key,
        meeting_at=meeting_at,
        due_at=due_at,
        freeze_at=freeze_at,
    )
    pin(review)
    return review


def pin(review: Review) -> None:
    """Have `review` use the definitions that hold on the last day of its period."""
    versions = MetricVersion.objects.effective(review.period_end - dt.timedelta(days=1))
    PinnedVersion.objects.filter(review=review).delete()
    PinnedVersion.objects.bulk_create(PinnedVersion(review=review, version=version) for version in versions)


def renew_pins(version: MetricVersion) -> list[Review]:
    """Let open reviews whose period ends on or after its first day use `version`; those that are frozen, met or
    closed keep what they used. The reviews that changed."""
    open_ones = list(
        Review.objects.select_for_update()
        .filter(state=Review.State.OPEN, period_end__gt=version.effective_from)
        .order_by("pk")
    )
    later = version.effective_to
    changed = [one for one in open_ones if not later or one.period_end <= later]
    PinnedVersion.objects.filter(review__in=changed, version__metric=version.metric_id).delete()
    PinnedVersion.objects.bulk_create(PinnedVersion(review=one, version=version) for one in changed)
    return changed


def move(review: Review, *, meeting_at: dt.datetime, zone: zoneinfo.ZoneInfo) -> Review:
    """Another date for a review whose data is not frozen: the gates move along, the definitions stay."""
    review.due_at, review.freeze_at = gates(meeting_at, zone)
    review.meeting_at, review.time_zone = meeting_at, zone.key
    review.save(update_fields=["meeting_at", "due_at", "freeze_at", "time_zone"])
    return review


def code(period: Period) -> str:
    """`2026-10`, `2026-Q3`, `2026-W41`, for a range `20260901-20261015`: at most twenty characters."""
    if period.grain == "range":
        return f"{period.start:%Y%m%d}-{period.last:%Y%m%d}"
    return period.text


def titles(period: Period) -> tuple[str, str]:
    """The name of the review in Chinese and in English."""
    first, last = period.start, period.last
    quarter = (first.month + 2) // 3
    year, week, _day = first.isocalendar()
    zh, en = {
        "year": (f"{first.year}年", f"{first.year}"),
        "quarter": (f"{first.year}年第{quarter}季度", f"Q{quarter} {first.year}"),
        "month": (f"{first.year}年{first.month}月", f"{calendar.month_name[first.month]} {first.year}"),
        "week": (f"{year}年第{week}周", f"Week {week} of {year}"),
        "day": (f"{first.year}年{first.month}月{first.day}日", f"{_english(first)}"),
        "range": (f"{first:%Y-%m-%d}至{last:%Y-%m-%d}", f"{_english(first)} to {_english(last)}"),
    }[period.grain]
    return f"{zh}经营分析会", f"{en} business review"


def _english(day: dt.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
