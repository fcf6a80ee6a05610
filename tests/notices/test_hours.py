"""When people may be reached: eight to eight on weekdays where they live, also when clocks are moved."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewhub.notices.hours import Hours, jump, reach
from tests.zones import ALL, changes

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23 06:59", "2026-11-23 07:00"),  # Monday, 07:59 in Berlin
        ("2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 18:59", "2026-11-23 18:59"),
        ("2026-11-23 19:00", "2026-11-24 07:00"),
        ("2026-11-27 19:00", "2026-11-30 07:00"),  # Friday evening: Monday
        ("2026-11-28 12:00", "2026-11-30 07:00"),
        ("2026-03-27 19:00", "2026-03-30 06:00"),  # clocks are moved in between
        ("2026-10-23 18:00", "2026-10-26 07:00"),
    ],
)
def test_outside_the_hours_it_is_the_next_morning_of_a_weekday(at, opens):
    assert Hours(BERLIN).next_open(utc(at)) == utc(opens)


def test_with_weekends_saturday_is_a_day_like_others():
    assert Hours(BERLIN, weekends=True).next_open(utc("2026-11-28 03:00")) == utc("2026-11-28 07:00")


def test_hours_that_begin_in_the_hour_that_clocks_skip_begin_with_the_jump():
    night = Hours(BERLIN, dt.time(2, 30), dt.time(4), weekends=True)
    assert night.next_open(utc("2026-03-29 00:00")) == utc("2026-03-29 01:00")  # 02:00 becomes 03:00


def test_hours_in_the_hour_that_comes_twice_open_twice():
    night = Hours(BERLIN, dt.time(2, 10), dt.time(2, 40), weekends=True)
    assert night.next_open(utc("2026-10-24 23:00")) == utc("2026-10-25 00:10")
    assert night.next_open(utc("2026-10-25 00:45")) == utc("2026-10-25 01:10")


def test_mail_waits_for_the_morning_but_not_past_its_last_moment():
    hours, friday, sunday = Hours(BERLIN), utc("2026-11-27 20:00"), utc("2026-11-29 09:00")
    assert reach(hours, friday) == utc("2026-11-30 07:00")
    assert reach(hours, friday, sunday) == sunday
    assert reach(hours, friday, friday - HOUR) == friday


def test_clocks_jump_once_in_spring():
    assert jump(BERLIN, utc("2026-03-28 00:00"), utc("2026-03-30 00:00")) == utc("2026-03-29 01:00")
    assert jump(BERLIN, utc("2026-03-30 00:00"), utc("2026-04-30 00:00")) is None


@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_the_opening_is_the_first_open_minute(part):
    """Around one change of clocks of each zone (or a plain weekend) every quarter of an hour before it is shut."""
    for name in ALL[part::4]:
        hours = Hours(zoneinfo.ZoneInfo(name))
        for moment in (*changes(name)[2:4], utc("2026-11-21 03:17")):
            for at in (moment - HOUR, moment, moment + HOUR / 2):
                opens = hours.next_open(at)
                assert opens >= at and hours.is_open(opens), (name, at)
                assert hours.next_open(opens) == opens, (name, at)
                assert opens == at or not hours.is_open(opens - MINUTE), (name, at)
                shut = range(int((opens - at) / MINUTE / 15))
                assert not any(hours.is_open(at + 15 * MINUTE * step) for step in shut), (name, at)
                assert opens - at < dt.timedelta(days=3, hours=13), (name, at)


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ALL),
    times=st.lists(
        st.times(max_value=dt.time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0)),
        min_size=2,
        max_size=2,
        unique=True,
    ),
    weekends=st.booleans(),
    near=st.integers(0, 21),
    shift=st.integers(-4000, 4000),
)
def test_whatever_hours_somebody_keeps_the_opening_is_the_first_open_minute(
    zone, times, weekends, near, shift
):
    opens, closes = sorted(times)
    hours = Hours(zoneinfo.ZoneInfo(zone), opens, closes, weekends)
    moments = changes(zone) or (utc("2026-02-28 00:00"),)
    at = moments[near % len(moments)] + shift * MINUTE
    found = hours.next_open(at)
    assert found >= at and hours.is_open(found) and hours.next_open(found) == found
    minutes = int((found - at) / MINUTE)
    assert not any(hours.is_open(at + step * MINUTE) for step in range(minutes))
