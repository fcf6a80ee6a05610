"""Several currencies in one figure: the rates of the month, of the year before and of the budget."""

import json
from decimal import Decimal as D

import pytest
from django.core.management import call_command

from metrics import readings
from metrics.periods import Period
from metrics.reasons import CannotRead
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

DE, UK = ({"country": name} for name in ("Germany", "United Kingdom"))
RATES = {  # month → currency → (average, closing, budget)
    "2025-10": {"EUR": ("7.5", "7.6", "7.0"), "GBP": ("9.0", "9.1", "9.0")},
    "2026-10": {"EUR": ("8.0", "8.2", "7.8"), "GBP": ("9.5", "9.4", "9.2")},
}


@pytest.fixture(autouse=True)
def _dictionary(db):
    make.company()
    dictionary_of_today()


def rates(months=RATES):
    for month, table in months.items():
        rows = []
        for currency, values in table.items():
            for code, value in zip(("FX_AVERAGE", "FX_CLOSING", "FX_BUDGET"), values, strict=True):
                rows += [
                    (name, f"{month}-01", amount, {"rate_currency": currency}, "")
                    for name, amount in ((code, value), (code + "~", 1))
                ]
        figures(rows, period=month, profile="fx", code="FIN")


def sales():
    """100 EUR and 10 CNY in October 2025; 110 EUR, 20 GBP and 10 CNY in October 2026."""
    figures(
        [("SAL_GROSS", "2025-10-05", 100, DE, "EUR"), ("SAL_GROSS", "2025-10-05", 10)],
        period="2025-10",
        zero=["SAL_DISC", "SAL_REF"],
    )
    figures(
        [
            ("SAL_GROSS", "2026-10-05", 110, DE, "EUR"),
            ("SAL_GROSS", "2026-10-20", 20, UK, "GBP"),
            ("SAL_GROSS", "2026-10-20", 10),
        ],
        zero=["SAL_DISC", "SAL_REF"],
    )


def read(code, period="2026-10", **more):
    return readings.reading(code, Period.parse(period), **more)


def test_amounts_of_a_month_take_its_average_rate():
    rates()
    sales()
    found = read("SAL_GROSS", compare=["py"])
    assert (found.value, found.unit) == (110 * 8 + D("9.5") * 20 + 10, "CNY")
    assert found.compare["py"].value == D("7.5") * 100 + 10
    assert {
        (table, currency, month.isoformat()[:7]) for table, currency, month, _rate in found.exchanged
    } == {
        ("FX_AVERAGE", "EUR", "2025-10"),
        ("FX_AVERAGE", "EUR", "2026-10"),
        ("FX_AVERAGE", "GBP", "2026-10"),
    }


@pytest.mark.parametrize(
    ("how", "now", "then"),
    [
        ("actual", D("8.0") * 110 + D("9.5") * 20 + 10, D("7.5") * 100 + 10),
        ("py", D("7.5") * 110 + D("9.0") * 20 + 10, D("7.5") * 100 + 10),
        ("budget", D("7.8") * 110 + D("9.2") * 20 + 10, D("7.8") * 100 + 10),
    ],
)
def test_the_twin_at_constant_rates_compares_both_sides_at_the_same_ones(how, now, then):
    rates()
    sales()
    found = read("SAL_NET", rates=how, compare=["py"])
    assert (found.value, found.compare["py"].value, found.compare["py"].change) == (now, then, now - then)


def test_growth_at_constant_currency_is_computed_by_the_dictionary():
    rates()
    sales()
    now, then = D("7.8") * 110 + D("9.2") * 20 + 10, D("7.8") * 100 + 10
    assert read("SAL_YOY_CC").value.quantize(D("1e-9")) == (now / then - 1).quantize(D("1e-9"))
    plain = (D("8.0") * 110 + D("9.5") * 20 + 10) / (D("7.5") * 100 + 10) - 1
    assert read("SAL_YOY").value.quantize(D("1e-9")) == plain.quantize(D("1e-9"))


def test_in_one_currency_constant_growth_is_growth():
    figures([("SAL_GROSS", "2025-10-05", 100)], period="2025-10", zero=["SAL_DISC", "SAL_REF"])
    figures([("SAL_GROSS", "2026-10-05", 120)], zero=["SAL_DISC", "SAL_REF"])
    assert read("SAL_YOY_CC").value == D("0.2")


def test_a_stock_takes_the_rate_at_the_end_of_the_month():
    rates()
    figures([("SC_INV_VAL", "2026-10-30", 100, {}, "EUR"), ("SC_INV_VAL", "2026-10-30", 7)], code="SCM")
    assert read("SC_INV_VAL").value == D("8.2") * 100 + 7


def test_a_week_takes_the_rate_of_the_month_with_most_of_its_days():
    rates(RATES | {"2026-11": {"EUR": ("6.0", "6.0", "6.0")}})
    figures([("SAL_GROSS", "2026-10-26", 1, DE, "EUR"), ("SAL_GROSS", "2026-10-31", 1)])
    figures([("SAL_GROSS", "2026-11-01", 1, DE, "EUR")], period="2026-11")
    assert read("SAL_GROSS", "2026-W44").value == 2 * 8 + 1
    assert read("SAL_GROSS", "2026-10-26..2026-11-01").value == 2 * 8 + 1
    assert read("SAL_GROSS", "2026-10-31..2026-11-02").value == 1 + 6


def test_each_part_in_one_reading_is_in_the_currency_of_the_whole():
    rates()
    sales()
    found = read("SAL_GROSS", by=["country"])
    assert {row.key["country"]: row.value for row in found.rows} == {
        "Germany": 880,
        "United Kingdom": 190,
        "": 10,
    }
    assert read("SAL_GROSS", where={"country": "UK"}).unit == "GBP", "one currency alone stays what it is"
    assert read("SAL_GROSS", where={"country": "UK"}, rates="budget").value == D("9.2") * 20


def test_a_rate_that_nobody_handed_in_is_no_value_and_never_one():
    rates({"2026-10": {"EUR": ("8", "8", "8")}})
    sales()
    found = read("SAL_GROSS", compare=["py"])
    assert (found.value, found.why.code, found.why.params["currency"]) == (None, "NO_RATE", "GBP")


def test_without_a_rate_table_currencies_are_refused():
    sales()
    with pytest.raises(CannotRead) as refused:
        read("SAL_GROSS")
    assert refused.value.whys[0].code == "CURRENCY_MIX"


def test_the_command_says_which_rates_it_used(capsys):
    rates()
    sales()
    call_command("reading", "SAL_GROSS", "--period", "2026-10", "--rates", "budget", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["rates"], said["value"], said["unit"]) == ("budget", "1052.00", "CNY")
    assert {"currency": "EUR", "month": "2026-10", "table": "FX_BUDGET", "rate": "7.8"} in said["exchanged"]


def test_unknown_rates_are_refused():
    with pytest.raises(CannotRead) as refused:
        read("SAL_GROSS", rates="spot")
    assert refused.value.is_unusable
