"""Known wrong answers: each is computed from the rows, the reading gives the right one, and the two differ.

On rows of the tests' own always; on the real files of the reference where they are on this machine.
"""

import datetime as dt
from decimal import Decimal as D

import pandas as pd
import pytest

from metrics import readings
from metrics.periods import Period
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_reference_figures import (  # noqa: F401 - the hand-ins of the reference, as fixtures
    DATA,
    REFERENCE,
    documents,
    reference,
)

REAL = [
    pytest.mark.real_data,
    pytest.mark.slow,
    pytest.mark.skipif(not REFERENCE.is_file(), reason="the real files are not on this machine"),
]


@pytest.fixture
def real(documents, db):  # noqa: F811
    return documents


def value(code, period, **more):
    return readings.reading(code, Period.parse(period), **more).value


def near(found: D, expected, places=4) -> bool:
    return abs(found - D(str(expected))) <= D(1).scaleb(-places)


# --- On rows of our own -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_rate_is_a_ratio_of_sums_and_no_mean_of_rates():
    dictionary_of_today()
    rows = [("2026-10-01", 1000, 10), ("2026-10-02", 10, 5)]
    figures(
        [
            (code, day, amount)
            for day, gross, refund in rows
            for code, amount in (("SAL_GROSS", gross), ("SAL_REF", refund))
        ],
        zero=["SAL_DISC"],
    )
    trap = sum(D(refund) / gross for _day, gross, refund in rows) / len(rows)
    right = D(sum(row[2] for row in rows)) / sum(row[1] for row in rows)
    assert (value("SAL_REF_RATE", "2026-10").quantize(D("1e-9")), trap) == (
        right.quantize(D("1e-9")),
        D("0.255"),
    )
    assert abs(right - trap) > D("0.2")


@pytest.mark.django_db
def test_a_month_that_is_partly_in_is_compared_with_the_same_days():
    dictionary_of_today()
    days = [dt.date(2025, 10, 1) + dt.timedelta(days=one) for one in range(31)]
    figures([("SAL_GROSS", day.isoformat(), 10) for day in days], period="2025-10")
    figures([("SAL_GROSS", f"2026-10-{one:02}", 12) for one in range(1, 16)], period="2026-10-01..2026-10-15")
    trap = D(15 * 12) / (31 * 10) - 1
    found = readings.reading("SAL_GROSS", Period.parse("2026-10"), compare=["py"]).compare["py"]
    assert (found.value, found.now, found.change_ratio, found.why.code) == (150, 180, D("0.2"), "ALIGNED")
    assert trap < D("-0.4"), "the same figures without alignment are a fall by two fifths"


@pytest.mark.django_db
def test_a_stock_over_a_quarter_is_its_last_day_and_no_sum_of_days():
    dictionary_of_today()
    rows = [
        ("SC_INV_VAL", f"2026-{month}-{day}", 100 + day) for month in (10, 11, 12) for day in (10, 20, 28)
    ]
    figures(rows, period="2026-Q4", code="SCM")
    assert value("SC_INV_VAL", "2026-Q4") == 128
    assert sum(row[2] for row in rows) == 1074


# --- On the real files --------------------------------------------------------------------------------------


class TestRealFiles:
    pytestmark = REAL

    @pytest.mark.parametrize(
        ("key", "period"),
        [("total", "2015-01-01..2016-12-31"), ("by_year/2015", "2015"), ("by_year/2016", "2016")],
    )
    def test_the_margin_is_profit_over_sales_and_no_mean_of_item_ratios(self, real, reference, key, period):  # noqa: F811
        rows = pd.read_csv(DATA / "dataco/dataco_orders_2015_2016.csv")
        year = pd.to_datetime(rows["order date (DateOrders)"]).dt.year.astype(str)
        rows = rows if key == "total" else rows[year == period]
        told = reference["dataco"]
        for part in key.split("/"):
            told = told[part]
        trap = rows["Order Item Profit Ratio"].mean()
        assert round(trap, 4) == told["TRAP_mean_of_item_ratio"]
        found = value("DATACO_MARGIN", period)
        assert near(found, told["profit_margin_net"])
        assert near(found, rows["Order Profit Per Order"].sum() / rows["Order Item Total"].sum())
        assert abs(found - D(str(trap))) > D("0.0005")

    def test_the_time_of_a_call_is_weighted_by_calls(self, real, reference):  # noqa: F811
        rows = pd.read_csv(DATA / "adventureworks_finance/customer_service_call_center_2014-05.csv")
        trap = rows["AverageTimePerIssue"].mean()
        assert round(trap, 4) == reference["call_center"]["TRAP_avg_time_simple_mean"]
        weighted = (rows["AverageTimePerIssue"] * rows["IssuesRaised"]).sum() / rows["IssuesRaised"].sum()
        found = value("CALL_TIME", "2014-05")
        assert near(found, weighted)
        assert abs(found - D(str(trap))) > D("0.001")

    def test_payments_are_not_the_items(self, real, reference):  # noqa: F811
        told = reference["olist"]["total"]
        orders = pd.read_csv(DATA / "olist/olist_orders_2016_2017.csv")
        items = pd.read_csv(DATA / "olist/olist_order_items_2016_2017.csv")
        paid = pd.read_csv(DATA / "olist/olist_order_payments_2016_2017.csv")
        valid = orders[~orders["order_status"].isin(["canceled", "unavailable"])]
        valid = set(valid["order_id"]) & set(items["order_id"])
        sold = items[items["order_id"].isin(valid)]["price"].sum()
        trap = paid[paid["order_id"].isin(valid)]["payment_value"].sum()
        assert (round(sold, 2), round(trap, 2)) == (told["revenue_items"], told["payments"])
        span = "2016-09-01..2017-12-31"
        assert near(value("OLIST_REVENUE", span), told["revenue_items"], 2)
        assert abs(value("OLIST_REVENUE", span) - D(str(trap))) > 1000

    def test_on_time_by_the_second_and_by_the_day_are_two_figures(self, real, reference):  # noqa: F811
        told = reference["olist"]["total"]
        orders = pd.read_csv(DATA / "olist/olist_orders_2016_2017.csv")
        came, due = (
            pd.to_datetime(orders[name])
            for name in ("order_delivered_customer_date", "order_estimated_delivery_date")
        )
        delivered = (orders["order_status"] == "delivered") & came.notna()
        second = (came <= due)[delivered].mean()
        day = (came.dt.normalize() <= due.dt.normalize())[delivered].mean()
        assert (round(second, 4), round(day, 4)) == (
            told["on_time_rate_timestamp"],
            told["on_time_rate_calendar_day"],
        )
        span = "2016-09-01..2017-12-31"
        by_second, by_day = value("OLIST_ON_TIME_STAMP_RATE", span), value("OLIST_ON_TIME_DAY_RATE", span)
        assert near(by_second, second) and near(by_day, day) and by_day - by_second > D("0.01")
