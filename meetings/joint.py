"""Joint projects from problems that two departments solved in a meeting: offered once each, with their tasks."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import get_language

from actions import projects
from actions.models import Project
from meetings import causes, signals, solving
from meetings.models import Capture, Meeting
from reviewhub.people.models import Department, User

NAME, GOAL = 120, 300


@dataclass(frozen=True)
class Solved:
    """A problem that ended with a cause, and the project that came of it as far as the reader may see it."""

    key: str
    title: str
    cause: str
    between: tuple[Department, ...]
    captures: tuple[int, ...]
    project: Project | None
    may_open: bool


def solved(meeting: Meeting, reader: User) -> list[Solved]:
    """The solved problems of `meeting` in the order in which they were closed; none for a partner."""
    if reader.is_partner:
        return []
    lines = signals.standing(meeting.events.filter(type__in=(*causes.KINDS, "event.voided")).order_by("seq"))
    board, written = causes.read(lines), {}
    for line in lines:
        if line.type == causes.CLOSED:
            written[line.payload["issue"]] = tuple(line.payload["captures"].values())
    closed = {key: found for key, found in written.items() if board.works[key].is_closed}
    if not closed:
        return []
    issues = solving.issues_of(meeting)
    homes = {one.code: one for one in Department.objects.visible_to(reader)}
    opened = {one.issue: one for one in Project.objects.filter(review=meeting.review, issue__in=closed)}
    seen = set(
        Project.objects.visible_to(reader).filter(review=meeting.review).values_list("issue", flat=True)
    )
    return [
        Solved(
            key,
            worded(issues[key]) if key in issues else board.works[key].cause,
            board.works[key].cause,
            tuple(homes[code] for code in board.works[key].between if code in homes),
            captures,
            opened.get(key) if key in seen else None,
            key not in opened and projects.may_open(reader),
        )
        for key, captures in closed.items()
    ]


def worded(issue: solving.Raised) -> str:
    return issue.zh if (get_language() or "").startswith("zh") else issue.en


def open_project(meeting: Meeting, key: str, *, by: User, at: dt.datetime) -> Project | None:
    """The project of one solved problem with its two departments and its tasks; None where there is no such problem.

    Pressed twice, or by two people, it is one project. Raises projects.CannotKeep.
    """
    one = next((found for found in solved(meeting, by) if found.key == key), None)
    if one is None:
        return None
    rows = Capture.objects.visible_to(by).filter(pk__in=one.captures, action__isnull=False)
    actions = tuple(row.action for row in rows.select_related("action__owner"))
    members = {lead for home in one.between if (lead := projects.handover.lead_of(home))}
    members |= {row.owner for row in actions if row.owner}
    wish = projects.Wish(
        one.title[:NAME],
        one.cause[:GOAL],
        projects.default_lead(one.between, by),
        one.between,
        tuple(members),
    )
    return projects.open_project(wish, by=by, at=at, review=meeting.review, issue=key, actions=actions)
