"""Durations as people type them in an agenda: 90, 1h30, 1:30, 1.5h, 1小时30分. Pure."""

import re
import unicodedata

LONGEST = 24 * 60
HOUR = "(?:h|hrs?|hours?|小时|时)"
MINUTE = "(?:m|min|mins|minutes?|分钟|分|′|')"
SHAPES = (
    re.compile(rf"(?P<m>[0-9]{{1,4}}){MINUTE}?"),
    re.compile(r"(?P<h>[0-9]{1,2}):(?P<m>[0-5][0-9])"),
    re.compile(rf"(?P<h>[0-9]{{1,2}}){HOUR}(?:(?P<m>[0-5]?[0-9]){MINUTE}?)?"),
    re.compile(rf"(?P<h>[0-9]{{1,2}})(?P<tenth>[.,][0-9]){HOUR}"),
    re.compile(rf"(?P<h>[0-9]{{0,2}})个?半{HOUR}|(?P<full>[0-9]{{1,2}})个?{HOUR}半"),
)


def minutes_of(typed: str) -> int | None:
    """Whole minutes that `typed` means, up to a day; None when it means none. A bare number is minutes."""
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).casefold()
    for shape in SHAPES:
        if found := shape.fullmatch(word):
            total = _total(found.groupdict(), "半" in word)
            return total if total <= LONGEST else None
    return None


def _total(named, and_a_half):
    hours = int(named.get("h") or named.get("full") or 0)
    tenths = int((named.get("tenth") or ".0")[1:])
    return hours * 60 + int(named.get("m") or 0) + tenths * 6 + 30 * and_a_half
