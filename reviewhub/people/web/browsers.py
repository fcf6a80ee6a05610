"""Browsers that somebody signed in with before: their guesses are counted apart, so that no stranger locks them out."""

import secrets

from django.conf import settings
from django.core import signing

from reviewhub.people import accounts

SALT = "reviewhub.browser"
KEPT_S = 180 * 24 * 3600


def name() -> str:
    return "__Host-browser" if settings.SESSION_COOKIE_SECURE else "browser"


def known(request, login: str) -> str:
    """The number of this browser if the person who signs in as `login` has used it before, else nothing."""
    said = _said(request)
    if not said:
        return ""
    person = accounts.meant(login)
    return said["browser"] if person and person.pk in said["people"] else ""


def last_of(request) -> int | None:
    """Who signed in last in this browser; None where nobody did."""
    said = _said(request)
    return said["people"][-1] if said and said["people"] else None


def remember(request, response, user) -> None:
    """From now on this browser is one of `user`; a few people may share it."""
    said = _said(request) or {"browser": secrets.token_hex(16), "people": []}
    people = [*(pk for pk in said["people"] if pk != user.pk), user.pk][-5:]
    response.set_cookie(
        name(),
        signing.dumps({"browser": said["browser"], "people": people}, salt=SALT),
        max_age=KEPT_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _said(request) -> dict | None:
    try:
        return signing.loads(request.COOKIES.get(name(), ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return None
