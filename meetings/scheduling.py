"""Planning a meeting of a review: its agenda from a template, its lobby, its cancellation."""

import datetime as dt
import uuid

from django.db import transaction

from meetings import agenda, agenda_templates, asides, clock, fitting, logbook
from meetings.agenda_draft import Draft
from meetings.models import Event, Meeting
from meetings.problems import Problem
from metrics.models import Review
from reviewhub.notices import planning
from reviewhub.people import activity
from reviewhub.people.models import User
from reviewhub.people.permissions import may

LOBBY_OPENS_S = 15 * 60
LONGEST_REASON = 300
CANCELLED = "meeting.cancelled"  # a kind of notice (meetings.invitation_notices)
TAKEN = ("draft", "ready", "lobby", "running", "paused", "closing")


class CannotPlan(Exception):
    """A meeting that cannot be planned, opened or cancelled; `problems` says why, in words."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = problems


def problems_with_plan(
    review: Review | None, *, scheduled_at, facilitator: User, by: User, at, template: str
) -> list:
    """What stands against this meeting; empty when it can be planned. `review` None: it is not opened yet."""
    found = []
    if not may(by, "agenda.edit"):
        found.append(Problem("may_not_plan"))
    if not may(facilitator, "meeting.run"):
        found.append(Problem("cannot_facilitate", {"name": str(facilitator)}))
    if agenda_templates.find(template) is None:
        found.append(Problem("unknown_template", {"template": template}))
    if scheduled_at < at:
        found.append(Problem("in_the_past"))
    if review and Meeting.objects.filter(review=review, state__in=TAKEN).exists():
        found.append(Problem("already_planned"))
    return found


@transaction.atomic
def plan_meeting(
    review: Review,
    *,
    scheduled_at: dt.datetime,
    facilitator: User,
    by: User,
    at: dt.datetime,
    template: str = fitting.DEFAULT.name,
    draft: Draft | None = None,
    scribe: User | None = None,
    aligns: tuple[str, str] | None = None,
) -> Meeting:
    """A meeting with the agenda of a template; a draft where that is not as long as its budget, else ready.

    `draft` is the agenda that was made of the template, where that was changed. `aligns`: it is an alignment meeting
    of this agenda, with these titles in Chinese and English. Raises CannotPlan.
    """
    found = problems_with_plan(
        review, scheduled_at=scheduled_at, facilitator=facilitator, by=by, at=at, template=template
    )
    if found:
        raise CannotPlan(found)
    chosen = draft or agenda_templates.find(template)
    title_zh, title_en = aligns or (review.title_zh, review.title_en)
    template = Meeting.ALIGNMENT if aligns else template
    meeting = Meeting.objects.create(
        review=review,
        title_zh=title_zh,
        title_en=title_en,
        scheduled_at=scheduled_at.replace(microsecond=0),
        budget_s=chosen.budget * 60,
        buffer_s=chosen.buffer * 60,
        template=template,
        state=Meeting.State.DRAFT if chosen.over else Meeting.State.READY,
        facilitator=facilitator,
        scribe=scribe,
    )
    agenda.write(meeting, chosen)
    activity.record(
        "meeting.planned", meeting, by=by, at=at, params={"review": review.code, "template": template}
    )
    return meeting


@transaction.atomic
def open_lobby(meeting: Meeting, *, by: User | None, at: dt.datetime, client_id=None) -> Event:
    """The lobby is open: people sign in, the start may be pressed. `by` None is the machine.

    Gives the line of the log. Raises CannotPlan when it is open already or the meeting is past it.
    """
    meeting = logbook.locked(meeting.pk)
    if meeting.state == Meeting.State.DRAFT:
        raise CannotPlan([Problem("not_published")])
    if meeting.state != Meeting.State.READY:
        raise CannotPlan([Problem("not_ready")])
    payload = {"preset": asides.first_preset(meeting)}
    return _written(meeting, "lobby.opened", payload, by, at, client_id, state=Meeting.State.LOBBY)


def due_lobbies(at: dt.datetime):
    """Meetings whose lobby should stand open at `at`: a quarter of an hour before the start."""
    return Meeting.objects.filter(
        state=Meeting.State.READY, scheduled_at__lte=clock.later(at, LOBBY_OPENS_S)
    ).order_by("scheduled_at")


@transaction.atomic
def cancel(meeting: Meeting, *, by: User, at: dt.datetime, reason: str = "") -> Meeting:
    """A meeting that has not begun will not take place. Raises CannotPlan."""
    meeting = logbook.locked(meeting.pk)
    found = [] if may(by, "agenda.edit") else [Problem("may_not_plan")]
    if meeting.state not in (Meeting.State.DRAFT, Meeting.State.READY, Meeting.State.LOBBY):
        found.append(Problem("not_cancellable"))
    if len(reason) > LONGEST_REASON:
        found.append(Problem("text_too_long", {"limit": LONGEST_REASON}))
    if found:
        raise CannotPlan(found)
    _written(meeting, "meeting.cancelled", {"reason": reason}, by, at, None, state=Meeting.State.CANCELLED)
    activity.record("meeting.cancelled", meeting, by=by, at=at, params={"reason": reason})
    planning.raise_occurrence(CANCELLED, meeting, at=at, params={"reason": reason})
    return meeting


def _written(meeting, kind, payload, by, at, client_id, **columns):
    plan, state = logbook.standing(meeting)
    event = clock.Event(
        state.seq + 1,
        clock.second(clock.clamped(at, state.last_at)),
        by.pk if by else None,
        kind,
        payload,
        {},
        str(client_id or uuid.uuid4()),
    )
    return logbook.append(meeting, event, **columns)
