"""What becomes of the proposals of an analysis: one press makes a topic or a task of a line, another takes it back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from metrics import suggestions
from metrics.web import analysis


@require_POST
def make(request, slug, code, digest, kind):
    review, department, writes = analysis.addressed(request, slug, code)
    try:
        made = suggestions.make(
            review, department, digest, kind, by=request.user, at=timezone.now(), given=request.POST.dict()
        )
    except suggestions.CannotMake as refusal:
        return analysis.page(
            request,
            review,
            department,
            writes=writes,
            made_problems=refusal.problems,
            made_typed={"digest": digest, "kind": kind, **request.POST.dict()},
            status=409,
        )
    messages.success(request, str(suggestions.maker_of(made).made))
    return back(review, department)


@require_POST
def undo(request, slug, code, digest):
    review, department, writes = analysis.addressed(request, slug, code)
    try:
        suggestions.undo(review, department, digest, by=request.user, at=timezone.now())
    except suggestions.CannotMake as refusal:
        return analysis.page(
            request, review, department, writes=writes, made_problems=refusal.problems, status=409
        )
    messages.success(request, _("Taken back."))
    return back(review, department)


def back(review, department):
    return redirect(f"{reverse('analysis', args=[department.slug, review.code])}#proposals")
