"""What somebody typed while their session ended: kept in that browser, for that person alone (B127)."""

import datetime as dt
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass

from reviewhub.people.models import User

KEPT = "kept_form"
# Kept in the session store: an answer to a meeting fits, a file does not.
LARGEST = 64 * 1024
FOR = dt.timedelta(hours=1)
# Doors, keys, addresses that are secrets, and what is confidential are typed again.
NEVER = (
    "/accounts/",
    "/profile/",
    "/join/",
    "/people/",
    "/tokens/",
    "/notices/hooks/",
    "/comp/",
    "/again/",
    "/api/",
)
NEVER += ("/demo/", "/sources/")
SECRET = ("password", "secret", "token")
CSRF = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to with its query, its fields in order, and whether files were left out."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def may_keep(path: str, length: int) -> bool:
    """Whether a form sent to `path` with `length` bytes is kept at all."""
    return 0 < length <= LARGEST and not path.startswith(NEVER)


def keep(
    session: MutableMapping,
    path: str,
    fields: Iterable[tuple[str, str]],
    *,
    owner: int,
    had_files: bool,
    at: dt.datetime,
) -> bool:
    """Keep it for the person `owner`; a newer one takes the place of the one before.

    False, and nothing is kept, where nothing was typed or a field is named like a secret: half a form is none.
    """
    said = [[name, value] for name, value in fields if name != CSRF]
    if not any(value for _name, value in said):
        return False
    if any(word in name.lower() for name, _value in said for word in SECRET):
        return False
    session[KEPT] = {
        "path": path, "fields": said, "owner": owner, "had_files": had_files, "at": int(at.timestamp())
    }  # fmt: skip
    return True


def of(session: MutableMapping, person: User, *, at: dt.datetime) -> Kept | None:
    """What is kept for `person`; what is another one's or too old is removed."""
    found = session.get(KEPT)
    if not found:
        return None
    if found["owner"] != person.pk or at.timestamp() - found["at"] >= FOR.total_seconds():
        drop(session)
        return None
    return Kept(found["path"], [tuple(pair) for pair in found["fields"]], found["had_files"])


def drop(session: MutableMapping) -> None:
    session.pop(KEPT, None)
