"""Orders to a live meeting and its state, as JSON; a form without script may give an order too."""

import json
import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings import logbook, running, screens
from meetings.models import Meeting
from meetings.problems import Problem

TYPES = {
    "part": str,
    "seconds": int,
    "pay": list,
    "reason": str,
    "to": str,
    "confirmed": bool,
    "text": str,
    "question": int,
    "person": int,
    "doubt": int,
    "sides": list,
    "department": str,
    "number": str,
    "cause": str,
    "decision": str,
    "task": str,
    "amount": int,
}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LONGEST_BODY = 64 * 1024
LONGEST_NUMBER = 19


class Malformed(Exception):
    """The order cannot be read; says which field."""


@never_cache
@require_GET
def state(request, pk):
    """The whole state as this reader's audience sees it."""
    return JsonResponse(seen(request, meeting_of(request, pk)))


@never_cache
@require_GET
def time(request, pk):
    """The clock of the meetings, for a screen that wants to know how far its own is off."""
    return JsonResponse({"now_ms": logbook.instant().timestamp() * 1000})


@require_POST
def command(request, pk):
    """One order: 200 its answer, 400 unreadable, 403 not yours, 409 out of turn, 422 against the rules."""
    meeting = meeting_of(request, pk)
    is_form = request.content_type in FORMS
    try:
        order = from_form(request.POST) if is_form else from_json(request.body)
        answer = running.command(meeting.pk, by=request.user, **order)
    except Malformed as trouble:
        return told(request, meeting, 400, Problem("malformed", {"field": str(trouble)}), is_form)
    except running.NotAllowed as trouble:
        return told(request, meeting, 403, trouble.problem, is_form)
    except running.Stale:
        return told(request, meeting, 409, None, is_form)
    except running.Refused as trouble:
        return told(request, meeting, 409 if trouble.out_of_turn else 422, trouble.problem, is_form)
    if is_form:
        return redirect(back(request, meeting))
    if (
        request.user.is_partner
    ):  # the clock of the answer names every item: partners get the state of their screens
        return JsonResponse(answer.document() | {"state": seen(request, meeting_of(request, meeting.pk))})
    return JsonResponse(answer.document())


@require_POST
def presence(request, pk):
    """The facilitator's browser is there: the lease of the console runs anew."""
    return HttpResponse(status=204 if running.see(meeting_of(request, pk).pk, by=request.user) else 403)


@require_GET
def stream(request, pk):
    """Only reached where no stream server stands in front: the screens then ask for the state instead."""
    meeting_of(request, pk)
    return HttpResponse(status=503, headers={"Retry-After": "60"})


def meeting_of(request, pk) -> Meeting:
    rows = Meeting.objects.visible_to(request.user).select_related("facilitator", "review")
    return get_object_or_404(rows, pk=pk)


def seen(request, meeting) -> dict:
    return screens.state_for(meeting, reader=request.user, at=logbook.instant())


def told(request, meeting, status, problem, is_form):
    """A refusal: its code and words with the present state, or a message on the page for a plain form."""
    now = seen(request, meeting_of(request, meeting.pk))
    text = str(problem) if problem else overtaken(request, now)
    if is_form:
        messages.warning(request, text)
        return redirect(back(request, meeting))
    code = problem.code if problem else "stale"
    return JsonResponse({"error": code, "text": text, "state": now}, status=status)


def overtaken(request, now) -> str:
    latest = now.get("latest")
    if not latest or not latest["by"]:
        return _("The meeting has moved on. Look again.")
    language = "zh" if request.LANGUAGE_CODE.startswith("zh") else "en"
    return _("%(name)s already did something else. Nothing was changed.") % {"name": latest["by"][language]}


def back(request, meeting):
    if request.POST.get("page") == "desk":
        return f"{reverse('reconciliation')}?review={meeting.review.code}#doubts"
    return reverse("meeting-run" if request.POST.get("page") == "console" else "meeting", args=[meeting.pk])


def from_form(given) -> dict:
    """The order of a plain form: its fields are texts."""
    arguments = {name: given[name] for name in ("text", "to") if name in given}
    for name in ("person", "doubt"):
        if given.get(name, "").isdecimal() and len(given[name]) < LONGEST_NUMBER:
            arguments[name] = int(given[name])
    number = given.get("expected_seq", "")
    expected_seq = int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else None
    return ordered(given.get("cmd"), expected_seq, given.get("client_id"), arguments)


def from_json(body: bytes) -> dict:
    if len(body) > LONGEST_BODY:
        raise Malformed("body")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as trouble:
        raise Malformed("JSON") from trouble
    if not isinstance(given, dict):
        raise Malformed("JSON")
    arguments = {name: given[name] for name in TYPES if given.get(name) is not None}
    for name, value in arguments.items():
        if type(value) is not TYPES[name] or (
            TYPES[name] is list and any(type(each) is not str for each in value)
        ):
            raise Malformed(name)
    return ordered(given.get("cmd"), given.get("expected_seq"), given.get("client_id"), arguments)


def ordered(cmd, expected_seq, client_id, arguments) -> dict:
    if type(cmd) is not str:
        raise Malformed("cmd")
    if expected_seq is not None and type(expected_seq) is not int:
        raise Malformed("expected_seq")
    try:
        client_id = uuid.UUID(client_id)
    except (TypeError, ValueError, AttributeError) as trouble:
        raise Malformed("client_id") from trouble
    return {"do": cmd, "arguments": arguments, "expected_seq": expected_seq, "client_id": client_id}
