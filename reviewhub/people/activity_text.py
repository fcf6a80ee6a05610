"""The activity log in the reader's language: what was done, and what changed from what to what."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Activity, Department
from reviewhub.ui import days

# code → sentence; its parameters are those that the recording module gives.
SENTENCES = {
    "submission.uploaded": _("uploaded data: %(department)s, %(period)s, version %(number)s"),
    "submission.handed_in": _("handed in data: %(department)s, %(period)s, version %(number)s"),
    "submission.withdrawn": _("withdrew data: %(department)s, %(period)s, version %(number)s"),
    "submission.returned": _("returned data: %(department)s, %(period)s, version %(number)s"),
    "submission.certified": _("certified data: %(department)s, %(period)s, version %(number)s"),
    "action.raised": _("raised the action “%(title)s”"),
    "action.status": _("moved the action “%(title)s”"),
    "action.rescheduled": _("gave the action “%(title)s” another date"),
    "person.preferences": _("changed their own settings"),
}
# The first word of a code, as the filter of the page offers it.
KINDS = {
    "submission": _("Data"),
    "action": _("Actions"),
    "meeting": _("Meetings"),
    "dictionary": _("Dictionary"),
    "person": _("People"),
}
FIELDS = {
    "state": _("State"),
    "status": _("Status"),
    "due_on": _("Due"),
    "owner": _("Owner"),
    "department": _("Department"),
    "reason": _("Reason"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
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
    "changed": pgettext_lazy("a value that is not shown", "changed"),
}


@dataclass(frozen=True)
class Change:
    """One field, before and after, in words."""

    field: str
    before: str
    after: str


class _Known(dict):
    """Parameters of a sentence; one that nobody recorded is a dash, not an error."""

    def __missing__(self, key):
        return "–"


def department_names() -> dict[str, str]:
    """Code → name in the reader's language; read once for a page of lines."""
    return {department.code: department.name for department in Department.objects.all()}


def sentence(line: Activity, departments: dict[str, str]) -> str:
    """What was done, without who and when. A code that has no words is shown as it is, with its parameters."""
    known = _Known({key: worded(value, departments) for key, value in line.params.items()})
    if "start" in line.params and "end" in line.params:
        first, after = _date(line.params["start"]), _date(line.params["end"])
        known["period"] = days.period(first, after, get_language() or "en")
    if line.code in SENTENCES:
        return str(SENTENCES[line.code]) % known
    listed = ", ".join(f"{key}: {value}" for key, value in known.items())
    code = line.code.replace("_", " ").replace(".", " · ")
    return f"{code} ({listed})" if listed else code


def changes(line: Activity, departments: dict[str, str]) -> list[Change]:
    """The fields whose value differs, in the order in which they were recorded."""
    before, after = line.before or {}, line.after or {}
    return [
        Change(
            str(FIELDS.get(field, field.replace("_", " "))),
            worded(before.get(field), departments),
            worded(after.get(field), departments),
        )
        for field in {**before, **after}
        if before.get(field) != after.get(field)
    ]


def worded(value, departments: dict[str, str]) -> str:
    """A recorded JSON value for people: codes as words, dates as dates, nothing as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(worded(item, departments) for item in value)
    if isinstance(value, str):
        if on := _date(value):
            return days.day(on, get_language() or "en")
        return str(WORDS.get(value) or departments.get(value) or value)
    return str(value)


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
