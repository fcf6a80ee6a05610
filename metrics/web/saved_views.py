"""The views of a board or of the explorer, keeping one, and the page where they are renamed, shared and removed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metrics import boards, saved_views
from metrics.models import SavedView
from metrics.saved_views import CannotKeep
from metrics.web.boards import Asked, found, view_address
from metrics.web.explore import Explored
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

UNTOUCHED = {"name": "", "audience": "own", "month": False}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_board(request, code):
    return answer(request, Asked(request, found(request.user, code)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_metric(request, code):
    return answer(request, Explored(request, code))


def answer(request, asked: Asked):
    if not asked.month:
        raise Http404
    return keep(request, asked) if request.method == "POST" else shown(request, asked)


def shown(request, asked: Asked, problems: list[str] = (), typed: dict | None = None, *, status: int = 200):
    """The views of this page and the form that keeps its filters as one more; the menu of the page asks for it too."""
    context = {"asked": asked, "problems": problems, "typed": typed or UNTOUCHED}
    rows = saved_views.of_page(asked.place, by=request.user)
    context["views"] = [line(row, request.user) for row in rows]
    context["audiences"] = audience_choices(request.user)
    return fragment(request, "metrics/saved_view.html", context, ["view-menu"], status=status)


def keep(request, asked: Asked):
    """Keep what the address says under the name that was entered; the month only where it was ticked."""
    given = request.POST
    typed = {"name": given.get("name", ""), "audience": given.get("audience", ""), "month": "month" in given}
    query = asked.kept_query(with_month=typed["month"])
    try:
        view = saved_views.keep(
            asked.place, query, typed["name"], typed["audience"], by=request.user, at=timezone.now()
        )
    except CannotKeep as refusal:
        return shown(request, asked, refusal.problems, typed, status=UNPROCESSABLE)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
    return redirect(asked.address())


def audience_choices(user) -> list[tuple[str, str]]:
    words = {"own": _("Only me"), "department": _("My department"), "everyone": _("All colleagues")}
    return [(one, words[one]) for one in saved_views.audiences(user)]


@dataclass(frozen=True)
class Line:
    """A view as its reader may use it."""

    row: SavedView
    url: str
    about: str
    is_own: bool
    problems: list[str]
    name: str


def lines_of(user) -> list[Line]:
    return [line(row, user) for row in saved_views.of_person(user)]


@never_cache
def listed(request):
    return page(request)


def page(request, *, refused: SavedView | None = None, problems: list[str] = (), name: str = "", status=200):
    user = request.user
    made = [
        line(row, user, problems=problems, name=name) if row == refused else line(row, user)
        for row in saved_views.of_person(user)
    ]
    closed = [line(row, user) for row in saved_views.closed_since(user)]
    context = {"views": made, "closed": closed, "audiences": audience_choices(user)}
    return render(request, "metrics/saved_views.html", context, status=status)


def line(row: SavedView, user, *, problems=(), name: str = "") -> Line:
    board = boards.board(row.code) if row.page == SavedView.Page.BOARD else None
    about = str(board.title) if board else row.code
    return Line(row, view_address(row), about, row.owner_id == user.pk, list(problems), name or row.name)


@require_POST
def change(request, pk):
    view, given = seen(request.user, pk), request.POST
    audience, first, name = given.get("audience", ""), "first" in given, given.get("name", "")
    try:
        saved_views.change(view, name, audience, first=first, by=request.user)
    except CannotKeep as refusal:
        return page(request, refused=view, problems=refusal.problems, name=name, status=UNPROCESSABLE)
    messages.success(request, _("Saved."))
    return redirect("saved-views")


@require_POST
def remove(request, pk):
    view = seen(request.user, pk)
    try:
        saved_views.remove(view, by=request.user)
    except CannotKeep as refusal:
        return page(request, refused=view, problems=refusal.problems, status=UNPROCESSABLE)
    messages.success(request, _("Removed."))
    return redirect("saved-views")


def seen(user, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(user).select_related("owner", "department"), pk=pk)
