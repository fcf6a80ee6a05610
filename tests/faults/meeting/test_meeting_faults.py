"""A meeting under kills comes to what it would have come to without them (F11-F13, F16)."""

import os

import pytest

from tests.faults.meeting import story
from tests.faults.meeting.house import House
from tests.faults.servers import Redis

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("redis")]
BLIND_S = 6
SAME = ("log", "parts", "ledger", "decisions", "minutes")


@pytest.fixture
def house(tmp_path, people, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())
    redis = Redis(tmp_path).start()
    found = House(tmp_path, redis)
    yield found.start()
    found.stop()
    redis.stop()


def test_minutes_decisions_and_times_are_those_of_the_meeting_without_faults(house, people):
    """Every process is killed once, each while an order of the facilitator is under way."""
    meetings = [story.opened(people, number, house.clock) for number in (1, 2)]
    calm = story.told(house, people, meetings[0], screens=1)
    assert (calm["parts"]["OPEN"], calm["parts"]["MKT.D"], len(calm["decisions"])) == (660, 1200, 6)
    places = [place for place in story.CLOCK_ORDERS if place > 3][::2]
    faults = list(zip(places, house.faults().values(), strict=False))
    shaken = story.told(house, people, meetings[1], faults, screens=2)
    assert {name: shaken[name] for name in SAME} == {name: calm[name] for name in SAME}
    assert shaken["repeated"] >= 1 and shaken["streams"] > 2  # the kills were felt
    assert shaken["blind_s"] <= BLIND_S
