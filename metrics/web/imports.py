"""One upload on its way: live progress that survives leaving the page, then what became of it."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from metrics import exports, known_profiles, marked_copies, outcomes, working_copies
from metrics import submission as handing
from metrics.models import ImportJob
from metrics.web import slip_words
from metrics.web.outcome_words import CHIPS, OutcomeWords
from metrics.web.stored_file import download
from reviewhub.ui.htmx import fragment

STAGES = {
    "waiting": gettext_lazy("Waiting for a worker"),
    "opening": gettext_lazy("Opening the file"),
    "checking": gettext_lazy("Checking every row"),
    "adding": gettext_lazy("Adding up and storing"),
}

FINDING_HEADERS = {
    "severity": gettext_lazy("Severity"),
    "code": gettext_lazy("Code"),
    "sheet": gettext_lazy("Sheet"),
    "row": gettext_lazy("Row"),
    "column": gettext_lazy("Column"),
    "header": gettext_lazy("Header"),
    "value": gettext_lazy("Value"),
    "message": gettext_lazy("Problem"),
    "hint": gettext_lazy("How to mend it"),
}


def job_of(request, pk) -> ImportJob:
    jobs = ImportJob.objects.visible_to(request.user)
    return get_object_or_404(
        jobs.select_related("department", "source", "created_by", "submission__department"), pk=pk
    )


@never_cache
def import_(request, pk):
    job = job_of(request, pk)
    context = {"job": job, "kind": kind(job), "reads_inside": True}
    context["may_correct"] = working_copies.is_readable(job) and not working_copies.edit_problems(
        job, by=request.user
    )
    if job.outcome is None:
        context |= progress(job)
    else:
        context["outcome"] = OutcomeWords.of_job(
            job, reader=request.user, page_number=request.GET.get("page")
        )
        if context["may_correct"]:
            context["outcome"].grid_url = reverse("import-grid", args=[job.pk])
        if job.outcome["findings"] and marked_copies.is_possible(job.source):
            context["marked_url"] = reverse("import-marked", args=[job.pk])
    if job.submission:
        context |= slip_words.shown(job.submission, user=request.user)
        context["row"], context["chip"] = job.submission, CHIPS.get(job.submission.state, "none")
        context["hand_in_problems"] = handing.hand_in_problems(
            job.submission, by=request.user, wants_sentences=True
        )
        context["withdraw_problems"] = handing.withdraw_problems(
            job.submission, by=request.user, at=timezone.now()
        )
    return fragment(request, "metrics/import.html", context, ["import", "findings"])


def kind(job: ImportJob) -> str:
    """The kind of file in the reader's words."""
    if not job.profile:
        return _("Found by its column headers")
    try:
        return known_profiles.named(job.profile).title(get_language() or "en")
    except known_profiles.UnknownProfile:
        return job.profile


def progress(job: ImportJob) -> dict:
    """Stages in order with the present one, and how far it is in percent (None while nobody knows)."""
    stage = job.stage if job.state == job.State.RUNNING and job.stage in STAGES else "waiting"
    known = stage == "checking" and job.total
    order = list(STAGES)
    return {
        "stage": STAGES[stage],
        "stages": [
            {"label": label, "state": "done" if order.index(code) < order.index(stage) else "queued"}
            | ({"state": "running"} if code == stage else {})
            for code, label in STAGES.items()
        ],
        "percent": min(100, 100 * job.done // job.total) if known else None,
        "share": Decimal(min(job.done, job.total)) / job.total if known else None,
        "again": job.attempts > 1,
    }


def import_file(request, pk):
    return download(job_of(request, pk).source)


@never_cache
def import_findings(request, pk):
    """Every listed finding as CSV, for working through them in a spreadsheet."""
    job = job_of(request, pk)
    language = get_language() or "en"
    told = [outcomes.worded(one, language) for one in (job.outcome or {}).get("findings", [])]
    body = exports.csv_bytes(
        FINDING_HEADERS.values(), ([one[name] for name in FINDING_HEADERS] for one in told)
    )
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="findings-{job.pk}.csv"'
    return answer
