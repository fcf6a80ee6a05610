"""The table of docs/access.md: which roles get which address, read from the page itself, so that nothing says it twice.

A line is `| route | who reads | whose form is heard | whose empty form changes something |`. Roles are those of
tests.trust.world; EVERYBODY, SIGNED_IN and COLLEAGUES stand for most of them, "without" takes some out again.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/access.md"
ROLES = (
    "nobody",
    "administrator",
    "executive",
    "facilitator",
    "co-facilitator",
    "scribe",
    "data owner",
    "lead of Sales",
    "analyst of Sales",
    "task owner",
    "lead of Marketing",
    "lead of Finance",
    "HR",
    "observer",
    "partner",
)
EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"nobody"}
COLLEAGUES = SIGNED_IN - {"partner"}
AS_READ = frozenset({"as read"})  # a page that shows the same to a POST
SETS = {"everybody": EVERYBODY, "signed in": SIGNED_IN, "colleagues": COLLEAGUES}
LINE = re.compile(r"\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")


@dataclass(frozen=True)
class Access:
    """Who gets an answer to a GET, to a POST, and who changes something by an empty one; None: no such method."""

    reads: frozenset[str] | None
    heard: frozenset[str] | None
    changes: frozenset[str]

    def line(self, route: str) -> str:
        return f"| `{route}` | {spelt(self.reads)} | {spelt(self.heard)} | {spelt(self.changes)} |"


def spelt(roles: frozenset[str] | None) -> str:
    """The shortest words for a set of roles."""
    if roles == AS_READ:
        return "as read"
    if not roles:
        return "–" if roles is None else "nobody at all"
    ways = [", ".join(one for one in ROLES if one in roles)]
    for name, whole in SETS.items():
        if roles <= whole:
            out = ", ".join(one for one in ROLES if one in whole - roles)
            ways.append(f"{name} without {out}" if out else name)
    return min(ways, key=len)


def read(words: str) -> frozenset[str] | None:
    """The opposite of `spelt`. Raises KeyError for a role that does not exist."""
    if words in ("–", "nobody at all"):
        return None if words == "–" else frozenset()
    if words == "as read":
        return AS_READ
    named, _without, out = words.partition(" without ")
    found = set()
    for one in named.split(", "):
        found |= SETS[one] if one in SETS else {ROLES[ROLES.index(one)]}
    return frozenset(found - set(out.split(", ")))


def table() -> dict[str, Access]:
    """Route → who gets it. Raises ValueError for a route with two lines."""
    found = {}
    for route, reads, heard, changes in LINE.findall(PAGE.read_text(encoding="utf-8")):
        if route in found:
            raise ValueError(f"{route} has two lines")
        found[route] = Access(read(reads), read(heard), read(changes) or frozenset())
    return found
