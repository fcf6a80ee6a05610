"""The pre-read page: sections in reading order with receipts and questions, and who has read what."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from meetings import preread as reading
from meetings import questions
from meetings.models import Question
from meetings.web import parked_words, preread_words
from metrics import sightings
from metrics.models import Review
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment

TEMPLATE = "meetings/preread.html"


@never_cache
@require_GET
def preread(request, code):
    review, found = seen(request, code)
    sightings.note(review, by=request.user, at=timezone.now(), snapshot=found.snapshot)
    return page(request, found)


@require_POST
def read(request, code):
    """A receipt: pressed, or sent by the page after five seconds on a section."""
    review, found = seen(request, code)
    section = placed(found, request.POST.get("section", ""))
    is_read = request.POST.get("kind") != "seen"
    questions.receive(review, section, by=request.user, at=timezone.now(), is_read=is_read)
    return back(review, section) if is_read else HttpResponse(status=204)


@require_POST
def ask(request, code):
    review, found = seen(request, code)
    section = placed(found, request.POST.get("section", ""))
    text, metric = request.POST.get("text", ""), request.POST.get("metric", "")
    try:
        row = questions.ask(review, section, text, metric=metric, by=request.user, at=timezone.now())
    except questions.CannotAsk as refusal:
        typed = {"section": section, "metric": metric, "text": text, "problems": refusal.problems}
        return page(request, found, typed=typed, status=422)
    messages.success(request, _("It is on the agenda until somebody answers it."))
    return redirect(f"{reverse('preread', args=[code])}#question-{row.pk}")


@require_POST
def answer(request, code, pk):
    review, found = seen(request, code)
    row = get_object_or_404(Question.objects.visible_to(request.user), pk=pk, review=review)
    text = request.POST.get("text", "")
    try:
        questions.answer(row, text, by=request.user, at=timezone.now())
    except questions.CannotAsk as refusal:
        typed = {"question": pk, "text": text, "problems": refusal.problems}
        return page(request, found, typed=typed, status=422)
    return redirect(f"{reverse('preread', args=[code])}#question-{pk}")


def seen(request, code: str) -> tuple[Review, reading.PreRead]:
    """The review and what this reader may read of it; without a freeze, or without anything to read, nothing."""
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    found = reading.of(review, request.user, language=get_language() or "en")
    if found is None or not found.parts:
        raise Http404
    return review, found


def placed(found: reading.PreRead, code: str) -> str:
    if code not in [part.section.code for part in found.parts]:
        raise Http404
    return code


def back(review: Review, section: str):
    return redirect(f"{reverse('preread', args=[review.code])}#{section}")


def page(request, found: reading.PreRead, *, typed=None, status=200):
    user = request.user
    runs = may(user, "meeting.run") or None in user.abilities.get("figure.certify", ())
    parts = preread_words.parts(found, user)
    context = {
        "review": found.review,
        "found": found,
        "parts": parts,
        "signals": [one for part in parts for one in part["signals"]],
        "parked": parked_words.waiting(found, user),
        "typed": typed or {"section": "", "metric": "", "question": None, "text": "", "problems": ()},
        "readers": preread_words.readers(found) if runs else [],
        "total": len(found.parts),
    }
    return fragment(request, TEMPLATE, context, ["preread"], status=status)
