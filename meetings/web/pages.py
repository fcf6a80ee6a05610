"""The pages of a meeting: the list, the lobby that turns live, the console, the stage."""

import uuid

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from actions import budget_due
from meetings import (
    attending,
    calendar,
    charting,
    joint,
    logbook,
    next_review,
    noting,
    outcome,
    recognised,
    retro,
    running,
    screens,
    solving,
    votes,
)
from meetings.models import Meeting
from meetings.web import invitation, words
from meetings.web.agenda_words import said
from meetings.web.orders import meeting_of
from meetings.web.series_words import why
from metrics import cycles
from metrics.models import Analysis
from reviewhub.notices.web.calendars import answer
from reviewhub.people import preferences
from reviewhub.people.models import Department
from reviewhub.people.permissions import may

BEFORE = ("draft", "ready", "lobby")
CONSOLE = {
    "is_console": True,
    "amounts": [(60 * minutes, minutes) for minutes in (1, 2, 5, 10)],
    "vote_lengths": votes.LENGTHS_S,
}
DURING = ("running", "paused", "closing")


@require_GET
def meetings(request):
    """Every meeting the reader may see, the next one first."""
    rows = list(Meeting.objects.visible_to(request.user).select_related("review", "facilitator"))
    coming = sorted((row for row in rows if row.state in BEFORE + DURING), key=lambda row: row.scheduled_at)
    context = {
        "next": _next(request) if may(request.user, "agenda.edit") else None,
        "coming": [{"row": row, "is_live": row.state in DURING} for row in coming],
        "past": [row for row in rows if row not in coming],
        "may_plan": may(request.user, "agenda.edit"),
    }
    return render(request, "meetings/meetings.html", context)


def _next(request):
    """When the series that met last would meet next; the page that opens it says why."""
    zone = preferences.zone_of(None, request.company)
    known = next_review.meetings_by_series()
    grain = next_review.usual(known)
    today = timezone.localdate(timezone=zone)
    found = next_review.when(known[grain], grain, today=today, zone=zone)
    title = said(*cycles.titles(found.period))
    return {"title": title, "day": found.day, "why": why("meeting_on", found.why_day), "series": grain}


@never_cache
@require_GET
def meeting(request, pk):
    """Lobby before, live page for everybody during, result after the meeting."""
    found = meeting_of(request, pk)
    context = live(request, found)
    brings = context["is_live"] and charting.brings(found, request.user)
    own = {"brings": True, "blocks": charting.offered(found, request.user)} if brings else {}
    return render(request, "meetings/meeting.html", context | own)


@require_GET
def calendar_file(request, pk):
    """The meeting for one's own calendar."""
    found = meeting_of(request, pk)
    event = calendar.of_meeting(found, request.user)
    return answer([event], name=event.title, file=f"meeting-{pk}.ics", at=timezone.now())


@never_cache
@require_GET
def console(request, pk):
    """The facilitator's desk; everybody else is led to the meeting's own page."""
    found = meeting_of(request, pk)
    if not running.may_run(found, request.user):
        return redirect("meeting", pk=pk)
    departments = Department.objects.visible_to(request.user).active()
    own = {
        "departments": departments,
        "blocks": charting.offered(found, request.user),
        "own_note": noting.note_of(found, request.user),
        "note_id": uuid.uuid4(),
    }
    return render(request, "meetings/console.html", live(request, found) | CONSOLE | own)


@never_cache
@require_GET
def stage(request, pk):
    """The projector: big, dark, in both languages, without anything private."""
    found = meeting_of(request, pk)
    chinese_first = request.company is None or request.company.language.startswith("zh")
    context = live(request, found) | {"languages": ["zh", "en"] if chinese_first else ["en", "zh"]}
    return render(request, "meetings/stage.html", context)


def expected(found: Meeting, parts) -> list:
    """Who should be here; each with the number under which they are marked once."""
    people = attending.expected(found, parts)
    for person in people:
        person.mark_id = uuid.uuid4()
    return people


def live(request, found: Meeting) -> dict:
    """What the pages of one meeting have in common."""
    shown = screens.standing(found)
    captures = screens.visible_captures(found, request.user)
    state = screens.document(shown, captures, reader=request.user, at=logbook.instant())
    phase = state["phase"]
    total_s = outcome.total_s(shown)
    items = outcome.items(shown, request.user)
    origins = [topic.suggestion.analysis_id for item in items for topic in item.topics if topic.suggestion]
    return {
        "meeting": found,
        "state": state,
        "phase": phase,
        "is_before": phase in BEFORE,
        "is_live": phase in DURING,
        "is_after": phase in ("ended", "published"),
        "items": items,
        "analyses_seen": set(
            Analysis.objects.visible_to(request.user).filter(pk__in=origins).values_list("pk", flat=True)
        )
        if origins
        else (),
        "total_minutes": outcome.minutes(total_s),
        "budget_minutes": outcome.minutes(found.budget_s),
        "buffer_minutes": outcome.minutes(found.buffer_s),
        "over_s": max(0, total_s - found.budget_s),
        "over_minutes": outcome.minutes(total_s - found.budget_s),
        "length_s": outcome.length_s(shown),
        "written": outcome.written(found, request.user),
        "budget": budget_due.seen(found.review, request.user) if phase in ("ended", "published") else None,
        "joint": joint.solved(found, request.user) if phase in ("ended", "published") else [],
        "recognised": [] if request.user.is_partner else recognised.lines(found),
        "last": retro.before(found) if phase in BEFORE and not request.user.is_partner else None,
        "may_settle": retro.may_settle(request.user),
        "is_present": request.user in shown.present,
        "expected": [] if request.user.is_partner else expected(found, shown.parts),
        "invitation": invitation.code(found)
        if phase not in ("draft", "ended", "published", "cancelled")
        else "",
        "invitation_url": invitation.address(found),
        "may_assist": running.may_assist(found, request.user),
        "cancel_problems": [],
        "cancel_reason": "",
        "present": [] if request.user.is_partner else shown.present,
        "may_run": running.may_run(found, request.user),
        "may_complete": running.may_complete(found, request.user),
        "may_take": running.may_take(found, request.user),
        "is_console": False,
        "may_cancel": phase in BEFORE and may(request.user, "agenda.edit"),
        "may_capture": running.may_capture(found, request.user),
        "client_id": uuid.uuid4(),
        "start_id": uuid.uuid4(),
        "lobby_id": uuid.uuid4(),
        "doubt_id": uuid.uuid4(),
        "zone": timezone.get_current_timezone_name(),
        "own_votes": solving.board_of(found).voted(request.user.pk) if phase in DURING else (),
        "words": words.console() | {"kinds": words.both(words.kinds), "screen": words.both(words.screen)},
    }
