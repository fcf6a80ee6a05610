"""Scheduled queries: a real PostgreSQL and an SQLite file, read and never written."""

import contextlib
import datetime as dt
import os
import sqlite3
from decimal import Decimal
from urllib.parse import urlsplit

import psycopg2
import pytest

from metrics import feeds
from metrics.feeding import database, secrets, table
from metrics.feeding.fetched import Failed
from metrics.models import Feed, FeedRun, Submission
from reviewhub.people.models import Activity
from tests import services
from tests.metrics.feeds import given

COLUMNS = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
QUOTED = ",".join(f'"{name}"' for name in COLUMNS.split(","))
QUERY = f'SELECT {QUOTED} FROM sold WHERE "InvoiceDate" >= :start AND "InvoiceDate" < :end ORDER BY 1'
SOLD = [
    ("536365", "85123A", "HEART; 100%", 6, "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom"),
    ("536370", "22728", "CLOCK", 24, "2010-12-31 23:59:00", "3.75", None, "France"),
    ("536999", "22728", "NEXT YEAR", 1, "2011-01-01 00:00:00", "3.75", None, "France"),
]
TABLE = (
    'CREATE TABLE sold ("InvoiceNo" text, "StockCode" text, "Description" text, "Quantity" integer, '
    '"InvoiceDate" {moment}, "UnitPrice" numeric(12,2), "CustomerID" text, "Country" text)'
)


@pytest.fixture(scope="module")
def shop():
    """The address of a PostgreSQL database of somebody else, with three rows in it."""
    given_url = os.environ.get("DATABASE_URL", "")
    server = given_url if given_url.startswith("postgres") else services.postgresql()
    name = f"shop_{os.environ.get('PYTEST_XDIST_WORKER', '')}"  # the server is shared by all test processes
    address = urlsplit(server)._replace(path=f"/{name}").geturl()
    with contextlib.closing(psycopg2.connect(urlsplit(server)._replace(path="/postgres").geturl())) as line:
        line.autocommit = True
        line.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        line.cursor().execute(f"CREATE DATABASE {name}")
    with contextlib.closing(psycopg2.connect(address)) as line, line, line.cursor() as cursor:
        cursor.execute(TABLE.format(moment="timestamp"))
        cursor.executemany(f"INSERT INTO sold VALUES ({','.join(['%s'] * 8)})", SOLD)
    return address


@pytest.fixture
def secret(shop, monkeypatch):
    monkeypatch.setenv("SOURCE_SECRET_SHOP", shop)


def entered(people, query=QUERY, **fields):
    return given.entered(
        people, "query", {"secret": "SHOP", "query": query}, profile="uci-online-retail", **fields
    )


def count(address) -> int:
    with contextlib.closing(psycopg2.connect(address)) as line, line.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sold")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_query_of_last_month_becomes_a_version(people, secret):
    feed = entered(people)
    run = given.pulled(feed)
    assert (run.state, run.rows, run.problem) == ("done", 2, None)
    version = Submission.objects.get()
    assert (str(version.period_start), str(version.period_end)) == ("2010-12-01", "2011-01-01")
    assert version.totals["SAL_GROSS"] == "105.3000" and version.source.name == "Export 2010-12.csv"
    again = given.pulled(feed, given.AT + dt.timedelta(hours=1))
    assert again.state == "unchanged" and Submission.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM sold RETURNING *) SELECT * FROM gone",
        "SELECT set_config('transaction_read_only', 'off', true), nextval('nothing')",
        "SELECT * FROM nowhere",
        "SELECT 1 AS a, '\\x00'::bytea AS b",
    ],
)
def test_a_query_that_writes_or_fails_changes_nothing(people, shop, secret, query):
    run = given.pulled(entered(people, query))
    assert run.problem["code"] in ("QUERY_REFUSED", "NO_CELL") and count(shop) == 3
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("DELETE FROM sold", "NO_SELECT"),
        ("COPY sold TO PROGRAM 'id'", "NO_SELECT"),
        ("", "NO_SELECT"),
        ("SELECT 1; DROP TABLE sold", "SEMICOLON"),
        ("SELECT 1; COMMIT", "SEMICOLON"),
        ("SELECT 1;  \n", ""),
        ("  with x as (select 1) select * from x", ""),
    ],
)
def test_only_one_question_may_be_asked(query, code):
    assert database.query_problem(query) == code


@pytest.mark.django_db
def test_a_slow_query_is_cut_off_and_tried_again_soon(people, secret, monkeypatch):
    monkeypatch.setattr(database, "SECONDS", 1)
    feed = entered(people, "SELECT pg_sleep(30)")
    run = given.pulled(feed)
    assert run.problem == {"code": "QUERY_SLOW", "params": {"seconds": 1}}
    assert (feed.hopeless, feed.failures, feed.next_run_at - given.AT) == (0, 1, dt.timedelta(minutes=1))


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_again_and_never_switched_off(people, monkeypatch, secret):
    feed = entered(people)
    monkeypatch.setenv(
        "SOURCE_SECRET_SHOP", f"postgresql://nobody:hunter2@127.0.0.1:{services.free_port()}/shop"
    )
    for hours in range(8):
        run = given.pulled(feed, given.AT + dt.timedelta(hours=hours))
    assert run.problem == {"code": "DATABASE_AWAY", "params": {}}
    assert (feed.failures, feed.hopeless, feed.disabled_at) == (8, 0, None)
    assert "hunter2" not in str([*FeedRun.objects.values_list(), *Feed.objects.values_list()])


@pytest.mark.django_db
def test_more_rows_than_a_file_may_have_are_refused(people, secret, settings):
    settings.INTAKE_LIMITS = settings.INTAKE_LIMITS | {"csv_rows": 1}
    assert given.pulled(entered(people)).problem == {"code": "TOO_MANY_ROWS", "params": {"limit": 1}}


@pytest.mark.django_db
def test_no_secret_stands_in_the_database_or_the_log(people, secret, shop):
    entered(people)
    kept = str([*Feed.objects.values_list(), *Activity.objects.values_list()])
    assert shop not in kept and "SHOP" not in str(Activity.objects.values_list()) and "SHOP" in kept


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SHOP", "SECRET_MISSING"),
        ("../etc/passwd", "SECRET_NAME"),
        ("", "SECRET_NAME"),
        ("shop", "SECRET_NAME"),
    ],
)
def test_a_secret_is_found_by_its_name_only(name, code, tmp_path, settings):
    settings.SOURCE_SECRETS_DIR = str(tmp_path)
    with pytest.raises(Failed) as refusal:
        secrets.value(name)
    assert refusal.value.code == code
    (tmp_path / "SHOP").write_text("postgresql://there\n")
    assert secrets.value("SHOP") == "postgresql://there"


# --- SQLite ---------------------------------------------------------------------------------------------------


@pytest.fixture
def till(tmp_path, settings):
    """An SQLite file below the folder for sources."""
    settings.SOURCES_ROOT = str(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "till.sqlite3")) as line, line:
        line.execute(TABLE.format(moment="text"))
        line.executemany(f"INSERT INTO sold VALUES ({','.join('?' * 8)})", SOLD)
    return tmp_path / "till.sqlite3"


def from_file(people, query=QUERY, file="till.sqlite3"):
    return given.entered(people, "query", {"file": file, "query": query}, profile="uci-online-retail")


@pytest.mark.django_db
def test_an_sqlite_file_is_read_too(people, till):
    run = given.pulled(from_file(people))
    assert (run.state, run.rows) == ("done", 2) and Submission.objects.get().totals["SAL_GROSS"] == "105.3000"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "WITH x AS (SELECT 1) DELETE FROM sold",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_table_info('sold')",
        "WITH x AS (SELECT 1) INSERT INTO sold SELECT * FROM sold",
    ],
)
def test_an_sqlite_file_is_only_read(people, till, query):
    before = till.read_bytes()
    assert given.pulled(from_file(people, query)).problem["code"] == "QUERY_REFUSED"
    assert till.read_bytes() == before


@pytest.mark.django_db
@pytest.mark.parametrize("file", ["../till.sqlite3", "/etc/passwd", "link.sqlite3"])
def test_an_sqlite_file_elsewhere_is_refused(people, till, tmp_path, file):
    (tmp_path / "link.sqlite3").symlink_to(till)
    with pytest.raises(feeds.CannotKeep) as refusal:
        from_file(people, file=file)
    assert list(refusal.value.problems) == ["file"]


@pytest.mark.django_db
def test_an_endless_sqlite_query_is_cut_off(people, till, monkeypatch):
    monkeypatch.setattr(database, "SECONDS", 0.2)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    assert given.pulled(from_file(people, endless)).problem["code"] == "QUERY_SLOW"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.10"), "0.10"),
        (dt.date(2026, 9, 1), "2026-09-01"),
        (dt.datetime(2026, 9, 1, 8, 30, 0, 5, dt.UTC), "2026-09-01 08:30:00+00:00"),
        ("a,b", "a,b"),
    ],
)
def test_a_value_is_written_the_same_everywhere(value, text):
    assert table.cell(value) == text
