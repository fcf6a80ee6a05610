"""The recap: published minutes reach everybody of the meeting, each with their own tasks first. No figures in it."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from meetings import attending, logbook, minutes, minutes_copy
from meetings.models import Meeting, MinutesVersion
from reviewhub.notices import kinds
from reviewhub.people.models import Confidentiality, User
from reviewhub.ui import days

MOST_LINES = 5


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=minutes.RECAP,
            label=gettext_lazy("Minutes are published"),
            note=gettext_lazy(
                "After a meeting: your own tasks first, then what was decided. Once for each version."
            ),
            recipients=recipients,
            render=content,
            series=lambda occurrence: f"minutes:{of(occurrence).meeting_id}",
            visible=lambda occurrence, user: (
                Meeting.objects.visible_to(user).filter(pk=of(occurrence).meeting_id).exists()
            ),
        )
    )


def of(occurrence) -> MinutesVersion:
    return MinutesVersion.objects.select_related("meeting__review", "meeting__facilitator").get(
        pk=occurrence.subject_id
    )


def recipients(occurrence):
    """Who came, who was expected, and who was given a task; as far as they may see the meeting."""
    version = of(occurrence)
    meeting, found = version.meeting, minutes.content(version)
    wanted = {person.pk for person in attending.expected(meeting, logbook.parts_of(meeting))}
    wanted |= set(meeting.attendance.values_list("person_id", flat=True))
    lines = [line["id"] for line, _item in minutes_copy.lines_of(found, "action", "decision")]
    wanted |= set(
        meeting.captures.filter(pk__in=lines, owner__isnull=False).values_list("owner_id", flat=True)
    )
    people = User.objects.active().filter(pk__in=wanted)
    seen = [one.pk for one in people if Meeting.objects.visible_to(one).filter(pk=meeting.pk).exists()]
    return people.filter(pk__in=seen)


def content(occurrence, user) -> kinds.Content:
    """In the language of now. What became confidential since is not told any more."""
    version = of(occurrence)
    found = minutes.copy_for(minutes.content(version), user) if user else minutes.content(version)
    rows = version.meeting.captures.filter(confidentiality__lte=Confidentiality.INTERNAL)
    owners = dict(rows.values_list("pk", "owner_id"))
    promised = [one for one, _item in minutes_copy.lines_of(found, "action") if one["id"] in owners]
    own = [one for one in promised if user and owners[one["id"]] == user.pk]
    decided = [one["text"] for one, _item in minutes_copy.lines_of(found, "decision") if one["id"] in owners]
    lines = [one for one in (found["summary"].splitlines() or [""]) if one][:1]
    if decided:
        said = ngettext(
            "%(count)s decision: %(first)s", "%(count)s decisions, the first: %(first)s", len(decided)
        )
        lines.append(said % {"count": len(decided), "first": decided[0]})
    if version.number > 1 and not (user and user.is_partner):
        lines.append(
            _("Version %(number)s: %(reason)s") % {"number": version.number, "reason": version.reason}
        )
    title = version.meeting.title_zh if (get_language() or "").startswith("zh") else version.meeting.title_en
    mine = ngettext(
        "Minutes: %(meeting)s, %(count)s task for you",
        "Minutes: %(meeting)s, %(count)s tasks for you",
        len(own),
    )
    return kinds.Content(
        title=mine % {"meeting": title, "count": len(own)}
        if own
        else _("Minutes: %(meeting)s") % {"meeting": title},
        lines=tuple(lines),
        items=tuple(_item(one) for one in own[:MOST_LINES]),
        action=_("Read the minutes"),
        path=reverse("minutes", args=[version.meeting_id]),
        thread=f"minutes:{version.meeting_id}",
        state="pass",
    )


def _item(line) -> kinds.Item:
    due = (
        days.short_day(dt.date.fromisoformat(line["due_on"]), get_language() or "en")
        if line["due_on"]
        else ""
    )
    return kinds.Item(line["text"], due)
