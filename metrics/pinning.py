"""Definitions that something upstairs has pinned: they cannot change before a day.

An app registers a finder in AppConfig.ready(): finder(codes) → the first days on which each of those may change, empty
where nothing is pinned. Why it is pinned is not said: that may be for named persons only.
"""

import datetime as dt
from collections.abc import Callable, Iterable

Finder = Callable[[set[str]], Iterable[dt.date]]
_finders: list[Finder] = []
# What a figure does not depend on.
WORDS = {
    "tier",
    "section",
    "checklist",
    "name_zh",
    "name_en",
    "definition_zh",
    "definition_en",
    "target_hint",
    "conflict_zh",
    "conflict_en",
    "reconcile_zh",
    "reconcile_en",
    "chart",
    "owner_dept",
    "steward_dept",
}


def register(finder: Finder) -> None:
    """Add a finder; the same one again changes nothing."""
    if finder not in _finders:
        _finders.append(finder)


def until(code: str, changed: Iterable[str], effective_from: dt.date) -> dt.date | None:
    """The first day from which `code` may be read otherwise, where that is later than `effective_from`.

    `changed`: the columns that a new version would change; other words for the same figure are free.
    """
    if not set(changed) - WORDS:
        return None
    days = [day for finder in _finders for day in finder({code}) if day > effective_from]
    return max(days, default=None)
