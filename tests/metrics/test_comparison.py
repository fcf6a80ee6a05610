"""Coverage, alignment and change."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import comparison
from metrics.comparison import Aligned
from metrics.periods import Period


def span(text):
    period = Period.parse(text)
    return period.start, period.end


def p(text):
    return Period.parse(text)


def test_spans_join_where_they_touch():
    assert comparison.union([span("2011-02"), span("2011-01"), span("2011-04")]) == [
        (dt.date(2011, 1, 1), dt.date(2011, 3, 1)),
        span("2011-04"),
    ]


def test_coverage_is_cut_at_the_ends_of_the_period():
    assert comparison.clipped([span("2011-Q1")], p("2011-02")) == [span("2011-02")]
    assert comparison.clipped([span("2011-01")], p("2011-02")) == []


def test_two_full_periods_are_compared_as_they_are_whatever_their_lengths():
    now, then = p("2012-02"), p("2011-02")
    assert comparison.aligned(now, then, [span("2012-02")], [span("2011-02")]) == Aligned(now, then)


@pytest.mark.parametrize(
    ("now", "then", "have_now", "have_then", "expected"),
    [
        # two months of this year against the whole of last year: the same two months
        (
            "2011",
            "2010",
            ["2011-01..2011-02"],
            ["2010"],
            ("2011-01-01..2011-02-28", "2010-01-01..2010-02-28"),
        ),
        # half a month handed in
        (
            "2011-12",
            "2010-12",
            ["2011-12-01..2011-12-09"],
            ["2010-12"],
            ("2011-12-01..2011-12-09", "2010-12-01..2010-12-09"),
        ),
        # the month before is longer: days count from the start
        (
            "2011-03",
            "2011-02",
            ["2011-03-01..2011-03-10"],
            ["2011-02"],
            ("2011-03-01..2011-03-10", "2011-02-01..2011-02-10"),
        ),
        # a week against the same ISO week
        (
            "2011-W05",
            "2010-W05",
            ["2011-01-31..2011-02-02"],
            ["2010-W05"],
            ("2011-01-31..2011-02-02", "2010-02-01..2010-02-03"),
        ),
        # nothing in common, and a hole in the middle
        ("2011", "2010", ["2011-01..2011-02"], ["2010-12"], None),
        ("2011", "2010", ["2011-01", "2011-03"], ["2010"], None),
        ("2011", "2010", ["2011"], ["2010-01", "2010-03"], None),
        ("2011", "2010", [], ["2010"], None),
        # the leap day of one side is no hole
        (
            "2012-Q1",
            "2011-Q1",
            ["2012-02..2012-03"],
            ["2011-02..2011-03"],
            ("2012-02-01..2012-03-31", "2011-02-01..2011-03-31"),
        ),
    ],
)
def test_partly_covered_periods_are_aligned_or_refused(now, then, have_now, have_then, expected):
    found = comparison.aligned(p(now), p(then), [span(x) for x in have_now], [span(x) for x in have_then])
    assert (found and (found.now.text, found.then.text)) == expected


def test_the_leap_day_has_no_counterpart():
    assert comparison.counterpart(dt.date(2012, 2, 29), p("2012-02"), p("2011-02")) is None
    assert comparison.counterpart(dt.date(2012, 2, 28), p("2012-02"), p("2011-02")) == dt.date(2011, 2, 28)


def test_a_change_needs_a_positive_base_to_be_a_ratio():
    assert comparison.change(D("121"), D("100")) == 21
    assert comparison.change_ratio(D("121"), D("100")) == D("0.21")
    assert comparison.change_ratio(D("5"), D("0")) is None
    assert comparison.change_ratio(D("5"), D("-10")) is None
    assert comparison.change(None, D(1)) is comparison.change_ratio(D(1), None) is None


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=8))
def test_union_keeps_every_day_once(pieces):
    first = dt.date(2011, 1, 1)
    spans = [(first + dt.timedelta(a), first + dt.timedelta(a + n)) for a, n in pieces]
    days = {start + dt.timedelta(n) for start, end in spans for n in range((end - start).days)}
    joined = comparison.union(spans)
    assert comparison.days_in(joined) == len(days)
    assert all(a[1] < b[0] for a, b in zip(joined, joined[1:], strict=False))
