"""The activity log in the reader's language: what was done, and what changed from what to what."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reviewhub.people.activity_sentences import SENTENCES
from reviewhub.people.models import Activity, Department, Role, SecondFactor, User
from reviewhub.ui import days

# The first word of a code, as the filter of the page offers it.
KINDS = {
    "check": _("Checks"),
    "submission": _("Data"),
    "ruling": _("Reconciliation"),
    "metric": _("Metrics"),
    "action": _("Actions"),
    "project": _("Joint projects"),
    "complaint": _("Complaints"),
    "recognition": _("Recognition"),
    "checkin": _("Check-ins"),
    "meeting": _("Meetings"),
    "review": _("Reviews"),
    "shared_kpi": _("Shared KPIs"),
    "promotion": _("Promotions"),
    "peak_season": _("Peak seasons"),
    "target": _("Targets, budget, forecast"),
    "person": _("People"),
    "company": _("Company"),
    "dictionary": _("Dictionary"),
    "profile": _("Import profiles"),
    "budget": _("Budget"),
    "pay": _("Commission"),
    "okr": _("Objectives and key results"),
    "notice": _("Notices"),
    "chat": _("Chat addresses"),
    "token": _("Access tokens"),
    "source": _("Sources"),
}
FIELDS = {
    "state": _("State"),
    "status": _("Status"),
    "due_on": _("Due"),
    "due_at": _("Due"),
    "owner": _("Owner"),
    "result": _("Key result"),
    "department": _("Department"),
    "reason": _("Reason"),
    "name": _("Name"),
    "name_en": _("Name in English"),
    "time_zone": _("Time zone"),
    "second_factor": _("Second factor required for"),
    "name_latin": _("Name in Latin letters"),
    "email": _("E-mail"),
    "language": _("Language"),
    "meeting_on": _("Date of the meeting"),
    "person": _("Person"),
    "anchor_on": _("First day"),
    "at": _("Time"),
    "every_days": _("Every … days"),
    "weekly_in_peaks": _("Every week in a peak season"),
    "is_on": _("Ask by itself"),
    "address": _("Address"),
    "audience": pgettext_lazy("of a chat address", "For"),
    "kinds": _("Kinds of notices"),
    "purposes": _("Used for"),
    "departments": _("Departments"),
    "expires_on": _("Good until"),
    "kind": _("Kind"),
    "every_minutes": _("Every … minutes"),
}
WORDS = {
    "draft": _("Draft"),
    "handed_in": _("Handed in"),
    "returned": _("Returned"),
    "certified": _("Certified"),
    "superseded": _("Replaced"),
    "withdrawn": _("Withdrawn"),
    "todo": _("Not started"),
    "doing": _("In progress"),
    "done": _("Done"),
    "dropped": _("Dropped"),
    **dict(SecondFactor.choices),
    "email": pgettext_lazy("channel", "Mail"),
    "chat": pgettext_lazy("channel", "Chat"),
    "person": _("a person"),
    "personal": _("Personal"),
    "machine": _("Machine"),
    "folder": _("Watched folder"),
    "query": _("Database query"),
    "address": _("Web address"),
    "room": _("a room"),
    "changed": pgettext_lazy("a value that is not shown", "changed"),
}


# Fields whose value is the sign-in name of a person.
PERSONS = {"owner", "person"}


@dataclass(frozen=True)
class Change:
    """One field in words; `before` is None where the thing did not exist before."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Names:
    """What codes stand for, in the reader's language: departments and roles by code, people by sign-in name."""

    departments: dict[str, str]
    people: dict[str, str]
    roles: dict[str, str]


class _Known(dict):
    """Parameters of a sentence; one that nobody recorded is a dash, not an error."""

    def __missing__(self, key):
        return "–"


def names_in(lines: list[Activity]) -> Names:
    """The names that these lines need, in three queries."""
    sides = [side or {} for line in lines for side in (line.params, line.before, line.after)]
    signs = {value for side in sides for value in _persons(side)}
    return Names(
        {department.code: department.name for department in Department.objects.all()},
        {person.username: person.display_name for person in User.objects.filter(username__in=signs)},
        {role.code: role.name for role in Role.objects.all()},
    )


def _persons(side: dict) -> set[str]:
    return {value for field, value in side.items() if field in PERSONS and isinstance(value, str)}


def sentence(line: Activity, names: Names) -> str:
    """What was done, without who and when. A code that has no words is shown as it is, with its parameters."""
    known = _Known({key: worded(value, names, key) for key, value in line.params.items()})
    if "start" in line.params and "end" in line.params:
        first, after = _date(line.params["start"]), _date(line.params["end"])
        known["period"] = days.period(first, after, get_language() or "en")
    if line.code in SENTENCES:
        return str(SENTENCES[line.code]) % known
    listed = ", ".join(f"{key}: {value}" for key, value in known.items())
    code = line.code.replace("_", " ").replace(".", " · ")
    return f"{code} ({listed})" if listed else code


def changes(line: Activity, names: Names) -> list[Change]:
    """The fields whose value differs, in the order in which they were recorded."""
    before, after = line.before or {}, line.after or {}
    return [
        Change(
            str(FIELDS.get(field, field.replace("_", " "))),
            worded(before.get(field), names, field) if line.before is not None else None,
            worded(after.get(field), names, field),
        )
        for field in {**before, **after}
        if before.get(field) != after.get(field)
    ]


def worded(value, names: Names, field: str = "") -> str:
    """A recorded JSON value for people: codes as words, dates as dates, nothing as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(worded(item, names, field) for item in value)
    if isinstance(value, str):
        if on := _date(value):
            return days.day(on, get_language() or "en")
        if field.endswith("_at"):
            return days.short_moment(
                timezone.localtime(dt.datetime.fromisoformat(value)), get_language() or "en"
            )
        if field in PERSONS:
            return names.people.get(value, value)
        if field == "role":
            return names.roles.get(value, value)
        return str(WORDS.get(value) or names.departments.get(value) or value)
    return str(value)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
