"""What every test may ask for: people signed in, and a clock that is an argument."""

import datetime as dt
import os
import shutil

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


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """This process's test database: a copy of one that was migrated once for the whole run."""
    from django.conf import settings  # noqa: PLC0415 - pure tests run without Django
    from django.db import connection  # noqa: PLC0415

    from tests import prepared, server  # noqa: PLC0415

    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        own = server.database_url()
        prepared.drop(own)  # what an interrupted run left on a server that outlives it
        prepared.copy(prepared.migrated(), own)
    yield
    with django_db_blocker.unblock():
        connection.close()
        prepared.drop(own)


@pytest.fixture(scope="session")
def company_copy(django_db_setup):
    """This process's copy of the demo company: the URL of its database; its files lie among this process's."""
    from django.conf import settings  # noqa: PLC0415 - pure tests run without Django

    from tests import prepared  # noqa: PLC0415

    url, folder = prepared.company()
    own = prepared.copy(url, prepared.named(f"company_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"))
    shutil.copytree(folder / "files", settings.FILES_DIR, dirs_exist_ok=True)
    yield own
    prepared.drop(own)


@pytest.fixture
def demo_company(company_copy, django_db_blocker):
    """The demo company as of `make.AT` in place of an empty database; what a test changes in it is taken back."""
    from django.db import connection, transaction  # noqa: PLC0415 - pure tests run without Django

    from tests import prepared  # noqa: PLC0415

    with django_db_blocker.unblock():
        connection.close()
        usual, connection.settings_dict["NAME"] = (
            connection.settings_dict["NAME"],
            prepared.name_of(company_copy),
        )
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual


@pytest.fixture
def at():
    """The moment at which tests play: Sunday 2026-11-22 09:00 UTC."""
    return dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def pages_at(monkeypatch, at):
    """Pages, which read the clock themselves, read the moment at which tests play; so these tests never age."""
    from django.utils import timezone  # noqa: PLC0415 - pure tests run without Django

    monkeypatch.setattr(timezone, "now", lambda: at)
    return at


@pytest.fixture
def signed_in(client):
    """`signed_in(user)` gives a client of that person."""

    def enter(user):
        client.force_login(user, backend="reviewhub.people.authentication.SessionBackend")
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


DATABASE = {
    "db", "transactional_db", "demo_company", "django_db_reset_sequences", "django_db_serialized_rollback"
}  # fmt: skip


# What asks pages, calculations or other services, and the database only as every other test does: whoever may open an
# address, what a reading of real rows gives, what a worker does when Redis dies. Once, on PostgreSQL, says it.
ONCE = {
    "tests.actions.test_budget_notices",
    "tests.actions.test_checkin_link",
    "tests.api.test_examples",
    "tests.api.test_nonsense",
    "tests.api.test_openapi",
    "tests.faults.test_redis",
    "tests.meetings.test_hostile_freezing",
    "tests.meetings.test_record",
    "tests.metrics.boards.test_finance_board",
    "tests.metrics.boards.test_lines",
    "tests.metrics.boards.test_lines_marketing_supply",
    "tests.metrics.boards.test_wall",
    "tests.metrics.checks.test_checks_page",
    "tests.metrics.reconciliation.test_planted",
    "tests.metrics.test_badges",
    "tests.metrics.test_data_notices",
    "tests.metrics.test_dictionary_pages",
    "tests.metrics.test_freeze_page",
    "tests.metrics.test_grid_page",
    "tests.metrics.test_mutations",
    "tests.metrics.test_peak_judging",
    "tests.metrics.test_real_months",
    "tests.metrics.test_reference_figures",
    "tests.metrics.test_templates",
    "tests.metrics.test_traps",
    "tests.metrics.test_trust_scores",
    "tests.notices.test_mail_faults",
    "tests.okr.test_pay_canaries",
    "tests.people.test_guessing",
    "tests.test_access",
    "tests.test_headers",
    "tests.trust.test_matrix",
}


def shares_with_its_module(item) -> bool:
    """Whether it asks for a fixture of this suite that is made once for a module."""
    found = item._fixtureinfo.name2fixturedefs.values()
    return any(each.scope == "module" and each.baseid.startswith("tests/") for defs in found for each in defs)


def pytest_make_parametrize_id(val):
    """Bytes are named by their length: a packed file carries its moment, and every process must name a test alike."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Mark what touches the database: that much runs on both, calculations once (decision 7).

    What shares a fixture of its module stays together in one worker, or each worker would make one of its own.
    """
    for item in items:
        if DATABASE & set(item.fixturenames) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.once if item.module.__name__ in ONCE else pytest.mark.database)
        if not item.get_closest_marker("xdist_group") and shares_with_its_module(item):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
