"""The pages of boards: numbered blocks of one month, the same rows as files, and only what stands out."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from metrics import boards, sentences, sources
from metrics.board_figures import BoardFigures
from metrics.boards.spec import BlockSpec, Board
from metrics.checks import runs
from metrics.checks.results import FAILED, PASSED
from metrics.models import CheckRun, CheckWaiver, Review
from metrics.periods import DAY, BadPeriod, Period
from metrics.web import (  # noqa: F401 - they enter their makers
    board_six_twelve,
    finance_capital,
    finance_moves,
    finance_statements,
    marketing_brand,
    marketing_return,
    marketing_ways,
    partner_blocks,
    selling_drivers,
    selling_products,
    selling_returns,
    supply_quality,
    supply_stock,
    supply_transport,
    technology_blocks,
)
from metrics.web.blocks import Block
from metrics.web.board_makers import Told
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/board.html"
SHOWN = ("all", "exceptions")


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
    return fragment(request, TEMPLATE, {"asked": asked, "page": asked.page}, ["board"])


@never_cache
def board_csv(request, code, block):
    """The table of one block as a file: the same rows as on the screen."""
    asked = Asked(request, found(request.user, code))
    spec = next((one for one in asked.board.blocks if one.code == block), None)
    made = asked.page.told.block(spec) if spec and asked.month else None
    if made is None or not made.rows:
        raise Http404
    answer = HttpResponse(made.csv, content_type="text/csv; charset=utf-8")
    name = f"{code}-{block}-{asked.month.text}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def found(user, code: str) -> Board:
    """The board of this address, if this person may open it."""
    one = boards.board(code)
    if one is None or not one.sees(user):
        raise Http404
    return one


class Asked:
    """What the address asks for; what it does not say, or says wrongly, is everything of the month under review."""

    routes = ("board", "board-csv")
    query: dict = {}

    def __init__(self, request, board: Board):
        self.board, self.user, self.on = board, request.user, timezone.localdate()
        self.known = (
            sources.shared(request.user)
            if board.is_shared
            else sources.standing(None, None, user=request.user)
        )
        self.months = self._months()
        self.month = self._month(request.GET.get("month", "")) if self.months else None
        shown = request.GET.get("show")
        self.show = shown if shown in SHOWN else "all"

    def _months(self) -> list[Period]:
        """Months that anything is known of, the newest first."""
        if not self.known:
            return []
        first, last = min(one.start for one in self.known), max(one.end for one in self.known)
        return list(Period.between(first.replace(day=1), last).split("month"))[::-1]

    def _month(self, text: str) -> Period:
        known = {one.start: Period.containing(one.start, "month") for one in self.months}
        try:
            start = Period.parse(text).start
        except (BadPeriod, OverflowError):
            start = None
        if start in known:
            return known[start]
        return known.get(self.review.period_start if self.review else None) or self._newest(known)

    def _newest(self, known) -> Period:
        over = [one for one in known.values() if one.end <= self.on + DAY]
        return max(over or known.values())

    @cached_property
    def review(self) -> Review | None:
        """The newest review whose period is over."""
        rows = Review.objects.visible_to(self.user).filter(period_end__lte=self.on + DAY)
        return rows.order_by("-period_end", "-pk").first()

    @cached_property
    def page(self) -> "Page":
        return Page(self)

    def address(self, **changed) -> str:
        return f"{self.path}?{self._query(changed)}"

    def file(self, block: str) -> str:
        """Where the rows of one block are as a file."""
        return f"{reverse(self.routes[1], args=[self.board.code, block])}?{self._query({})}"

    def _query(self, changed: dict) -> str:
        show = {"show": self.show} if self.show != "all" else {}
        return urlencode({"month": self.month.text} | show | self.query | changed)

    @property
    def path(self) -> str:
        return reverse(self.routes[0], args=[self.board.code])

    @property
    def before(self) -> str:
        earlier = self.month.before()
        return self.address(month=earlier.text) if earlier.start >= self.months[-1].start else ""

    @property
    def after(self) -> str:
        later = Period.containing(self.month.end, "month")
        return self.address(month=later.text) if later.start <= self.months[0].start else ""


@dataclass(frozen=True)
class Numbered:
    """A block with its number on the board and where its rows are as a file."""

    number: int
    spec: BlockSpec
    block: Block
    csv: str
    passport: str = ""
    explore: str = ""
    sentence: str = ""

    @property
    def lacks_sentence(self) -> bool:
        """An exception of which its owner has not said anything yet."""
        return bool(self.block.signal and not self.block.said_by)


class Page:
    """A board as its reader sees it: sections of numbered blocks, and the exceptions first."""

    def __init__(self, asked: Asked):
        self.asked, self.board = asked, asked.board

    @cached_property
    def figures(self) -> BoardFigures:
        asked = self.asked
        return BoardFigures(asked.board, asked.month, known=asked.known, user=asked.user, on=asked.on)

    @cached_property
    def told(self) -> Told:
        return Told(self.figures)

    @cached_property
    def numbered(self) -> dict[str, Numbered]:
        """Every block that this reader sees, by its code; numbers stay when only exceptions are shown."""
        made = {}
        for spec in self.board.blocks if self.asked.month else ():
            if block := self.told.block(spec):
                url = self.asked.file(spec.code) if block.rows else ""
                made[spec.code] = Numbered(len(made) + 1, spec, block, url, *self.further(block))
        return made

    def further(self, block: Block) -> tuple[str, str, str]:
        """Where the number comes from, where it is explored, and where this reader writes the owner's sentence."""
        if not block.code or not block.figure or self.asked.user.is_partner:
            return "", "", ""
        query = urlencode({"month": self.asked.month.text})
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
        found = []
        for section in self.board.sections:
            blocks = [self.numbered[one.code] for one in section.blocks if one.code in self.numbered]
            if self.asked.show == "exceptions":
                blocks = [one for one in blocks if one.block.signal]
            if blocks:
                found.append({"code": section.code, "title": section.title, "blocks": blocks})
        return found

    @cached_property
    def exceptions(self) -> list[Numbered]:
        return [one for one in self.numbered.values() if one.block.signal]

    @cached_property
    def review(self) -> Review | None:
        """The review of the month that is shown, with its fingerprint; partners see neither."""
        if self.asked.user.is_partner:
            return None
        month, known = self.asked.month, self.asked.review
        if known and (known.period_start, known.period_end) == (month.start, month.end):
            return known
        if known is None and month.end <= self.asked.on + DAY:  # no review of a month that is over
            return None
        rows = Review.objects.visible_to(self.asked.user)
        return rows.filter(period_start=month.start, period_end=month.end).first()

    @cached_property
    def checks(self) -> dict[str, int]:
        """How many checks of the review's figures pass, fail and are waived; nothing while none ran."""
        run = CheckRun.objects.shown(self.review) if self.review else None
        if run is None:
            return {}
        states = Counter(one.state for one in runs.results(run))
        waived = CheckWaiver.objects.filter(review=self.review).count()
        return {"passed": states[PASSED], "failed": max(0, states[FAILED] - waived), "waived": waived}

    @property
    def judges(self) -> bool:
        """Whether any block of this board is judged at all."""
        return any(one.spec.kind == "six-twelve" and one.block.figure for one in self.numbered.values())

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
