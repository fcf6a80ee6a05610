"""Dates and moments in both languages."""

import datetime as dt

from reviewhub.ui import days

MONDAY = dt.date(2026, 10, 12)
NINE = dt.datetime(2026, 10, 12, 9, 0, tzinfo=dt.UTC)


def test_a_day_says_its_weekday():
    assert days.day(MONDAY, "zh-hans") == "2026-10-12 周一"
    assert days.day(MONDAY, "en") == "Mon 12 Oct 2026"


def test_short_days_leave_the_year_out():
    assert days.short_day(MONDAY, "zh-hans") == "10月12日 周一"
    assert days.short_day(MONDAY, "en") == "Mon 12 Oct"


def test_months_have_names():
    assert days.month(MONDAY, "zh-hans") == "2026年10月"
    assert days.month(MONDAY, "en") == "Oct 2026"


def test_a_moment_is_shown_in_the_zone_it_comes_in():
    shanghai = NINE.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert days.moment(NINE, "en") == "Mon 12 Oct 2026, 09:00"
    assert days.moment(shanghai, "zh-hans") == "2026-10-12 周一 17:00"
    assert days.short_moment(shanghai, "en") == "Mon 12 Oct 17:00"


def test_what_is_missing_is_a_dash():
    assert [word(None, "en") for word in (days.day, days.month, days.moment)] == ["–", "–", "–"]
