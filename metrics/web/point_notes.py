"""Writing, changing and removing notes to points of charts, from whichever board shows them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from metrics import point_notes
from metrics.models import PointNote
from metrics.periods import BadPeriod, Period
from metrics.web.explore import sliced_by, version_of
from reviewhub.ui.htmx import UNPROCESSABLE
from reviewhub.ui.returning import path_back

TEMPLATE = "metrics/point_note.html"


@require_POST
def write(request, code):
    """A note to a point of the metric: period and slice as the form says."""
    version, given = version_of(request.user, code), request.POST
    where = {name: given[f"in-{name}"] for name in sliced_by(version) if given.get(f"in-{name}")}
    period = period_in(given.get("period", ""))

    def keep(text):
        point_notes.write(code, period, where, text, by=request.user, at=timezone.now())

    return kept(request, keep, reverse("point-note-write", args=[code]))


@require_POST
def change(request, pk):
    row = own(request, pk)

    def keep(text):
        point_notes.change(row, text, by=request.user, at=timezone.now())

    return kept(request, keep, reverse("point-note-change", args=[pk]))


@require_POST
def remove(request, pk):
    row = own(request, pk)
    try:
        point_notes.remove(row, by=request.user, at=timezone.now())
        messages.success(request, pgettext("note", "Removed."))
    except point_notes.CannotNote as refusal:
        messages.error(request, str(refusal))
    return redirect(path_back(request.POST.get("next", ""), reverse("boards")))


def kept(request, keep, action: str):
    """What `keep` does with the text of the form; a refusal keeps what was typed."""
    text, back = request.POST.get("text", ""), path_back(request.POST.get("next", ""), reverse("boards"))
    try:
        keep(text)
    except point_notes.CannotNote as refusal:
        hidden = [(name, value) for name, value in request.POST.items() if name.startswith(("in-", "period"))]
        context = {
            "problems": refusal.problems,
            "text": text,
            "action": action,
            "next": back,
            "hidden": hidden,
        }
        context["most"] = point_notes.LONGEST
        return render(request, TEMPLATE, context, status=UNPROCESSABLE)
    messages.success(request, _("Saved."))
    return redirect(back)


def own(request, pk: int) -> PointNote:
    """A note that this person may read; who else may change it is the rule's to say."""
    rows = PointNote.objects.visible_to(request.user).standing().select_related("metric")
    row = get_object_or_404(rows, pk=pk)
    version_of(request.user, row.metric.code)
    return row


def period_in(text: str) -> Period:
    try:
        return Period.parse(text)
    except (BadPeriod, OverflowError):
        raise Http404 from None
