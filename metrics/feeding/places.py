"""The one folder of the server that sources may read: nothing outside it, no way round by links (T09)."""

import os
import stat
from pathlib import Path

from django.conf import settings

from metrics.feeding.fetched import Failed


def inside(text: str) -> Path:
    """The place `text` names below SOURCES_ROOT. Failed when there is no such folder, or it leads out of it."""
    if not settings.SOURCES_ROOT:
        raise Failed("NO_ROOT")
    root = Path(settings.SOURCES_ROOT).resolve()
    parts = Path(text).parts
    if not parts or Path(text).is_absolute() or ".." in parts or "\0" in text:
        raise Failed("PATH_FORBIDDEN", path=text[:200])
    place = root
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise Failed("PATH_FORBIDDEN", path=text[:200])
    return place


def folder(text: str) -> Path:
    """The folder below the root. Failed where it is none."""
    found = inside(text)
    if not found.is_dir():
        raise Failed("FOLDER_MISSING", permanent=False, path=text[:200])
    return found


def regular_file(place: Path) -> os.stat_result | None:
    """What is known of an ordinary file; None for a link, a folder, a pipe, or nothing at all."""
    try:
        found = os.lstat(place)
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 else None
