"""A watched folder: files that are finished are taken one by one, and end in done/ or failed/, never nowhere."""

import datetime as dt
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from metrics.feeding import places
from metrics.feeding.fetched import Failed, Fetched

TAKEN, DONE, FAILED = ".taken", "done", "failed"
UNFINISHED = re.compile(r"^[.~$]|\.(part|partial|tmp|crdownload|filepart)$", re.IGNORECASE)
MOST = 50  # in one run; the next one goes on


def finished(path: str, *, at: dt.datetime) -> Iterator[Fetched]:
    """Each file of the folder that is finished, taken for us; first those that a killed run had taken.

    A file counts as finished when nothing wrote to it for SOURCE_STABLE_S seconds. Renaming takes it: of two workers
    one succeeds.
    """
    watched = places.folder(path)
    taken = made(watched, TAKEN)
    for left in sorted(taken.iterdir())[:MOST]:
        if places.regular_file(left):
            yield Fetched(left, readable(left.name.partition("~")[2] or left.name))
    for place in sorted(watched.iterdir())[:MOST]:
        if is_finished(place, at=at) and (ours := take(place, taken)) is not None:
            yield Fetched(ours, readable(place.name))


def readable(name: str) -> str:
    """A file name may hold bytes that are no text; no database takes those."""
    return name.encode("utf-8", "replace").decode()


def is_finished(place: Path, *, at: dt.datetime) -> bool:
    if UNFINISHED.search(place.name) or (known := places.regular_file(place)) is None:
        return False
    return at.timestamp() - known.st_mtime >= settings.SOURCE_STABLE_S


def take(place: Path, taken: Path) -> Path | None:
    """The file under a name of ours; None when another worker was faster."""
    ours = taken / f"{uuid.uuid4().hex}~{place.name}"
    try:
        os.rename(place, ours)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Failed("FOLDER_LOCKED", permanent=True, why=os.strerror(error.errno)) from None
    return ours if places.regular_file(ours) else None


def put_away(fetched: Fetched, *, is_good: bool, at: dt.datetime) -> Path:
    """Move a taken file to done/ or failed/, with the moment before its name; nothing there is overwritten."""
    watched = fetched.path.parent.parent
    target = made(watched, DONE if is_good else FAILED)
    place = target / f"{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}-{fetched.name}"
    os.rename(fetched.path, place)
    return place


def made(watched: Path, name: str) -> Path:
    """The folder of ours inside the watched one. Failed for a link that somebody put in its place."""
    place = watched / name
    if place.is_symlink():
        raise Failed("PATH_FORBIDDEN", path=name)
    try:
        place.mkdir(exist_ok=True)
    except OSError as error:
        raise Failed("FOLDER_LOCKED", why=os.strerror(error.errno)) from None
    return place
