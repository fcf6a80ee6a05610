"""Putting a backup back: made ready beside what is in use, it takes its place at the end or not at all (F35)."""

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from reviewhub import __version__
from reviewhub.backups import postgresql, sqlite
from reviewhub.backups.archive import CannotRestore, unpack, verified
from reviewhub.backups.making import FILES, KEYS
from reviewhub.health.models import Heartbeat
from reviewhub.notices import restoring as notices
from reviewhub.people.models import User


def examine(path: Path) -> dict:
    """The manifest of a whole, undamaged archive that fits this version and this database. Raises CannotRestore."""
    manifest = verified(path)
    if manifest.get("product") != "reviewhub":
        raise CannotRestore(f"{path} is no backup of ReviewHub.")
    known = set(MigrationLoader(None).disk_migrations)
    unknown = [step for step in manifest["migrations"] if tuple(step) not in known]
    if _numbers(manifest["version"]) > _numbers(__version__) or unknown:
        raise CannotRestore(
            f"{path} was made by version {manifest['version']}, which is newer than this ({__version__}). "
            "Install that version first."
        )
    if manifest["database"] != connection.vendor:
        raise CannotRestore(
            f"{path} holds a {manifest['database']} database and this installation uses {connection.vendor}; "
            "they cannot be exchanged."
        )
    return manifest


def is_empty() -> bool:
    """Whether nobody would lose anything: no tables yet, or no people."""
    try:
        return User._meta.db_table not in connection.introspection.table_names() or not User.objects.exists()
    except DatabaseError as error:
        raise CannotRestore(f"The database does not answer: {str(error).strip()}") from error


def restore(path: Path, manifest: dict, *, at: dt.datetime) -> dict:
    """Put the examined archive in the place of this installation; `{held, sessions}` of what it took.

    Messages that may have gone out before wait for an administrator; everybody signs in again.
    """
    settings.FILES_DIR.parent.mkdir(parents=True, exist_ok=True)
    put_back = _sqlite if connection.vendor == "sqlite" else _postgresql
    try:
        with tempfile.TemporaryDirectory(prefix=".reviewhub-restore-", dir=settings.FILES_DIR.parent) as name:
            folder = Path(name)
            unpack(path, folder)
            (folder / FILES).mkdir(exist_ok=True)
            said = put_back(folder, manifest, at)
            _put_keys_back(folder, manifest)
            return said
    except (
        OSError,
        DatabaseError,
        connection.Database.Error,
        sqlite3.Error,
        sqlite.Busy,
        ValueError,
    ) as error:
        raise CannotRestore(f"Nothing was changed: {str(error).strip().splitlines()[0]}") from error


def _sqlite(folder: Path, manifest: dict, at: dt.datetime) -> dict:
    live = Path(connection.settings_dict["NAME"])
    restored = folder / sqlite.PART
    sqlite.work_on(restored)
    try:
        said = _brought_up_to_date(at)
    finally:
        sqlite.work_on(live)
    _exchange(folder / FILES, lambda: sqlite.replace(live, restored))
    return said


def _postgresql(folder: Path, manifest: dict, at: dt.datetime) -> dict:
    used = postgresql.begin()
    try:
        _migrate_to(manifest["migrations"])
        postgresql.load(folder / postgresql.FOLDER, manifest)
        said = _brought_up_to_date(at)
        _exchange(folder / FILES, lambda: postgresql.swap(used))
    except BaseException:
        postgresql.abandon()
        raise
    return said


def _migrate_to(applied: list[list[str]]) -> None:
    """Make the tables as they were when the backup was made."""
    executor = MigrationExecutor(connection)
    steps = {tuple(step) for step in applied}
    graph = executor.loader.graph
    last = [
        step
        for step in steps
        if step in graph.nodes
        and not any(child.key in steps and child.key[0] == step[0] for child in graph.node_map[step].children)
    ]
    executor.migrate(sorted(last))


def _brought_up_to_date(at: dt.datetime) -> dict:
    """Migrate what was restored, hold its messages, end its sessions; signs of life of then are none of now."""
    ContentType.objects.clear_cache()
    call_command("migrate", interactive=False, verbosity=0)
    sessions = Session.objects.count()
    Session.objects.all().delete()
    Heartbeat.objects.all().delete()
    return {"held": notices.fence(at=at), "sessions": sessions}


def _exchange(files: Path, exchange_database: Callable[[], None]) -> None:
    """Uploaded files and database change places with those in use; the files go back when the database cannot."""
    live, before = settings.FILES_DIR, settings.FILES_DIR.with_name("files.before-restore")
    shutil.rmtree(before, ignore_errors=True)
    was_there = live.exists()
    if was_there:
        os.rename(live, before)
    os.rename(files, live)
    try:
        exchange_database()
    except BaseException:
        os.rename(live, files)
        if was_there:
            os.rename(before, live)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _put_keys_back(folder: Path, manifest: dict) -> None:
    """The keys of then; one that was here already stays beside it, under another name."""
    for name in KEYS:
        if name not in manifest.get("keys", ()):
            continue
        live = Path(settings.DATA_DIR) / name
        if live.exists() and live.read_bytes() != (folder / name).read_bytes():
            os.replace(live, live.with_name(f"{name}.before-restore"))
        shutil.copyfile(folder / name, live.with_name(f"{name}.restored"))
        os.chmod(live.with_name(f"{name}.restored"), 0o600)
        os.replace(live.with_name(f"{name}.restored"), live)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
