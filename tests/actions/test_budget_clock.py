"""48 hours are 172,800 seconds everywhere, and the steps lie where they were asked for (M23, F23, B110)."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import budget_clock

UTC = dt.UTC
ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
YEARS = range(2024, 2035)
TERM_S = 172_800


def changes(name: str) -> list[dt.datetime]:
    """The instants between 2024 and 2034, to the hour, at which the zone's offset changes."""
    zone, found = zoneinfo.ZoneInfo(name), []
    at, end = dt.datetime(2024, 1, 1, tzinfo=UTC), dt.datetime(2035, 1, 1, tzinfo=UTC)
    while at < end:
        later = at + dt.timedelta(days=7)
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = at, later
            while high - low > dt.timedelta(hours=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at = later
    return found


def test_two_days_are_172800_seconds_in_every_zone_across_every_change_of_clocks_and_new_year():
    looked_at = 0
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        years = [dt.datetime(year, 12, 31, 0, 30, tzinfo=zone) for year in YEARS]
        around = [at + dt.timedelta(hours=hours) for at in changes(name) for hours in (-47, -24, -1, 0, 1)]
        for opened in (*years, *(at.astimezone(zone) for at in around)):
            due = budget_clock.due_at(opened)
            assert due.timestamp() - opened.timestamp() == TERM_S, (name, opened)
            assert due.utcoffset() == dt.timedelta(0)
            looked_at += 1
    assert looked_at > len(ZONES) * len(YEARS) and any(changes(name) for name in ZONES)


@given(
    st.datetimes(dt.datetime.fromisoformat("2024-01-01"), dt.datetime.fromisoformat("2034-12-31")),
    st.sampled_from(ZONES),
    st.integers(0, 1),
)
def test_any_wall_time_of_any_zone_gives_172800_seconds(wall, name, fold):
    opened = wall.replace(tzinfo=zoneinfo.ZoneInfo(name), fold=fold)
    assert (budget_clock.due_at(opened) - opened.astimezone(UTC)).total_seconds() == TERM_S
    assert [at.timestamp() - opened.timestamp() for at in (budget_clock.step(opened, 24),)] == [86_400]


def test_adding_two_days_on_the_wall_would_be_an_hour_off_in_berlin_in_march():
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    opened = dt.datetime(2026, 3, 27, 10, tzinfo=berlin)
    assert budget_clock.due_at(opened).astimezone(berlin) == dt.datetime(2026, 3, 29, 11, tzinfo=berlin)
    naive = opened + dt.timedelta(hours=48)
    assert naive.timestamp() - opened.timestamp() == TERM_S - 3600


OPENED = dt.datetime(2026, 11, 20, 9, 52, tzinfo=UTC)


def hours(*since_until):
    return [
        hours
        for hours, _at in budget_clock.steps(OPENED, *(OPENED + dt.timedelta(hours=h) for h in since_until))
    ]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (0, 23.99, []),
        (0, 24, [24]),
        (24, 24, []),
        (24, 36, [36]),
        (0, 48, [24, 36, 44, 48]),
        (44, 71.9, [48]),
        (48, 72, [72]),
        (0, 120, [24, 36, 44, 48, 72, 96, 120]),
        (100, 145, [120, 144]),
        (-500, 0, []),
    ],
)
def test_the_steps_between_two_moments(since, until, found):
    assert hours(since, until) == found


@given(st.integers(-40, 400), st.integers(0, 400), st.integers(0, 400))
def test_no_step_is_lost_or_doubled_however_the_time_is_cut(first, second, third):
    a, b, c = sorted((first, second, third))
    assert hours(a, b) + hours(b, c) == hours(a, c)


@pytest.mark.parametrize(
    ("gone", "step"),
    [(0, 0), (23, 0), (24, 24), (43, 36), (44, 44), (48, 48), (71, 48), (72, 72), (200, 192)],
)
def test_the_strongest_step_that_is_due(gone, step):
    assert budget_clock.strongest(OPENED, OPENED + dt.timedelta(hours=gone, minutes=59)) == step


@pytest.mark.parametrize(
    ("off", "late"), [(-3600, 0), (0, 0), (0.999, 0), (1, 1), (1.4, 1), (7392, 7392), (200_000, 200_000)]
)
def test_late_is_counted_in_whole_seconds(off, late):
    due = budget_clock.due_at(OPENED)
    assert budget_clock.late_s(due, due + dt.timedelta(seconds=off)) == late


def test_a_second_that_has_begun_is_still_left():
    due = budget_clock.due_at(OPENED)
    assert budget_clock.left_s(due, OPENED) == TERM_S
    assert budget_clock.left_s(due, due - dt.timedelta(milliseconds=1)) == 1
    assert budget_clock.left_s(due, due + dt.timedelta(seconds=3)) == -3
