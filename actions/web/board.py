"""The board of actions and the one press that moves one, from here or from the home page."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from actions import board, followup, timeline
from actions.models import Action
from reviewhub.people.models import Department
from reviewhub.ui import days
from reviewhub.ui.htmx import UNPROCESSABLE, fragment
from reviewhub.ui.returning import path_back

LINES = 50
Status = Action.Status


def actions(request):
    departments = list(Department.objects.visible_to(request.user).active())
    wanted = board.Wanted(
        mine=request.GET.get("mine") == "1",
        overdue=request.GET.get("overdue") == "1",
        urgent=request.GET.get("urgent") == "1",
        department=next((row for row in departments if row.slug == request.GET.get("department")), None),
    )
    view = request.GET.get("view", "")
    view = view if view in SHOWN else ""
    shown = SHOWN[view](request, wanted) if view else {"columns": columns(request, wanted)}
    context = {
        "wanted": wanted,
        "departments": departments,
        "views": views(request, view),
        "view": view,
    }
    return fragment(request, "actions/actions.html", context | shown, ["actions"])


def columns(request, wanted):
    return board.columns(wanted, reader=request.user, on=timezone.localdate())


def listed(request, wanted) -> dict:
    found = board.wanted_actions(wanted, reader=request.user, on=timezone.localdate())
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    return {"page": page, "cards": board.cards(page, reader=request.user, on=timezone.localdate())}


def on_a_line(request, wanted) -> dict:
    """What is open, and what was done in the weeks that are shown, by department."""
    on, zone = timezone.localdate(), timezone.get_current_timezone()
    shown = timeline.line(on)
    begin = dt.datetime.combine(shown.start, dt.time(), zone)
    found = board.wanted_actions(wanted, reader=request.user, on=on)
    found = found.filter(
        Q(status__in=[Status.TODO, Status.DOING]) | Q(status=Status.DONE, done_at__gte=begin)
    )
    found = found.order_by(
        F("department__position").asc(nulls_last=True), F("due_on").asc(nulls_last=True), "id"
    )
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    groups: list[dict] = []
    for card in board.cards(page, reader=request.user, on=on):
        title = card.action.department.name if card.action.department else _("No department")
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "rows": []})
        groups[-1]["rows"].append(line_of(card, shown, on))
    week = timeline.WHOLE // (timeline.BEFORE + timeline.AFTER + 1)
    weeks = [
        {
            "at": shown.place(one),
            "middle": shown.place(one) + week // 2,
            "label": f"{one:%m-%d}" if place % 2 == 0 else "",
        }
        for place, one in enumerate(shown.mondays)
    ]
    return {"page": page, "rows": groups, "weeks": weeks, "today": shown.place(on)}


def line_of(card: board.Card, shown: timeline.Line, on: dt.date) -> dict:
    """A task on the line, and the same in words."""
    row, language = card.action, get_language() or "en"
    raised, done = timezone.localdate(row.raised_at), timezone.localdate(row.done_at) if row.done_at else None
    bar = timeline.bar(
        shown, raised_on=raised, due_on=row.due_on, first_due_on=row.original_due_on, done_on=done, on=on
    )
    said = [_("raised %(day)s") % {"day": days.short_day(raised, language)}]
    if row.due_on:
        said.append(_("due %(day)s") % {"day": days.short_day(row.due_on, language)})
    if done:
        said.append(_("done %(day)s") % {"day": days.short_day(done, language)})
    return {"card": card, "bar": bar, "width": bar.right - bar.left, "said": ", ".join(said)}


SHOWN = {"list": listed, "timeline": on_a_line}


def views(request, view: str) -> list[dict]:
    """The switch between board, list and timeline; the filters stay."""
    found = []
    for name, label in (("", _("Board")), ("list", _("List")), ("timeline", _("Timeline"))):
        query = request.GET.copy()
        query.pop("page", None)
        query.pop("view", None)
        if name:
            query["view"] = name
        found.append({"label": label, "url": f"?{query.urlencode()}", "active": view == name})
    return found


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
