"""What every request of somebody signed in goes through: is the session still good, and is a second factor due?"""

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from reviewhub.people import second_factor, sessions
from reviewhub.people.web import browsers
from reviewhub.people.web.adapters import address_of

# Where somebody may go who has to set up a second factor first.
ALWAYS = ("mfa_", "account_", "security", "language", "theme", "healthz")


class SessionCookieMiddleware(SessionMiddleware):
    """Django's, but an answer to a request with a dead cookie does not take the cookie away.

    It may be late: somebody signed in meanwhile, and the browser would throw away the new one.
    """

    def process_response(self, request, response):
        if request.session.is_empty() and not request.session.modified:
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)


class SessionEndMiddleware:
    """Ends sessions by idleness and age, notes where somebody is signed in, and keeps their pages out of caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at = timezone.now()
        came_in = request.user.is_authenticated
        if came_in and not sessions.lasts(request.session, at=at):
            request.left = request.user.pk
            logout(request)
        elif came_in:
            agent = request.META.get("HTTP_USER_AGENT", "")
            sessions.note(request.session, user=request.user, address=address_of(request), agent=agent, at=at)
        response = self.get_response(request)
        if came_in or request.user.is_authenticated:
            _private(response)
        if entered := getattr(request, "entered", None):
            browsers.remember(request, response, entered)
        if came_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _private(response) -> None:
    """Pages of somebody signed in are kept by no cache, neither on the way nor in the browser."""
    if "no-store" not in response.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"


class SecondFactorMiddleware:
    """Leads those who must have a second factor, and have none, to where it is set up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.session.get("has_factor"):
            return None
        if request.resolver_match.view_name.startswith(ALWAYS) or not self.is_due(request):
            return None
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": reverse("security")})
        messages.warning(request, _("Your role needs a second factor. Set one up to go on."))
        return redirect("security")

    def is_due(self, request) -> bool:
        if not second_factor.needed(request.user, request.company):
            return False
        records = get_authentication_records(request, request.user)
        if any(record["method"] == "socialaccount" for record in records):
            return False  # the company's own provider asked for what it wants
        if second_factor.has_one(request.user):
            request.session["has_factor"] = True
            return False
        return True
