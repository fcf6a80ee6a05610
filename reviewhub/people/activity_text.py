"""The activity log in the reader's language: what was done, and what changed from what to what."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from reviewhub.people.models import Activity, Department
from reviewhub.ui import days

# code → sentence; its parameters are those that the recording module gives.
SENTENCES = {
    "submission.uploaded": _lazy("uploaded data: %(department)s, %(period)s, version %(number)s"),
    "submission.handed_in": _lazy("handed in data: %(department)s, %(period)s, version %(number)s"),
    "submission.withdrawn": _lazy("withdrew data: %(department)s, %(period)s, version %(number)s"),
    "submission.returned": _lazy("returned data: %(department)s, %(period)s, version %(number)s"),
    "submission.certified": _lazy("certified data: %(department)s, %(period)s, version %(number)s"),
    "action.raised": _lazy("raised the action “%(title)s”"),
    "action.status": _lazy("moved the action “%(title)s”"),
    "action.rescheduled": _lazy("gave the action “%(title)s” another date"),
    "person.preferences": _lazy("changed their own settings"),
}
# The first word of a code, as the filter of the page offers it.
KINDS = {
    "submission": _lazy("Data"),
    "action": _lazy("Actions"),
    "meeting": _lazy("Meetings"),
    "dictionary": _lazy("Dictionary"),
    "person": _lazy("People"),
}
FIELDS = {
    "state": _lazy("State"),
    "status": _lazy("Status"),
    "due_on": _lazy("Due"),
    "owner": _lazy("Owner"),
    "department": _lazy("Department"),
    "reason": _lazy("Reason"),
    "language": _lazy("Language"),
    "time_zone": _lazy("Time zone"),
}
WORDS = {
    "draft": _lazy("Draft"),
    "handed_in": _lazy("Handed in"),
    "returned": _lazy("Returned"),
    "certified": _lazy("Certified"),
    "superseded": _lazy("Replaced"),
    "withdrawn": _lazy("Withdrawn"),
    "todo": _lazy("Not started"),
    "doing": _lazy("In progress"),
    "done": _lazy("Done"),
    "dropped": _lazy("Dropped"),
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
        known["period"] = _period(line.params["start"], line.params["end"])
    if line.code in SENTENCES:
        return SENTENCES[line.code] % known
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
        return _("yes") if value else _("no")
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


def _period(start: str, end: str) -> str:
    """A month as `Oct 2026`, other periods by first and last day (`end` is the day after)."""
    language = get_language() or "en"
    first, after = _date(start), _date(end)
    if not first or not after:
        return "–"
    last = after - dt.timedelta(days=1)
    if first.day == 1 and after.day == 1 and (first.year, first.month) == (last.year, last.month):
        return days.month(first, language)
    return f"{days.day(first, language)} – {days.day(last, language)}"
