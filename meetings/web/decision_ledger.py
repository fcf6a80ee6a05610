"""The ledger of decisions, and the page of one: what is expected of it, when it is reviewed, and what came of it."""

import datetime as dt
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions.checkin_rhythm import company_zone
from meetings import decision_ledger
from meetings.decision_ledger import DUE, UNSET, WAITING, CannotKeep, Decision, Expected, Wanted
from meetings.hit_rate import Hits
from meetings.models import DecisionReview
from metrics import readings
from metrics.definitions import Definitions
from metrics.exports import csv_bytes
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE

LINES = 50
STATES = {
    DUE: gettext_lazy("Review due"),
    WAITING: gettext_lazy("Review to come"),
    UNSET: gettext_lazy("Nothing expected yet"),
} | dict(DecisionReview.Outcome.choices)
MARKS = {
    DUE: "warn",
    WAITING: "queued",
    UNSET: "na",
    "kept": "pass",
    "reversed": "fail",
    "none": "fail",
    "unclear": "na",
}


@never_cache
@require_GET
def ledger(request):
    found, wanted, departments = asked(request)
    shown = decision_ledger.matching(found, wanted)
    page = Paginator(shown, LINES).get_page(request.GET.get("page"))
    whole, each = decision_ledger.hits([one for one in found if wanted.quarter in ("", one.quarter)])
    context = {
        "page": page,
        "lines": lines(page, request.user),
        "wanted": wanted,
        "departments": departments,
        "quarters": sorted({one.quarter for one in found}, reverse=True),
        "states": STATES.items(),
        "company_rate": rate(whole),
        "unclear": whole.unclear,
        "rates": [{"name": home.name, **rate(one)} for home, one in each],
        "due": sum(one.state == DUE for one in found),
    }
    return render(request, "meetings/decision_ledger.html", context)


@never_cache
@require_GET
def csv(request):
    """The lines of the filters, as a table."""
    found, wanted, _departments = asked(request)
    head = [
        *(_("Decision"), _("Decided on"), _("Quarter"), _("Department"), _("Owner"), _("Metric")),
        *(_("Expected effect"), _("Review on"), _("State"), _("What came of it")),
    ]
    rows = [csv_row(one) for one in lines(decision_ledger.matching(found, wanted), request.user)]
    answer = HttpResponse(csv_bytes(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="decisions.csv"'
    return answer


def csv_row(line: dict) -> list:
    one = line["one"]
    review = one.review
    return [
        one.row.text,
        one.row.captured_at.astimezone(company_zone()).date().isoformat(),
        one.quarter,
        one.department.name if one.department else "",
        one.row.owner.display_name if one.row.owner else "",
        line["metric"].code if line["metric"] else "",
        review.sentence if review else "",
        review.review_on.isoformat() if review else "",
        line["label"],
        review.said if review else "",
    ]


def asked(request) -> tuple[list[Decision], Wanted, list[Department]]:
    """Every decision of the reader, the filters of the address, and the departments to choose from."""
    departments = list(Department.objects.visible_to(request.user).active())
    state, given = request.GET.get("state", ""), request.GET
    wanted = Wanted(
        next((one for one in departments if one.slug == given.get("department")), None),
        given.get("quarter", ""),
        state if state in STATES else "",
    )
    found = decision_ledger.all_of(request.user, on=timezone.localdate(), zone=company_zone())
    if wanted.quarter not in {one.quarter for one in found}:
        wanted = Wanted(wanted.department, "", wanted.state)
    return found, wanted, departments


def lines(found, reader) -> list[dict]:
    """Each with its words; a metric is named to those who may read it."""
    found = list(found)
    codes = {one.review.metric.code for one in found if one.review and one.review.metric}
    open_ones = readings.open_codes(reader, codes) if codes else set()
    return [line(one, open_ones) for one in found]


def line(one: Decision, open_ones) -> dict:
    metric = one.review.metric if one.review else None
    metric = metric if metric and metric.code in open_ones else None
    return {"one": one, "metric": metric, "label": str(STATES[one.state]), "mark": MARKS[one.state]}


def rate(hits: Hits) -> dict:
    share = None if hits.rate is None else Decimal(hits.kept) / hits.judged
    return {"rate": share, "kept": hits.kept, "judged": hits.judged}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request, pk):
    """One decision. POST keeps what is expected of it."""
    row = get_object_or_404(decision_ledger.rows(request.user), pk=pk)
    if request.method != "POST":
        return page_of(request, row)
    typed = {name: request.POST.get(name, "") for name in ("metric", "sentence", "review_on")}
    given = Expected(typed["metric"].split(" ")[0], typed["sentence"], day(typed["review_on"]))
    try:
        decision_ledger.expect(row, given, by=request.user, at=timezone.now(), on=timezone.localdate())
    except CannotKeep as refusal:
        return page_of(request, row, problems=refusal.problems, typed=typed)
    messages.success(request, _("Kept. On that day the decision is proposed to the next agenda."))
    return redirect("decision", pk)


@require_POST
def judge(request, pk):
    row = get_object_or_404(decision_ledger.rows(request.user), pk=pk)
    typed = {name: request.POST.get(name, "") for name in ("outcome", "said")}
    try:
        decision_ledger.judge(row, typed["outcome"], typed["said"], by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        return page_of(request, row, problems=refusal.problems, typed=typed)
    messages.success(request, _("What came of it stands in the ledger."))
    return redirect("decision", pk)


def page_of(request, row, *, problems=None, typed=None):
    one = decision_ledger.decision(row, on=timezone.localdate(), zone=company_zone())
    [shown], review = lines([one], request.user), one.review
    now = {
        "metric": shown["metric"].code if shown["metric"] else "",
        "sentence": review.sentence if review else "",
        "review_on": review.review_on.isoformat() if review else "",
        "outcome": review.outcome if review else "",
        "said": review.said if review else "",
    }
    keeps = decision_ledger.may_keep(row, request.user)
    context = {
        "line": shown,
        "one": one,
        "row": row,
        "keeps": keeps,
        "metrics": named_metrics(request.user) if keeps and not (review and review.outcome) else [],
        "outcomes": DecisionReview.Outcome.choices,
        "problems": problems or {},
        "refused": (problems or {}).get("", ""),
        "typed": now | (typed or {}),
    }
    return render(request, "meetings/decision.html", context, status=UNPROCESSABLE if problems else 200)


def named_metrics(reader) -> list[tuple[str, str]]:
    seen = set(readings.open_metrics(reader).values_list("code", flat=True))
    return [(code, one.name) for code, one in sorted(Definitions.newest().items()) if code in seen]


def day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None
