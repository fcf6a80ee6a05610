"""The secret address of a person's calendar: given once, kept as a hash, revocable (T24)."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Q

from reviewhub.notices.models import CalendarFeed
from reviewhub.people.models import User

# Calendar programs ask often; when it was last used is kept to the hour.
NOTED_EVERY = dt.timedelta(hours=1)


def current(user: User) -> CalendarFeed | None:
    """The feed that works, if the person has one. Its address cannot be shown again."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


@transaction.atomic
def subscribe(user: User, *, at: dt.datetime) -> str:
    """A new address: its token, 256 bits, given back this once. An older one ends with it."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    revoke(user, at=at)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, token_hash=digest(token), created_at=at)
    return token


def revoke(user: User, *, at: dt.datetime) -> int:
    """Whoever has the address finds nothing there any more; how many addresses ended."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


def reader(token: str, *, at: dt.datetime) -> User | None:
    """Whose calendar this token opens; None when it opens none. Notes that it is used."""
    feed = (
        CalendarFeed.objects.select_related("user").filter(token_hash=digest(token), revoked_at=None).first()
    )
    if feed is None or not feed.user.is_active:
        return None
    stale = Q(used_at=None) | Q(used_at__lt=at - NOTED_EVERY)
    CalendarFeed.objects.filter(stale, pk=feed.pk).update(used_at=at)
    return feed.user


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
