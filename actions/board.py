"""The action board: which actions a reader asked for, in columns by status, and what may be pressed on each."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from actions import followup, promising, proofs, supervision
from actions.models import Action, CheckIn, Proof
from metrics.models import Analysis, Suggestion
from reviewhub.people.models import Department, User

Status = Action.Status
# What the board shows; dropped actions stand in the list of those who ask for them.
COLUMNS = (Status.TODO, Status.DOING, Status.DONE)
IN_COLUMN = 50


@dataclass(frozen=True)
class Wanted:
    """The filters of the page's address."""

    mine: bool = False
    overdue: bool = False
    urgent: bool = False
    department: Department | None = None


@dataclass(frozen=True)
class Card:
    """An action as one reader sees it: `moves` are the statuses that a press leads to.

    `origin`: the proposal that it was made of, where the reader may open its analysis. `promise`: how it stands
    between owner and who asked; `token` goes back with an answer. `proof`: the one that counts, of a task that is done.
    `colour`: actions.supervision.
    """

    action: Action
    moves: list[str]
    overdue: bool
    origin: Suggestion | None = None
    promise: promising.Promise | None = None
    token: str = ""
    proof: Proof | None = None
    colour: str = ""

    @property
    def proof_missing(self) -> bool:
        return self.action.status == Status.DONE and self.proof is None


@dataclass(frozen=True)
class Column:
    """One status: the first cards, and how many there are in all."""

    status: Status
    cards: list[Card]
    total: int


def wanted_actions(wanted: Wanted, *, reader: User, on: dt.date):
    """The actions that `reader` may see and asked for, by due date; those without one come last."""
    found = Action.objects.visible_to(reader)
    if wanted.mine:
        found = found.of(reader)
    if wanted.department:
        found = found.filter(department=wanted.department)
    if wanted.overdue:
        found = found.overdue(on)
    if wanted.urgent:
        found = found.filter(priority=Action.URGENT)
    found = with_pace(found).select_related("owner", "department", "review")
    return found.order_by(F("due_on").asc(nulls_last=True), "id")


def with_pace(rows):
    """What the colour of a task is told by: whether it waits, and how sure its owner said to be last."""
    said = CheckIn.objects.filter(action=OuterRef("pk")).order_by("-id")
    return rows.with_waits().annotate(last_confidence=Subquery(said.values("confidence")[:1]))


def columns(wanted: Wanted, *, reader: User, on: dt.date) -> list[Column]:
    """Not started, in progress, done (the latest first)."""
    found = wanted_actions(wanted, reader=reader, on=on)
    made = []
    for status in COLUMNS:
        rows = found.filter(status=status)
        if status == Status.DONE:
            rows = rows.order_by("-done_at", "-id")
        made.append(Column(status, cards(rows[:IN_COLUMN], reader=reader, on=on), rows.count()))
    return made


def cards(rows, *, reader: User, on: dt.date) -> list[Card]:
    rows = list(rows)
    seen, last = origins(rows, reader), promising.latest(rows) if rows else {}
    proved = proofs.of(rows)
    return [
        Card(
            row,
            moves(row, reader),
            is_overdue(row, on),
            seen.get(row.suggestion_id),
            promising.seen_by(reader, row, last.get(row.pk)),
            promising.token(row, last.get(row.pk)),
            proved.get(row.pk),
            colour_of(row, on),
        )
        for row in rows
    ]


def origins(rows: list[Action], reader: User) -> dict[int, Suggestion]:
    """Key → the proposals behind `rows` whose analysis `reader` may open. One query, where there are any."""
    made = [row.suggestion_id for row in rows if row.suggestion_id]
    if not made:
        return {}
    seen = Suggestion.objects.filter(pk__in=made, analysis__in=Analysis.objects.visible_to(reader))
    return {one.pk: one for one in seen.select_related("analysis__department", "analysis__review")}


def colour_of(action: Action, on: dt.date) -> str:
    """The colour of a task that was read `with_pace`; without that nothing is known to hold it up."""
    return supervision.colour(
        status=action.status,
        raised_on=timezone.localdate(action.raised_at),
        due_on=action.due_on,
        on=on,
        paused=getattr(action, "is_paused", False),
        unsure=getattr(action, "last_confidence", "") == CheckIn.Confidence.LOW,
    )


def is_overdue(action: Action, on: dt.date) -> bool:
    return colour_of(action, on) == supervision.OVERDUE


def moves(action: Action, person: User) -> list[str]:
    """The statuses that one press leads to, the likeliest first; none for those who may not move it."""
    ways = {
        Status.TODO: [Status.DOING, Status.DONE],
        Status.DOING: [Status.DONE, Status.TODO],
        Status.DONE: [Status.DOING],
        Status.DROPPED: [Status.TODO],
    }
    return ways[action.status] if followup.may_move(action, person) else []
