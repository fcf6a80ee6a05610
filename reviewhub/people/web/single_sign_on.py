"""Signing in by the company's own identity provider: only people who exist here come in by it."""

import logging

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from requests import RequestException

from reviewhub.people import accounts

logger = logging.getLogger(__name__)


class CompanyDoor(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        return False

    def pre_social_login(self, request, sociallogin):
        """The first time the verified address says who it is; from then on the provider's own number does."""
        if sociallogin.is_existing:
            return
        person = verified_person(sociallogin)
        if person is None or not person.is_active:
            raise ImmediateHttpResponse(refused(request, _("Nobody here has this address.")))
        sociallogin.connect(request, person)

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        raise ImmediateHttpResponse(refused(request, _("The other side did not let you in.")))

    def get_connect_redirect_url(self, request, socialaccount):
        return get_adapter().get_login_redirect_url(request)


def verified_person(sociallogin):
    """The one person whose address the provider vouches for."""
    vouched = {address.email.lower() for address in sociallogin.email_addresses if address.verified is True}
    people = [person for person in map(accounts.meant, vouched) if person and person.email.lower() in vouched]
    return people[0] if len(people) == 1 else None


def refused(request, why: str):
    return render(request, "socialaccount/authentication_error.html", {"why": why}, status=403)


@login_not_required
def login(request, provider_id):
    """To the provider; one that does not answer is said so, and the password still signs in."""
    try:
        return views.login(request, provider_id)
    except (RequestException, KeyError, ValueError) as trouble:
        logger.warning("the identity provider does not answer: %s", type(trouble).__name__)
        return refused(request, _("The other side does not answer."))
