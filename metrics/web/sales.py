"""The sales page: a month by day, week and month against last year, what moved it, and where."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from metrics import sales as board_of
from metrics import sources
from metrics.periods import BadPeriod, Period
from metrics.sources import Source
from metrics.web import sales_words
from metrics.web.sales_blocks import SalesBlocks
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/sales.html"
BLOCKS = ("trend", "drivers", "countries", "platforms")


@never_cache
def sales(request):
    asked = Asked(request, figures_for(request.user))
    if not asked.span:
        return fragment(request, TEMPLATE, {"may_upload": may(request.user, "submission.edit")})
    context = {"asked": asked, "blocks": SalesBlocks(asked.board)}
    return fragment(request, TEMPLATE, context, ["board", *BLOCKS])


@never_cache
def sales_csv(request, block):
    """The table of one block as a file: the same rows as on the screen."""
    asked = Asked(request, figures_for(request.user))
    if not asked.span or block not in BLOCKS:
        raise Http404
    answer = HttpResponse(SalesBlocks(asked.board).block(block).csv, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="sales-{block}-{asked.month.text}.csv"'
    return answer


def figures_for(user) -> list[Source]:
    """What this person may see; a partner has no sales page."""
    if user.is_partner:
        raise Http404
    return sources.standing(None, None, user=user)


class Asked:
    """What the address asks for; what it does not say, or says wrongly, is the newest month by month."""

    def __init__(self, request, known: list[Source]):
        self.known, self.span = known, board_of.months(known)
        if not self.span:
            return
        self.first, self.last = self.span
        self.month = self._month(request.GET.get("month", ""))
        self.grain = self._one_of(board_of.GRAINS, request.GET.get("grain"), "month")
        self.metric = self._one_of(board_of.METRICS, request.GET.get("metric"), board_of.METRICS[0])

    @staticmethod
    def _one_of(known, given, default):
        return given if given in known else default

    def _month(self, text) -> Period:
        try:
            found = Period.parse(text)
        except (BadPeriod, OverflowError):
            return self.last
        return found if found.grain == "month" and self.first <= found <= self.last else self.last

    @property
    def board(self) -> board_of.Board:
        return board_of.Board(
            self.month, grain=self.grain, metric=self.metric, known=self.known, on=timezone.localdate()
        )

    def address(self, name="sales", *args, **changed) -> str:
        query = {"month": self.month.text, "grain": self.grain, "metric": self.metric} | changed
        return f"{reverse(name, args=args)}?{urlencode(query)}"

    @property
    def months(self) -> list[Period]:
        return list(Period.between(self.first.start, self.last.end).split("month"))[::-1]

    @property
    def before(self) -> str:
        return self.address(month=self.month.before().text) if self.month > self.first else ""

    @property
    def after(self) -> str:
        following = Period.containing(self.month.end, "month")
        return self.address(month=following.text) if self.month < self.last else ""

    @property
    def grains(self) -> list[dict]:
        words = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
        return [
            {"label": words[one], "url": self.address(grain=one), "active": one == self.grain}
            for one in board_of.GRAINS
        ]

    @property
    def metrics(self) -> list[dict]:
        words = {
            "SAL_NET": _("Net sales"),
            "SAL_GMV": _("GMV"),
            "SAL_ORD": _("Orders"),
            "SAL_AOV": _("AOV"),
        }
        return [
            {"label": words[one], "url": self.address(metric=one), "active": one == self.metric}
            for one in board_of.METRICS
        ]

    @property
    def month_word(self) -> str:
        return sales_words.period(self.month, "")

    @property
    def files(self) -> dict[str, str]:
        return {block: self.address("sales-csv", block) for block in BLOCKS}
