"""One-click links in mails: each opens one form, without signing in, for one person and cycle, for 14 days (T17)."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from reviewhub.notices.models import FormLink
from reviewhub.people.models import User

LIFE = dt.timedelta(days=14)


@dataclass(frozen=True)
class Purpose:
    """What a link opens. `view` is the dotted path of view(request, link); stands(link) says whether it is still
    this person's (the owner may have changed)."""

    code: str
    view: str
    stands: Callable[[FormLink], bool]


_purposes: dict[str, Purpose] = {}


class Refused(Exception):
    """The link opens nothing; `reason` is unknown, expired, revoked or later (a newer turn has been asked for)."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def register(purpose: Purpose) -> None:
    """Called by an upper app in AppConfig.ready()."""
    _purposes[purpose.code] = purpose


def purpose_of(link: FormLink) -> Purpose | None:
    return _purposes.get(link.purpose)


@transaction.atomic
def path(user: User, wanted: tuple[str, str, str, str], *, at: dt.datetime) -> str:
    """The address for (purpose, subject type, subject id, cycle); the same one on every attempt to send it."""
    purpose, subject_type, subject_id, cycle_key = wanted
    bound = {
        "user": user,
        "purpose": purpose,
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "cycle_key": cycle_key,
    }
    link = FormLink.objects.filter(**bound, revoked_at=None).first()
    if link and (link.expires_at <= at or digest(token(link)) != link.token_hash):
        revoke(link, at=at)  # over, or signed with a key that is not ours any more
        link = None
    if link is None:
        link = FormLink(**bound, created_at=at, expires_at=at + LIFE)
        link.token_hash = digest(token(link))
        link.save(force_insert=True)
    return reverse("form-link", args=[token(link)])


def token(link: FormLink) -> str:
    """256 bits that follow from the link and the secret key: a mail that is sent again carries the same ones."""
    signed = hmac.new(settings.SECRET_KEY.encode(), b"reviewhub.form-link:" + link.pk.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(signed.digest()).rstrip(b"=").decode()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def find(text: str, *, at: dt.datetime) -> FormLink:
    """The link of this token. Raises Refused; a used one is found: its form says that it is done."""
    link = FormLink.objects.select_related("user").filter(token_hash=digest(text)).first()
    if link is None or purpose_of(link) is None:
        raise Refused("unknown")
    if link.revoked_at or not link.user.is_active or not purpose_of(link).stands(link):
        raise Refused("revoked")
    if at >= link.expires_at:
        raise Refused("expired")
    return link


def use(link: FormLink, *, at: dt.datetime) -> bool:
    """Whether this is the first use; in the transaction of what the form does."""
    return bool(FormLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None).update(used_at=at))


def revoke(link: FormLink, *, at: dt.datetime) -> None:
    FormLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at)
