"""The pages of boards: numbered blocks of one month, the same rows as files, and only what stands out."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from metrics import boards, feed_lights, point_notes, sentences, shared_kpis, sightings
from metrics.board_figures import BoardFigures
from metrics.boards.spec import BlockSpec, Board
from metrics.checks import runs
from metrics.models import Review, SavedView
from metrics.web import (  # noqa: F401 - they enter their makers
    block_offers,
    block_talks,
    board_six_twelve,
    board_strips,
    constant_rates,
    finance_capital,
    finance_moves,
    finance_statements,
    marketing_brand,
    marketing_return,
    marketing_ways,
    noted_blocks,
    partner_blocks,
    peak_words,
    selling_drivers,
    selling_products,
    selling_returns,
    silent_sources,
    supply_quality,
    supply_stock,
    supply_transport,
    technology_blocks,
)
from metrics.web.blocks import Block
from metrics.web.board_asked import SHOWN, Address
from metrics.web.board_makers import Told
from metrics.web.board_numbered import Numbered
from metrics.web.frozen_words import Mark, marks
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/board.html"


@never_cache
def first(request):
    """The first board that this person may open."""
    seen = boards.open_boards(request.user)
    if not seen:
        raise Http404
    return redirect("board", seen[0].code)


@never_cache
def board(request, code):
    asked = Asked(request, found(request.user, code))
    if asked.opens_first:
        return redirect(asked.opens_first)
    noted(asked)
    return fragment(request, TEMPLATE, {"asked": asked, "page": asked.page}, ["board"])


def view_address(row: SavedView) -> str:
    """Where a view opens; never the bare address, which may lead to another view."""
    return f"{reverse(row.page, args=[row.code])}?{row.query or 'show=all'}"


def noted(asked: Address) -> None:
    """Whoever opens frozen figures is told when they are restated."""
    if asked.snapshot:
        sightings.note(asked.snapshot.review, by=asked.user, at=timezone.now(), snapshot=asked.snapshot)


def found(user, code: str) -> Board:
    """The board of this address, if this person may open it."""
    one = boards.board(code)
    if one is None or not one.sees(user):
        raise Http404
    return one


class Asked(Address):
    """What the address asks for, and the page that answers."""

    where: dict = {}

    def __init__(self, request, board: Board):
        super().__init__(request, board)
        if not board.gathers_shared:  # that page asks for their figures by itself
            self.board = shared_kpis.widened(board, shared_kpis.of_board(board, self.shared))

    @cached_property
    def shared(self) -> dict[str, shared_kpis.Shared]:
        """Metric → who answers for it together in the month that is shown: read with its review, or by themselves where
        there is none."""
        if self.month is None:
            return {}
        one = self.about
        found = shared_kpis.told(one.shared_kpis, self.user) if one else shared_kpis.read(self.user)
        return shared_kpis.holding(found, self.month)

    @property
    def wall(self) -> str:
        """Where the same blocks go up one after the other, for a screen on the wall."""
        return f"{reverse('board-wall', args=[self.board.code])}?{self._query({})}"

    @cached_property
    def page(self) -> "Page":
        return Page(self)

    @property
    def _reviews(self):
        return runs.beside(super()._reviews).annotate(shared_kpis=shared_kpis.beside(self.user))


class Page:
    """A board as its reader sees it: sections of numbered blocks, and the exceptions first."""

    def __init__(self, asked: Asked):
        self.asked, self.board = asked, asked.board

    @cached_property
    def figures(self) -> BoardFigures:
        asked = self.asked
        return BoardFigures(
            asked.board,
            asked.month,
            known=asked.known,
            user=asked.user,
            on=asked.on,
            snapshot=asked.snapshot,
            rates=asked.rates,
        )

    @cached_property
    def _bringing(self) -> dict[str, set]:
        asked = self.asked
        lit = not asked.snapshot and feed_lights.concerns(asked.month, on=asked.on)
        return feed_lights.bringing(asked.known, asked.month) if lit else {}

    def fed(self, codes) -> set:
        """The series of data that these figures are made from; none where no source changes them any more."""
        known = self.figures.definitions if self._bringing else ()
        bases = {base for code in codes if code in known for base in known.bases(code)}
        return set().union(*(self._bringing.get(base, ()) for base in bases))

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """What restatements changed of the figures of this page."""
        codes = {block.metric for block in self.board.blocks} & self.figures.open_codes
        return marks(self.asked.snapshot, codes, self.figures.definitions) if codes else {}

    @cached_property
    def talk(self) -> block_talks.Teller:
        """Where questions about a block are asked."""
        return block_talks.teller(self.asked)

    @cached_property
    def told(self) -> Told:
        return Told(self.figures)

    @cached_property
    def numbered(self) -> dict[str, Numbered]:
        """Every block that this reader sees, by its code; numbers stay when only exceptions are shown."""
        made = {}
        for spec in self.board.blocks if self.asked.month else ():
            if block := self.told.block(spec):
                made[spec.code] = self._numbered(len(made) + 1, spec, block)
        return made

    def only(self, code: str) -> list[Numbered]:
        """The one block of this code, if this reader sees it; the others are not made."""
        spec = next((one for one in self.board.blocks if one.code == code), None)
        block = self.told.block(spec) if spec else None
        return [self._numbered([*self.board.blocks].index(spec) + 1, spec, block)] if block else []

    def _numbered(self, number: int, spec: BlockSpec, block: Block) -> Numbered:
        files = self.asked.files(spec.code) if block.rows else {}
        further, mark, talk = self.further(block), self.marks.get(spec.metric), self.talk(spec)
        shared = self.asked.shared.get(spec.metric)
        if spec.kind != "six-twelve" or not block.figure or self.asked.user.is_partner:
            return Numbered(number, spec, block, files, *further, mark, talk=talk, shared=shared)
        block, notes = noted_blocks.noted(block, self.notes.get(block.code, []), self.asked.user)
        here = f"{self.asked.address()}#{block.name}"
        return Numbered(number, spec, block, files, *further, mark, notes, here, talk=talk, shared=shared)

    @cached_property
    def notes(self) -> dict[str, list]:
        """The notes to points of the headlines of this board."""
        codes = {one.metric for one in self.board.blocks if one.kind == "six-twelve"}
        return point_notes.standing(codes & self.figures.open_codes, self.asked.where)

    def further(self, block: Block) -> tuple[str, str, str]:
        """Where the number comes from, where it is explored, and where this reader writes the owner's sentence."""
        if not block.code or not block.figure or self.asked.user.is_partner:
            return "", "", ""
        query = urlencode({"month": self.asked.month.text} | self.asked.now)
        writes = block.box and block.code in self.writable
        said = reverse("board-sentence", args=[block.code]) if writes else ""
        passport, explore = (
            f"{reverse(name, args=[block.code])}?{query}" for name in ("passport", "explore")
        )
        return passport, explore, said

    @cached_property
    def writable(self) -> set[str]:
        """The headlines over which this reader may write."""
        codes = {one.metric for one in self.board.blocks if one.kind == "six-twelve"}
        return sentences.open_to(codes & self.figures.open_codes, by=self.asked.user)

    @property
    def sections(self) -> list[dict]:
        found, offered = [], block_offers.offered(self.asked, self.numbered.values())
        for section in self.board.sections:
            blocks = [self.numbered[one.code] for one in section.blocks if one.code in self.numbered]
            if self.asked.show == "exceptions":
                blocks = [one for one in blocks if one.block.signal]
            if blocks:
                blocks = [replace(one, offers=offered.get(one.spec.code, [])) for one in blocks]
                found.append({"code": section.code, "title": section.title, "blocks": blocks})
        return found

    @cached_property
    def exceptions(self) -> list[Numbered]:
        return [one for one in self.numbered.values() if one.block.signal]

    @cached_property
    def shared(self) -> list[Numbered]:
        """The headlines of shared KPIs on this board, told above its blocks."""
        codes = shared_kpis.of_board(self.board, self.asked.shared)
        return [
            one
            for one in self.numbered.values()
            if one.spec.metric in codes and one.spec.kind == "six-twelve"
        ]

    @cached_property
    def review(self) -> Review | None:
        """The review of the month that is shown; partners do not see it."""
        return None if self.asked.user.is_partner else self.asked.about

    @cached_property
    def checks(self) -> dict[str, int]:
        """How many checks of the review's figures pass, fail and are waived; nothing while none ran."""
        return runs.counted(self.review) if self.review else {}

    @cached_property
    def seasons(self) -> list[dict]:
        """The peak seasons that run today, and those by whose limits the month is judged."""
        return peak_words.chips(self.figures.peaks, self.figures.month, self.asked.on, self.told.language)

    @property
    def judges(self) -> bool:
        """Whether any block of this board is judged at all."""
        return any(one.spec.kind == "six-twelve" and one.block.figure for one in self.numbered.values())

    @property
    def strips(self) -> list[board_strips.Strip]:
        """What other parts of the company have to say above the blocks."""
        return board_strips.strips(self.board.code, self.asked.user, self.asked.on)

    @property
    def tabs(self) -> list[dict]:
        """The other boards that this reader may open, for the same month."""
        seen, query = boards.open_boards(self.asked.user), urlencode({"month": self.asked.month.text})
        return [
            {
                "label": one.title,
                "url": f"{reverse('board', args=[one.code])}?{query}",
                "active": one.code == self.board.code,
            }
            for one in seen
            if len(seen) > 1
        ]

    @property
    def standings(self) -> list[dict]:
        """[Frozen | Now] of a frozen month, for whoever may see what stands since."""
        if not self.asked.frozen or self.asked.user.is_partner:
            return []
        labels = {"": pgettext("figures of a month", "Frozen"), "now": pgettext("figures of a month", "Now")}
        return [
            {
                "label": label,
                "url": self.asked.address(figures=one),
                "active": bool(one) == self.asked.is_now,
            }
            for one, label in labels.items()
        ]

    @property
    def switch(self) -> list[dict]:
        """[All | Exceptions n]."""
        labels = {
            "all": pgettext("blocks of a board", "All"),
            "exceptions": _("Exceptions %(count)s") % {"count": len(self.exceptions)},
        }
        return [
            {"label": labels[one], "url": self.asked.address(show=one), "active": one == self.asked.show}
            for one in SHOWN
        ]
