"""How many minutes a source was down between two moments, and how much later that makes a deadline."""

import datetime as dt

import pytest

from metrics.downtimes import Downtime, counted, later, minutes

DUE = dt.datetime(2026, 11, 10, 10, tzinfo=dt.UTC)
START = DUE - dt.timedelta(days=3)
FREEZE = DUE + dt.timedelta(hours=66)


def at(hours):
    return None if hours is None else DUE + dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("spans", "now", "wanted"),
    [
        ([(-5, -3)], -1, 120),  # over before the deadline: known at once
        ([(-5, None)], -1, 0),  # still down: known at the deadline
        ([(-5, None)], 0, 300),
        ([(-5, 4)], 5, 300),  # what lies after the deadline does not count
        ([(1, 2)], 5, 0),
        ([(-80, -70)], 0, 120),  # nor what lies before T−10
        ([(-90, -72)], 0, 0),
        ([(-5, -3), (-4, -2)], 0, 180),  # two at the same time count once
        ([(-6, -1), (-4, -2)], 0, 300),
        ([(-6, -5), (-3, -2)], 0, 120),
        ([(-1, -1 + 119 / 3600)], 0, 1),  # whole minutes
        ([(-1, -1 + 59 / 3600)], 0, 0),
        ([], 0, 0),
    ],
)
def test_minutes(spans, now, wanted):
    found = [Downtime(at(since), at(until)) for since, until in spans]
    parts = counted(found, START, DUE, at=at(now))
    assert minutes(parts) == wanted


def test_a_deadline_never_moves_behind_the_freeze():
    assert later(DUE, FREEZE, 90) == at(1.5)
    assert later(DUE, FREEZE, 66 * 60 + 1) == FREEZE
