"""Bridges add up to the cent."""

from decimal import Decimal as D

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
