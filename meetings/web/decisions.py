"""What a review decided, as a part of other pages: its decisions, and every line that names money or the budget."""

from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from meetings import decisions
from meetings.models import Meeting
from reviewhub.ui.htmx import fragment


@never_cache
@require_GET
def review_decisions(request, code):
    rows = Meeting.objects.visible_to(request.user).filter(review__code=code).select_related("review")
    meetings = [row for row in rows if row.state != Meeting.State.CANCELLED]
    if not meetings:
        raise Http404
    context = {"review": meetings[0].review, "decisions": decisions.of(meetings, reader=request.user)}
    return fragment(request, "meetings/decisions.html", context, ["decisions"])
