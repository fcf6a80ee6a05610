"""The short form of `python -m tests.faults.outbox`: workers killed at every step, on the database of this run."""

import os

import pytest
from django.db import connection

from tests.faults.outbox.controls_expected import CONTROLS
from tests.faults.outbox.matrix import Combination, Installation, run
from tests.server import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("outbox")]
MESSAGES = 120


@pytest.fixture
def outcome_of(tmp_path, transactional_db):
    """`outcome_of(combination)` runs it on the test database and this run's Redis."""

    def judged(combination):
        redis = os.environ["TEST_REDIS_SERVER"] + "/62"
        return run(combination, Installation(tmp_path, database_url(), redis, combination.worker))

    return judged


@pytest.mark.parametrize(
    ("worker", "faults"),
    [
        ("redis", {"kills": 0.03, "flushing": "flushdb"}),
        ("embedded", {"kills": 0.02}),
        ("ours", {"kills": 0.02, "pauses": 0.01}),
    ],
)
def test_nothing_is_lost_silently_and_nothing_is_sent_twice_unplanned(outcome_of, worker, faults):
    """F03, F04, F05, F09"""
    row = outcome_of(Combination(connection.vendor, worker, MESSAGES, seconds=120, **faults))
    assert row["wrong"] == [], row
    assert row["kills"] > 0, row


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.worker)
def test_the_usual_ways_to_write_it_fail_as_they_are_known_to(outcome_of, control):
    row = outcome_of(control.on(connection.vendor, MESSAGES))
    assert control.fails(row, MESSAGES), row
