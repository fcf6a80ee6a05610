"""“Discuss this” at every block of a board: onto the agenda, off it again, and from the agenda back to the figure."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from meetings import pins
from meetings.models import FigurePin
from meetings.web.questions import beside
from metrics.web.block_offers import Offer, offers
from metrics.web.block_subject import Subject, board_block, explored_block
from reviewhub.ui.returning import path_back

TEMPLATE = "meetings/_discuss.html"


@offers
def discuss(asked, blocks) -> dict[str, Offer]:
    """The button at every block with figures, while an agenda is open, or who has asked already."""
    said = beside(asked) if asked.month else None
    if said is None or said.meeting is None:
        return {}
    found = {}
    for one in blocks:
        view = "" if one.spec.kind == "six-twelve" else one.spec.code
        if one.block.rows:
            pinned = said.pins.get((one.spec.metric, view))
            people = pinned.people if pinned else []
            shown = {"pin": pinned and pinned.pin, "people": people, "meeting": said.meeting}
            shown["is_mine"] = asked.user in people
            shown["url"] = asked.acting("discuss", one.spec.code)
            shown["here"] = f"{asked.address()}#{one.block.name}"
            found[one.spec.code] = Offer(TEMPLATE, shown)
    return found


@require_POST
def board_figure(request, code, block):
    return pinned(request, board_block(request, code, block))


@require_POST
def explored_figure(request, code, block):
    return pinned(request, explored_block(request, code, block))


def pinned(request, subject: Subject):
    meeting = pins.meeting_for(subject.period, by=request.user)
    if meeting is None:
        messages.error(request, _("No meeting is being prepared."))
        return redirect(subject.address)
    try:
        pins.pin(meeting.review, figure_of(subject), by=request.user, at=timezone.now())
        messages.success(request, _("It is on the agenda: %(meeting)s.") % {"meeting": meeting.title})
    except pins.CannotPin as refusal:
        messages.error(request, str(refusal))
    return redirect(subject.address)


def figure_of(subject: Subject) -> pins.Figure:
    asked = subject.asked
    return pins.Figure(
        metric=subject.metric,
        view=subject.view,
        period=subject.period,
        slice=subject.slice,
        names=subject.names,
        page=asked.routes[0],
        board=asked.board.code,
        block=subject.one.block.name,
        query=asked.address(show="all").partition("?")[2],
        department=asked.board.department,
    )


@require_GET
def figure(request, pk):
    """From the agenda to where the figure stands; that page says who may open it."""
    row = get_object_or_404(FigurePin.objects.visible_to(request.user), pk=pk)
    return redirect(f"{reverse(row.page, args=[row.board])}?{row.query}#{row.block}")


@require_POST
def withdraw(request, pk):
    row = get_object_or_404(FigurePin.objects.visible_to(request.user), pk=pk)
    back = path_back(request.POST.get("next", ""), reverse("pin-figure", args=[pk]))
    try:
        pins.withdraw(row, by=request.user, at=timezone.now())
    except pins.CannotPin as refusal:
        messages.error(request, str(refusal))
    return redirect(back)
