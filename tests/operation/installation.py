"""Whole installations of a test: a database of their own, a data folder, and `manage.py` in a process of its own."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests import prepared

ROOT = Path(__file__).parent.parent.parent


class Rows:
    """A file that keeps the number of its lines and their digest only."""

    def __init__(self):
        self.count, self.sha256 = 0, hashlib.sha256()

    def write(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.count += data.count(b"\n")
        self.sha256.update(data)


class Installation:
    """`manage(…)` runs a command of it; `digests()` says what its tables and files hold."""

    def __init__(self, home: Path, database: str):
        self.home, self.database = home, database
        self.files = home / "files"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = kept | {
            "REVIEWHUB_DATA": str(home),
            "DATABASE_URL": database,
            "REVIEWHUB_DEMO": "0",
        }
        home.mkdir(parents=True, exist_ok=True)

    def manage(self, *words: str, **environment) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=240,
        )

    def done(self, *words: str, **environment) -> str:
        """What a command said that must succeed."""
        ran = self.manage(*words, **environment)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def refused(self, *words: str, **environment) -> str:
        """What a command said that must be refused, in one line and without a traceback."""
        ran = self.manage(*words, **environment)
        assert ran.returncode != 0 and "Traceback" not in ran.stderr, ran.stderr
        return ran.stderr

    def python(self, text: str) -> str:
        return self.done("shell", "-c", text)

    @contextmanager
    def connected(self):
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)) as link:
                yield link
        else:
            with closing(psycopg2.connect(self.database)) as link:
                yield link

    def tables(self, link) -> list[str]:
        cursor = link.cursor()
        if self.database.startswith("sqlite"):
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        else:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in cursor.fetchall())

    def digests(self) -> dict[str, str]:
        """Table → rows and digest of all its rows; `files` → the same of the uploaded files."""
        found = {}
        with self.connected() as link:
            for name in self.tables(link):
                rows = Rows()
                query = f'SELECT * FROM "{name}" ORDER BY 1'
                if self.database.startswith("sqlite"):
                    for row in link.cursor().execute(query):
                        rows.write(f"{row!r}\n")
                else:
                    link.cursor().copy_expert(f"COPY ({query}) TO STDOUT", rows)
                found[name] = f"{rows.count} {rows.sha256.hexdigest()[:16]}"
        files = sorted(path for path in self.files.rglob("*") if path.is_file())
        said = "".join(f"{path.relative_to(self.files)} {path.read_bytes()!r}" for path in files)
        return found | {"files": f"{len(files)} {hashlib.sha256(said.encode()).hexdigest()[:16]}"}


@contextmanager
def installations(folder: Path, server: str):
    """`make(name)` gives an empty installation, `make(name, like=url, files=folder)` one with a copy of a database.

    `server` is sqlite or the URL of a PostgreSQL database.
    """
    made = []

    def make(name: str, like: str = "", files: Path | None = None) -> Installation:
        home = folder / name
        if files:
            shutil.copytree(files, home)
        home.mkdir(parents=True, exist_ok=True)
        if server == "sqlite":
            database = f"sqlite:///{home}/reviewhub.sqlite3"
        else:
            database = urlsplit(server)._replace(path=f"/drill_{uuid.uuid4().hex[:10]}").geturl()
            made.append(database)
        if like:
            prepared.copy(like, database)
        elif server != "sqlite":
            prepared.on_server(server, f"CREATE DATABASE {urlsplit(database).path[1:]}")
        return Installation(home, database)

    try:
        yield make
    finally:
        for database in made:
            prepared.drop(database)
        shutil.rmtree(folder, ignore_errors=True)
