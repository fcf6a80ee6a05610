"""The on-time table: how each department handed in, over the last reviews, a year, or in one review; and as CSV."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from metrics import exports
from metrics import league as counting
from metrics.web import league_words
from reviewhub.people.permissions import may

LAST = 6
SORTS = ("department", "on_time", "extended", "late", "missing", "returned", "complete", "streak")


@never_cache
@require_GET
def league(request):
    asked = Asked(request)
    context = {
        "asked": asked,
        "heads": league_words.heads(asked),
        "rows": [league_words.row(one) for one in asked.records],
        "chart": league_words.chart(asked.records),
        "reads_data": may(request.user, "submission.edit") or may(request.user, "submission.read_any"),
    }
    return render(request, "metrics/league.html", context)


@never_cache
@require_GET
def league_csv(request):
    asked = Asked(request)
    body = exports.csv_bytes(league_words.csv_head(), map(league_words.csv_row, asked.records))
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="on-time-{asked.span}.csv"'
    return answer


class Asked:
    """What the address asks for; what it does not say, or says wrongly, is the last six reviews, best first."""

    def __init__(self, request):
        if not request.user.is_active:
            raise Http404
        at = timezone.now()
        self.reviews = counting.reviews(request.user, at=at)
        self.span = self._span(request.GET.get("span", ""))
        chosen = [one for one in self.reviews if one.code == self.span] or self.reviews
        last = LAST if self.span == "last" else None
        found = counting.records(chosen, request.user, at=at, last=last)
        self.judged = chosen[-last:] if last else chosen
        self.sort, self.is_down = self._order(request.GET.get("sort", ""))
        self.records = sorted(found, key=KEYS[self.sort], reverse=self.is_down) if self.sort else found

    def _span(self, text: str) -> str:
        return text if text == "year" or text in {one.code for one in self.reviews} else "last"

    @staticmethod
    def _order(text: str) -> tuple[str, bool]:
        name = text.removeprefix("-")
        return (name, text.startswith("-")) if name in SORTS else ("", False)

    def address(self, name="league", **changed) -> str:
        sort = f"{'-' if self.is_down else ''}{self.sort}"
        query = {"span": self.span, "sort": sort} | changed
        return f"{reverse(name)}?{urlencode({key: value for key, value in query.items() if value})}"

    @property
    def file(self) -> str:
        return self.address("league-csv")

    @property
    def spans(self) -> list[dict]:
        named = [("last", _("Last six reviews")), ("year", _("A year"))]
        return [
            {"label": label, "url": self.address(span=code), "active": code == self.span}
            for code, label in named
        ]

    @property
    def single(self) -> list[dict]:
        """Each review as a choice of its own, the newest first."""
        return [
            {"code": one.code, "title": one.title, "active": one.code == self.span}
            for one in reversed(self.reviews)
        ]


KEYS = {
    "department": lambda row: row.department.pk,
    "on_time": lambda row: (row.on_time if row.on_time is not None else -1, row.kept),
    "extended": lambda row: row.count("extended"),
    "late": lambda row: row.count("late"),
    "missing": lambda row: row.count("missing"),
    "returned": lambda row: row.returned,
    "complete": lambda row: row.complete if row.complete is not None else -1,
    "streak": lambda row: row.streak,
}
