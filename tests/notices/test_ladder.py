"""Mornings and rungs."""

import datetime as dt
import zoneinfo

from reviewhub.notices import ladder

SHANGHAI, BERLIN = zoneinfo.ZoneInfo("Asia/Shanghai"), zoneinfo.ZoneInfo("Europe/Berlin")
AT = dt.time(8, 30)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}+00:00")


def test_a_window_of_a_minute_holds_the_morning_or_none():
    day = dt.date(2026, 11, 23)
    assert ladder.mornings(AT, SHANGHAI, utc("2026-11-23T00:29"), utc("2026-11-23T00:30")) == [
        (day, utc("2026-11-23T00:30"))
    ]
    assert ladder.mornings(AT, SHANGHAI, utc("2026-11-23T00:30"), utc("2026-11-23T00:31")) == []


def test_the_clock_change_moves_the_instant_and_not_the_time_of_day():
    found = ladder.mornings(AT, BERLIN, utc("2026-03-27T12:00"), utc("2026-03-30T12:00"))
    assert [moment for _day, moment in found] == [
        utc("2026-03-28T07:30"),
        utc("2026-03-29T06:30"),
        utc("2026-03-30T06:30"),
    ]


def test_the_rungs_are_1_3_7_and_then_every_week():
    assert [day for day in range(30) if ladder.rung(day, (1, 3, 7), 7)] == [1, 3, 7, 14, 21, 28]
