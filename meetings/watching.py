"""Who may go on watching a live screen: sessions and persons looked up for all viewers in one go (T18)."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Field, ForeignKey, Lookup
from django.utils.crypto import constant_time_compare

from meetings.models import Meeting
from reviewhub.people import sessions
from reviewhub.people.models import Assignment, Role, User

EVERYBODY = 0


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`in` with one parameter however many values: hundreds of single ones cost more to prepare than to ask for."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(list(self.rhs))]


@dataclass(frozen=True)
class Claim:
    """What a session says: this person, while their password is the one it was made with, and since when."""

    stored: str
    user_id: int
    password_hash: str
    said: dict


# What decides about a person here: where one of these changed, the person is read anew.
DECIDES = ("pk", "password", "session_epoch", "is_superuser", "department_id", "department__kind")


class Doorkeeper:
    """Remembers what it decoded and whom it read, so that looking again costs four narrow queries for any number."""

    def __init__(self):
        self.claims: dict[str, Claim] = {}
        self.people: dict[int, tuple[tuple, User, str]] = {}

    def signed_in(self, session_keys: Iterable[str], *, at: dt.datetime) -> dict[str, User]:
        """Session key → the active person it belongs to, with today's abilities; keys no longer good are left out."""
        rows = Session.objects.filter(session_key__any_of=set(session_keys), expire_date__gt=at)
        claims = {
            key: self._claim(key, stored) for key, stored in rows.values_list("session_key", "session_data")
        }
        good = {key: claim for key, claim in claims.items() if claim and sessions.lasts(claim.said, at=at)}
        self.claims |= good
        people = self._people({claim.user_id for claim in good.values()})
        return {
            key: people[claim.user_id][1]
            for key, claim in good.items()
            if claim.user_id in people
            and constant_time_compare(claim.password_hash, people[claim.user_id][2])
        }

    def forget_all_but(self, session_keys: set[str]) -> None:
        """Who has left is remembered no longer."""
        self.claims = {key: claim for key, claim in self.claims.items() if key in session_keys}
        staying = {claim.user_id for claim in self.claims.values()}
        self.people = {pk: known for pk, known in self.people.items() if pk in staying}

    def _claim(self, key: str, stored: str) -> Claim | None:
        known = self.claims.get(key)
        if known and known.stored == stored:
            return known
        said = Session(session_key=key, session_data=stored).get_decoded()
        try:
            return Claim(stored, int(said[SESSION_KEY]), said.get(HASH_SESSION_KEY, ""), said)
        except (KeyError, ValueError):
            return None

    def _people(self, pks: set[int]) -> dict[int, tuple[tuple, User, str]]:
        """(what decides, the person, what a session proves itself by) of those who work here now."""
        rows = {row[0]: row for row in User.objects.active().filter(pk__any_of=pks).values_list(*DECIDES)}
        changed = [pk for pk, row in rows.items() if pk not in self.people or self.people[pk][0] != row]
        for pk, person in User.objects.select_related("department").in_bulk(changed).items():
            self.people[pk] = rows[pk], person, person.get_session_auth_hash()
        found = {pk: self.people[pk] for pk in rows if pk in self.people}
        held: dict[int, list] = {pk: [] for pk in found}
        abilities = dict(Role.objects.values_list("pk", "abilities"))
        standing = Assignment.objects.filter(user_id__any_of=pks, ended_at=None)
        for pk, role, department in standing.values_list("user_id", "role_id", "department_id"):
            if pk in held:
                held[pk].append((abilities[role], department))
        for pk, (_row, person, _proof) in found.items():
            person.hold(held[pk])
        return found


def audience(person: User) -> int:
    """People who are told the same: all colleagues, or the people of one partner."""
    return person.department_id if person.is_partner else EVERYBODY


def may_watch(meeting_id: int, person: User) -> bool:
    return Meeting.objects.visible_to(person).filter(pk=meeting_id).exists()
