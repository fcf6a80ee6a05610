"""The second factor: who needs one, which codes of an authenticator app are good, and what an administrator may do."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from reviewhub.people import activity
from reviewhub.people.models import Company, Confidentiality, SecondFactor, User

PERIOD_S = 30
WINDOWS = (-1, 0, 1)  # a phone may be half a minute off, no more
PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What only administrators and executives hold; they are the leaders of the company's setting.
LEADING = {"people.manage", "meeting.override"}


def needed(person: User, company: Company | None) -> bool:
    """Whether the company wants a second factor of `person`."""
    policy = (company or Company()).second_factor
    if policy == SecondFactor.LEADERS:
        return bool(LEADING & set(person.abilities))
    return policy == SecondFactor.EVERYBODY


def has_one(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type__in=PROOFS).exists()


def held_by(person: User) -> dict[str, list[Authenticator]]:
    """Kind → what `person` holds of it, the oldest first."""
    found: dict[str, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(user=person).order_by("id"):
        found.setdefault(one.type, []).append(one)
    return found


def counter_of(secret: str, code: str, *, at: dt.datetime, after: int = 0) -> int | None:
    """The half minute that `code` stands for, if it is a good one and later than `after`."""
    digits = "".join(code.split())
    now = int(at.timestamp()) // PERIOD_S
    for counter in (now + step for step in WINDOWS):
        if counter > after and format_hotp_value(hotp_value(secret, counter)) == digits:
            return counter
    return None


@transaction.atomic
def accept(person: User, code: str, *, at: dt.datetime) -> Authenticator | None:
    """The authenticator that `code` proves: each code of the app and each recovery code works once."""
    for one in Authenticator.objects.select_for_update().filter(user=person).order_by("-type"):
        if one.type == Authenticator.Type.TOTP:
            counter = counter_of(decrypt(one.data["secret"]), code, at=at, after=one.data.get("counter", 0))
            if counter:
                use(one, counter)
                return one
        elif one.type == Authenticator.Type.RECOVERY_CODES and one.wrap().validate_code(code):
            return one
    return None


def use(totp: Authenticator, counter: int) -> None:
    """No code of this half minute, or of one before it, works again."""
    totp.data["counter"] = counter
    totp.save(update_fields=["data"])


@transaction.atomic
def remove_all(person: User, *, by: User, at: dt.datetime) -> None:
    """For somebody who lost phone and recovery codes: the password alone signs in again."""
    if Authenticator.objects.filter(user=person).delete()[0]:
        noted("person.factors_removed", person, by=by, at=at)


def noted(code: str, person: User, *, by: User | None, at: dt.datetime) -> None:
    """A line of the log about the door of `person`."""
    params = {"person": person.username}
    secret = Confidentiality.CONFIDENTIAL
    activity.record(code, person, by=by, at=at, params=params, confidentiality=secret)
