"""Invitations: one-time links by which people set their first password, and by which the first administrator comes."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewhub.people import activity, staffing
from reviewhub.people.models import Assignment, Confidentiality, Invitation, Role, User

VALID = dt.timedelta(hours=72)
TOKEN_BYTES = 32


class CannotInvite(Exception):
    """Nothing was changed; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class CannotJoin(CannotInvite):
    """The link does nothing, or what was typed is refused."""


@dataclass(frozen=True)
class Made:
    """An invitation with its token, which is known now and never again."""

    invitation: Invitation
    token: str

    @property
    def link(self) -> str:
        """The whole address; its host is the configured one and never that of a request."""
        return settings.BASE_URL + self.path

    @property
    def path(self) -> str:
        return reverse("join", kwargs={"token": self.token})


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_ones(*, at: dt.datetime):
    """Invitations that still do something."""
    return Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=at)


def invite_problems(person: User, *, by: User) -> dict[str, str]:
    """What stands against inviting `person`."""
    if not staffing.may_manage(by):
        return {"": _("Only an administrator manages people.")}
    if not person.is_active:
        return {"": _("This account is closed. Open it again first.")}
    return {}


def invite(person: User, *, by: User, at: dt.datetime) -> Made:
    """A new link for `person`; older ones stop working. Raises CannotInvite."""
    if problems := invite_problems(person, by=by):
        raise CannotInvite(problems)
    return make(person, by=by, at=at)


@transaction.atomic
def make(person: User, *, by: User | None, at: dt.datetime) -> Made:
    """The link itself; nobody is asked whether `by` may. For who owns the server."""
    User.objects.select_for_update().get(pk=person.pk)
    open_ones(at=at).filter(person=person).update(revoked_at=at)
    _record("person.invited", person, by, at)
    return _made(at, person=person, made_by=by, email=person.email)


@transaction.atomic
def revoke(person: User, *, by: User, at: dt.datetime) -> int:
    """The links of `person` stop working; how many there were. Raises CannotInvite."""
    if not staffing.may_manage(by):
        raise CannotInvite({"": _("Only an administrator manages people.")})
    ended = open_ones(at=at).filter(person=person).update(revoked_at=at)
    if ended:
        _record("person.invitation_revoked", person, by, at)
    return ended


@transaction.atomic
def invite_first(*, email: str = "", at: dt.datetime) -> Made:
    """The link that makes the first administrator; an older one stops working. Raises CannotInvite."""
    _only_one_at_a_time()
    if User.objects.exists():
        raise CannotInvite({"": _("There are people already: an administrator invites the next one.")})
    Invitation.objects.filter(person=None, used_at=None, revoked_at=None).update(revoked_at=at)
    return _made(at, email=email)


def found(token: str, *, at: dt.datetime) -> Invitation | None:
    """The invitation that `token` opens, if it still does."""
    invitation = open_ones(at=at).filter(token_hash=hashed(token)).select_related("person").first()
    return invitation if invitation and _opens(invitation) else None


def _opens(invitation: Invitation) -> bool:
    """A person's account must be open; the first administrator comes to an installation with nobody in it."""
    return invitation.person.is_active if invitation.person else not User.objects.exists()


@transaction.atomic
def join(token: str, password: str, details: staffing.Details | None = None, *, at: dt.datetime) -> User:
    """Use the link: set the password; with `details` the first administrator comes to be. Raises CannotJoin."""
    _only_one_at_a_time()
    held = Invitation.objects.select_for_update().filter(token_hash=hashed(token)).first()
    if not held or not found(token, at=at):
        raise CannotJoin({"": _("This link no longer works.")})
    person = held.person or User(username="", date_joined=at)
    problems = _first_problems(details) if not held.person else {}
    if details and not held.person:
        staffing.fill(person, details)
        person.username = details.username
    if problems := problems | _password_problems(person, password):
        raise CannotJoin(problems)
    person.set_password(password)
    person.save()
    if not held.person:
        administrator = Role.objects.get(code="administrator")
        Assignment.objects.create(user=person, role=administrator, granted_at=at)
    held.used_at, held.person = at, person
    held.save(update_fields=["used_at", "person"])
    _record("person.joined", person, person, at)
    return person


def _first_problems(details: staffing.Details | None) -> dict[str, str]:
    if details is None:
        return {"": _("Write who you are.")}
    return staffing.identity_problems(details)


def _password_problems(person: User, password: str) -> dict[str, str]:
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        return {"password": " ".join(refusal.messages)}
    return {}


def _only_one_at_a_time() -> None:
    """Two links used at the same moment make one first administrator."""
    list(Role.objects.select_for_update().filter(code="administrator"))


def _made(at, **fields) -> Made:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        token_hash=hashed(token), made_at=at, expires_at=at + VALID, **fields
    )
    return Made(invitation, token)


def _record(code, person, by, at):
    activity.record(
        code,
        person,
        by=by,
        at=at,
        params={"person": person.username},
        confidentiality=Confidentiality.CONFIDENTIAL,
    )


def note_mail(invitation: Invitation, *, was_sent: bool, at: dt.datetime) -> None:
    """Remember whether the letter left; the link works either way."""
    field = "mailed_at" if was_sent else "mail_failed_at"
    setattr(invitation, field, at)
    invitation.save(update_fields=[field])
