"""The forms of allauth's second factors, with our count of guesses and codes that work once."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.utils import timezone

from reviewhub.people import guessing, second_factor
from reviewhub.people.web.adapters import Door, address_of


def guessed(user, at) -> list[guessing.Bucket]:
    """Count a guess; raises ValidationError when there were too many."""
    buckets = guessing.for_code(user.pk, address_of(context.request))
    if not guessing.take(buckets, at=at):
        raise Door().validation_error("too_many_login_attempts")
    return buckets


class OneCode:
    """A code of the app, or a recovery code, that proves who somebody is."""

    def clean_code(self):
        at = timezone.now()
        buckets = guessed(self.user, at)
        self.authenticator = second_factor.accept(self.user, self.cleaned_data["code"], at=at)
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        guessing.give_back(buckets, at=at)
        return self.cleaned_data["code"]


class EnterCode(OneCode, AuthenticateForm):
    pass


class EnterCodeAgain(OneCode, ReauthenticateForm):
    pass


class FirstCode(ActivateTOTPForm):
    """The code that shows that the app has the secret; it does not sign in afterwards."""

    def clean_code(self):
        at = timezone.now()
        buckets = guessed(self.user, at)
        counter = second_factor.counter_of(self.secret, self.cleaned_data["code"], at=at)
        if counter is None:
            raise get_adapter().validation_error("incorrect_code")
        context.request.totp_counter = counter
        guessing.give_back(buckets, at=at)
        return self.cleaned_data["code"]
