"""A scheduled query: PostgreSQL by a connection that stands in a secret, or an SQLite file; reading only."""

import contextlib
import datetime as dt
import re
import sqlite3
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import errors

from metrics.feeding import places, secrets, table
from metrics.feeding.fetched import Failed, Fetched

SECONDS = 60
CONNECT_S = 10
AT_ONCE = 2_000
BEGINS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
PLACE = re.compile(r"(?<![:\w]):(start|end)\b")


def query_problem(query: str) -> str:
    """The code of what is wrong with a query; "" for one SELECT (or WITH) without a semicolon inside."""
    if not BEGINS.match(query):
        return "NO_SELECT"
    return "SEMICOLON" if ";" in query.rstrip().rstrip(";") else ""


def fetch(config: dict, target: Path, *, start: dt.date, end: dt.date, limits) -> Fetched:
    """The rows of the query as a CSV file; `:start` and `:end` in it are the days of the period. Failed."""
    query = config["query"].rstrip().rstrip(";")
    if code := query_problem(query):
        raise Failed(code)
    path = target / "query.csv"
    days = {"start": start, "end": end}
    read = sqlite if config.get("file") else postgresql
    read(config, query, days, lambda header, rows: table.written(
        path, header, rows, most_rows=limits.text_rows, most_bytes=limits.text_bytes
    ))  # fmt: skip
    return Fetched(path, "query.csv")


def postgresql(config: dict, query: str, days: dict, write) -> None:
    """In a transaction that cannot write, cut off after a minute."""
    address = secrets.value(config["secret"])
    if not address.startswith(("postgres://", "postgresql://")):
        raise Failed("NO_POSTGRESQL", name=config["secret"])
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={SECONDS * 1000} -c lock_timeout=5000"
    )
    try:
        line = psycopg2.connect(
            address, connect_timeout=CONNECT_S, options=options, application_name="reviewhub"
        )
    except psycopg2.OperationalError as error:
        raise Failed("DATABASE_AWAY", permanent=is_refused(error)) from None
    except psycopg2.Error:
        raise Failed("NO_POSTGRESQL", name=config["secret"]) from None
    line.set_session(readonly=True)
    with contextlib.closing(line):
        try:
            with line.cursor(name="reviewhub") as cursor:
                cursor.itersize = AT_ONCE
                cursor.execute(PLACE.sub(r"%(\1)s", query.replace("%", "%%")), days)
                rows = iter(cursor)
                first = next(rows, None)
                header = [column.name for column in cursor.description]
                write(header, [] if first is None else chained(first, rows))
        except errors.QueryCanceled:
            raise Failed("QUERY_SLOW", permanent=False, seconds=SECONDS) from None
        except psycopg2.OperationalError:
            raise Failed("DATABASE_AWAY", permanent=False) from None
        except psycopg2.Error as error:
            raise Failed("QUERY_REFUSED", why=told(error)) from None


def chained(first: tuple, rows):
    yield first
    yield from rows


def is_refused(error: psycopg2.OperationalError) -> bool:
    """A wrong password or name; a server that is not there comes back by itself."""
    return "authentication" in str(error) or "does not exist" in str(error)


def told(error: psycopg2.Error) -> str:
    """The server's sentence, without the query and its values."""
    return (error.diag.message_primary or type(error).__name__)[:200]


def sqlite(config: dict, query: str, days: dict, write) -> None:
    """A file below SOURCES_ROOT, opened for reading only."""
    place = places.inside(config["file"])
    if places.regular_file(place) is None:
        raise Failed("FILE_MISSING", permanent=False, path=config["file"][:200])
    ends = time.monotonic() + SECONDS
    address = f"file:{quote(str(place))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as line:
            line.set_authorizer(reading_only)
            line.set_progress_handler(lambda: time.monotonic() > ends, 10_000)
            cursor = line.execute(query, {name: day.isoformat() for name, day in days.items()})
            write([column[0] for column in cursor.description], cursor)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise Failed("QUERY_SLOW", permanent=False, seconds=SECONDS) from None
        locked = "locked" in str(error)
        raise Failed("QUERY_REFUSED", permanent=not locked, why=str(error)[:200]) from None
    except sqlite3.Error as error:
        raise Failed("QUERY_REFUSED", why=str(error)[:200]) from None


READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def reading_only(action, first, second, *_where) -> int:
    """Nothing but SELECT: no other file, no pragma, no function that loads code."""
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in (
        "load_extension",
        "readfile",
        "writefile",
    ):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY
