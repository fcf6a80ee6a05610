"""A meeting in its lobby, and a facilitator who gives orders by the wall clock."""

import datetime as dt

import pytest


@pytest.fixture
def start():
    return dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def room(people, start):
    """A meeting of the default agenda whose lobby is open; 09:00 in Shanghai."""
    from meetings import scheduling  # noqa: PLC0415 - pure tests run without Django
    from tests.meetings.rooms import Room  # noqa: PLC0415

    found = Room(people, start)
    scheduling.open_lobby(found.meeting, by=people["facilitator"], at=start - dt.timedelta(minutes=15))
    return found
