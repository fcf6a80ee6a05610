"""The line of a review's gates, T−14 to T+48 h, as the strip on every page shows it."""

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils.translation import gettext as _

from actions import budget_due
from actions.models import BudgetAdjustment
from metrics.models import Review
from reviewhub.people.models import User

# Until a meeting has ended nobody knows when its 48 hours begin: the planned four hours stand in.
GUESS = dt.timedelta(hours=52)


def current(reader: User, *, at: dt.datetime, **beside) -> Review | None:
    """The review that everybody's pages are about: the one whose 48 hours run, else the next one."""
    return budget_due.current_review(reader, at=at, **beside)


def strip(review: Review, *, reader: User, at: dt.datetime) -> dict:
    """`cycle` (nodes in order), `cycle_today` ("T−8") and `next_deadline` of `review` as `reader` sees it at `at`."""
    zone = zoneinfo.ZoneInfo(review.time_zone)
    clock = budget_due.of_review(review) if getattr(review, "has_clock", True) else None
    met_at = min(review.meeting_at, clock.opened_at) if clock else review.meeting_at
    gates = [
        ("opens", _("T−14"), _("opens"), review.meeting_at - dt.timedelta(days=14), reverse("home")),
        ("due", _("T−7"), _("data due"), review.due_at, reverse("submissions")),
        ("freeze", _("T−4"), _("freeze"), review.freeze_at, reverse("dictionary")),
        ("meeting", _("T-0"), _("meeting"), met_at, reverse("meetings")),
        ("budget", _("+48 h"), _("budget"), *budget_gate(review, clock, reader, at)),
    ]
    ahead = [gate for gate in gates if gate[3] > at]
    next_key = ahead[0][0] if ahead else ""
    nodes = [
        {
            "key": key,
            "label": label,
            "sub": sub,
            "at": when.astimezone(zone),
            "url": url,
            "state": "done" if when <= at else "next" if key == next_key else "future",
        }
        for key, label, sub, when, url in gates
    ]
    return {
        "cycle": nodes,
        "cycle_today": today(review, zone, at),
        "next_deadline": {"label": ahead[0][2], "at": ahead[0][3]} if ahead else None,
    }


def budget_gate(
    review: Review, clock: BudgetAdjustment | None, reader: User, at: dt.datetime
) -> tuple[dt.datetime, str]:
    """When the budget adjustment is due, and the page that says so to who may read it."""
    if clock is None:
        return review.meeting_at + GUESS, reverse("actions")
    url = reverse("budget", args=[review.code]) if budget_due.seen(review, reader) else reverse("actions")
    return clock.due(at), url


def today(review: Review, zone: zoneinfo.ZoneInfo, at: dt.datetime) -> str:
    """How many days it is to the meeting, or since."""
    days = (review.meeting_at.astimezone(zone).date() - at.astimezone(zone).date()).days
    if days < 0:
        return _("today T+%(days)d") % {"days": -days}
    return _("today T−%(days)d") % {"days": days} if days else _("today T-0")
