"""Everything below /api/ speaks the caller's language, and answers in JSON whoever refused the request."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from reviewhub.api import problems
from reviewhub.people import preferences

BELOW = "/api/"
KEPT_HEADERS = ("Allow", "Retry-After")


class ApiMiddleware:
    """The innermost: what it sees as an answer, pages above it leave alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(BELOW):
            return self.get_response(request)
        asked = preferences.accepted(request.headers.get("Accept-Language", ""))
        with translation.override(asked or translation.get_language()):
            response = in_json(request, self.get_response(request))
            language = translation.get_language()
        response.headers["Content-Language"] = "zh-Hans" if language == "zh-hans" else language
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def in_json(request, response: HttpResponse) -> HttpResponse:
    """`response`, or the problem that it is as a page: an address that is not there, a broken body, a fault of ours."""
    if response.status_code < 400 or "json" in response.get("Content-Type", ""):
        return response
    told = problems.Problem(response.status_code, *words(response.status_code))
    made = problems.answer(request, told.body())
    for name in KEPT_HEADERS:
        if name in response.headers:
            made.headers[name] = response.headers[name]
    return made


def words(status: int) -> tuple[str, str]:
    """(code, detail) of an answer that no door of the API gave."""
    known = {
        400: ("BAD_REQUEST", _("The request cannot be read.")),
        404: ("NOT_FOUND", _("There is nothing here, or it is not for this token.")),
        405: ("METHOD_NOT_ALLOWED", _("This address does not take this method.")),
        413: ("TOO_LARGE", _("The request is too large.")),
        503: ("AWAY", _("The database does not answer. Ask again in a moment.")),
        507: ("DISK_FULL", _("There is no room on the server; nothing was stored.")),
    }
    return known.get(
        status, ("BROKEN", _("Something broke here. The log has it under this request's number."))
    )
