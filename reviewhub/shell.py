"""What every page shows around its content: navigation, the cycle strip, the reader's next deadline."""

import functools

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from metrics import boards, feed_lights
from reviewhub import cycle
from reviewhub.health import processes
from reviewhub.notices import inbox
from reviewhub.people.permissions import may


def shell(request) -> dict:
    """Of every template: `navigation`, `cycle`, `next_deadline`, `unread_notices`, `feed_lights`,
    `troubles`, `company`."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"company": getattr(request, "company", None)}
    at = timezone.now()
    told = {"unread": inbox.unread_beside(request.user), "feeds": feed_lights.beside(request.user)}
    review = cycle.current(request.user, at=at, **told)
    return {
        "company": request.company,
        "navigation": navigation(request),
        "current_review": review,
        "unread_notices": functools.cache(lambda: unread(request.user, review)),
        "feed_lights": functools.cache(lambda: lights(request.user, review, at=at)),
        "troubles": functools.cache(lambda: troubles(request.user, at=at)),
        **(cycle.strip(review, reader=request.user, at=at) if review else {}),
    }


def unread(user, review) -> int:
    """How many notices wait: counted with the review, or by themselves where there is none."""
    return min(review.unread or 0, inbox.COUNTED) if review else inbox.unread_count(user)


def lights(user, review, *, at) -> list[feed_lights.Light]:
    """How fresh the sources are: read with the review, or by themselves where there is none."""
    return feed_lights.lights(review.feeds, at=at) if review else feed_lights.read(user, at=at)


def troubles(user, *, at) -> list[str]:
    """What keeps background work from being done, in words, for those who can mend it."""
    return [_(said) for said in processes.troubles(at=at)] if may(user, "people.manage") else []


def navigation(request) -> list[dict]:
    """The rail: `{url, icon, label, active}` of what this person may open."""
    user = request.user
    entries = [("home", "home", _("My review"))]
    if boards.open_boards(user):
        entries.append(("boards", "layout-dashboard", _("Boards")))
    if not user.is_partner:
        entries.append(("sales", "chart-line", _("Sales")))
    if may(user, "submission.edit") or may(user, "submission.read_any"):
        entries.append(("submissions", "upload", _("Data")))
    elif may(user, "people.manage"):
        entries.append(("sources", "plug-connected", _("Sources")))
    if may(user, "figure.certify"):
        entries.append(("certify", "shield-check", _("Certify")))
        entries.append(("reconciliation", "arrows-left-right", _("Reconciliation")))
    entries += [
        ("dictionary", "book", _("Dictionary")),
        ("meetings", "calendar-event", _("Meetings")),
        ("actions", "checklist", _("Actions")),
        ("departments", "building", _("Departments")),
    ]
    if not user.is_partner:
        entries.insert(-1, ("okr", "hierarchy-3", pgettext("menu", "Objectives")))
    if may(user, "people.manage"):
        entries.append(("people", "users", _("People")))
    if may(user, "activity.read"):
        entries.append(("activity", "history", _("Activity")))
    current = request.resolver_match.view_name if request.resolver_match else ""
    section = SECTIONS.get(current.split("-")[0], current)
    if section == "submissions" and not any(name == section for name, *_more in entries):
        section = "sources"
    return [
        {"url": reverse(name), "icon": icon, "label": label, "active": name == section}
        for name, icon, label in entries
    ]


# Pages of one thing belong to the entry of their list.
SECTIONS = {
    "board": "boards",
    "deck": "boards",
    "explore": "boards",
    "passport": "boards",
    "saved": "boards",
    "shared": "boards",
    "metric": "dictionary",
    "propose": "dictionary",
    "proposal": "dictionary",
    "proposals": "dictionary",
    "submission": "submissions",
    "templates": "submissions",
    "import": "submissions",
    "league": "submissions",
    "analysis": "submissions",
    "note": "submissions",
    "notes": "submissions",
    "peak-season": "dictionary",
    "peak-seasons": "dictionary",
    "promotion": "dictionary",
    "promotions": "dictionary",
    "targets": "dictionary",
    "trust": "dictionary",
    "source": "submissions",
    "sources": "submissions",
    "meeting": "meetings",
    "action": "actions",
    "checkin": "actions",
    "checkins": "actions",
    "project": "actions",
    "projects": "actions",
    "recognition": "actions",
    "recognitions": "actions",
    "joint-wins": "actions",
    "okr": "okr",
    "department": "departments",
    "person": "people",
    "company": "people",
    "review": "meetings",
    "budget": "home",
}
