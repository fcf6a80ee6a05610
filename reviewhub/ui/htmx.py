"""One view answers the whole page or the part of it that was asked for."""

from collections.abc import Iterable
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

UNPROCESSABLE = 422


def target(request: HttpRequest) -> str:
    """The id of the element that the answer goes into; htmx 4 sends `section#agenda`."""
    if request.headers.get("HX-Request") != "true" or request.headers.get("HX-Request-Type") == "full":
        return ""
    return unquote(request.headers.get("HX-Target", "").partition("#")[2])


def fragment(
    request: HttpRequest, template: str, context: dict, allowed: Iterable[str] = (), *, status: int = 200
) -> HttpResponse:
    """The partial of `template` named by the target if `allowed` declares it, else the whole page.

    Messages that wait for the reader travel with the fragment into the stack of toasts.
    """
    name = target(request)
    if name not in set(allowed):
        answer = render(request, template, context, status=status)
    else:
        answer = render(request, f"{template}#{name}", context, status=status)
        if waiting := list(get_messages(request)):
            answer.write(render_to_string("ui/_toasts_partial.html", {"messages": waiting}, request=request))
    patch_vary_headers(answer, ("HX-Request", "HX-Target"))
    return answer


def refused(request: HttpRequest, template: str, context: dict, allowed: Iterable[str] = ()) -> HttpResponse:
    """Refused input: the same fragment with its errors, status 422, which htmx swaps in."""
    return fragment(request, template, context, allowed, status=UNPROCESSABLE)


def announce(answer: HttpResponse, event: str) -> HttpResponse:
    """Tell the page what happened (`actionRaised`), so that whoever listens reloads its own part."""
    said = [name for name in answer.get("HX-Trigger", "").split(", ") if name]
    answer["HX-Trigger"] = ", ".join([*said, event])
    return answer


class SignedOutMiddleware:
    """A signed-out htmx request leads the whole page to the sign-in form; no form lands inside a live page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        entrance = resolve_url(settings.LOGIN_URL)
        if (
            request.headers.get("HX-Request") != "true"
            or answer.status_code not in (301, 302)
            or answer["Location"].partition("?")[0] != entrance
        ):
            return answer
        if answer["Location"] == f"{entrance}?next={resolve_url('kept-form')}":
            return HttpResponse(headers={"HX-Redirect": answer["Location"]})  # what was typed waits there
        page = request.htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
        return HttpResponse(headers={"HX-Redirect": f"{entrance}?next={quote(resolve_url(page))}"})
