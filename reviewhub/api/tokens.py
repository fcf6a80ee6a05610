"""Tokens: made and shown once, looked up by their hash, narrowed to their purposes and departments, revoked."""

import datetime as dt
import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from reviewhub.api import keys, purposes
from reviewhub.api.models import Token
from reviewhub.people import activity, guessing
from reviewhub.people.models import Department, User
from reviewhub.people.staffing import may_manage

Kind = Token.Kind
# Days that may be chosen; a machine that nobody looks after ends by itself too.
LASTING = (7, 30, 90, 365)
MOST = 50  # of one person, or machines of a company, that stand at a time
LONGEST_NAME = 80
NOTED_EVERY = dt.timedelta(minutes=1)


class CannotMake(Exception):
    """No token was made; `problems` says why: field → sentence, "" for what belongs to no field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(" ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Wanted:
    """A token as asked for. No departments: all that its person may see, or for a machine the whole company."""

    name: str
    purposes: list[str]
    days: int
    departments: list[Department] = field(default_factory=list)


@dataclass(frozen=True)
class Caller:
    """Who asks: the token, its person with the abilities that the token carries, and the departments it counts for."""

    token: Token
    user: User
    purposes: frozenset
    departments: frozenset

    def covers(self, *departments: int | None) -> bool:
        """Whether the token counts for one of these departments (ids)."""
        return not self.departments or bool(self.departments.intersection(departments))

    def within(self, rows, *columns: str):
        """`rows` as far as one of their department `columns` is among the token's."""
        if not self.departments:
            return rows
        wanted = Q()
        for column in columns or ("department",):
            wanted |= Q(**{f"{column}__in": self.departments})
        return rows.filter(wanted)


def problems_with(wanted: Wanted, kind: str, *, by: User, at: dt.datetime) -> dict[str, str]:
    """Field → what stands against making this token."""
    found = {}
    if not by.is_active or (kind == Kind.MACHINE and not may_manage(by)):
        found[""] = _("Only an administrator makes tokens for machines.")
    elif standing(kind, by=by, at=at) >= MOST:
        found[""] = _("There are %(most)s tokens already. Revoke some that are not used.") % {"most": MOST}
    if not wanted.name.strip():
        found["name"] = _("Say what the token is for.")
    elif len(wanted.name) > LONGEST_NAME or "\0" in wanted.name:
        found["name"] = _("A name takes at most %(number)s characters.") % {"number": LONGEST_NAME}
    if not wanted.purposes or set(wanted.purposes) - set(purposes.PURPOSES):
        found["purposes"] = _("Choose what the token may be used for.")
    if wanted.days not in LASTING:
        found["days"] = _("Choose how long it is good.")
    return found


def standing(kind: str, *, by: User, at: dt.datetime) -> int:
    """How many tokens of this kind stand: of the person, or of all machines."""
    rows = Token.objects.standing(at).filter(kind=kind)
    return (rows if kind == Kind.MACHINE else rows.filter(user=by)).count()


@transaction.atomic
def make(wanted: Wanted, kind: str, *, by: User, at: dt.datetime) -> tuple[Token, str]:
    """The new token and its text, which nobody can tell afterwards. Raises CannotMake."""
    if problems := problems_with(wanted, kind, by=by, at=at):
        raise CannotMake(problems)
    name, text = " ".join(wanted.name.split()), keys.new(kind)
    token = Token.objects.create(
        kind=kind,
        user=by if kind == Kind.PERSONAL else _machine(name, wanted.departments),
        name=name,
        token_hash=keys.digest(text),
        hint=keys.hint(text),
        purposes=[one for one in purposes.PURPOSES if one in wanted.purposes],
        made_at=at,
        made_by=by,
        expires_at=at + dt.timedelta(days=wanted.days),
    )
    token.departments.set(wanted.departments)
    after = {"purposes": token.purposes, "departments": [one.code for one in wanted.departments]}
    _record("token.made", token, by=by, at=at, after=after | {"expires_on": f"{token.expires_at:%Y-%m-%d}"})
    return token, text


def _machine(name: str, departments: list[Department]) -> User:
    """A row to which figures and the log can point; it signs in nowhere and stands in no list of people."""
    machine = User(username=f"machine-{secrets.token_hex(6)}", name=name, is_machine=True)
    machine.department = departments[0] if len(departments) == 1 else None
    machine.set_unusable_password()
    machine.save()
    return machine


@transaction.atomic
def revoke(token: Token, *, by: User, at: dt.datetime) -> bool:
    """From now on the token opens nothing; twice is once."""
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        return False
    if token.kind == Kind.MACHINE:
        User.objects.filter(pk=token.user_id).update(is_active=False)
    _record("token.revoked", token, by=by, at=at)
    return True


def caller(text: str, *, address: str, at: dt.datetime) -> Caller | None:
    """Who asks with this token from the network `address`; None when it opens nothing."""
    if not keys.is_one(text):
        return None
    found = Token.objects.standing(at).select_related("user__department")
    token = found.filter(token_hash=keys.digest(text)).first()
    if token is None:
        return None
    if token.last_used_at is None or at - token.last_used_at >= NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=at, last_used_from=address[:45])
    departments = set(token.departments.values_list("pk", flat=True))
    user = token.user
    # The cached property of this one instance: whatever the business asks of it, the token's limits answer.
    user.abilities = (
        purposes.of_machine(token.purposes, departments)
        if token.kind == Kind.MACHINE
        else purposes.narrowed(user.abilities, departments)
    )
    return Caller(token, user, frozenset(purposes.every(token.purposes)), frozenset(departments))


def for_guess(address: str) -> list[guessing.Bucket]:
    """The bucket that wrong tokens empty. A right one takes nothing from it: neighbours lock nobody out."""
    return [guessing.Bucket(f"token from {guessing.network_of(address)}", 20, 30)]


def for_requests(token: Token) -> list[guessing.Bucket]:
    """How often one token may ask: 240 at once, then four a second."""
    return [guessing.Bucket(f"requests of token {token.pk}", 240, 0.25)]


def _record(code: str, token: Token, *, by, at, after=None) -> None:
    department = token.user.department if token.user.is_machine else None
    activity.record(
        code,
        token,
        by=by,
        at=at,
        params={"name": token.name, "kind": token.kind},
        after=after,
        department=department,
    )
