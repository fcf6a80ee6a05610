"""The modified z score on figures worked out by hand."""

from decimal import Decimal

import pytest

from metrics.outliers import score, stands_out

CALM = [Decimal(one) for one in (100, 102, 98, 101, 99, 103)]  # median 100.5, deviations 0.5 1.5 2.5: MAD 1.5


@pytest.mark.parametrize(
    ("value", "expected"), [("100.5", "0"), ("120", "8.7685"), ("81", "-8.7685"), ("103.5", "1.349")]
)
def test_the_score_is_0_6745_of_the_distance_in_deviations(value, expected):
    assert score(Decimal(value), CALM) == Decimal(expected)


def test_where_most_are_the_same_the_mean_takes_the_place_of_the_median():
    history = [Decimal(one) for one in (10, 10, 10, 10, 10, 16)]  # mean deviation 1
    assert score(Decimal(20), history) == Decimal("7.979")


@pytest.mark.parametrize(
    ("value", "history", "expected"),
    [
        ("120", CALM, True),
        ("110", CALM, False),  # beyond 3.5, but not a tenth away
        ("110.6", CALM, True),
        ("120", CALM[:5], False),  # too little history
        ("7", [Decimal(7)] * 6, False),
        ("9", [Decimal(7)] * 6, True),  # it never moved
        ("5", [Decimal(0)] * 6, True),
        ("0", [Decimal(0)] * 6, False),
    ],
)
def test_what_stands_out(value, history, expected):
    assert stands_out(Decimal(value), history) is expected
