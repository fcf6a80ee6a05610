"""The name of an uploaded file as it may be shown; it is never used as a path. Pure."""

import unicodedata

MAX_CHARS = 120
ACCEPTED = ("csv", "tsv", "txt", "xlsx", "zip")


def display_name(file_name: str) -> str | None:
    """The last part of the name without control and direction characters, at most 120 characters with its
    extension kept; None when nothing is left that could be shown."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    # Everything after a line break or NUL was smuggled in; the visible name is what remains in one line.
    shown = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    shown = shown.strip().lstrip(".").strip()
    if not shown:
        return None
    if len(shown) <= MAX_CHARS:
        return shown
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:
        return shown[:MAX_CHARS]
    return stem[: MAX_CHARS - len(ending) - 1] + "." + ending


def extension(file_name: str) -> str:
    """Lower-case ending without the dot; "" when there is none."""
    _, dot, ending = file_name.rpartition(".")
    return ending.strip().lower() if dot else ""
