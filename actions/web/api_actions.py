"""Actions by API: the list, one of them, moving it or its date, and checking in."""

import datetime as dt
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from actions import board, checkin_answers, checkin_rhythm, checkin_rows, followup, promise_steps, promising
from actions.models import LONGEST, Action, CheckIn, PromiseStep
from reviewhub.api import door, problems
from reviewhub.api.problems import mistake
from reviewhub.people.models import Department, User

router = Router()
Moved = Literal["todo", "doing", "done", "dropped"]


class ActionOut(Schema):
    """What somebody promised. `promise`: agreed, asked, proposed, declined, or "" where nobody was asked.
    `seen` goes back with a check-in, so that nothing newer is replaced unseen."""

    id: int
    title: str
    owner: str | None
    department: str | None
    review: str | None
    key_result: str
    status: str
    priority: int
    due_on: dt.date | None
    original_due_on: dt.date | None
    proposed_due_on: dt.date | None
    promise: str
    overdue: bool
    raised_at: dt.datetime
    started_at: dt.datetime | None
    done_at: dt.datetime | None
    seen: str


class ActionsOut(Schema):
    items: list[ActionOut]
    next: str | None


class Wanted(door.Paged):
    """`owner`: a sign-in name, or "me"."""

    status: Moved | Literal[""] = ""
    owner: str = Field("", max_length=150)
    department: str = Field("", max_length=40)
    overdue: bool = False


class Change(Schema):
    """What is left out stays. A date that somebody else has to agree to needs a reason, and is proposed first."""

    model_config = {"extra": "forbid"}
    status: Moved = None
    due_on: dt.date = None
    reason: str = Field("", max_length=promising.LONGEST)


class Answer(Schema):
    """What an owner says about a task in this turn. Whoever blocks it is a department or a person, not both."""

    model_config = {"extra": "forbid"}
    status: Literal["todo", "doing", "done"]
    sentence: str = Field("", max_length=LONGEST)
    confidence: Literal["", "high", "mid", "low"] = ""
    blocked_by_department: str = Field("", max_length=40)
    blocked_by_person: str = Field("", max_length=150)
    seen: str = Field("", max_length=40)


class CheckInOut(Schema):
    """What was said; the same again changes nothing."""

    turn: str
    action: ActionOut


def actions(request):
    found = Action.objects.visible_to(request.auth.user).select_related("owner", "department", "review")
    return request.auth.within(found)


def told(action: Action, last: CheckIn | None, step: PromiseStep | None, reader: User) -> ActionOut:
    promise = promising.seen_by(reader, action, step)
    same = ("title", "key_result", "status", "priority", "due_on", "original_due_on")
    moments = ("raised_at", "started_at", "done_at")
    return ActionOut(
        id=action.pk,
        owner=action.owner.username if action.owner else None,
        department=action.department.slug if action.department else None,
        review=action.review.code if action.review else None,
        overdue=board.is_overdue(action, timezone.localdate()),
        promise=promise.state,
        proposed_due_on=promise.now.proposed.due_on if promise.now.proposed else None,
        seen=checkin_rows.state_of(action, last),
        **{name: getattr(action, name) for name in (*same, *moments)},
    )


def shown(request, pk: int) -> ActionOut:
    action = door.one(actions(request).filter(pk=pk))
    last, step = checkin_rows.latest([action]), promising.latest([action])
    return told(action, last.get(pk), step.get(pk), request.auth.user)


@router.get(
    "/actions",
    response=ActionsOut,
    **door.needs("actions:read", summary="Actions, in the order they were raised"),
)
def list_actions(request, asked: Query[Wanted]):
    rows = actions(request)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.owner:
        me = request.auth.user
        rows = rows.of(me) if asked.owner == "me" else rows.filter(owner__username=clean(asked.owner))
    if asked.department:
        rows = rows.filter(department__slug=clean(asked.department))
    if asked.overdue:
        rows = rows.overdue(timezone.localdate())
    page = door.page(rows, ("id",), asked, lambda row: row)
    rows, reader = page["items"], request.auth.user
    last, steps = checkin_rows.latest(rows), promising.latest(rows)
    return page | {"items": [told(row, last.get(row.pk), steps.get(row.pk), reader) for row in rows]}


def clean(text: str) -> str:
    """No database takes a NUL."""
    return text.replace("\0", "")


@router.get("/actions/{int:pk}", response=ActionOut, **door.needs("actions:read", summary="One action"))
def show_action(request, pk: int):
    return shown(request, pk)


@router.patch(
    "/actions/{int:pk}",
    response={200: ActionOut},
    **door.needs("actions:write", writes=True, summary="Move an action, or give it another date"),
)
@door.once
def change_action(request, pk: int, given: Change):
    action, by, at = door.one(actions(request).filter(pk=pk)), request.auth.user, timezone.now()
    try:
        if given.status is not None:
            action = followup.set_status(action, given.status, by=by, at=at)
        if given.due_on is not None:
            redate(action, given, by, at)
    except followup.CannotChange as refusal:
        raise problems.refused(refusal.problems, status=403, code="NOT_YOURS") from None
    return Status(200, shown(request, pk))


def redate(action: Action, given: Change, by: User, at: dt.datetime) -> None:
    """Another date, at once where nobody else has a say. The same again changes nothing."""
    last = promising.latest([action]).get(action.pk)
    now = promising.standing(action, last)
    if given.due_on in (action.due_on, now.proposed.due_on if now.proposed else action.due_on):
        return
    said = promising.Said(
        promise_steps.PROPOSE, owner=action.owner, due_on=given.due_on, reason=" ".join(given.reason.split())
    )
    try:
        promising.say(action, said, by=by, at=at)
    except promising.CannotSay as refusal:
        if "reason" in refusal.problems:
            raise problems.invalid([mistake("/reason", "REQUIRED", refusal.problems["reason"])]) from None
        raise problems.refused(list(refusal.problems.values()), status=403, code="NOT_YOURS") from None


@router.post(
    "/actions/{int:pk}/check-in",
    response={200: CheckInOut},
    **door.needs("actions:write", writes=True, summary="Say how a task of one's own stands in this turn"),
)
@door.once
def check_in(request, pk: int, given: Answer):
    action, by, at = door.one(actions(request).filter(pk=pk)), request.auth.user, timezone.now()
    turn = checkin_rhythm.current(checkin_rhythm.kept(at), at)
    last = checkin_rows.latest([action]).get(pk)
    said = checkin_rows.Said(
        pk,
        seen=given.seen or checkin_rows.state_of(action, last),
        status=given.status,
        blocked_by=blocking(given, by),
        sentence=given.sentence,
        confidence=given.confidence,
    )
    try:
        checkin_answers.answer(by, turn, [said], at=at)
    except checkin_answers.CannotAnswer as refusal:
        raise problems.refused([one for found in refusal.problems.values() for one in found]) from None
    return Status(200, CheckInOut(turn=turn.key, action=shown(request, pk)))


def blocking(given: Answer, reader: User) -> str:
    """The code of whoever is waited for; who may be named is for the rule to say. A Problem for nobody."""
    department, person = given.blocked_by_department, given.blocked_by_person
    if department and person:
        sentence = _("Name a department or a person, not both.")
        raise problems.invalid([mistake("/blocked_by_person", "ONE_OF_TWO", sentence)])
    if department:
        found = Department.objects.visible_to(reader).filter(slug=clean(department)).first()
        return f"d:{required(found, 'department').pk}"
    if person:
        found = User.objects.visible_to(reader).filter(username=clean(person)).first()
        return f"u:{required(found, 'person').pk}"
    return ""


def required(found, kind: str):
    if found is None:
        sentence = _("Choose a department or a person from the list.")
        raise problems.invalid([mistake(f"/blocked_by_{kind}", "UNKNOWN", sentence)])
    return found
