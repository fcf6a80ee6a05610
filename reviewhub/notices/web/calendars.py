"""Calendars over HTTP: files for people who are signed in, and the secret feed for calendar programs."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reviewhub.notices import calendar, feeds
from reviewhub.people.models import Company
from reviewhub.people.preferences import LANGUAGES, zone_of


@login_not_required
@require_safe
def feed(request, token):
    """Everything its person may see, in their language. Unknown, revoked and left are the same: not found."""
    at = timezone.now()
    person = feeds.reader(token, at=at)
    if person is None:
        raise Http404
    company = Company.objects.first()
    language = person.language if person.language in LANGUAGES else company.language if company else "en"
    with translation.override(language), timezone.override(zone_of(person, company)):
        name = _("%(company)s reviews") % {"company": company or "ReviewHub"}
        return answer(calendar.events_of(person, at=at), name=name, file="reviewhub.ics", at=at)


def answer(events, *, name: str, file: str, at) -> HttpResponse:
    """The calendar as a file that no cache keeps."""
    document = calendar.document(events, name=name, at=at)
    return HttpResponse(
        document,
        content_type=calendar.MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )
