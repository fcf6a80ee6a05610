"""The door of the links in mails: a token opens one form for one person, without signing in (T17).

The page is nobody's session: the token is the whole right, so that no other site can forge a request without knowing
it, and a form needs no further token (ADR 0018). GET shows, POST acts; scanners that follow links change nothing.
"""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reviewhub.notices import links
from reviewhub.people.preferences import LANGUAGES, zone_of


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def form_link(request, token):
    try:
        answer = opened(request, links.find(token, at=timezone.now()))
    except links.Refused as refusal:
        answer = refused(request, refusal.reason)
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def opened(request, link):
    """What the purpose of the link shows, in the words and the time zone of its person."""
    language = link.user.language if link.user.language in LANGUAGES else translation.get_language()
    with translation.override(language), timezone.override(zone_of(link.user, request.company)):
        answer = import_string(links.purpose_of(link).view)(request, link)
        answer["Content-Language"] = "zh-Hans" if language == "zh-hans" else language
        return answer


def refused(request, reason: str):
    """It opens nothing: said in both languages, for nobody is known to be reading."""
    context = {"reason": reason, "languages": ("zh-hans", "en")}
    return render(request, "notices/link_refused.html", context, status=404 if reason == "unknown" else 410)
