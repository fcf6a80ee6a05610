"""What every test may ask for: people signed in, and a clock that is an argument."""

import datetime as dt

import pytest


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
