"""The agenda of one check-in, from exceptions only: what is blocked, what is at risk, who has not answered (F95)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from actions import proofs
from actions.checkin_answers import answers
from actions.checkin_rows import blocking
from actions.models import Action, Blocker, CheckIn, Proof
from reviewhub.notices.recurring import Cycle
from reviewhub.people.models import User

Status = Action.Status
# Minutes that one line takes, and how long the meeting may be: it is not a second review.
BLOCKED_MINUTES, RISK_MINUTES, MEETING_MINUTES = 3, 2, 30


@dataclass(frozen=True)
class Line:
    """One task, what was said about it in this turn, and why it stands where it stands."""

    action: Action
    status: str
    said: CheckIn | None
    blocker: Blocker | None = None
    waits_for: str = ""
    overdue: bool = False
    low: bool = False
    late: bool = False
    fits: bool = True
    proof: Proof | None = None

    @property
    def proof_missing(self) -> bool:
        return self.status == self.action.status == Status.DONE and self.proof is None

    @property
    def status_label(self) -> str:
        return Status(self.status).label


@dataclass(frozen=True)
class Owner:
    """Somebody who was asked: how many tasks, and when they answered."""

    person: User
    tasks: int
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class Agenda:
    """The check-in of one turn. `minutes` is what the exceptions take, also past the end of the meeting."""

    blocked: list[Line]
    at_risk: list[Line]
    rest: list[Line]
    owners: list[Owner]
    minutes: int

    @property
    def answered(self) -> int:
        return sum(owner.answered_at is not None for owner in self.owners)

    @property
    def is_too_long(self) -> bool:
        return self.minutes > MEETING_MINUTES


def of(turn: Cycle, *, reader: User, at: dt.datetime, on: dt.date, is_current: bool) -> Agenda:
    """The agenda of `turn` as `reader` may see it at `at`, on their day `on`; of an earlier one what was said then."""
    said = {row.action_id: row for row in sayings(turn, reader)}
    actions = relevant(said, reader=reader, is_current=is_current)
    standing = blocking(actions) if is_current else {}
    day = on if is_current else turn.wall.date()
    proved = proofs.of(actions)
    lines = [
        line(
            action,
            said.get(action.pk),
            standing.get(action.pk),
            at=at,
            on=day,
            is_current=is_current,
            proof=proved.get(action.pk),
        )
        for action in actions
    ]
    blocked = sorted((each for each in lines if each.waits_for), key=by_clock)
    at_risk = [each for each in lines if not each.waits_for and (each.overdue or each.low)]
    rest = [each for each in lines if not each.waits_for and not each.overdue and not each.low]
    return Agenda(
        fitting(blocked, BLOCKED_MINUTES, 0),
        fitting(at_risk, RISK_MINUTES, len(blocked) * BLOCKED_MINUTES),
        rest,
        owners(actions, turn, is_current=is_current),
        len(blocked) * BLOCKED_MINUTES + len(at_risk) * RISK_MINUTES,
    )


def sayings(turn: Cycle, reader: User):
    """What was said in `turn`, the later after the earlier."""
    found = CheckIn.objects.visible_to(reader).of_cycle(turn.key)
    if reader.is_partner:
        found = found.filter(action__owner=reader)
    return found.select_related("by", "blocked_by_department", "blocked_by_person").order_by("id")


def relevant(said, *, reader: User, is_current: bool) -> list[Action]:
    """The tasks that the turn is about: those somebody spoke of, and while it runs every open one with an owner."""
    wanted = Q(pk__in=list(said))
    if is_current:
        wanted |= Q(pk__in=Action.objects.open().filter(owner__is_active=True).values("pk"))
    found = Action.objects.visible_to(reader).filter(wanted).with_waits()
    if reader.is_partner:
        found = found.of(reader)
    return list(found.select_related("owner", "department").order_by("due_on", "id"))


def line(
    action: Action,
    said: CheckIn | None,
    blocker: Blocker | None,
    *,
    at: dt.datetime,
    on: dt.date,
    is_current: bool,
    proof: Proof | None = None,
) -> Line:
    """One task; late is a block whose three days are over."""
    status = action.status if is_current or said is None else said.status_after
    is_open = status in (Status.TODO, Status.DOING)
    return Line(
        action,
        status,
        said,
        blocker=blocker,
        waits_for=(blocker.named if blocker else "") if is_current else named_in(said),
        overdue=bool(is_open and action.due_on and action.due_on < on and not action.is_paused),
        low=bool(is_open and said and said.confidence == CheckIn.Confidence.LOW),
        late=bool(blocker and blocker.due_at < at and blocker.state != Blocker.State.REFUSED),
        proof=proof,
    )


def named_in(said: CheckIn | None) -> str:
    """Whom the task waited for, by what was said then."""
    if said is None:
        return ""
    if said.blocked_by_department:
        return said.blocked_by_department.name
    return said.blocked_by_person.display_name if said.blocked_by_person else ""


def by_clock(each: Line):
    """What was refused first: the meeting decides; then the block whose time is over first."""
    row = each.blocker
    if row is None:
        return (True, True, None, each.action.pk)
    return (False, row.state != Blocker.State.REFUSED, row.due_at, each.action.pk)


def fitting(lines: list[Line], minutes: int, begun: int) -> list[Line]:
    """The lines, those marked that no longer fit into the meeting."""
    return [
        Line(**{**vars(each), "fits": begun + minutes * (place + 1) <= MEETING_MINUTES})
        for place, each in enumerate(lines)
    ]


def owners(actions: list[Action], turn: Cycle, *, is_current: bool) -> list[Owner]:
    """Who was asked, those without an answer first."""
    when = answers(turn, is_current=is_current)
    found: dict[User, int] = {}
    for action in actions:
        if action.owner and (is_current or action.owner_id in when):
            is_open = action.status in (Status.TODO, Status.DOING)
            found[action.owner] = found.get(action.owner, 0) + (is_open or not is_current)
    listed = [Owner(person, count, when.get(person.pk)) for person, count in found.items()]
    asked = [owner for owner in listed if owner.tasks or owner.answered_at]
    return sorted(asked, key=lambda owner: (owner.answered_at is not None, owner.person.pinyin))


def cycles_with_answers(reader: User, limit: int = 12) -> list[str]:
    """The keys of the turns in which something was said that `reader` may see, the latest first."""
    found = CheckIn.objects.visible_to(reader)
    if reader.is_partner:
        found = found.filter(action__owner=reader)
    keys = found.order_by("-cycle_key").values_list("cycle_key", flat=True).distinct()
    return list(keys[:limit])
