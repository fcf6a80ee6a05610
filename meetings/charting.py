"""A block of a board on the stage: frozen figures alone, and only those that every colleague may read."""

from dataclasses import dataclass

from meetings import logbook, signals, staging
from meetings.models import Meeting
from meetings.problems import Problem, Refused
from metrics import boards, snapshots
from metrics.boards.spec import BlockSpec, Board
from metrics.definitions import Definitions
from metrics.models import Metric
from reviewhub.people.models import Confidentiality, User
from reviewhub.people.permissions import may

CHART = "stage.chart"


@dataclass(frozen=True)
class Offered:
    """A block that may go up; `place` names it in orders: board/block."""

    board: Board
    spec: BlockSpec
    number: int
    name: str

    @property
    def place(self) -> str:
        return f"{self.board.code}/{self.spec.code}"


def offered(meeting: Meeting, by: User) -> list[Offered]:
    """The blocks that `by` may put up, board by board; none before the freeze."""
    snapshot = None if by.is_partner else snapshots.latest(meeting.review)
    if snapshot is None:
        return []
    definitions, found = Definitions.frozen(snapshot), []
    rows = Metric.objects.visible_to(by).filter(confidentiality__lte=Confidentiality.INTERNAL)
    open_codes = set(rows.values_list("code", flat=True))
    for board in boards.open_boards(by):
        for number, spec in enumerate(board.blocks, 1):
            if spec.metric in open_codes and (definition := definitions.get(spec.metric)):
                found.append(Offered(board, spec, number, str(spec.title) or definition.name))
    return found


def may_put_up(meeting: Meeting, by: User) -> bool:
    """The facilitator, who assists, and who presents an item of this meeting while it is on the floor."""
    if by.is_partner:
        return False
    if by.pk == meeting.facilitator_id or may(by, "meeting.assist"):
        return True
    part = staging.on_the_floor(meeting)
    return part is not None and staging.presents(part.segment, by)


def brings(meeting: Meeting, by: User) -> bool:
    """Whether `by` presents any item of this meeting."""
    segments = meeting.segments.all()
    return not by.is_partner and any(staging.presents(one, by) for one in segments)


def put_up(meeting, arguments, client_id, by, at):
    """The block named in `to`, or none; it comes down by itself when another part begins."""
    if meeting.state not in Meeting.LIVE:
        raise Refused(Problem("not_live"), out_of_turn=True)
    if not may_put_up(meeting, by):
        raise Refused(Problem("not_your_stage"))
    place = arguments.get("to", "")
    if place and place not in {one.place for one in offered(meeting, by)}:
        raise Refused(Problem("no_such_block"))
    snapshot = snapshots.latest(meeting.review) if place else None
    payload = {"block": place, "snapshot": snapshot.pk if snapshot else None}
    return logbook.aside(meeting, signals.CHARTED, payload, client_id, by, at)


ORDERS = {CHART: put_up}
