"""Closing a meeting: the gate of its facilitator, and what everybody says on their phone when it is over."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from actions import handover, load, promising
from meetings import closing, rating, running
from meetings.models import Capture, Meeting, Rating
from meetings.problems import Refused
from meetings.web.orders import meeting_of
from okr.models import KeyResult
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

LONGEST_NUMBER = 9
BEFORE = (Meeting.State.DRAFT, Meeting.State.READY, Meeting.State.LOBBY, Meeting.State.CANCELLED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request, pk):
    """What the meeting still lacks. POST ends it; with something missing only with a reason."""
    found = opened(request, pk)
    if request.method != "POST":
        return page(request, found)
    reason = request.POST.get("reason", "")
    try:
        running.command(
            found.pk,
            "end",
            {"reason": reason},
            by=request.user,
            expected_seq=number(request.POST.get("seen")),
            client_id=uuid.uuid4(),
        )
    except running.Stale:
        return page(request, found, problem=_("The meeting has moved on. Look again."), reason=reason)
    except Refused as refusal:
        return page(request, found, problem=str(refusal.problem), reason=reason)
    messages.success(request, _("The meeting has ended."))
    return redirect("meeting", pk=pk)


@require_POST
def fill(request, pk, line):
    """Complete one line in its place."""
    found, given = opened(request, pk), request.POST
    arguments = {
        "capture": line,
        "text": given.get("text", ""),
        "due_on": given.get("due_on", ""),
        "excuse": given.get("excuse", ""),
    }
    for name in ("owner", "result"):
        if given.get(name):
            arguments[name] = -1 if (value := number(given[name])) is None else value
    try:
        running.command(
            found.pk, closing.FILL, arguments, by=request.user, expected_seq=None, client_id=uuid.uuid4()
        )
    except Refused as refusal:
        return page(request, found, refused={line: (str(refusal.problem), given)})
    return redirect("meeting-close", pk=pk) if not request.htmx else page(request, found)


def opened(request, pk) -> Meeting:
    """A meeting that has begun, for who completes what was written there."""
    found = meeting_of(request, pk)
    if not running.may_complete(found, request.user) or found.state in BEFORE:
        raise Http404
    return found


def page(request, found, *, problem="", reason="", refused=None):
    found.refresh_from_db()
    seen, refused = closing.of(found, request.user), refused or {}
    much = much_beside(seen.actions)
    context = {
        "meeting": found,
        "gate": seen,
        "lines": [
            {
                "row": row,
                "gaps": seen.gaps.get(row.pk, ()),
                "refused": refused.get(row.pk, ("", {})),
                "beside": much.get(row.pk),
            }
            for row in seen.lines
        ],
        "people": handover.choices(request.user),
        "results": KeyResult.objects.visible_to(request.user).standing().exclude(cycle__state="closed"),
        "rated": rating.of(found),
        "problem": problem,
        "reason": reason,
        "may_end": running.may_run(found, request.user) and found.state == Meeting.State.CLOSING,
        "may_fill": found.state in ("running", "paused", "closing"),
        "is_over": found.state in ("ended", "published"),
    }
    status = UNPROCESSABLE if problem or refused else 200
    return fragment(request, "meetings/close.html", context, ["gate"], status=status)


def much_beside(rows: list[Capture]) -> dict[int, int]:
    """Key of a line → how many other tasks its owner has due in the same week, where that is much. One query."""
    counted = load.due_beside((row.owner_id, row.due_on) for row in rows)
    found = {}
    for row in rows:
        own = row.action is not None and (row.action.owner_id, row.action.due_on) == (
            row.owner_id,
            row.due_on,
        )
        number = counted.get((row.owner_id, row.due_on), 0) - own
        if number >= load.MUCH:
            found[row.pk] = number
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request, pk):
    """My tasks of this meeting, and what I think of it. POST rates it."""
    found = meeting_of(request, pk)
    if found.state in BEFORE:
        raise Http404
    if request.method != "POST":
        return own(request, found)
    try:
        points, sentence = number(request.POST.get("points")), request.POST.get("sentence", "")
        rating.rate(found, points, sentence, by=request.user, at=timezone.now())
    except Refused as refusal:
        typed = {"points": points, "sentence": sentence}
        return own(request, found, problem=str(refusal.problem), typed=typed)
    messages.success(request, _("Thank you. You can change it at any time."))
    return redirect("meeting-mine", pk=pk)


@require_POST
def answer(request, pk, line):
    """The owner of a task accepts it, proposes something else, or declines."""
    found = meeting_of(request, pk)
    get_object_or_404(
        Capture.objects.visible_to(request.user).filter(meeting=found).held_by(request.user), pk=line
    )
    given = request.POST
    arguments = {"capture": line} | {name: given.get(name, "") for name in ("to", "text", "due_on", "seen")}
    if given.get("owner"):
        arguments["owner"] = -1 if (value := number(given["owner"])) is None else value
    try:
        running.command(
            found.pk, closing.ANSWER, arguments, by=request.user, expected_seq=None, client_id=uuid.uuid4()
        )
    except Refused as refusal:
        return own(request, found, refused={line: (str(refusal.problem), arguments)})
    return redirect(f"{reverse('meeting-mine', args=[pk])}#line-{line}")


def own(request, found, *, problem="", typed=None, refused=None):
    rows = closing.lines_of(found, request.user).filter(kind=Capture.Kind.ACTION).held_by(request.user)
    steps = promising.latest([row.action for row in rows if row.action])
    said, refused = Rating.objects.visible_to(request.user).filter(meeting=found), refused or {}
    context = {
        "meeting": found,
        "lines": [_line(row, *refused.get(row.pk, ("", {})), steps.get(row.action_id)) for row in rows],
        "people": handover.choices(request.user) if rows else [],
        "may_rate": found.state in rating.OPEN_IN,
        "points": rating.POINTS,
        "given": typed or said.values("points", "sentence").first() or {"points": None, "sentence": ""},
        "problem": problem,
    }
    status = UNPROCESSABLE if problem or refused else 200
    return fragment(request, "meetings/mine.html", context, ["mine"], status=status)


def _line(row, error, typed, last) -> dict:
    """One task on the phone, with what was typed where it was refused."""
    token = promising.token(row.action, last) if row.action else ""
    typed = {
        "text": "",
        "due_on": row.promised_on.isoformat() if row.promised_on else "",
        "owner": row.holder_id,
    } | typed
    return {"row": row, "error": error, "typed": typed, "token": token}


def number(typed) -> int | None:
    """A whole number of a form; None for anything else."""
    usable = typed and typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if usable else None
