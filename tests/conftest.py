"""What every test may ask for: people signed in, and a clock that is an argument."""

import datetime as dt

import pytest
from hypothesis import settings as hypothesis_settings

# The suite tries the same examples each time; `make faults` draws new ones, many.
hypothesis_settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis_settings.register_profile("many", max_examples=1_000, deadline=None)
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """SQLite is tested as a file with its locks, as it runs; in memory neither threads nor servers can share it."""
    from django.conf import settings  # noqa: PLC0415 - pure tests run without Django
    from django.db import connections  # noqa: PLC0415

    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


@pytest.fixture
def at():
    """The moment at which tests play: Sunday 2026-11-22 09:00 UTC."""
    return dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def signed_in(client):
    """`signed_in(user)` gives a client of that person."""

    def enter(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture
def people(db):
    """One person for each role, by the names that demo sign-in uses."""
    from tests import make  # noqa: PLC0415 - pure tests run without Django

    return make.people()


@pytest.fixture
def queries(db):
    """`queries(call)` says how many queries `call` takes with warm caches and nothing else due.

    What is refreshed once a while, such as a session's last visit, belongs to no page: the lesser of two counts.
    """
    from django.db import connection  # noqa: PLC0415 - pure tests run without Django
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def counted(call) -> int:
        call()
        counts = []
        for _turn in range(2):
            with CaptureQueriesContext(connection) as captured:
                call()
            counts.append(len(captured))
        return min(counts)

    return counted


@pytest.fixture
def server(transactional_db, tmp_path):
    """The real site on the test database, in a process of its own."""
    from tests.server import Server  # noqa: PLC0415 - pure tests run without Django

    found = Server(tmp_path / "server.log")
    yield found.start()
    found.stop()


DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_collection_modifyitems(items):
    """Mark what touches the database: that much runs on both, calculations once (decision 7)."""
    for item in items:
        if DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
