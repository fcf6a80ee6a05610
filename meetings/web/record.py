"""The record of a review for taking along, and the page that says of a file whether it is one."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from meetings import record as writing
from meetings import record_proof, record_signing, record_words
from meetings.web import parked_words, preread_words, record_boards
from metrics.models import Review

LARGEST = 8 * 1024 * 1024


@never_cache
@require_GET
def record(request, code):
    """The signed file. It travels, so partners do not take it along, and nothing confidential is in it."""
    if request.user.is_partner:
        raise Http404
    review = get_object_or_404(Review.objects.visible_to(request.user), code=code)
    made = writing.of(
        review,
        request.user,
        language=get_language() or "en",
        words=preread_words.parts,
        parked=parked_words.waiting,
        boards=record_boards.of,
        at=timezone.now(),
    )
    if made is None:
        raise Http404
    answer = HttpResponse(made.content, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_record(request):
    """Says true or false, and why. Nothing is kept of the file."""
    file, found = request.FILES.get("file"), None
    if file is not None and file.size <= LARGEST:
        found = record_proof.of(file.read(), key=request.POST.get("key", ""))
    context = {
        "public_key": record_signing.public_key(),
        "file": file,
        "verdict": found,
        "said": record_words.said(found.verdict) if found else "",
        "snapshot_said": record_words.snapshot_said(found) if found else "",
        "key": request.POST.get("key", ""),
        "largest": LARGEST,
    }
    refused = request.method == "POST" and found is None
    return render(request, "meetings/verify_record.html", context, status=422 if refused else 200)
