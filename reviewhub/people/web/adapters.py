"""How allauth does things here: nobody signs up, guesses are counted in the database, links use our own address."""

import base64
import hashlib
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from reviewhub.people import guessing, letters
from reviewhub.people.models import Company
from reviewhub.people.web import browsers

FRESH_S = 300  # who signed in this short ago need not prove it again


class Door(DefaultAccountAdapter):
    """Signing in by name and password."""

    def is_open_for_signup(self, request):
        return False

    def get_client_ip(self, request):
        return address_of(request)

    def pre_authenticate(self, request, **credentials):
        login = credentials.get("username") or credentials.get("email") or ""
        browser = browsers.known(request, login)
        self.buckets = guessing.for_password(login, address_of(request), browser)
        if not guessing.take(self.buckets, at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self):
        guessing.give_back(self.buckets, at=timezone.now())

    def _delete_login_attempts_cached_email(self, request, **credentials):
        """A new password leaves the buckets as they are: they fill by themselves."""

    def is_reauthentication_required(self, *, app, **kwargs):
        records = get_authentication_records(context.request, context.request.user)
        if any(time.time() - record["at"] < FRESH_S for record in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_password_change_redirect_url(self, request):
        return reverse("security")

    def get_reset_password_from_key_url(self, key):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def send_password_reset_mail(self, user, email, context):
        letters.send("password", user, context["password_reset_url"])


class Factors(DefaultMFAAdapter):
    """Second factors. Their secrets are kept enciphered: a copy of the database alone opens no account."""

    @cached_property
    def cipher(self):
        key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text):
        return self.cipher.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return self.cipher.decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self):
        company = Company.objects.first()
        return f"ReviewHub {company}" if company else "ReviewHub"

    def _get_site_name(self):
        return "ReviewHub"

    def _get_user_identifier(self, user):
        return user.username

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}


def address_of(request) -> str:
    """The client's address as the first middleware left it; none in requests that no network brought."""
    return request.META.get("REMOTE_ADDR") or "0.0.0.0"
