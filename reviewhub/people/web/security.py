"""One's own security: password, second factors, and where one is signed in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviewhub.people import agents, second_factor, sessions


@require_safe
def security(request):
    user, at = request.user, timezone.now()
    held = second_factor.held_by(user)
    codes = held.get("recovery_codes")
    context = {
        "app": (held.get("totp") or [None])[0],
        "passkeys": held.get("webauthn", []),
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "is_needed": second_factor.needed(user, request.company),
        "has_password": user.has_usable_password(),
        "sessions": [listed(row, request) for row in sessions.of(user, at=at)],
    }
    return render(request, "people/security.html", context)


@require_POST
def end_session(request, pk):
    """One of one's own sessions ends; the present one by signing out."""
    row = get_object_or_404(request.user.usersession_set, pk=pk)
    if row.session_key == request.session.session_key:
        return redirect("account_logout")
    sessions.end(row)
    messages.success(request, _("Signed out there."))
    return redirect("security")


@require_POST
def end_sessions(request):
    """Sign out everywhere but here."""
    sessions.end_all(request.user, by=request.user, at=timezone.now())
    stay(request)
    messages.success(request, _("Signed out everywhere else."))
    return redirect("security")


def stay(request) -> None:
    """The session of this request goes on, under a new key."""
    request.session.create()  # its row was removed with the others
    update_session_auth_hash(request, request.user)


def listed(row, request) -> dict:
    return {
        "row": row,
        "device": agents.named(row.user_agent),
        "is_here": row.session_key == request.session.session_key,
    }
