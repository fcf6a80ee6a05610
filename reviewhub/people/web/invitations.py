"""An administrator invites people, withdraws the link, and helps those who lost phone or password."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from reviewhub.people import invitations, letters, second_factor, sessions
from reviewhub.people.web.people import page, person_of
from reviewhub.people.web.security import stay
from reviewhub.ui.htmx import UNPROCESSABLE


@never_cache
@require_POST
def invite(request, pk):
    """A new one-time link: shown in this answer alone, and sent by mail where there is an address and a server."""
    found = person_of(request, pk)
    try:
        made = invitations.invite(found, by=request.user, at=timezone.now())
    except invitations.CannotInvite as refusal:
        return page(request, found, account_problems=list(refusal.problems.values()), status=UNPROCESSABLE)
    if found.email and letters.can_send():
        was_sent = letters.send("invitation", found, made.link, invitation=made.invitation)
        invitations.note_mail(made.invitation, was_sent=was_sent, at=timezone.now())
    return page(request, found, made=made)


@require_POST
def revoke(request, pk):
    found = person_of(request, pk)
    invitations.revoke(found, by=request.user, at=timezone.now())
    messages.success(request, _("The link no longer works."))
    return redirect("person", pk=pk)


@require_POST
def end_sessions(request, pk):
    found = person_of(request, pk)
    sessions.end_all(found, by=request.user, at=timezone.now())
    if found == request.user:
        request.user.refresh_from_db(fields=["session_epoch"])
        stay(request)
    messages.success(request, _("Signed out everywhere."))
    return redirect("person", pk=pk)


@require_POST
def remove_factors(request, pk):
    found = person_of(request, pk)
    second_factor.remove_all(found, by=request.user, at=timezone.now())
    messages.success(request, _("Removed. The password alone signs in now."))
    return redirect("person", pk=pk)
