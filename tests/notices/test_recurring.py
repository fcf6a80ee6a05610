"""Every second Tuesday stays one, and 48 hours stay 48, in every time zone of the world, 2024 to 2034 (F23, F24)."""

import datetime as dt
import zoneinfo
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewhub.notices import recurring
from tests.zones import ALL, changes

TUESDAY, HALF_PAST_NINE = dt.date(2024, 1, 2), dt.time(9, 30)
SINCE, UNTIL = dt.datetime(2023, 12, 30, tzinfo=dt.UTC), dt.datetime(2035, 1, 3, tzinfo=dt.UTC)
DAYS = [TUESDAY + dt.timedelta(days=14 * turn) for turn in range(288)]
A_YEAR = {year: sum(day.year == year for day in DAYS) for year in range(2024, 2035)}
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


def in_years(zone, at=HALF_PAST_NINE, days=14, anchor=TUESDAY):
    """The turns of the years 2024 to 2034, by the local calendar."""
    found = recurring.cycles(anchor, at, zone, SINCE, UNTIL, days=days)
    return [cycle for cycle in found if 2024 <= cycle.wall.year <= 2034]


def test_most_years_have_26_turns_and_one_has_27():
    assert A_YEAR == {year: 27 if year in (2024,) else 26 for year in range(2024, 2035)}


@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_it_is_every_second_tuesday_at_half_past_nine(part):
    for name in ALL[part::4]:
        zone = zoneinfo.ZoneInfo(name)
        found = in_years(zone)
        assert [cycle.wall.date() for cycle in found] == [day for day in DAYS if day.year < 2035], name
        local = [cycle.at.astimezone(zone) for cycle in found]
        assert [moment.replace(tzinfo=None) for moment in local] == [cycle.wall for cycle in found], name
        assert {(cycle.wall.weekday(), cycle.wall.time()) for cycle in found} == {(1, HALF_PAST_NINE)}, name
        assert Counter(cycle.wall.year for cycle in found) == A_YEAR, name
        assert len({cycle.key for cycle in found}) == len({cycle.at for cycle in found}) == len(found), name


def test_a_week_with_a_new_year_in_it_has_one_name():
    keys = [cycle.key for cycle in in_years(BERLIN)]
    assert keys[:2] == ["2024-W01", "2024-W03"]
    assert [key for key in keys if key.startswith(("2024-W5", "2025-W01", "2025-W02"))] == [
        *("2024-W51", "2025-W01"),
    ]
    assert recurring.week_key(dt.date(2024, 12, 31)) == "2025-W01"
    assert recurring.week_key(dt.date(2027, 1, 1)) == "2026-W53"


def test_across_a_change_of_clocks_the_wall_stays_and_the_instant_moves():
    before, after = recurring.cycles(
        dt.date(2026, 3, 24),
        HALF_PAST_NINE,
        BERLIN,
        dt.datetime(2026, 3, 20, tzinfo=dt.UTC),
        dt.datetime(2026, 4, 8, tzinfo=dt.UTC),
    )
    assert before.at == dt.datetime(2026, 3, 24, 8, 30, tzinfo=dt.UTC)
    assert after.at == dt.datetime(2026, 4, 7, 7, 30, tzinfo=dt.UTC)
    assert after.at - before.at == dt.timedelta(days=14) - dt.timedelta(hours=1)


def test_a_time_that_clocks_skip_or_show_twice_comes_once_a_week():
    """Sundays at 02:30 in Berlin: skipped on 29 March 2026, shown twice on 25 October."""
    sunday = dt.date(2026, 3, 1)
    found = recurring.cycles(sunday, dt.time(2, 30), BERLIN, SINCE, UNTIL, days=7)
    by_day = {cycle.wall.date(): cycle.at for cycle in found}
    assert by_day[dt.date(2026, 3, 29)] == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)  # 03:30 there
    assert by_day[dt.date(2026, 10, 25)] == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # the first 02:30
    assert len({cycle.key for cycle in found}) == len(found) == len(by_day)


def test_before_its_first_day_there_is_none_and_the_next_is_always_known():
    first = recurring.following(TUESDAY, HALF_PAST_NINE, BERLIN, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert first.wall.isoformat() == "2024-01-02T09:30:00"
    assert recurring.cycles(TUESDAY, HALF_PAST_NINE, BERLIN, first.at - dt.timedelta(days=400), first.at) == [
        first
    ]
    second = recurring.following(TUESDAY, HALF_PAST_NINE, BERLIN, first.at)
    assert second.wall.isoformat() == "2024-01-16T09:30:00"
    assert recurring.following(TUESDAY, HALF_PAST_NINE, BERLIN, second.at - dt.timedelta(seconds=1)) == second


moments = st.datetimes(
    dt.datetime.fromisoformat("2023-12-01"),
    dt.datetime.fromisoformat("2035-01-01"),
    timezones=st.just(dt.UTC),
)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ALL),
    at=st.times(),
    days=st.sampled_from([7, 14, 21, 28]),
    anchor=st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)),
    cuts=st.lists(moments, min_size=2, max_size=12),
)
def test_however_the_time_is_cut_into_windows_the_same_turns_come_out(zone, at, days, anchor, cuts):
    zone = zoneinfo.ZoneInfo(zone)
    cuts.sort()
    whole = recurring.cycles(anchor, at, zone, cuts[0], cuts[-1], days=days)
    pieces = [
        cycle
        for since, until in zip(cuts, cuts[1:], strict=False)
        for cycle in recurring.cycles(anchor, at, zone, since, until, days=days)
    ]
    assert pieces == whole
    assert [cycle.at for cycle in whole] == sorted({cycle.at for cycle in whole})
    assert all(
        later.wall - earlier.wall == dt.timedelta(days=days)
        for earlier, later in zip(whole, whole[1:], strict=False)
    )


@settings(max_examples=100, deadline=None)
@given(zone=st.sampled_from(ALL), at=st.times(), after=moments)
def test_the_next_turn_is_the_first_one_later(zone, at, after):
    zone = zoneinfo.ZoneInfo(zone)
    following = recurring.following(TUESDAY, at, zone, after)
    assert following.at > after
    assert recurring.cycles(TUESDAY, at, zone, after, following.at) == [following]


def test_48_hours_are_172800_seconds_across_every_change_of_clocks_in_the_world():
    """Counted on the wall of a zone they would not be: that is what the other half shows."""
    seen, wrong_on_the_wall = 0, 0
    for name in ALL:
        zone = zoneinfo.ZoneInfo(name)
        for change in changes(name):
            for hours in (1, 24, 47):
                ended = (change - dt.timedelta(hours=hours)).astimezone(zone)
                due = recurring.elapsed(ended, hours=48)
                assert due.timestamp() - ended.timestamp() == 172_800, (name, ended)
                wrong_on_the_wall += (ended + dt.timedelta(hours=48)).timestamp() != due.timestamp()
                seen += 1
    assert seen > 10_000
    assert wrong_on_the_wall > 0.9 * seen
