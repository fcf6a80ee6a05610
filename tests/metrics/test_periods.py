"""Periods of the calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.periods import BadPeriod, Period, month_after, month_key, week_key


@pytest.mark.parametrize(
    ("text", "start", "end", "grain"),
    [
        ("2011", "2011-01-01", "2012-01-01", "year"),
        ("2011-Q1", "2011-01-01", "2011-04-01", "quarter"),
        ("2011-01", "2011-01-01", "2011-02-01", "month"),
        ("2010-W53", None, None, None),
        ("2009-W53", "2009-12-28", "2010-01-04", "week"),
        ("2011-W05", "2011-01-31", "2011-02-07", "week"),
        ("2011-01-31", "2011-01-31", "2011-02-01", "day"),
        ("2010-12-01..2011-02-28", "2010-12-01", "2011-03-01", "range"),
        ("2011-01-01..2011-01-31", "2011-01-01", "2011-02-01", "month"),
        ("2010-12..2011-02", "2010-12-01", "2011-03-01", "range"),
    ],
)
def test_a_period_is_read_from_its_text(text, start, end, grain):
    if start is None:
        with pytest.raises(BadPeriod):
            Period.parse(text)
        return
    period = Period.parse(text)
    assert (str(period.start), str(period.end), period.grain) == (start, end, grain)


@pytest.mark.parametrize(
    "text", ["", "2011-13", "2011-Q5", "2011-02-30", "11-01", "2011-01..2010-12", "x..y", "٢٠١١-٠١x"]
)
def test_what_is_no_period_is_refused_in_words(text):
    with pytest.raises(BadPeriod) as refusal:
        Period.parse(text)
    assert str(refusal.value)


def test_the_same_week_a_year_before_is_the_same_iso_week():
    assert Period.parse("2027-W05").year_before().text == "2026-W05"
    assert Period.parse("2026-W53").year_before().text == "2025-W52"


def test_the_month_and_range_a_year_before():
    assert Period.parse("2024-02").year_before().text == "2023-02"
    assert Period.parse("2024-02-29").year_before().text == "2023-02-28"
    assert Period.parse("2026-10-01..2026-10-15").year_before().text == "2025-10-01..2025-10-15"


def test_the_period_before():
    assert Period.parse("2026-Q1").before().text == "2025-Q4"
    assert Period.parse("2026-W01").before().text == "2025-W52"
    assert Period.parse("2026-10-11..2026-10-20").before().text == "2026-10-01..2026-10-10"


def test_a_quarter_splits_into_weeks_cut_at_its_ends():
    weeks = list(Period.parse("2026-Q1").split("week"))
    assert [weeks[0].text, weeks[1].text, weeks[-1].text] == [
        "2026-01-01..2026-01-04",
        "2026-W02",
        "2026-03-30..2026-03-31",
    ]


def test_keys_follow_the_iso_year():
    assert (month_key(dt.date(2027, 1, 1)), week_key(dt.date(2027, 1, 1))) == (202701, 202653)


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    st.sampled_from(["day", "week", "month", "quarter", "year"]),
)
def test_text_and_parse_agree(day, grain):
    period = Period.containing(day, grain)
    assert Period.parse(period.text) == period
    assert period.contains(day) and period.before().end == period.start
    assert sum(part.days for part in period.split("day")) == period.days


@pytest.mark.parametrize("text", ["0950", "0950-Q2", "0950-03", "0950-W05", "0950-03-01"])
def test_early_years_keep_their_zeros(text):
    assert Period.parse(text).text == text


def test_months_count_across_years():
    assert month_after(dt.date(2026, 11, 30), 2) == dt.date(2027, 1, 1)
    assert month_after(dt.date(2026, 1, 5), -1) == dt.date(2025, 12, 1)
