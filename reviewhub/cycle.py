"""The line of a review's gates, T−14 to T+48 h, as the strip on every page shows it."""

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils.translation import gettext as _

from metrics.models import Review


def strip(review: Review, *, at: dt.datetime) -> dict:
    """`cycle` (nodes in order), `cycle_today` ("T−8") and `next_deadline` of `review` as seen at `at`."""
    zone = zoneinfo.ZoneInfo(review.time_zone)
    gates = [
        ("opens", _("T−14"), _("opens"), review.meeting_at - dt.timedelta(days=14), reverse("home")),
        ("due", _("T−7"), _("data due"), review.due_at, reverse("submissions")),
        ("freeze", _("T−4"), _("freeze"), review.freeze_at, reverse("dictionary")),
        ("meeting", _("T-0"), _("meeting"), review.meeting_at, reverse("meetings")),
        ("budget", _("+48 h"), _("budget"), review.meeting_at + dt.timedelta(hours=52), reverse("actions")),
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
    days = (review.meeting_at.astimezone(zone).date() - at.astimezone(zone).date()).days
    return {
        "cycle": nodes,
        "cycle_today": _("today T−%(days)d") % {"days": days} if days > 0 else _("today T-0"),
        "next_deadline": {"label": ahead[0][2], "at": ahead[0][3]} if ahead else None,
    }
