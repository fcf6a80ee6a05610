"""The board of actions and the one press that moves one, from here or from the home page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actions import board, followup
from actions.models import Action
from reviewhub.people.models import Department
from reviewhub.ui.htmx import UNPROCESSABLE, fragment
from reviewhub.ui.returning import path_back

LINES = 50


def actions(request):
    departments = list(Department.objects.visible_to(request.user).active())
    wanted = board.Wanted(
        mine=request.GET.get("mine") == "1",
        overdue=request.GET.get("overdue") == "1",
        urgent=request.GET.get("urgent") == "1",
        department=next((row for row in departments if row.slug == request.GET.get("department")), None),
    )
    as_list = request.GET.get("view") == "list"
    shown = listed(request, wanted) if as_list else {"columns": columns(request, wanted)}
    context = {
        "wanted": wanted,
        "departments": departments,
        "views": views(request, as_list),
        "as_list": as_list,
    }
    return fragment(request, "actions/actions.html", context | shown, ["actions"])


def columns(request, wanted):
    return board.columns(wanted, reader=request.user, on=timezone.localdate())


def listed(request, wanted) -> dict:
    found = board.wanted_actions(wanted, reader=request.user, on=timezone.localdate())
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    return {"page": page, "cards": board.cards(page, reader=request.user, on=timezone.localdate())}


def views(request, as_list: bool) -> list[dict]:
    """The switch between board and list; the filters stay."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("view", None)
    board_url = f"?{query.urlencode()}"
    query["view"] = "list"
    return [
        {"label": _("Board"), "url": board_url, "active": not as_list},
        {"label": _("List"), "url": f"?{query.urlencode()}", "active": as_list},
    ]


@require_POST
def status(request, pk):
    action = get_object_or_404(Action.objects.visible_to(request.user), pk=pk)
    wanted = request.POST.get("status", "")
    if wanted not in Action.Status.values:
        return HttpResponse(_("There is no such status."), status=UNPROCESSABLE)
    try:
        action = followup.set_status(action, wanted, by=request.user, at=timezone.now())
    except followup.CannotChange as refusal:
        raise PermissionDenied(" ".join(refusal.problems)) from refusal
    said = {"title": action.title, "status": action.get_status_display()}
    messages.success(request, _("“%(title)s” is now: %(status)s.") % said)
    return redirect(path_back(request.POST.get("next", ""), resolve_url("actions")))
