"""Bridges add up to the cent."""

from decimal import Decimal as D
from fractions import Fraction
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from metrics import bridges

MONEY = st.decimals(D("0.01"), D("99999999.99"), places=2)
COUNT = st.integers(1, 10**6).map(D)


def test_orders_and_average_explain_the_change():
    found = bridges.two_drivers(then=D("1000"), then_count=D(10), now=D("1320"), now_count=D(12))
    assert (found.volume, found.value) == (
        D("210.00"),
        D("110.00"),
    )  # 2 × (100 + 110) / 2; 10 × (10 + 12) / 2


def test_without_an_average_there_is_no_bridge():
    assert bridges.two_drivers(then=D(0), then_count=D(0), now=D(5), now_count=D(1)) is None


@given(MONEY, COUNT, MONEY, COUNT)
def test_the_bars_are_the_change_exactly(then, then_count, now, now_count):
    found = bridges.two_drivers(then=then, then_count=then_count, now=now, now_count=now_count)
    assert found.then + found.volume + found.value == found.now == now
    exact = (now_count - then_count) * (then / then_count + now / now_count) / 2
    assert abs(found.volume - exact) <= D("0.0051")


# --- Three drivers, price–volume–mix, margin ------------------------------------------------------------------

parts = st.fractions(min_value=0, max_value=10_000, max_denominator=1000)
cents = st.integers(min_value=0, max_value=10**9).map(lambda value: D(value) / 100)
counts = st.integers(min_value=0, max_value=10_000).map(D)
items = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(counts, cents), max_size=8)


@given(st.lists(st.tuples(parts, parts), min_size=1, max_size=4))
def test_the_shares_of_factors_add_up_to_the_change_to_the_cent(pairs):
    then, now = [one for one, _ in pairs], [two for _, two in pairs]
    found = bridges.shapley(then, now)
    assert sum(found) == bridges.rounded(prod(now) - prod(then))


@given(parts, parts, parts, parts)
def test_two_factors_are_the_midpoint_rule(n0, a0, n1, a1):
    volume, _value = bridges.shapley([n0, a0], [n1, a1])
    assert volume == bridges.rounded((n1 - n0) * (a0 + a1) / 2)


def test_three_factors_have_the_weights_of_a_third_and_a_sixth():
    """100 × 0.02 × 50 = 100 becomes 110 × 0.03 × 40 = 132."""
    then = [Fraction(100), Fraction(2, 100), Fraction(50)]
    now = [Fraction(110), Fraction(3, 100), Fraction(40)]
    first = Fraction(10) * (
        Fraction(2, 100) * 50 / 3
        + Fraction(3, 100) * 50 / 6
        + Fraction(2, 100) * 40 / 6
        + Fraction(3, 100) * 40 / 3
    )
    found = bridges.shapley(then, now)
    assert found[0] == bridges.rounded(first) and sum(found) == D(32)


@given(parts, parts, parts)
def test_a_factor_that_did_not_change_contributed_nothing(a, b0, b1):
    assert bridges.shapley([a, b0], [a, b1])[0] == 0


@given(items, items)
def test_price_volume_and_mix_add_up_to_the_cent(then, now):
    found = bridges.price_volume_mix(then, now)
    alike = [one for one in then if one in now and then[one][0] and now[one][0]]
    if found is None:
        assert not alike
        return
    steps = found.gone + found.volume + found.mix + found.price + found.new + found.fx
    assert found.then + steps == found.now == sum(amount for _count, amount in now.values())


def test_mix_is_no_joint_term():
    """Twice as much of the dear one: no price changed, so price is nought and mix is the rest of the growth."""
    then, now = (
        {"cheap": (D(10), D(100)), "dear": (D(10), D(300))},
        {"cheap": (D(10), D(100)), "dear": (D(20), D(600))},
    )
    found = bridges.price_volume_mix(then, now)
    assert (found.volume, found.mix, found.price, found.new, found.gone) == (D(200), D(100), 0, 0, 0)


def test_what_is_new_what_is_gone_and_what_currencies_did_are_steps_of_their_own():
    then, now = {"a": (D(1), D(10)), "old": (D(1), D(7))}, {"a": (D(1), D(11)), "new": (D(1), D(5))}
    found = bridges.price_volume_mix(then, now, now_at_old_rates={"a": D(10), "new": D(5)})
    assert (found.gone, found.new, found.fx, found.price) == (D(-7), D(5), D(1), 0)


@given(items, items)
def test_rate_and_mix_add_up_to_the_change_of_the_margin(then, now):
    found = bridges.margin_bridge(then, now)
    if found is None:
        assert not sum(one[0] for one in then.values()) or not sum(one[0] for one in now.values())
        return
    assert found.then + found.rate + found.mix == found.now


def test_a_margin_moved_by_mix_alone():
    then = {"a": (D(100), D(50)), "b": (D(100), D(10))}
    now = {"a": (D(300), D(150)), "b": (D(100), D(10))}
    assert bridges.margin_bridge(then, now) == bridges.MarginBridge(D("0.3"), D(0), D("0.1"), D("0.4"))
