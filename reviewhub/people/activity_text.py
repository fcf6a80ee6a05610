"""The activity log in the reader's language: what was done, and what changed from what to what."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Activity, Department, Role, SecondFactor, User
from reviewhub.ui import days

# code → sentence; its parameters are those that the recording module gives.
SENTENCES = {
    "submission.uploaded": _("uploaded data: %(department)s, %(period)s, version %(number)s"),
    "submission.handed_in": _("handed in data: %(department)s, %(period)s, version %(number)s"),
    "submission.explained": _(
        "explained %(count)s exceptions: %(department)s, %(period)s, version %(number)s"
    ),
    "submission.corrected": _(
        "corrected %(count)s cells of version %(base)s: %(department)s, %(period)s, version %(number)s"
    ),
    "submission.typed": _("corrected %(count)s cells in the grid: %(cells)s"),
    "submission.answered": _("answered a comment on %(place)s: %(department)s, %(period)s"),
    "submission.withdrawn": _("withdrew data: %(department)s, %(period)s, version %(number)s"),
    "submission.returned": _(
        "returned data: %(department)s, %(period)s, version %(number)s. Why: %(reason)s"
    ),
    "check.waived": _("let the check %(check)s pass: %(reason)s"),
    "check.waiver_ended": _("took the waiver of the check %(check)s back"),
    "ruling.accepted": _("accepted the bridge of %(pair)s, %(period)s: %(reason)s"),
    "ruling.left": _("ruled %(pair)s, %(period)s: the first side's figure is official. Why: %(reason)s"),
    "ruling.right": _("ruled %(pair)s, %(period)s: the second side's figure is official. Why: %(reason)s"),
    "ruling.asked": _("asked both sides of %(pair)s, %(period)s: %(reason)s"),
    "ruling.parked": _("shows both numbers of %(pair)s, %(period)s: %(reason)s"),
    "ruling.reopened": _("opened %(pair)s, %(period)s again: %(reason)s"),
    "ruling.answered": _("answered for %(department)s about %(pair)s"),
    "metric.switched_on": _("switched %(code)s on: both sides of %(pair)s are in"),
    "submission.certified": _("certified data: %(department)s, %(period)s, version %(number)s"),
    "submission.refused": _(
        "tried to upload data: %(department)s, %(period)s; %(findings)s findings, nothing kept"
    ),
    "profile.saved": _("saved the import profile %(name)s, version %(number)s"),
    "dictionary.bootstrapped": _("filled the dictionary with %(metrics)s metrics"),
    "dictionary.profile_metrics": _("brought %(count)s definitions with the import profile %(profile)s"),
    "dictionary.amended": _("changed the definition of %(code)s: version %(number)s, from %(from)s"),
    "dictionary.proposed": _("proposed a definition of %(code)s, from %(from)s"),
    "dictionary.approved": _("approved the proposed definition of %(code)s, from %(from)s"),
    "dictionary.rejected": _("rejected the proposed definition of %(code)s. Why: %(reason)s"),
    "dictionary.withdrawn": _("withdrew the proposed definition of %(code)s"),
    "company.changed": _("changed what is known of the company"),
    "person.added": _("added %(person)s"),
    "person.changed": _("changed the details of %(person)s"),
    "person.role_given": _("gave %(person)s the role %(role)s"),
    "person.role_ended": _("took the role %(role)s from %(person)s"),
    "person.deactivated": _("closed the account of %(person)s"),
    "person.reactivated": _("opened the account of %(person)s again"),
    "person.invited": _("invited %(person)s by a one-time link"),
    "person.invitation_revoked": _("withdrew the invitation of %(person)s"),
    "person.joined": _("set the password of %(person)s by a one-time link"),
    "person.password_changed": _("changed the password of %(person)s"),
    "person.factor_added": _("added a second factor for %(person)s"),
    "person.factor_removed": _("removed a second factor of %(person)s"),
    "person.factors_removed": _("removed every second factor of %(person)s"),
    "person.sessions_ended": _("ended every session of %(person)s"),
    "source.entered": _("entered the source “%(name)s”"),
    "source.changed": _("changed the source “%(name)s”"),
    "source.paused": _("paused the source “%(name)s”"),
    "source.resumed": _("switched the source “%(name)s” on again"),
    "source.removed": _("deleted the source “%(name)s”"),
    "token.made": _("made the access token “%(name)s”"),
    "token.revoked": _("revoked the access token “%(name)s”"),
    "review.opened": _("opened the review %(review)s"),
    "review.extended": _("gave %(department)s more time for the data of %(review)s: %(reason)s"),
    "review.item_exempted": _("set %(item)s of %(department)s aside in %(review)s: %(reason)s"),
    "review.item_asked": _("asks %(department)s for %(item)s of %(review)s after all"),
    "review.analysed": _("wrote the analysis of %(department)s for %(review)s"),
    "review.noted": _(
        "wrote %(count)s notes to %(item)s of %(department)s for %(review)s, version %(number)s"
    ),
    "review.proposal_made": _("took up the proposal “%(text)s” of %(department)s for %(review)s"),
    "review.proposal_unmade": _("took back what became of the proposal “%(text)s” of %(department)s"),
    "action.taken_back": _("took back the action “%(title)s”"),
    "promotion.entered": _("entered the promotion %(name)s from %(first)s"),
    "promotion.changed": _("changed the promotion %(name)s from %(first)s"),
    "promotion.removed": _("removed the promotion %(name)s from %(first)s"),
    "review.sentence_written": _("wrote over %(metric)s, %(period)s: %(text)s"),
    "target.set": _("set %(count)s targets of %(metric)s from %(first)s"),
    "review.frozen": _("froze the figures of the review %(review)s"),
    "review.signed": _("signed the figures of the review %(review)s for %(department)s: #%(fingerprint)s"),
    "review.restated": _(
        "froze the restated figures of the review %(review)s: #%(fingerprint)s, %(count)s figures changed. %(reason)s"
    ),
    "review.asked": _("asked %(department)s about the pre-read of %(review)s: %(text)s"),
    "review.answered": _("answered a question of %(department)s about %(review)s: %(text)s"),
    "review.thawed": _("opened the figures of the review %(review)s again: %(reason)s"),
    "review.moved": _("gave the review %(review)s another date"),
    "meeting.planned": _("planned the meeting of the review %(review)s"),
    "meeting.started": _("started the meeting of the review %(review)s"),
    "meeting.ended": _("ended the meeting of the review %(review)s"),
    "meeting.reopened": _("reopened the meeting of the review %(review)s"),
    "meeting.cancelled": _("cancelled the meeting: %(reason)s"),
    "notice.resent": _("sent a notice to %(person)s once more"),
    "notice.released": _("released %(count)s notices that were held after a restore"),
    "notice.dropped": _("dropped %(count)s notices that were held after a restore"),
    "notice.door_opened": _("opened the way of notices again: %(channel)s"),
    "chat.added": _("entered the chat address %(name)s"),
    "chat.changed": _("changed the chat address %(name)s"),
    "chat.switched_off": _("switched the chat address %(name)s off"),
    "chat.switched_on": _("switched the chat address %(name)s on"),
    "chat.removed": _("deleted the chat address %(name)s"),
    "action.raised": _("raised the action “%(title)s”"),
    "action.status": _("moved the action “%(title)s”"),
    "action.handed_over": _("handed the action “%(title)s” to somebody else"),
    "action.rescheduled": _("gave the action “%(title)s” another date"),
    "action.blocked": _("waits for help with the action “%(title)s”"),
    "action.unblocked": _("no longer waits for help with the action “%(title)s”"),
    "checkin.rhythm": _("set the rhythm of the check-in"),
    "budget.opened": _("started the 48 hours for the budget adjustment of the review %(review)s"),
    "budget.cancelled": _("stopped the 48 hours for the budget adjustment of the review %(review)s"),
    "budget.saved": _("saved the budget adjustment of the review %(review)s, version %(number)s"),
    "budget.allowed": _("allowed a sum that is not zero for the budget of the review %(review)s: %(reason)s"),
    "budget.published": _("published the budget adjustment of the review %(review)s in time"),
    "budget.published_late": _(
        "published the budget adjustment of the review %(review)s %(late_s)s seconds late"
    ),
}
# The first word of a code, as the filter of the page offers it.
KINDS = {
    "check": _("Checks"),
    "submission": _("Data"),
    "ruling": _("Reconciliation"),
    "metric": _("Metrics"),
    "action": _("Actions"),
    "checkin": _("Check-ins"),
    "meeting": _("Meetings"),
    "review": _("Reviews"),
    "promotion": _("Promotions"),
    "target": _("Targets and budget"),
    "person": _("People"),
    "company": _("Company"),
    "dictionary": _("Dictionary"),
    "profile": _("Import profiles"),
    "budget": _("Budget"),
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
