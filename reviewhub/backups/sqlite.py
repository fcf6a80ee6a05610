"""The database part on SQLite: the online backup of SQLite itself, in both directions."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

PART = "database.sqlite3"
PATIENCE = 60  # quarter seconds that a restore waits for a writer
BUSY = (5, 6)


class Busy(Exception):
    """Another process keeps writing."""


def dump(target: Path) -> dict:
    """Copy the database as of one moment while others write; `{tables: {name: {rows}}}`."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        # One step: in write-ahead mode it holds up no writer, and in several steps writers would start it anew.
        connection.connection.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        check(copy)
        names = [
            name
            for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
        ]
        counted = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        applied = copy.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    tables = {name: {"rows": rows} for name, rows in counted.items() if not name.startswith("sqlite_")}
    return {"tables": tables, "migrations": [list(row) for row in applied]}


def check(database: sqlite3.Connection) -> None:
    said = database.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok":
        raise ValueError(f"the database is damaged: {said}")


def work_on(path: Path) -> None:
    """Let this process use the database at `path` from now on."""
    connection.close()
    connection.settings_dict["NAME"] = str(path)


def replace(live: Path, restored: Path) -> None:
    """The content of `restored` becomes that of `live`, at one moment, also under processes that have it open."""
    tries = 0

    def watch(status, _left, _total):
        nonlocal tries
        tries += status in BUSY
        if tries > PATIENCE:
            raise Busy("another process keeps writing to the database; stop ReviewHub first")

    live.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(restored)) as source, closing(sqlite3.connect(live, timeout=1)) as target:
        check(source)
        source.backup(target, pages=-1, progress=watch, sleep=0.25)
        target.execute("PRAGMA journal_mode=WAL")
