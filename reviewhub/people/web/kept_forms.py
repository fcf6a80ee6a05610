"""A form that was sent after the session ended waits behind the sign-in page instead of being lost."""

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reviewhub.people import kept_forms
from reviewhub.people.web import browsers

UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnicodeError)
# Fields that nobody typed.
UNSEEN = ("version", "do", "next", "seen", "say", "client_id", "seq")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class EntranceMiddleware(LoginRequiredMiddleware):
    """Django's, but what was typed is kept for whoever signs in again in this browser."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if request.method == "POST" and request.user.is_authenticated:
            kept = request.session.get(kept_forms.KEPT)
            if kept and kept["path"].partition("?")[0] == request.path:
                kept_forms.drop(request.session)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.method == "POST" and self._is_kept(request):
            return redirect_to_login(reverse("kept-form"))
        return super().handle_no_permission(request, view_func)

    def _is_kept(self, request) -> bool:
        owner = getattr(request, "left", None) or browsers.last_of(request)
        length = request.META.get("CONTENT_LENGTH") or ""
        size = int(length) if length.isdecimal() and len(length) < 9 else 0
        if owner is None or request.content_type not in FORMS or not kept_forms.may_keep(request.path, size):
            return False
        try:
            fields = [(name, value) for name, values in request.POST.lists() for value in values]
            had_files = bool(request.FILES)
        except UNREADABLE:
            return False
        return kept_forms.keep(
            request.session,
            request.get_full_path(),
            fields,
            owner=owner,
            had_files=had_files,
            at=timezone.now(),
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept_form(request):
    """What was typed, to be sent again or thrown away."""
    kept = kept_forms.of(request.session, request.user, at=timezone.now())
    if request.method == "POST":
        kept_forms.drop(request.session)
        messages.success(request, _("Thrown away."))
    if kept is None or request.method == "POST":
        return redirect("home")
    shown = [value for name, value in kept.fields if value.strip() and name not in UNSEEN]
    return render(request, "people/kept_form.html", {"kept": kept, "shown": shown})
