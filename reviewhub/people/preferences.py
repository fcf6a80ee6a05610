"""Each request in its reader's language and time zone: the person's choice, else cookie, browser, company."""

import zoneinfo
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone, translation

from reviewhub.people import zones
from reviewhub.people.models import Company

LANGUAGES = {code for code, _name in settings.LANGUAGES}


_asked_for: ContextVar[Company | None] = ContextVar("company", default=None)


def language_of(request) -> str:
    """The language code for this request: person, cookie, browser, company, in this order."""
    if request.user.is_authenticated and request.user.language in LANGUAGES:
        return request.user.language
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie in LANGUAGES:
        return cookie
    return accepted(request.headers.get("Accept-Language", "")) or settings.LANGUAGE_CODE


def accepted(header: str) -> str:
    """The language of ours that an Accept-Language header asks for first; "" when it asks for none."""
    for code, _quality in translation.trans_real.parse_accept_lang_header(header):
        if code.startswith("zh"):
            return "zh-hans"
        if code.startswith("en"):
            return "en"
    return ""


def zone_of(user, company: Company | None) -> zoneinfo.ZoneInfo:
    """The person's time zone, else the company's, else UTC."""
    for name in (getattr(user, "time_zone", ""), company.time_zone if company else ""):
        if zones.is_zone(name):
            return zoneinfo.ZoneInfo(name)
    return zoneinfo.ZoneInfo("UTC")


def company() -> Company | None:
    """The company: as the request that is being answered has read it, else as it stands."""
    return _asked_for.get() or Company.objects.first()


def of_request(request) -> Company | None:
    """The company: with the person of the session, else by itself."""
    if request.user.is_authenticated and hasattr(request.user, "company_written"):
        return Company.read(request.user.company_written)
    return Company.objects.first()


class PreferencesMiddleware:
    """Sets request.company, the language and the time zone; names the language in the answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.company = of_request(request)
        kept = _asked_for.set(request.company)
        try:
            return self.answer(request)
        finally:
            _asked_for.reset(kept)

    def answer(self, request):
        language = language_of(request)
        with translation.override(language), timezone.override(zone_of(request.user, request.company)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            # Templates of a TemplateResponse may render after the view: they did, inside get_response.
            response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh-hans" else language)
            return response
