"""XmR limits: signal and noise, by known examples."""

from decimal import Decimal as D

import pytest

from metrics import control_limits
from metrics.control_limits import FEWEST, Limits
from metrics.periods import Period
from metrics.season import Promotion

CALM = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]


def months(values, last="2026-10"):
    period, found = Period.parse(last), {}
    for value in reversed(values):
        found[period] = D(value)
        period = period.before()
    return found


def judged(values, promotions=()):
    return control_limits.judged(Period.parse("2026-10"), months(values), promotions)


def test_the_limits_are_the_mean_and_2_66_mean_moving_ranges():
    band = control_limits.limits([D(one) for one in CALM])
    assert (band.middle, band.high, band.low) == (D(11), D("16.32"), D("5.68"))


def test_eleven_points_are_not_judged():
    assert FEWEST == 12 and control_limits.limits([D(one) for one in CALM[1:]]) is None
    assert judged(CALM[1:]) is None


@pytest.mark.parametrize(
    ("values", "rule", "is_up"),
    [
        (CALM, "", True),
        ([*CALM, 40], "outside", True),
        ([*CALM, -20], "outside", False),
        ([*CALM, *[9, 10] * 4], "run", False),
        ([10, 12] * 6 + [20, 12, 19, 19], "near", True),
        ([10, 12] * 6 + [20, 20, 20, 12], "", True),
    ],
)
def test_each_rule_fires_for_the_last_point_alone(values, rule, is_up):
    found = judged(values)
    assert (found.rule, found.seasonal) == (rule, False)
    assert not rule or found.is_up == is_up


def test_a_december_is_judged_by_its_decembers():
    year = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 150, 400]
    then = [value * D("1.1") + offset for offset, value in zip((1, -1) * 6, year, strict=True)]
    period = Period.parse("2026-12")
    history = months([*year, *then], last="2026-12")
    found = control_limits.judged(period, history)
    assert found.seasonal and found.rule == "" and found.limits.low < 440 < found.limits.high
    history[period] = D(300)
    assert control_limits.judged(period, history).rule == "outside"


def test_a_promotion_that_moved_is_no_exception():
    """A sale was in September last year and is in October now: its effect is taken along."""
    base = [*[100] * 12, *[97, 103] * 6]
    base[10], base[23] = 200, 198  # the sale: in September last year, in October this year
    sale = [
        Promotion("sale", Period.parse("2025-09-10").start, Period.parse("2025-09-14").start),
        Promotion("sale", Period.parse("2026-10-10").start, Period.parse("2026-10-14").start),
    ]
    assert judged(base).rule == "outside"
    assert judged(base, sale).rule == ""


def test_a_point_is_nearer_the_limit_beyond_half_way():
    band = Limits(D(0), D(10), D(20))
    assert band.is_nearer_limit(D("15.1")) and not band.is_nearer_limit(D(15))
    assert band.is_nearer_limit(D("4.9")) and not band.is_nearer_limit(D(10))


def test_a_period_that_is_not_known_is_not_judged():
    assert control_limits.judged(Period.parse("2027-01"), months(CALM)) is None
