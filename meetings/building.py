"""Building the agenda of a planned meeting: every saved state is kept, undone step by step, and published."""

import datetime as dt

from django.db import transaction

from meetings import agenda, agenda_draft, clock, logbook
from meetings.agenda_draft import Draft
from meetings.models import AgendaVersion, Meeting
from meetings.problems import Problem
from reviewhub.people import activity
from reviewhub.people.models import User
from reviewhub.people.permissions import may

OPEN = (Meeting.State.DRAFT, Meeting.State.READY)


class CannotBuild(Exception):
    """The agenda stays as it was; `problems` says why."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = problems


def problems_with_edit(meeting: Meeting, by: User) -> list[Problem]:
    """What stands against changing this agenda; empty when it may be changed."""
    found = [] if may(by, "agenda.edit") else [Problem("may_not_plan")]
    if meeting.state not in OPEN:
        found.append(Problem("agenda_closed"))
    return found


def latest(meeting: Meeting) -> int:
    """The id of the state that stands, which a form sends back; 0 before the first change. Never given twice."""
    return meeting.agenda_versions.order_by("-number").values_list("pk", flat=True).first() or 0


@transaction.atomic
def save(meeting: Meeting, draft: Draft, change: str, *, by: User, at: dt.datetime, seen: int) -> None:
    """The agenda is now `draft`; `change` says how it came about. Raises CannotBuild.

    `seen` is the state that was on the screen. A published agenda whose length nobody accepted is a draft again.
    """
    meeting = _locked(meeting, by, seen)
    before = agenda.read(meeting)
    if draft == before:
        return
    if seen == 0:
        _keep(meeting, before, "planned", by, at)
    _stand(meeting, draft)
    _keep(meeting, draft, change, by, at)
    _record("meeting.agenda_changed", meeting, draft, by, at)


@transaction.atomic
def undo(meeting: Meeting, *, by: User, at: dt.datetime, seen: int) -> None:
    """The state before the last change stands again. Raises CannotBuild."""
    meeting = _locked(meeting, by, seen)
    rows = list(meeting.agenda_versions.order_by("-number")[:2])
    if len(rows) < 2:
        raise CannotBuild([Problem("nothing_to_undo")])
    before = agenda_draft.of_document(rows[1].content)
    _stand(meeting, before)
    undone = rows if rows[1].change == "planned" else rows[:1]
    meeting.agenda_versions.filter(pk__in=[row.pk for row in undone]).delete()
    _record("meeting.agenda_undone", meeting, before, by, at)


def problems_with_publishing(draft: Draft, accepted: int | None) -> list[Problem]:
    """A length other than the budget has to be accepted, that very length; `accepted` in minutes."""
    if not draft.boxes:
        return [Problem("empty_agenda")]
    if draft.over and accepted != draft.total:
        over = draft.over > 0
        return [Problem("over_budget" if over else "under_budget", {"minutes": abs(draft.over)})]
    return []


@transaction.atomic
def publish(meeting: Meeting, *, accepted: int | None, by: User, at: dt.datetime, seen: int) -> Meeting:
    """The agenda is ready for its lobby. `accepted`: the minutes that somebody said yes to. Raises CannotBuild."""
    meeting = _locked(meeting, by, seen)
    draft = agenda.read(meeting)
    if found := problems_with_publishing(draft, accepted):
        raise CannotBuild(found)
    meeting.accepted_s = draft.total * 60 if draft.over else None
    meeting.state = Meeting.State.READY
    meeting.save(update_fields=["accepted_s", "state"])
    _record("meeting.agenda_published", meeting, draft, by, at)
    return meeting


def ends_at(meeting: Meeting, draft: Draft) -> dt.datetime:
    """When the meeting is over if everything takes as long as planned."""
    return clock.later(meeting.scheduled_at, draft.total * 60)


def _locked(meeting, by, seen):
    meeting = logbook.locked(meeting.pk)
    found = problems_with_edit(meeting, by)
    if not found and latest(meeting) != seen:
        found = [Problem("agenda_moved_on")]
    if found:
        raise CannotBuild(found)
    return meeting


def _stand(meeting, draft):
    agenda.write(meeting, draft)
    meeting.budget_s, meeting.buffer_s = draft.budget * 60, draft.buffer * 60
    if draft.over and meeting.accepted_s != draft.total * 60:
        meeting.accepted_s, meeting.state = None, Meeting.State.DRAFT
    meeting.save(update_fields=["budget_s", "buffer_s", "accepted_s", "state"])


def _keep(meeting, draft, change, by, at):
    before = meeting.agenda_versions.order_by("-number").values_list("number", flat=True).first()
    AgendaVersion.objects.create(
        meeting=meeting,
        number=0 if before is None else before + 1,
        content=draft.document(),
        change=change,
        made_at=at,
        made_by=by,
    )


def _record(code, meeting, draft, by, at):
    params = {"review": meeting.review.code, "minutes": draft.total, "budget": draft.budget}
    activity.record(code, meeting, by=by, at=at, params=params)
