"""How long somebody stays signed in, where they are signed in, and how that ends."""

import datetime as dt
from collections.abc import Mapping

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from reviewhub.people import activity
from reviewhub.people.models import Confidentiality, User

IDLE = dt.timedelta(hours=3)
LONGEST = dt.timedelta(hours=12)
NOTED_EVERY = dt.timedelta(minutes=1)
# Names in the session: when its person signed in, and when they last asked for anything (seconds since 1970).
SINCE, SEEN = "signed_in_at", "seen_at"


def begin(kept, *, at: dt.datetime) -> None:
    kept[SINCE] = kept[SEEN] = int(at.timestamp())


def lasts(kept: Mapping, *, at: dt.datetime) -> bool:
    """Whether a session with these contents is still good: used in the last 3 hours, begun in the last 12."""
    now = at.timestamp()
    since, seen = kept.get(SINCE, 0), kept.get(SEEN, 0)
    return now - seen < IDLE.total_seconds() and now - since < LONGEST.total_seconds()


def note(kept, *, user: User, address: str, agent: str, at: dt.datetime) -> None:
    """Remember that somebody is here and where; written once a minute, not at every page."""
    is_listed = kept.get("listed") == kept.session_key
    if is_listed and at.timestamp() - kept.get(SEEN, 0) < NOTED_EVERY.total_seconds():
        return
    kept[SEEN] = int(at.timestamp())
    if not kept.session_key:
        kept.save()
    kept["listed"] = kept.session_key
    UserSession.objects.update_or_create(
        session_key=kept.session_key,
        defaults={"user": user, "ip": address or "0.0.0.0", "user_agent": agent[:200], "last_seen_at": at},
        create_defaults={
            **{"user": user, "ip": address or "0.0.0.0", "user_agent": agent[:200]},
            **{"last_seen_at": at, "created_at": dt.datetime.fromtimestamp(kept[SINCE], dt.UTC)},
        },
    )


def of(person: User, *, at: dt.datetime) -> list[UserSession]:
    """Where `person` is signed in now, the latest used first; rows of sessions that ended are removed."""
    rows = UserSession.objects.filter(user=person).order_by("-last_seen_at", "-id")
    sessions = Session.objects.in_bulk([row.session_key for row in rows])
    proof = person.get_session_auth_hash()
    good = {key for key, session in sessions.items() if _is_good(session, proof, at)}
    UserSession.objects.filter(user=person).exclude(session_key__in=good).delete()
    return [row for row in rows if row.session_key in good]


def _is_good(session: Session, proof: str, at: dt.datetime) -> bool:
    said = session.get_decoded()
    return session.expire_date > at and said.get("_auth_user_hash") == proof and lasts(said, at=at)


def end(row: UserSession) -> None:
    """This one session ends at once, its live screens with it."""
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()


@transaction.atomic
def end_all(person: User, *, by: User, at: dt.datetime) -> int:
    """Every session of `person` ends, those that nobody listed too; how many were listed.

    Whoever ends their own and wants to stay renews what their session proves itself by.
    """
    listed = list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=listed).delete()
    UserSession.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    activity.record(
        "person.sessions_ended",
        person,
        by=by,
        at=at,
        params={"person": person.username},
        confidentiality=Confidentiality.CONFIDENTIAL,
    )
    return len(listed)
