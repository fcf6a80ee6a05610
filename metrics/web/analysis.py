"""The analysis page of a department for a review: four fields that save themselves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from metrics import analysis as writing
from metrics import notes
from metrics.models import Analysis, NoteVersion, Review
from metrics.models.analysis import FIELDS
from metrics.web import suggestion_words
from reviewhub.people.models import Department
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import announce, fragment, target

TEMPLATE = "metrics/analysis.html"
SAVED, PROPOSALS = "analysis-saved", "analysis-proposals"
ASKED = {
    "moved": (
        gettext_lazy("What moved, and why"),
        gettext_lazy("The figures that changed, in the order of their weight, each with its cause."),
    ),
    "risks": (
        gettext_lazy("Risks"),
        gettext_lazy("What may go wrong before the next review, and how likely."),
    ),
    "proposals": (gettext_lazy("Proposals"), gettext_lazy("One on each line: what, by whom, what it costs.")),
    "targets": (gettext_lazy("Next targets"), gettext_lazy("Figure, value and date of each.")),
}


def addressed(request, slug: str, code: str) -> tuple[Review, Department, bool]:
    """(review, department, whether the reader writes it); to who may neither read nor write it there is none."""
    department = get_object_or_404(Department.objects.active(), slug=slug)
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    writes = may(request.user, "submission.edit", department)
    seen = Analysis.objects.visible_to(request.user).filter(review=review, department=department)
    if not writes and not seen.exists():
        raise Http404
    return review, department, writes


@never_cache
@require_http_methods(["GET", "POST"])
def analysis(request, slug, code):
    review, department, writes = addressed(request, slug, code)
    if request.method == "GET":
        return page(request, review, department, writes=writes)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    number = request.POST.get("number", "")
    try:
        row = writing.save(
            review,
            department,
            typed,
            number=int(number) if number.isdecimal() and len(number) < 9 else -1,
            by=request.user,
            at=timezone.now(),
        )
    except writing.CannotSave as refusal:
        return refused(request, review, department, typed, refusal, writes=writes)
    if target(request) == SAVED:
        answer = render(request, f"{TEMPLATE}#{SAVED}", {"analysis": row, "problems": (), "theirs": None})
        return announce(answer, "analysisSaved")
    messages.success(request, _("Saved."))
    return redirect("analysis", department.slug, review.code)


def refused(request, review, department, typed, refusal, *, writes):
    """422, or 409 when somebody was faster; what was typed stays in the fields, theirs stands below."""
    row = writing.of(review, department)
    theirs = shown(row) if refusal.is_stale else None
    return page(
        request,
        review,
        department,
        writes=writes,
        typed=typed,
        problems=refusal.problems,
        theirs=theirs,
        status=409 if refusal.is_stale else 422,
    )


def page(
    request,
    review,
    department,
    *,
    writes,
    typed=None,
    problems=(),
    theirs=None,
    made_problems=(),
    made_typed=None,
    status=200,
):
    is_own = writes
    row, writes = writing.of(review, department), writes and review.state == Review.State.OPEN
    context = {
        "analysis": row,
        "review": review,
        "department": department,
        "fields": shown(row, typed),
        "problems": problems,
        "theirs": theirs,
        "writes": writes,
        "save_problems": writing.save_problems(review, department, by=request.user) if is_own else [],
        "made_problems": made_problems,
        "noted": noted(review, department, request.user, writes=is_own),
        **suggestion_words.shown(review, department, request.user, writes=writes, typed=made_typed),
        "longest": writing.LONGEST,
    }
    return fragment(request, TEMPLATE, context, [SAVED, PROPOSALS], status=status)


def noted(review, department, user, *, writes: bool) -> list[dict]:
    """The items that this department answers in words, with their newest notes, as far as `user` may read them."""
    seen, found = NoteVersion.objects.visible_to(user), []
    for code, line in notes.ITEMS.items():
        if line.department == department.code:
            row = seen.filter(review=review, department=department, item=code).order_by("-number").first()
            if row or writes:
                listed = row.notes.select_related("file") if row else ()
                found.append({"code": code, "title": notes.title(code), "version": row, "notes": listed})
    return found


def shown(row: Analysis, typed=None) -> list[dict]:
    return [
        {"name": name, "label": label, "help": help_, "text": (typed or vars(row))[name]}
        for name, (label, help_) in ASKED.items()
    ]
