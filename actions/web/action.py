"""The page of one action: what was promised, by when, who held it, and handing it to somebody else."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions import board, followup, handover
from actions.models import Action, Blocker
from metrics import readings
from reviewhub.ui.htmx import fragment


def seen(request, pk) -> Action:
    rows = Action.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("owner", "department", "review", "metric", "raised_by"), pk=pk
    )


@never_cache
@require_GET
def action(request, pk):
    return page(request, seen(request, pk))


def page(request, row: Action, *, problems=(), typed="", status=200):
    closed = handover.problems(row, by=request.user)
    [card] = board.cards([row], reader=request.user, on=timezone.localdate())
    context = {
        "action": row,
        "card": card,
        "figure": figure_of(row, request.user),
        **waiting(row, request.user),
        "holders": handover.holders(row),
        "closed": closed,
        "may_hand_over": followup.may_move(row, request.user),
        "people": [] if closed else [one for one in handover.choices(request.user) if one.pk != row.owner_id],
        "problems": problems,
        "typed": typed,
    }
    return fragment(request, "actions/action.html", context, ["action"], status=status)


def waiting(row: Action, reader) -> dict:
    """Whom it waits for, and whether that is late."""
    found = Blocker.objects.visible_to(reader).standing().filter(action=row)
    waits = found.select_related("department", "person").first()
    late = bool(waits and waits.state != Blocker.State.REFUSED and waits.due_at < timezone.now())
    return {"waits": waits, "waits_late": late}


def figure_of(row: Action, reader) -> str:
    """Where the figure stands that the action is about, for who may read it; "" else."""
    if row.metric is None or row.review is None or not readings.open_to(reader, row.metric.code):
        return ""
    return f"{reverse('explore', args=[row.metric.code])}?month={row.review.period_start:%Y-%m}"


@require_POST
def hand_over(request, pk):
    row, wanted = seen(request, pk), request.POST.get("owner", "")
    owner = handover.chosen(wanted, by=request.user)
    try:
        handover.hand_over(row, owner, by=request.user, at=timezone.now())
    except followup.CannotChange as refusal:
        return page(request, row, problems=refusal.problems, typed=wanted, status=422)
    messages.success(request, _("%(name)s has it now.") % {"name": owner.display_name})
    if not Action.objects.visible_to(request.user).filter(pk=row.pk).exists():
        return redirect("actions")
    return redirect("action", row.pk)
