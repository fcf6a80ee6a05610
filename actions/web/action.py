"""The page of one action: what was promised, by when, who held it, and handing it to somebody else."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from actions import board, followup, handover
from actions.models import Action
from reviewhub.ui.htmx import fragment


def seen(request, pk) -> Action:
    rows = Action.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("owner", "department", "review", "raised_by"), pk=pk)


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
        "holders": handover.holders(row),
        "closed": closed,
        "may_hand_over": followup.may_move(row, request.user),
        "people": [] if closed else [one for one in handover.choices(request.user) if one.pk != row.owner_id],
        "problems": problems,
        "typed": typed,
    }
    return fragment(request, "actions/action.html", context, ["action"], status=status)


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
