"""The dictionary as a file in the browser: taken out by everybody, brought in by those who govern it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metrics import dictionary_csv, dictionary_rows, proposal_import
from metrics import dictionary_words as words
from metrics.models import Metric
from metrics.periods import BadPeriod, Period
from metrics.proposal_checks import may_decide
from metrics.proposals import CannotPropose
from reviewhub.ui.htmx import fragment

TEMPLATE = "metrics/dictionary_import.html"
MOST_SHOWN = 200


def dictionary_export(request):
    """The definitions that hold today and that this reader may know, in the columns of the starting dictionary."""
    seen = set(Metric.objects.visible_to(request.user).values_list("code", flat=True))
    rows = [row for row in dictionary_rows.rows(timezone.localdate()) if row["code"] in seen]
    answer = HttpResponse(dictionary_csv.written(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="metrics.csv"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def dictionary_import(request):
    """A whole file: what it says otherwise becomes proposals, which somebody else decides."""
    if not may_decide(request.user):
        raise Http404
    typed = {
        "start": request.POST.get("start", "") or usual_start(),
        "reason": request.POST.get("reason", ""),
    }
    if request.method == "GET":
        return fragment(request, TEMPLATE, typed | {"problems": [], "most": dictionary_csv.MAX_BYTES})
    file = request.FILES.get("file")
    if file is None:
        return refused(request, typed, [_("Choose a file.")])
    try:
        start = Period.parse(typed["start"].strip()).start
    except BadPeriod:
        return refused(request, typed, [str(words.FAULTS["not_a_period"])])
    at = timezone.now()
    reason = typed["reason"].strip() or file.name[:200]
    try:
        found = proposal_import.propose_file(
            file.read(dictionary_csv.MAX_BYTES + 1), reason=reason, by=request.user, at=at,
            on=timezone.localdate(at), effective_from=start,
        )  # fmt: skip
    except CannotPropose as refusal:
        return refused(request, typed, [placed(problem) for problem in refusal.problems[:MOST_SHOWN]])
    if not found.differences:
        messages.info(request, _("The file says what the dictionary says."))
    else:
        said = {"count": len(found.made), "waiting": len(found.waiting)}
        messages.success(request, _("New proposals: %(count)s. Waiting already: %(waiting)s.") % said)
    return redirect("proposals")


def usual_start() -> str:
    return Period.containing(proposal_import.next_month(timezone.localdate()), "month").text


def placed(problem) -> str:
    row = _("row %(row)s: ") % {"row": problem.row} if problem.row else ""
    return f"{row}{words.fault(problem)}"


def refused(request, typed, problems):
    context = typed | {"problems": problems, "most": dictionary_csv.MAX_BYTES}
    return fragment(request, TEMPLATE, context, status=422)
