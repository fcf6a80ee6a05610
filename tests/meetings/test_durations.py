"""Durations are read as people type them."""

import pytest

from meetings.durations import minutes_of


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90), ("1h30", 90), ("1:30", 90), ("1.5h", 90), ("1 h 30 min", 90), ("90 min", 90), ("90m", 90),
        ("1小时30分", 90), ("90分钟", 90), ("１：３０", 90), ("９０", 90), ("1H30", 90), ("1h", 60), ("1h5", 65),
        ("2小时", 120), ("1个半小时", 90), ("1小时半", 90), ("半小时", 30), ("0:45", 45), ("0", 0), ("24h", 1440),
        ("15′", 15), ("1,5h", 90),
    ],
)  # fmt: skip
def test_a_duration_in_minutes(typed, minutes):
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize(
    "typed",
    ["", "x", "-5", "1:60", "1h60", "1:5", "24h1", "1441", "1.5", "5.5", "1e3", "٣", "h", "90\x00", "1::30"],
)
def test_what_is_no_duration_means_nothing(typed):
    assert minutes_of(typed) is None
