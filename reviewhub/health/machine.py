"""Whether database, disk and prepared files are fit for work (F29, F35, F40)."""

import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.utils.translation import gettext_noop as _

from reviewhub.health.checks import FINE, MEND, NOTE, Finding

OLDEST_POSTGRESQL = 14
# Before, two writers could corrupt a database while its log was being reset.
SAFE_SQLITE = (3, 51, 3)
FREE_BYTES = 1 << 30
SKEW_S = 5
BACKUP_MAX_AGE = dt.timedelta(hours=26)
# Locks of SQLite do not hold there (https://sqlite.org/howtocorrupt.html, 2.1).
NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "fuse.sshfs",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.glusterfs",
    "davfs",
    "vboxsf",
)


def network_filesystem(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the network file system on which `path` lies; "" for a local one or where nobody can tell."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    under = [
        (len(mounted), kind)
        for _device, mounted, kind, *_rest in rows
        if path.resolve().is_relative_to(mounted.replace("\\040", " "))
    ]
    kind = max(under, default=(0, ""))[1]
    return kind if kind.startswith(NETWORK) else ""


def database_answers(at: dt.datetime) -> Iterable[Finding]:
    """It answers, is new enough, lies on a disk that can hold it, and agrees about the time."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield Finding(
            "DATABASE",
            MEND,
            _("The database does not answer: %(error)s"),
            _("Check DATABASE_URL and the password, and that the server runs."),
            {"error": str(error).strip().splitlines()[0]},
        )
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql(at)


def _sqlite():
    kind = network_filesystem(Path(connection.settings_dict["NAME"]).parent)
    if kind:
        yield Finding(
            "SQLITE_NETWORK",
            MEND,
            _("The SQLite database lies on a network file system (%(kind)s); its locks do not hold there."),
            _("Move the data folder to a local disk, or use PostgreSQL."),
            {"kind": kind},
        )
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "SQLITE_VERSION",
            NOTE,
            _("SQLite %(version)s can damage a database that several processes write (mended in 3.51.3)."),
            _("For daily work use PostgreSQL; keep backups."),
            {"version": sqlite3.sqlite_version},
        )
    yield Finding(
        "DATABASE", FINE, _("%(database)s answers."), values={"database": f"SQLite {sqlite3.sqlite_version}"}
    )


def _postgresql(at):
    version = connection.pg_version
    if version // 10_000 < OLDEST_POSTGRESQL:
        yield Finding(
            "POSTGRESQL_VERSION",
            MEND,
            _("PostgreSQL %(version)s is too old."),
            _("Use PostgreSQL 14 or newer."),
            {"version": version // 10_000},
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp()), current_setting('server_version')")
        told, name = cursor.fetchone()
    skew = abs(float(told) - dt.datetime.now(dt.UTC).timestamp())
    if skew > SKEW_S:
        yield Finding(
            "CLOCK",
            MEND,
            _("The clocks of this machine and of the database differ by %(seconds)s s."),
            _("Let both follow a time server (chrony, systemd-timesyncd)."),
            {"seconds": round(skew)},
        )
    yield Finding("DATABASE", FINE, _("%(database)s answers."), values={"database": f"PostgreSQL {name}"})


def database_is_migrated(at: dt.datetime) -> Iterable[Finding]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return  # said above
    if waiting:
        yield Finding(
            "MIGRATIONS",
            MEND,
            _("%(count)s steps of the database are missing."),
            _("Run python manage.py prepare, then start the processes again."),
            {"count": len(waiting)},
        )


def folder_is_fit(at: dt.datetime) -> Iterable[Finding]:
    """The data folder can be written and has room."""
    folder = settings.DATA_DIR
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        yield Finding(
            "DATA_FOLDER",
            MEND,
            _("%(folder)s cannot be written: %(error)s"),
            _("Give it to the user that runs ReviewHub."),
            {"folder": folder, "error": error.strerror},
        )
    free = shutil.disk_usage(folder).free
    values = {"folder": folder, "free": f"{free / 2**30:.1f} GiB"}
    if free < FREE_BYTES:
        yield Finding(
            "DISK",
            MEND,
            _("Only %(free)s are free in %(folder)s."),
            _("Make room: uploads and backups stop when it is full."),
            values,
        )
    else:
        yield Finding("DISK", FINE, _("%(free)s are free in %(folder)s."), values=values)


def files_are_prepared(at: dt.datetime) -> Iterable[Finding]:
    """Static files are collected and translations compiled."""
    plain = settings.WHITENOISE_USE_FINDERS
    if not plain and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield Finding(
            "STATIC",
            MEND,
            _("The static files are not collected: pages would have no looks."),
            _("Run python manage.py prepare."),
        )
    for source in settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists():
            yield Finding(
                "TRANSLATIONS",
                MEND,
                _("The Chinese words are not compiled."),
                _("Run python manage.py prepare."),
            )


def backups_are_fresh(at: dt.datetime) -> Iterable[Finding]:
    if not settings.BACKUP_DIR:
        yield Finding(
            "BACKUPS_UNKNOWN",
            NOTE,
            _("Nobody knows how old the newest backup is."),
            _("Write backups into a folder by cron and name it in BACKUP_DIR (docs/deploy.md)."),
        )
        return
    made = [path.stat().st_mtime for path in Path(settings.BACKUP_DIR).glob("*") if path.suffix != ".part"]
    if not made:
        yield Finding(
            "BACKUP_NONE",
            MEND,
            _("There is no backup in %(folder)s."),
            _("Run python manage.py backup FILE, and let cron repeat it."),
            {"folder": settings.BACKUP_DIR},
        )
        return
    age = at.timestamp() - max(made)
    level = MEND if age > BACKUP_MAX_AGE.total_seconds() else FINE
    yield Finding(
        "BACKUP_AGE",
        level,
        _("The newest backup is %(hours)s hours old."),
        _("Look at the log of the cron job.") if level == MEND else "",
        {"hours": round(age / 3600)},
    )
