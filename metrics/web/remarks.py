"""Answering what the data owner asked about a cell."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from metrics import certification
from metrics.models import ImportJob, Remark
from reviewhub.people.permissions import may


@require_POST
def answer(request, pk):
    seen = Remark.objects.visible_to(request.user).select_related("submission__department")
    remark = get_object_or_404(seen, pk=pk)
    if not may(request.user, "submission.edit", remark.submission.department):
        raise Http404
    try:
        certification.answer(remark, request.POST.get("answer", ""), by=request.user, at=timezone.now())
        messages.success(request, _("Answered. The data owner reads it beside the comment."))
    except certification.CannotAnswer as refusal:
        messages.error(request, " ".join(refusal.problems))
    job = came_from(request)
    if job is not None:
        return redirect(
            f"{reverse('import-grid', args=[job.pk])}?row={remark.row or ''}#row-{remark.row or ''}"
        )
    return redirect("submission", remark.submission_id)


def came_from(request) -> ImportJob | None:
    """The upload in whose grid it was answered, if in one."""
    try:
        wanted = UUID(request.POST.get("grid", ""))
    except ValueError:
        return None
    return ImportJob.objects.visible_to(request.user).filter(pk=wanted).first()
