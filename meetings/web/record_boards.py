"""Every block of every board as a record keeps it: sentence, drawing, table, where it is from; nothing secret."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from metrics import boards, sources, svg_lines
from metrics.board_figures import BoardFigures
from metrics.boards.spec import Board
from metrics.models import Metric, Snapshot
from metrics.periods import Period
from metrics.web import block_origin
from metrics.web.blocks import Block
from metrics.web.boards import Asked, Numbered, Page
from reviewhub.people.models import Confidentiality, User


class OpenFigures(BoardFigures):
    """Figures that may travel: those that the reader may read and that are open to every colleague."""

    @cached_property
    def open_codes(self) -> set[str]:
        codes = BoardFigures.open_codes.func(self)
        rows = Metric.objects.visible_to(self.user).filter(code__in=codes)
        return set(rows.filter(confidentiality__lte=Confidentiality.INTERNAL).values_list("code", flat=True))


class Recorded(Asked):
    """A board of the frozen month, without an address."""

    rates = "actual"
    shared: dict = {}

    def __init__(self, board: Board, month: Period, *, user: User, snapshot: Snapshot, known):
        self.board, self.month, self.user, self.known = board, month, user, known
        self.on, self.months = snapshot.review.meeting_at.date(), [month]
        self.frozen, self.is_now, self.show = snapshot, False, "all"

    @cached_property
    def page(self) -> Page:
        return RecordedPage(self)

    def files(self, block: str) -> dict[str, str]:
        return {}


class RecordedPage(Page):
    @cached_property
    def figures(self) -> BoardFigures:
        asked = self.asked
        return OpenFigures(
            asked.board,
            asked.month,
            known=asked.known,
            user=asked.user,
            on=asked.on,
            snapshot=asked.snapshot,
        )

    @cached_property
    def writable(self) -> set[str]:
        return set()


@dataclass(frozen=True)
class Kept:
    """One block with its drawing ("" where it has none) and the lines that say where its figures come from."""

    one: Numbered
    drawing: SafeString | str
    origin: list[str]


def of(snapshot: Snapshot, reader: User, period: Period) -> list[dict]:
    """Every board that `reader` may open, for the month of the snapshot: {"board", "sections": [{"title", "blocks"}]}.

    Boards show months: of another period there are none. Blocks about no metric are not frozen and left out.
    """
    if period.grain != "month":
        return []
    known = sources.standing(None, None, user=reader, snapshot=snapshot)
    found = []
    for board in boards.open_boards(reader):
        asked = Recorded(board, period, user=reader, snapshot=snapshot, known=known)
        sections = [_section(asked, one) for one in asked.page.sections]
        sections = [one for one in sections if one["blocks"]]
        if sections:
            found.append({"board": board, "sections": sections})
    return found


def _section(asked: Recorded, section: dict) -> dict:
    blocks = [one for one in section["blocks"] if one.spec.metric]
    kept = [Kept(one, drawing(one.block), block_origin.lines(asked, one.spec)) for one in blocks]
    return {"title": section["title"], "blocks": kept}


def drawing(block: Block) -> SafeString | str:
    """The months of a 6-12 over last year's, as SVG."""
    rows = [row for row in block.rows if block.box and len(str(row[0].raw)) == len("2026-10")]
    if not rows:
        return ""
    now, then = ([_number(row[place].raw) for row in rows] for place in (1, 2))
    last = next((row[1].text for row in reversed(rows) if row[1].raw is not None), "")
    return mark_safe(svg_lines.line(block.title, [row[0].text for row in rows], now, then, last=last))


def _number(raw) -> Decimal | None:
    return None if raw in (None, "") else Decimal(raw)
