"""Giving the proof of a task, from its page: with the press that closes it, or afterwards."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actions import followup, proofs
from actions.web import action
from reviewhub.ui.htmx import UNPROCESSABLE


@require_POST
def give(request, pk):
    row, typed = action.seen(request, pk), request.POST.get("proof", "")
    try:
        proofs.close(row, typed, by=request.user, at=timezone.now())
    except followup.CannotChange as refusal:
        said = " ".join(refusal.problems)
        return action.page(request, row, unproved=said, proof_typed=typed, status=UNPROCESSABLE)
    messages.success(request, _("The proof stands with the task."))
    return redirect("action", row.pk)
