"""What the last money brought, indexes, and lead times of lots: exact values."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from metrics import lots, member_words, returns


def test_an_index_is_measured_against_the_mean_of_what_is_known():
    assert returns.indexed([D(50), None, D(150)]) == [D(50), None, D(150)]
    assert returns.indexed([D(0), None]) == [None, None] and returns.indexed([]) == []


def test_the_last_money_is_the_slope_and_not_the_average():
    pairs = [(D(spend), D(100) + 2 * spend) for spend in range(6)]
    assert returns.slope(pairs) == 2


def test_there_is_no_slope_under_six_months_or_where_spend_stood_still():
    assert returns.slope([(D(1), D(2))] * 5) is None
    assert returns.slope([(D(1), D(2))] * 6) is None
    assert returns.slope([(D(1), D(2)), (D(2), None)] * 5) is None


@given(st.lists(st.decimals(1, 10**9, places=0), min_size=1, max_size=6))
def test_levels_to_compare_with_are_round_and_few(values):
    found = returns.levels(values)
    assert 1 <= len(found) <= 3 and found == sorted(found)
    assert all(str(int(one)).strip("0") in ("1", "2", "5") for one in found)


def test_nothing_to_compare_has_no_levels():
    assert returns.levels([]) == [] and returns.levels([D(0)]) == []


def test_half_of_the_units_and_nine_tenths_are_weighted_by_units():
    cases = [(D(10), D(1)), (D(30), D(8)), (D(90), D(1))]
    assert lots.quantile(cases, D("0.5")) == 30
    assert lots.quantile(cases, D("0.9")) == 30 and lots.quantile(cases, D("0.91")) == 90
    assert lots.quantile([], D("0.5")) is None


def test_a_lot_counts_only_with_every_stage():
    first = {("a",): (D(20), D(2)), ("b",): (D(5), D(1))}
    second = {("a",): (D(6), D(2))}
    assert lots.totals([first, second]) == [(D(13), D(2))]
    assert lots.totals([]) == []


def test_codes_of_the_templates_read_in_both_languages_and_own_codes_stay():
    assert member_words.named("channel", "kol", "zh-hans") == "网红合作"
    assert member_words.named("channel", "kol", "en") == "Influencers"
    assert member_words.named("carrier", "dhl", "en") == "dhl"
