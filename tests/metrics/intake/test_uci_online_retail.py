"""The shipped profile on the three real months: every figure to the cent, by day and country as well."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from metrics.intake import Profile, check, detect

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
MONTHS = ("2010-12", "2011-01", "2011-02")
needs_real_files = pytest.mark.skipif(
    not (SHARED / "uci_online_retail").is_dir(),
    reason="the real files in ../shared/data are not on this machine",
)
pytestmark = needs_real_files


def path_of(month):
    return SHARED / "uci_online_retail" / f"online_retail_{month}.csv"


def period_of(month):
    first = dt.date.fromisoformat(f"{month}-01")
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def reference(month):
    text = (SHARED / "reference.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)["uci_online_retail"]["by_month"][month]


@pytest.fixture(scope="module")
def profile():
    return Profile.load("uci-online-retail")


@pytest.fixture(scope="module", params=MONTHS)
def month(request):
    return request.param


@pytest.fixture(scope="module")
def outcome(month, profile):
    return check(path_of(month), "online_retail.csv", profile, period=period_of(month))


def test_a_clean_month_is_accepted_without_findings(outcome):
    assert (outcome.status, outcome.http_status, outcome.findings, outcome.findings_total) == (
        "accepted",
        200,
        [],
        0,
    )


def test_the_month_gives_the_published_figures_to_the_cent(outcome, month):
    expected, totals = reference(month), outcome.totals
    assert totals["SAL_ORD"] == expected["orders"]
    assert totals["SAL_GROSS"] - totals["SAL_DISC"] == expected["gross_sales"] - expected["freight_revenue"]
    net = totals["SAL_GROSS"] - totals["SAL_DISC"] - totals["SAL_REF"] + totals["SAL_SHIPREV"]
    assert net == expected["net_sales"]
    average = (totals["SAL_GROSS"] / totals["SAL_ORD"]).quantize(Decimal("0.01"))
    assert average == expected["aov_gross_excl_freight"]


def test_nothing_is_dropped_silently(outcome, month):
    expected, counts = reference(month), outcome.counts
    assert outcome.rows_read == expected["rows"]
    assert outcome.rows_used == expected["rows_sale"] + expected["rows_cancel"]
    assert outcome.rows_excluded == {"zero_price": expected["rows_zero_or_negative_price"]}
    assert outcome.rows_used + sum(outcome.rows_excluded.values()) == outcome.rows_read
    assert counts["sale_rows"] == expected["rows_sale"]
    assert counts["cancelled_rows"] == expected["rows_cancel"]
    assert counts["cancelled_invoices"] == expected["cancel_documents"]
    assert counts["cancelled_units"] == expected["units_cancelled"]
    assert counts["cancelled_value"] == -expected["cancellations"]
    assert counts["units_sold"] == expected["units_sold"]
    assert counts["customers"] == expected["active_customers"]
    assert counts["missing_customers"] == expected["rows_missing_customer"]
    assert counts["exact_duplicate_rows"] == expected["rows_exact_duplicate"]


def test_by_day_and_country_it_equals_an_independent_computation(outcome, month):
    raw = pd.read_csv(path_of(month), dtype=str, keep_default_na=False, na_filter=False)
    quantity = raw["Quantity"].astype(int)
    cents = raw["UnitPrice"].map(lambda text: int((Decimal(text) * 10_000).to_integral_exact()))
    amount = quantity * cents
    cancelled = raw["InvoiceNo"].str.startswith("C")
    sale = (quantity > 0) & (cents > 0) & ~raw["InvoiceNo"].str.match("[CA]")
    carriage = raw["StockCode"].isin(["POST", "DOT", "C2"])
    by = [pd.to_datetime(raw["InvoiceDate"]).dt.date.rename("day"), raw["Country"].rename("country")]
    expected = {
        "SAL_GROSS": amount[sale & ~carriage].groupby(by).sum(),
        "SAL_REF": -amount[cancelled & ~carriage].groupby(by).sum(),
        "SAL_SHIPREV": amount[carriage & (sale | cancelled)].groupby(by).sum(),
        "SAL_UNITS": quantity[sale & ~carriage].groupby(by).sum(),
        "SAL_ORD": raw["InvoiceNo"][sale].groupby(by).nunique(),
    }
    for metric, series in expected.items():
        facts = outcome.facts[outcome.facts["metric"] == metric]
        found = facts.set_index(["day", "country"])["value"].to_dict()
        assert found == series.to_dict(), metric


def test_facts_have_one_row_per_cell_and_exact_whole_numbers(outcome):
    facts = outcome.facts
    assert list(facts.columns) == ["metric", "day", "platform", "country", "currency", "value", "rows"]
    assert not facts.duplicated(["metric", "day", "platform", "country", "currency"]).any()
    assert str(facts["value"].dtype) == str(facts["rows"].dtype) == "int64"
    assert set(facts["currency"]) == {"GBP"} and set(facts["platform"]) == {"web"}


def test_customer_numbers_never_leave_the_engine(outcome, month):
    raw = pd.read_csv(path_of(month), dtype=str, keep_default_na=False, na_filter=False)
    customer = next(number for number in raw["CustomerID"] if number)
    assert customer not in repr(outcome.first_rows) + repr(outcome.findings) + outcome.facts.to_csv()
    assert "Description" not in repr(outcome.first_rows)


def test_rows_of_another_month_are_refused_row_by_row(profile):
    outcome = check(path_of("2011-02"), "february.csv", profile, period=period_of("2011-01"))
    assert outcome.status == "rejected"
    assert outcome.finding_counts == {"PERIOD_MISMATCH": 27707}
    assert (
        len(outcome.findings) == 1000 and outcome.findings[0].row == 2 and outcome.findings[0].column == "E"
    )
    assert outcome.facts.empty and outcome.totals == {}


def test_the_platform_is_a_setting(profile):
    outcome = check(path_of("2011-02"), "february.csv", profile, settings={"platform": "shop-uk"})
    assert set(outcome.facts["platform"]) == {"shop-uk"}


def test_the_file_is_recognised_by_its_headers():
    assert detect(path_of("2011-02"), "february.csv", Profile.shipped()) == "uci-online-retail"
