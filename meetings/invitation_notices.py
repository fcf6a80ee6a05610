"""Who is invited to a meeting, told when their item or its time changed, and that it will not take place.

Invited is who is expected in the room, partners of an open item, and executives. What everybody was told last is kept
with the notice: a change is told to whom it concerns, from what to what.
"""

import datetime as dt
import zoneinfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from meetings import attending, logbook, scheduling
from meetings.models import Meeting
from reviewhub.notices import kinds
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import User
from reviewhub.ui import days

INVITED, CHANGED, CANCELLED = "meeting.invited", "meeting.changed", scheduling.CANCELLED
BEFORE = (Meeting.State.READY, Meeting.State.LOBBY)
LEAST_S = 5 * 60  # an item that moves by less is not worth a notice


def register() -> None:
    shared = {
        "recheck": recheck,
        "verdict": verdict,
        "visible": visible,
        "concerns": lambda user: True,
        "reasons": {
            "cancelled": gettext_lazy("The meeting was called off."),
            "not_visible": gettext_lazy("The reader may not see it any more."),
        },
    }
    kinds.register(
        kinds.Kind(
            code=INVITED,
            label=gettext_lazy("You are invited to a meeting"),
            note=gettext_lazy("Once its agenda is ready: when, and your own items with their times."),
            subjects=ahead,
            plans=lambda meeting, since, until: [kinds.Plan("invited", until, told_of(meeting))],
            recipients=people_of,
            render=invited_content,
            **shared,
        )
    )
    kinds.register(
        kinds.Kind(
            code=CHANGED,
            label=gettext_lazy("A meeting or your item in it has changed"),
            note=gettext_lazy("Another time, or an item of yours that moved by five minutes, came or went."),
            subjects=ahead,
            plans=change_plans,
            recipients=concerned,
            render=changed_content,
            **shared,
        )
    )
    kinds.register(
        kinds.Kind(
            code=CANCELLED,
            label=gettext_lazy("A meeting was called off"),
            note=gettext_lazy("To everybody who was invited, with the reason."),
            recipients=were_invited,
            render=cancelled_content,
            verdict=verdict,
            visible=visible,
        )
    )


# --- What is told -------------------------------------------------------------------------------------------


def ahead(since: dt.datetime, until: dt.datetime):
    """Meetings with an agenda that is ready, still to come."""
    rows = Meeting.objects.filter(state=Meeting.State.READY, scheduled_at__gt=until)
    return rows.select_related("review", "facilitator", "scribe").order_by("pk")


def meeting_of(occurrence) -> Meeting:
    return Meeting.objects.select_related("review", "facilitator", "scribe").get(pk=occurrence.subject_id)


def told_of(meeting: Meeting) -> dict:
    """{"at": ISO, "people": {key: [[code, title zh, title en, seconds from the start, planned seconds]]}}."""
    parts, start = logbook.parts_of(meeting), 0
    lines: dict[str, list] = {}
    for part in parts:
        segment = part.segment
        line = lines.setdefault(segment.code, [segment, start, 0])
        line[2] += part.planned_s
        start += part.planned_s
    people = {}
    for person in invited(meeting, parts):
        own = [one for one in lines.values() if is_own(one[0], person)]
        people[str(person.pk)] = [[one.code, one.title_zh, one.title_en, at, s] for one, at, s in own]
    return {"at": meeting.scheduled_at.isoformat(), "people": people}


def invited(meeting: Meeting, parts) -> list[User]:
    """Who is expected, partners of an open item, executives; nobody twice."""
    open_items = {one.segment.department_id for one in parts if not one.segment.is_private}
    partners = User.objects.active().with_role("partner").filter(department__in=open_items - {None})
    executives = User.objects.active().with_role("executive")
    people = [
        *attending.expected(meeting, parts),
        *partners.order_by("pk").distinct(),
        *executives.order_by("pk").distinct(),
    ]
    return [one for one in dict.fromkeys(people) if one.is_active]


def is_own(segment, person: User) -> bool:
    if person.is_partner and segment.is_private:
        return False
    presents = person.pk in (segment.presenter_id, segment.second_presenter_id)
    return presents or (segment.department_id is not None and segment.department_id == person.department_id)


def last_told(meeting_pk, before: Occurrence | None = None) -> dict | None:
    """What was told last of a meeting (before that notice); None where nobody was invited yet."""
    rows = Occurrence.objects.filter(
        kind__in=(INVITED, CHANGED), subject_type=Meeting._meta.label_lower, subject_id=str(meeting_pk)
    )
    rows = rows.filter(pk__lt=before.pk) if before else rows
    row = rows.order_by("-pk").first()
    return row.params if row else None


def change_plans(meeting: Meeting, since: dt.datetime, until: dt.datetime) -> list[kinds.Plan]:
    """One for each state of the agenda that differs from what was told last."""
    before = last_told(meeting.pk)
    if before is None:
        return []
    now = told_of(meeting)
    if not differing(before, now):
        return []
    told = Occurrence.objects.filter(
        kind=CHANGED, subject_type=Meeting._meta.label_lower, subject_id=str(meeting.pk)
    )
    return [kinds.Plan(f"changed-{told.count() + 1}", until, now)]


def differing(before: dict, now: dict) -> list[str]:
    """Keys of the people for whom the time of the meeting or an item of theirs is another one."""
    moved = before["at"] != now["at"]
    return [key for key, lines in now["people"].items() if moved or changes(before, now, key)]


def changes(before: dict, now: dict, key: str) -> list[tuple[list | None, list | None]]:
    """(as it was, as it is) of each item of somebody that moved, came or went."""
    old = {line[0]: line for line in before["people"].get(key, [])}
    new = {line[0]: line for line in now["people"].get(key, [])}
    found = []
    for code in {**old, **new}:
        was, will_be = old.get(code), new.get(code)
        if was is None or will_be is None:
            found.append((was, will_be))
        elif max(abs(was[3] - will_be[3]), abs(was[4] - will_be[4])) >= LEAST_S:
            found.append((was, will_be))
    return found


# --- Who ----------------------------------------------------------------------------------------------------


def people_of(occurrence):
    return User.objects.active().filter(pk__in=occurrence.params["people"])


def concerned(occurrence):
    before = last_told(occurrence.subject_id, occurrence) or {"at": "", "people": {}}
    return User.objects.active().filter(pk__in=differing(before, occurrence.params))


def were_invited(occurrence):
    told = last_told(occurrence.subject_id)
    return User.objects.active().filter(pk__in=told["people"] if told else [])


def recheck(occurrence, user, at: dt.datetime) -> str:
    if meeting_of(occurrence).state == Meeting.State.CANCELLED:
        return "cancelled"
    return "" if user is None or visible(occurrence, user) else "not_visible"


def verdict(occurrence, at: dt.datetime) -> str:
    return kinds.EXPIRE if at >= meeting_of(occurrence).scheduled_at else kinds.SEND


def visible(occurrence, user) -> bool:
    return Meeting.objects.visible_to(user).filter(pk=occurrence.subject_id).exists()


# --- In words -----------------------------------------------------------------------------------------------


def title_of(meeting: Meeting, user) -> str:
    """A partner's mail travels out of the house: it names the occasion, not our review."""
    return _("Business review meeting") if user is not None and user.is_partner else meeting.title


def moment(meeting_at: str, review) -> str:
    """In the reader's zone; with the meeting's own clock beside it where that is another one."""
    at = dt.datetime.fromisoformat(meeting_at)
    language = get_language() or "en"
    here = days.moment(timezone.localtime(at), language)
    there = at.astimezone(zoneinfo.ZoneInfo(review.time_zone))
    if there.utcoffset() == timezone.localtime(at).utcoffset():
        return here
    return _("%(here)s (%(there)s in %(zone)s)") % {
        "here": here,
        "there": f"{there:%H:%M}",
        "zone": review.time_zone,
    }


def line_of(told: dict, line: list) -> str:
    """“Sales 10:20–10:45”."""
    _code, zh, en, start, length = line
    begins = timezone.localtime(dt.datetime.fromisoformat(told["at"]) + dt.timedelta(seconds=start))
    ends = begins + dt.timedelta(seconds=length)
    name = zh if (get_language() or "").startswith("zh") else en
    return f"{name} {begins:%H:%M}–{ends:%H:%M}"


def content(
    occurrence, user, title: str, lines: tuple, items: tuple = (), state: str = "queued"
) -> kinds.Content:
    meeting = meeting_of(occurrence)
    return kinds.Content(
        title=title % {"meeting": title_of(meeting, user)},
        lines=tuple(filter(None, lines)),
        items=items,
        action=_("Open the meeting"),
        path=reverse("meeting", args=[meeting.pk]),
        thread=f"meeting:{meeting.pk}",
        state=state,
    )


def invited_content(occurrence, user) -> kinds.Content:
    told, meeting = occurrence.params, meeting_of(occurrence)
    own = told["people"].get(str(user.pk), []) if user else []
    minutes = meeting.budget_s // 60
    return content(
        occurrence,
        user,
        _("Invitation: %(meeting)s"),
        (
            moment(told["at"], meeting.review),
            _("%(minutes)s minutes, led by %(name)s.")
            % {"minutes": minutes, "name": meeting.facilitator.display_name},
            _("Your items:") if own else "",
        ),
        tuple(kinds.Item(line_of(told, line)) for line in own),
    )


def changed_content(occurrence, user) -> kinds.Content:
    now, meeting = occurrence.params, meeting_of(occurrence)
    before = last_told(occurrence.subject_id, occurrence) or now
    moved = ""
    if before["at"] != now["at"]:
        said = {"now": moment(now["at"], meeting.review), "before": moment(before["at"], meeting.review)}
        moved = _("Now %(now)s, not %(before)s.") % said
    items = []
    for was, will_be in changes(before, now, str(user.pk)) if user else ():
        if was is None:
            items.append(kinds.Item(_("New: %(item)s") % {"item": line_of(now, will_be)}))
        elif will_be is None:
            items.append(kinds.Item(_("Dropped: %(item)s") % {"item": line_of(before, was)}))
        else:
            said = {"now": line_of(now, will_be), "before": line_of(before, was).rpartition(" ")[2]}
            items.append(kinds.Item(_("%(now)s, was %(before)s") % said))
    return content(occurrence, user, _("Changed: %(meeting)s"), (moved,), tuple(items), "warn")


def cancelled_content(occurrence, user) -> kinds.Content:
    meeting = meeting_of(occurrence)
    reason = occurrence.params.get("reason", "")
    said = _("Why: %(reason)s") % {"reason": reason} if reason and not (user and user.is_partner) else ""
    when = moment(meeting.scheduled_at.isoformat(), meeting.review)
    return content(occurrence, user, _("Called off: %(meeting)s"), (when, said), state="fail")
