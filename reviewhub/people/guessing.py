"""How often a password or a code may be guessed: buckets in the database, so that every process counts the same.

Each guess takes a token from several buckets; time puts one back every so many seconds. When one is empty the guess
is refused before anything is hashed. Nobody is locked out by what others do: a browser in which somebody signed in
before has a bucket of its own.
"""

import datetime as dt
import hashlib
import ipaddress
from dataclasses import dataclass

from django.db import connection, transaction

from reviewhub.people.models import GuessAllowance
from reviewhub.people.names import folded

FORGOTTEN_AFTER = dt.timedelta(days=1)  # by then every bucket is full again


@dataclass(frozen=True)
class Bucket:
    """Whose guesses are counted, how many at once, and the seconds after which one more is allowed."""

    whose: str
    capacity: int
    refill_s: float

    @property
    def key(self) -> str:
        return hashlib.sha256(self.whose.encode()).hexdigest()


def for_password(login: str, address: str, browser: str = "") -> list[Bucket]:
    """The buckets of a sign-in as `login` from the network `address`; `browser` is known to belong to that person."""
    login = folded(login)
    if browser:
        return [Bucket(f"browser {browser} {login}", 10, 60)]
    network = network_of(address)
    return [
        Bucket(f"address {network}", 20, 180),
        Bucket(f"login {login} from {network}", 5, 60),
        Bucket(f"login {login}", 50, 72),
    ]


def for_code(user_id: int, address: str) -> list[Bucket]:
    """The buckets of a code of the second factor. Whoever is asked for one knows the password already."""
    return [
        Bucket(f"code {user_id} from {network_of(address)}", 5, 60),
        Bucket(f"code {user_id}", 20, 180),
    ]


def network_of(address: str) -> str:
    """The address itself, or the /64 of an IPv6 one: that is what one customer is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def take(buckets: list[Bucket], *, at: dt.datetime) -> bool:
    """Take a token from each of `buckets`; from none, and False, when one of them is empty."""
    with transaction.atomic():
        rows = _locked(buckets, at)
        for bucket in buckets:
            row = rows[bucket.key]
            gone_by = max(0.0, (at - row.at).total_seconds())
            row.tokens = min(bucket.capacity, row.tokens + gone_by / bucket.refill_s)
            row.at = max(row.at, at)
        allowed = all(row.tokens >= 1 for row in rows.values())
        for row in rows.values():
            row.tokens -= allowed
            row.save(update_fields=["tokens", "at"])
    return allowed


def give_back(buckets: list[Bucket], *, at: dt.datetime) -> None:
    """The guess was right: it does not count."""
    with transaction.atomic():
        rows = _locked(buckets, at)
        for bucket in buckets:
            row = rows[bucket.key]
            row.tokens = min(bucket.capacity, row.tokens + 1)
            row.save(update_fields=["tokens"])


def forget(*, at: dt.datetime) -> int:
    """Remove the buckets that are full again; how many there were."""
    return GuessAllowance.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()[0]


def _locked(buckets, at) -> dict[str, GuessAllowance]:
    """The rows of `buckets`, full ones where there was none, locked in one order so that nobody waits in a ring."""
    wanted = {bucket.key: bucket.capacity for bucket in sorted(buckets, key=lambda bucket: bucket.key)}
    GuessAllowance.objects.bulk_create(
        [GuessAllowance(key=key, tokens=capacity, at=at) for key, capacity in wanted.items()],
        ignore_conflicts=True,
    )
    rows = GuessAllowance.objects.filter(key__in=wanted).order_by("key")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return {row.key: row for row in rows}
