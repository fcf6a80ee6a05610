"""My review: everything that waits for this person, by deadline, and the health of the cycle beside it."""

from django.utils import timezone

from metrics.models import Review
from metrics.web import saved_views
from reviewhub import cycle_health, inbox
from reviewhub.notices import queue
from reviewhub.ui.htmx import fragment


def home(request):
    at = timezone.now()
    reader, zone = request.user, timezone.get_current_timezone()
    review = Review.objects.visible_to(reader).upcoming(at).first()
    context = {
        "alarms": queue.alarms(reader, at=at),
        "inbox": inbox.of(reader, at=at, zone=zone),
        "review": review,
        "review_title": review.title if review else "",
        "health": cycle_health.rows(review, reader=reader, on=timezone.localdate()),
        "zone": zone,
        "views": saved_views.lines_of(reader),
    }
    return fragment(request, "home.html", context, ["inbox"])
