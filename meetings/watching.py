"""Who may go on watching a live screen: sessions and persons looked up for all viewers in one go (T18)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from meetings.models import Meeting
from reviewhub.people import sessions
from reviewhub.people.models import User

EVERYBODY = 0


@dataclass(frozen=True)
class Claim:
    """What a session says: this person, while their password is the one it was made with, and since when."""

    stored: str
    user_id: int
    password_hash: str
    said: dict


class Doorkeeper:
    """Remembers what it decoded, so that looking again costs two queries for any number of viewers."""

    def __init__(self):
        self.claims: dict[str, Claim] = {}
        self.proven: dict[int, tuple[tuple[str, int], str]] = {}

    def signed_in(self, session_keys: Iterable[str], *, at: dt.datetime) -> dict[str, User]:
        """Session key → the active person it belongs to; keys that are no longer good are left out."""
        rows = Session.objects.filter(session_key__in=set(session_keys), expire_date__gt=at)
        claims = {row.session_key: self._claim(row) for row in rows}
        self.claims = {
            key: claim for key, claim in claims.items() if claim and sessions.lasts(claim.said, at=at)
        }
        people = (
            User.objects.active()
            .select_related("department")
            .in_bulk({claim.user_id for claim in self.claims.values()})
        )
        return {
            key: people[claim.user_id]
            for key, claim in self.claims.items()
            if claim.user_id in people and self._fits(people[claim.user_id], claim)
        }

    def _claim(self, row):
        known = self.claims.get(row.session_key)
        if known and known.stored == row.session_data:
            return known
        said = row.get_decoded()
        try:
            return Claim(row.session_data, int(said[SESSION_KEY]), said.get(HASH_SESSION_KEY, ""), said)
        except (KeyError, ValueError):
            return None

    def _fits(self, person, claim):
        secret = person.password, person.session_epoch
        known, proof = self.proven.get(person.pk, (None, ""))
        if known != secret:
            proof = person.get_session_auth_hash()
            self.proven[person.pk] = secret, proof
        return constant_time_compare(claim.password_hash, proof)


def audience(person: User) -> int:
    """People who are told the same: all colleagues, or the people of one partner."""
    return person.department_id if person.is_partner else EVERYBODY


def may_watch(meeting_id: int, person: User) -> bool:
    return Meeting.objects.visible_to(person).filter(pk=meeting_id).exists()
