"""The rows of the check-in form: the own tasks of one owner in one turn, as they stand or as they were typed."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, Q

from actions.models import Action, Blocker, CheckIn
from reviewhub.notices.recurring import Cycle
from reviewhub.people.models import Confidentiality, User

Status = Action.Status
MOST = 100
FINISHED_SINCE = dt.timedelta(days=14)
# Open ones come before done ones: a done one has a moment at which it was done.
BY_URGENCY = (F("done_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "priority", "id")


@dataclass(frozen=True)
class Said:
    """One row as it came from the form; `seen` is what the row looked like when the form was shown."""

    action_id: int
    seen: str = ""
    status: str = ""
    blocked_by: str = ""
    sentence: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Row:
    """One task in the form: what stands, or what was typed, and what stands against that."""

    action: Action
    said: Said
    overdue: bool = False
    last_time: CheckIn | None = None
    blocker: Blocker | None = None
    problems: list[str] = field(default_factory=list)


def tasks(owner: User, turn: Cycle, *, confidential: bool = True):
    """The open tasks of `owner` and those done in the two weeks before `turn` or since, the most urgent first."""
    fresh = Q(status=Status.DONE, done_at__gte=turn.at - FINISHED_SINCE)
    found = Action.objects.of(owner).filter(Q(pk__in=Action.objects.open().of(owner).values("pk")) | fresh)
    if not confidential:
        found = found.filter(confidentiality__lte=Confidentiality.INTERNAL)
    return found.with_waits().select_related("owner", "department").order_by(*BY_URGENCY)


def open_tasks(owner: User):
    """The open tasks of `owner`, the most urgent first."""
    return Action.objects.open().of(owner).order_by(*BY_URGENCY)


def rows(
    owner: User,
    turn: Cycle,
    *,
    on: dt.date,
    confidential: bool = True,
    typed: dict[int, Said] | None = None,
    problems: dict[int, list[str]] | None = None,
) -> list[Row]:
    """The rows of the form as they stand; with `typed`, as they were typed, each with its problems."""
    found = list(tasks(owner, turn, confidential=confidential)[:MOST])
    last, standing = latest(found), blocking(found)
    made = []
    for action in found:
        now = as_it_stands(action, turn, last.get(action.pk), standing.get(action.pk))
        said = (typed or {}).get(action.pk)
        if said:  # shown again: what was seen by now is seen
            now = Said(action.pk, now.seen, said.status, said.blocked_by, said.sentence, said.confidence)
        before = last.get(action.pk)
        made.append(
            Row(
                action,
                now,
                overdue=bool(
                    action.due_on
                    and action.due_on < on
                    and action.status != Status.DONE
                    and not action.is_paused
                ),
                last_time=before if before and before.cycle_key != turn.key and before.sentence else None,
                blocker=standing.get(action.pk),
                problems=(problems or {}).get(action.pk, []),
            )
        )
    return made


def latest(actions) -> dict[int, CheckIn]:
    """The last thing said about each of `actions`."""
    found = CheckIn.objects.filter(action__in=actions).select_related("by").order_by("id")
    return {row.action_id: row for row in found}


def blocking(actions) -> dict[int, Blocker]:
    """What each of `actions` waits for."""
    found = Blocker.objects.standing().filter(action__in=actions).select_related("department", "person")
    return {row.action_id: row for row in found}


def as_it_stands(action: Action, turn: Cycle, last: CheckIn | None, blocker: Blocker | None) -> Said:
    """What the form shows before anybody types."""
    this_turn = last if last and last.cycle_key == turn.key else None
    return Said(
        action.pk,
        seen=state_of(action, last),
        status=action.status,
        blocked_by=code_of(blocker),
        sentence=this_turn.sentence if this_turn else "",
        confidence=this_turn.confidence if this_turn else "",
    )


def state_of(action: Action, last: CheckIn | None) -> str:
    """What a second tab must not overwrite unseen: the status, and the last thing that was said."""
    return f"{action.status}.{last.pk if last else 0}"


def code_of(blocker: Blocker | None) -> str:
    if blocker is None:
        return ""
    return f"u:{blocker.person_id}" if blocker.person_id else f"d:{blocker.department_id}"
