"""Amounts as Finance types them become exact units of 10⁻⁴, or are refused for a reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.budget_amounts import NoAmount, read, written


@pytest.mark.parametrize(
    "typed",
    [
        "200000", "200,000", "20万", "20 万", "0.2m", "0.2M", "200k", "20w", "¥200,000", "￥200000", "CNY 200,000",
        "200000cny", "20万元", "２０万", " 200 000 ", "0.2百万", "0.002亿", "200千", "200000.0000",
    ],
)  # fmt: skip
def test_one_amount_in_all_its_spellings(typed):
    assert read(typed, "CNY") == 2_000_000_000


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("0.0001", 1),
        ("1.5", 15_000),
        ("0.1", 1_000),
        ("1.2345万", 123_450_000),
        ("3bn", 3 * 10**13),
        ("1000bn", 10**16),
        ("0.00001万", 1000),
    ],
)
def test_nothing_is_rounded(typed, units):
    assert read(typed, "CNY") == units


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "format"), ("", "format"), ("20,0000", "format"), ("1,5", "format"), ("2.0.0", "format"),
        ("1e5", "format"), ("NaN", "format"), ("20%", "format"), ("9" * 50, "format"), ("万", "format"),
        ("$200", "currency"), ("200 USD", "currency"), ("€5", "currency"),
        ("-5", "negative"), ("−5", "negative"), ("¥-5", "negative"),
        ("0", "zero"), ("0.00", "zero"), ("0万", "zero"),
        ("0.00001", "decimals"), ("1.23456", "decimals"), ("100000.000000000000000001", "decimals"),
        ("1000000000000.0001", "large"), ("922337203685478m", "large"), ("9" * 21, "large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_for_its_reason(typed, code):
    with pytest.raises(NoAmount) as refusal:
        read(typed, "CNY")
    assert refusal.value.code == code


def test_a_sign_belongs_to_its_currency():
    assert read("$5", "USD") == read("5 usd", "USD") == 50_000
    assert read("¥5", "JPY") == 50_000
    with pytest.raises(NoAmount):
        read("¥5", "USD")


@given(st.integers(1, 10**16))
def test_what_is_written_is_read_back_exactly(units):
    text = written(units)
    assert read(text, "CNY") == units
    assert Decimal(text.replace(",", "")) == Decimal(units) / 10_000


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed):
    try:
        assert 0 < read(typed, "CNY") <= 10**16
    except NoAmount as refusal:
        assert refusal.code in {"format", "currency", "negative", "zero", "decimals", "large"}
