"""Databases made once in a run and copied by whoever needs one: every table and nobody in it, the demo company.

Migrating takes eleven seconds of a processor and the demo company twenty; a copy takes less than one. The first
process of the run that asks makes it, the others wait. What is here is only ever copied, never written to.
"""

import fcntl
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

RUN = Path(os.environ["TEST_RUN"])
ROOT = Path(__file__).parent.parent


def _is_file(url: str) -> bool:
    return url.startswith("sqlite")


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def name_of(url: str) -> str:
    """What Django calls the database of `url`."""
    return str(_file(url)) if _is_file(url) else urlsplit(url).path[1:]


def on_server(url: str, statement: str) -> None:
    """Carry out `statement`, which may belong to no transaction, on the PostgreSQL of `url`."""
    with closing(psycopg2.connect(urlsplit(url)._replace(path="/postgres").geturl())) as link:
        link.autocommit = True
        link.cursor().execute(statement)


def named(name: str) -> str:
    """The URL of the database `name` of this run, whether or not there is one."""
    given = os.environ["DATABASE_URL"]
    if _is_file(given):
        return f"sqlite:///{RUN / name}.sqlite3"
    return urlsplit(given)._replace(path=f"/{RUN.name}_{name}".replace("-", "_")).geturl()


def copy(source: str, target: str) -> str:
    """Make the database `target` as `source` is; the URL of the copy."""
    if _is_file(source):
        shutil.copyfile(_file(source), _file(target))
    else:
        on_server(source, f'CREATE DATABASE "{name_of(target)}" TEMPLATE "{name_of(source)}"')
    return target


def drop(url: str) -> None:
    if _is_file(url):
        for path in _file(url).parent.glob(f"{_file(url).name}*"):  # with what SQLite keeps beside it
            path.unlink()
    else:
        on_server(url, f'DROP DATABASE IF EXISTS "{name_of(url)}" WITH (FORCE)')


@contextmanager
def _once(name: str) -> Iterator[bool]:
    """Whether `name` has still to be made; whoever else asks in the meantime waits, and then it has been."""
    done = RUN / f"{name}.made"
    with (RUN / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


def _made(name: str, make: Callable[[str], None]) -> str:
    """The URL of the database `name`, which `make(url)` fills unless another process of the run has done so."""
    url = named(name)
    with _once(name) as is_missing:
        if is_missing:
            drop(url)  # what a failure left
            make(url)
    return url


def manage(url: str, data: Path, *words: str) -> None:
    """Run a command of manage.py on the database `url`."""
    given = os.environ | {"DATABASE_URL": url, "REVIEWHUB_DATA": str(data), "REVIEWHUB_DEMO": "0"}
    ran = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=given, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def _what_it_depends_on() -> str:
    """A digest of what says how a migrated database looks: migrations, models, founding rows, libraries."""
    elsewhere = {"tests", "var", "docs", "static", "benchmarks"}
    of_the_product = [one for one in ROOT.iterdir() if one.name[0] != "." and one.name not in elsewhere]
    found = {Path(__file__), *ROOT.glob("requirements/*.txt"), *ROOT.glob("reviewhub/*.py")}
    for path in (path for folder in of_the_product for path in folder.rglob("*.py")):
        if path.name in ("models.py", "apps.py") or {"migrations", "models", "people"} & set(path.parts):
            found.add(path)
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(found):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _postgresql(program: str, url: str, *words: str) -> None:
    """Run a program of the suite's own PostgreSQL on `url`."""
    from tests.services import installed  # noqa: PLC0415 - starts services when it is imported first

    ran = subprocess.run([installed() / "bin" / program, "-d", url, *words], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def _fresh(url: str) -> None:
    """Every table and nobody in it; from an earlier run of this checkout if nothing that it depends on has changed."""
    if not _is_file(url):
        on_server(url, f'CREATE DATABASE "{name_of(url)}"')
    if os.environ.get("TEST_DATABASE_URL", "sqlite") != "sqlite":  # a server whose version is not ours
        return manage(url, RUN, "migrate", "-v0")
    kept = ROOT / f".pytest_cache/migrated/{_what_it_depends_on()}.{'sqlite3' if _is_file(url) else 'sql'}"
    if kept.exists():
        if _is_file(url):
            shutil.copyfile(kept, _file(url))
        else:
            _postgresql("psql", url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(kept))
        return None
    manage(url, RUN, "migrate", "-v0")
    kept.parent.mkdir(parents=True, exist_ok=True)
    coming = kept.with_name(f"{RUN.name}.coming")
    if _is_file(url):
        shutil.copyfile(_file(url), coming)
    else:
        _postgresql("pg_dump", url, "--no-owner", "-f", str(coming))
    coming.replace(kept)
    for older in set(kept.parent.glob(f"*{kept.suffix}")) - {kept}:
        older.unlink(missing_ok=True)
    return None


def migrated() -> str:
    """The URL of a database with every table and nobody in it."""
    return _made("migrated", _fresh)


def company() -> tuple[str, Path]:
    """The URL of a database with the demo company as of `make.AT`, and the data folder with its files."""
    folder = RUN / "company"
    folder.mkdir(exist_ok=True)
    create = "from reviewhub.demo import company; from tests import make; company.create(at=make.AT)"

    def make(url):
        manage(copy(migrated(), url), folder, "shell", "-c", create)

    return _made("company", make), folder


def handed_in():
    """What the demo company hands in as of `make.AT` (demo.tables.Handed), the caller's own to change."""
    path = RUN / "handed.pickle"
    with _once("handed") as is_missing:
        if is_missing:
            from reviewhub.demo import tables  # noqa: PLC0415 - brings pandas
            from tests import make  # noqa: PLC0415 - Django's settings come first

            path.write_bytes(pickle.dumps(tables.handed_in(make.AT.date())))
    return pickle.loads(path.read_bytes())


def forget() -> None:
    """Drop what this run made on a server that outlives it."""
    for name in ("migrated", "company"):
        drop(named(name))
