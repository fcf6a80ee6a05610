"""“Make it a task” at every exception of a board: a form with its figure and finding, an owner and a date."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions import from_figures, handover, suggested
from actions.followup import CannotRaise
from metrics.web.block_offers import Offer, offers
from metrics.web.block_subject import Subject, board_block, explored_block
from reviewhub.ui.htmx import UNPROCESSABLE

TEMPLATE = "actions/from_figure.html"


@offers
def to_action(asked, blocks) -> dict[str, Offer]:
    """The way to the form, at exceptions alone."""
    return {
        one.spec.code: Offer("actions/_from_figure.html", {"url": asked.acting("task", one.spec.code)})
        for one in blocks
        if one.block.signal
    }


@never_cache
@require_http_methods(["GET", "POST"])
def board_task(request, code, block):
    return answered(request, board_block(request, code, block))


@never_cache
@require_http_methods(["GET", "POST"])
def explored_task(request, code, block):
    return answered(request, explored_block(request, code, block))


def answered(request, subject: Subject):
    """The form, or the task that it makes; 404 where nothing is unusual."""
    if not subject.one.block.signal:
        raise Http404
    if request.method != "POST":
        return form(request, subject, filled_in(request, subject))
    given = {name: request.POST.get(name, "") for name in ("title", "owner", "due")}
    try:
        row = from_figures.raise_from(
            subject.metric, subject.period, **given, by=request.user, at=timezone.now()
        )
    except CannotRaise as refusal:
        return form(request, subject, given, problems=refusal.problems, status=UNPROCESSABLE)
    messages.success(request, _("It is a task now."))
    return redirect("action", row.pk)


def filled_in(request, subject: Subject) -> dict[str, str]:
    block = subject.one.block
    words = {"figure": block.short, "period": subject.asked.page.told.month, "finding": block.signal.text}
    return {
        "title": _("%(figure)s, %(period)s: %(finding)s") % words,
        "owner": str(from_figures.owner_of(subject.metric, by=request.user).pk),
        "due": suggested.default_due(timezone.now()).isoformat(),
    }


def form(request, subject: Subject, given: dict[str, str], *, problems=(), status=200):
    context = {
        "subject": subject,
        "shown": subject.one.block,
        "given": given,
        "people": handover.choices(request.user),
        "already": from_figures.already(subject.metric, subject.period, reader=request.user),
        "action": request.get_full_path(),
        "problems": problems,
    }
    return render(request, TEMPLATE, context, status=status)
