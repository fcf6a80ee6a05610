"""Carrying out the correction that a slip of the hand offers: one click, recorded, undone like an import."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from metrics import corrections
from metrics.corrections import CannotCorrect, Cell
from metrics.models import Slip
from metrics.web import slip_words, version


@require_POST
def fix_slip(request, pk):
    slip = get_object_or_404(
        Slip.objects.visible_to(request.user).select_related("submission__department"), pk=pk
    )
    row = version.version(request, slip.submission_id)
    found = slip_words.problems(row, user=request.user)
    if not slip.cells:
        found.append(_("Rows of the file add up to these figures: correct them where the file was made."))
    if found:
        return version.page(request, row, problems=found, status=409)
    cells = [Cell(one["sheet"], one["row"], one["column"], one["after"]) for one in slip.cells]
    why = {"code": slip.code, "metric": slip.metric, "params": slip.params}
    try:
        receipt = corrections.correct(row, cells, by=request.user, at=timezone.now(), why=why)
    except CannotCorrect as refusal:
        return version.page(request, row, problems=refusal.problems, status=409)
    messages.success(request, _("Corrected; the next version is being checked. Undo it on its page."))
    return redirect("import", receipt.job.pk)
