"""One version of a department's data: what stands in it, its history, handing it in and taking it back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from metrics import certification, exceptions, marked_copies, working_copies
from metrics import submission as handing
from metrics.deadlines import is_late
from metrics.models import Remark, Submission
from metrics.web import claim_words, deviation_words, slip_words
from metrics.web.outcome_words import CHIPS, OutcomeWords, place
from metrics.web.stored_file import download
from reviewhub.people import activity_text
from reviewhub.people.models import Activity
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment


@never_cache
def submission(request, pk):
    return page(request, version(request, pk))


def page(request, row: Submission, *, problems=(), typed=None, status=200):
    review, job = handing.review_of(row), grid_job(row)
    outcome = OutcomeWords.of_submission(row, reader=request.user, page_number=request.GET.get("page"))
    if job and may(request.user, "submission.edit", row.department):
        outcome.grid_url = reverse("import-grid", args=[job.pk])
    context = {
        "row": row,
        "chip": CHIPS.get(row.state, "none"),
        "problems": problems,
        "review": review,
        "is_late": is_late(row, review),
        "outcome": outcome,
        "reads_inside": reads_inside(request.user, row),
        "list_url": list_url(request.user, row),
        "history": history(request.user, row),
        "siblings": Submission.objects.visible_to(request.user).of_series(row).order_by("-number"),
        "hand_in_problems": handing.hand_in_problems(row, by=request.user, wants_sentences=True),
        "withdraw_problems": handing.withdraw_problems(row, by=request.user, at=timezone.now()),
        "remarks": remarks_of(request.user, row),
        "asked_for": certification.asked_for(row) if row.state == Submission.State.DRAFT else None,
        **deviation_words.shown(row, user=request.user, typed=typed),
        "marked_url": marked_url(row),
        "claims": claim_words.shown(row) if reads_inside(request.user, row) else [],
        "may_propose": may(request.user, "dictionary.propose"),
        **(slip_words.shown(row, user=request.user) if reads_inside(request.user, row) else {"slips": []}),
        "may_edit": may(request.user, "submission.edit", row.department),
        "grid_job": job,
    }
    return fragment(request, "metrics/submission.html", context, ["findings"], status=status)


def marked_url(row: Submission) -> str:
    """Where the copy with marked cells is; "" where there is none."""
    if not row.findings or not marked_copies.is_possible(row.source):
        return ""
    return reverse("submission-marked", args=[row.pk])


def remarked(user, row: Submission) -> list[Remark]:
    """The data owner's comments on this version, or on the returned one that a draft answers."""
    former = certification.asked_for(row) if row.state in ("draft", "handed_in") else None
    shown = row if row.state == Submission.State.RETURNED else former
    seen = Remark.objects.visible_to(user).select_related("written_by", "answered_by")
    return list(seen.filter(submission=shown)) if shown else []


def remarks_of(user, row: Submission) -> list:
    """Each comment with its place in words."""
    return [{"place": place(vars(one) | {"header": ""}), "remark": one} for one in remarked(user, row)]


def grid_job(row: Submission):
    """The upload whose cells can be corrected in the grid; None where its file is not read any more."""
    job = row.jobs.select_related("source").order_by("created_at").first()
    return (
        job if job and row.state in working_copies.CORRECTED_IN and working_copies.is_readable(job) else None
    )


def version(request, pk) -> Submission:
    found = Submission.objects.visible_to(request.user).select_related(
        "department", "source", "uploaded_by", "handed_in_by", "certified_by", "returned_by"
    )
    return get_object_or_404(found, pk=pk)


def reads_inside(user, row: Submission) -> bool:
    """Findings, first rows and the file itself: for the own department and for who reads every draft."""
    return may(user, "submission.edit", row.department) or may(user, "submission.read_any")


def list_url(user, row: Submission) -> str:
    """The list this version stands in, for those who may open it."""
    return f"{reverse('submissions')}?department={row.department.slug}" if reads_inside(user, row) else ""


def history(user, row: Submission) -> list:
    """(line of the log, its sentence), newest first."""
    about = Activity.objects.visible_to(user).filter(
        subject_type=row._meta.label_lower, subject_id=str(row.pk)
    )
    lines = list(about.select_related("actor"))
    names = activity_text.names_in(lines)
    return [(line, activity_text.sentence(line, names)) for line in lines]


@require_POST
def hand_in(request, pk):
    row, accepts = version(request, pk), request.POST.get("accept") == "yes"
    try:
        handing.hand_in(
            row, by=request.user, at=timezone.now(), accepts_warnings=accepts, wants_sentences=True
        )
    except handing.CannotHandIn as refusal:
        return page(request, row, problems=refusal.problems, status=409)
    messages.success(request, _("Handed in. The data owner sees it now."))
    return redirect("submission", row.pk)


@require_POST
def explain(request, pk):
    row = version(request, pk)
    typed = dict(zip(request.POST.getlist("key"), request.POST.getlist("sentence"), strict=False))
    try:
        exceptions.explain(row, typed, by=request.user, at=timezone.now())
    except exceptions.CannotExplain as refusal:
        return page(request, row, problems=refusal.problems, typed=typed, status=422)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('submission', args=[row.pk])}#exceptions")


@require_POST
def withdraw(request, pk):
    row = version(request, pk)
    try:
        handing.withdraw(row, by=request.user, at=timezone.now())
    except handing.CannotWithdraw as refusal:
        return page(request, row, problems=refusal.problems, status=409)
    messages.success(request, _("Undone. The figures are as they were before."))
    return redirect("submission", row.pk)


def submission_file(request, pk):
    row = version(request, pk)
    if not reads_inside(request.user, row) or row.source is None:
        raise Http404
    return download(row.source)
