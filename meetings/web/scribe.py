"""The scribe's screen: one line to type in, everything that was written down, and what each line still lacks."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import running, screens
from meetings.web.orders import meeting_of
from meetings.web.pages import live

OPEN_IN = ("running", "paused", "closing")


@never_cache
@require_GET
def scribe(request, pk):
    """For those who write in this meeting, while it is live; everybody else is led to the meeting's own page."""
    found = meeting_of(request, pk)
    if not running.may_capture(found, request.user) or found.state not in OPEN_IN:
        return redirect("meeting", pk=pk)
    return render(
        request, "meetings/scribe.html", live(request, found) | {"lines": written(found, request.user)}
    )


@never_cache
@require_GET
def lines(request, pk):
    """Everything that was written down, newest first, as far as the reader may see it."""
    found = meeting_of(request, pk)
    return render(request, "meetings/_lines.html", {"lines": written(found, request.user)})


def written(meeting, reader) -> list:
    rows = screens.visible_captures(meeting, reader, "part__segment", "captured_by", "action")
    return list(reversed(rows))
