"""Making a backup while everything runs: the database as of one moment, then the uploaded files."""

import datetime as dt
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from reviewhub import __version__
from reviewhub.backups import postgresql, sqlite
from reviewhub.backups.archive import CannotBackUp, Writer, new_archive, streamed_archive

FILES = "files"
# Uploads that are still coming in; they have no row yet.
COMING_IN = "incoming"
# Beside the data, not in the database: without it, records that were handed out count as signed by somebody else.
KEYS = ("record_key",)


def backup(target: Path | None, *, at: dt.datetime) -> dict:
    """Write the archive `target`, or to standard output for None; its manifest. Raises CannotBackUp.

    A file that goes away meanwhile (its time was over) is left out, as it would be an instant later.
    """
    spool = target.parent if target else Path(tempfile.gettempdir())
    if not spool.is_dir():
        raise CannotBackUp(f"{spool} does not exist.")
    archive = new_archive(target) if target else streamed_archive(sys.stdout.buffer)
    with archive as out, _spooled(spool) as folder:
        manifest = _database(out, folder) | {
            "product": "reviewhub",
            "version": __version__,
            "made_at": at.isoformat(),
            "database": connection.vendor,
            "files": _files(out),
            "keys": _keys(out),
        }
        out.close(manifest)
    return manifest


@contextmanager
def _spooled(folder: Path) -> Iterator[Path]:
    """A place beside the archive for what must be whole before its size is known; errors of a full disk as such."""
    try:
        with tempfile.TemporaryDirectory(prefix=".reviewhub-backup-", dir=folder) as name:
            yield Path(name)
    except sqlite3.OperationalError as error:
        raise CannotBackUp(f"The database could not be copied: {error}. No backup was made.") from error


def _database(out: Writer, folder: Path) -> dict:
    if connection.vendor == "sqlite":
        copy = folder / sqlite.PART
        said = sqlite.dump(copy)
        out.add(sqlite.PART, copy)
        return said
    said = postgresql.dump(folder)
    for name in said["tables"]:
        out.add(f"{postgresql.FOLDER}/{name}", folder / name)
        (folder / name).unlink()
    return said


def _keys(out: Writer) -> list[str]:
    found = [name for name in KEYS if (Path(settings.DATA_DIR) / name).is_file()]
    for name in found:
        out.add(name, Path(settings.DATA_DIR) / name)
    return found


def _files(out: Writer) -> int:
    root, count = settings.FILES_DIR, 0
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        inside = path.relative_to(root)
        if not path.is_file() or inside.parts[0] == COMING_IN:
            continue
        try:
            out.add(f"{FILES}/{inside.as_posix()}", path)
            count += 1
        except FileNotFoundError:
            continue
    return count
