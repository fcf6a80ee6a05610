"""The three real months of the UCI file, from submit to reading, to the cent: against reference.json and pandas."""

import json
from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from io import StringIO

import pandas as pd
import pytest
from django.core.management import call_command

from metrics import readings
from metrics.models import Observation, RollUp
from metrics.periods import Period
from tests.metrics.figures import dictionary_of_today
from tests.metrics.uploads import REAL

MONTHS = ("2010-12", "2011-01", "2011-02")
REFERENCE = REAL.parent / "reference.json"
CARRIAGE = {"POST", "DOT", "C2"}
CENT = D("0.01")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.slow,
    pytest.mark.skipif(
        not REFERENCE.is_file(), reason="the real files in ../shared/data are not on this machine"
    ),
]


def file_of(month):
    return REAL / f"online_retail_{month}.csv"


def command(*arguments) -> dict:
    """The JSON document of a management command that succeeds."""
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def submitted(django_db_setup, django_db_blocker):
    """The dictionary and the three months, once for this module; taken away afterwards."""
    from django.db import transaction  # noqa: PLC0415

    with django_db_blocker.unblock():
        holder = transaction.atomic()
        holder.__enter__()
        dictionary_of_today()
        documents = {}
        for month in MONTHS:
            where = ("--department", "sales", "--period", month, "--hand-in")
            documents[month] = command("submit", str(file_of(month)), *where)
        yield documents
        transaction.set_rollback(True)
        holder.__exit__(None, None, None)


@pytest.fixture
def months(submitted, db):
    return submitted


@pytest.fixture(scope="module")
def reference():
    return json.loads(REFERENCE.read_text(encoding="utf-8"))["uci_online_retail"]["by_month"]


def read(code, month, **more):
    return readings.reading(code, Period.parse(month), **more)


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_equals_the_reference_to_the_cent(months, reference, month):
    expected = {name: D(str(value)) for name, value in reference[month].items()}
    value = {code: read(code, month).value for code in ("SAL_ORD", "SAL_GMV", "SAL_REF", "SAL_SHIPREV")}
    aov = read("SAL_AOV", month)
    assert value["SAL_ORD"] == expected["orders"]
    assert value["SAL_GMV"] == expected["gross_sales"] - expected["freight_revenue"]
    assert aov.rounded(aov.value) == expected["aov_gross_excl_freight"]
    assert value["SAL_GMV"] - value["SAL_REF"] + value["SAL_SHIPREV"] == expected["net_sales"]


def test_the_quarter_is_the_sum_of_its_months(months, reference):
    span = "2010-12-01..2011-02-28"
    by_month = read("SAL_GMV", span, grain="month")
    assert [row.key["period"] for row in by_month.rows] == list(MONTHS)
    assert (
        sum(row.value for row in by_month.rows) == by_month.value == read("SAL_GMV", span, grain="day").value
    )
    assert read("SAL_ORD", span).value == sum(reference[month]["orders"] for month in MONTHS)


@pytest.mark.parametrize("month", MONTHS)
def test_countries_equal_an_independent_pandas_computation(months, month):
    rows = pd.read_csv(file_of(month), dtype=str, keep_default_na=False)
    rows["value"] = [D(q) * D(p) for q, p in zip(rows["Quantity"], rows["UnitPrice"], strict=True)]
    positive = (rows["Quantity"].astype(int) > 0) & (rows["UnitPrice"].astype(float) > 0)
    sale = rows[positive & ~rows["InvoiceNo"].str[0].isin(["C", "A"])]
    cancelled = rows[rows["InvoiceNo"].str.startswith("C")]
    expected = {
        "SAL_GMV": total(sale[~sale["StockCode"].isin(CARRIAGE)]),
        "SAL_REF": {k: -v for k, v in total(cancelled[~cancelled["StockCode"].isin(CARRIAGE)]).items()},
        "SAL_ORD": sale.groupby("Country")["InvoiceNo"].nunique().to_dict(),
    }
    for code, by_country in expected.items():
        found = {row.key["country"]: row.value for row in read(code, month, by=["country"]).rows if row.value}
        assert found == {country: value for country, value in by_country.items() if value}, code


def total(rows) -> dict:
    return {country: sum(group["value"], D(0)) for country, group in rows.groupby("Country")}


def test_days_equal_an_independent_pandas_computation(months):
    rows = pd.read_csv(file_of("2010-12"), dtype=str, keep_default_na=False)
    sale = rows[(rows["Quantity"].astype(int) > 0) & (rows["UnitPrice"].astype(float) > 0)]
    sale = sale[~sale["InvoiceNo"].str[0].isin(["C", "A"])]
    orders = sale.groupby(sale["InvoiceDate"].str[:10])["InvoiceNo"].nunique().to_dict()
    found = {row.key["period"]: int(row.value) for row in read("SAL_ORD", "2010-12", grain="day").rows}
    assert {day: value for day, value in found.items() if value} == orders and len(found) == 31


def test_the_command_tells_the_same(months, reference):
    told = command("reading", "SAL_GMV", "--period", "2011-01", "--by", "region", "--compare", "pp,py")
    before = D(str(reference["2010-12"]["gross_sales"])) - D(str(reference["2010-12"]["freight_revenue"]))
    assert (told["value"], told["unit"], told["status"]) == ("672104.31", "GBP", "provisional")
    assert told["compare"]["pp"]["value"] == str(before)
    assert D(told["compare"]["pp"]["change"]) == D("672104.31") - before
    assert told["compare"]["pp"]["comparable"] and not told["compare"]["py"]["comparable"]
    assert sum(D(row["value"]) for row in told["rows"]) == D("672104.31")
    assert {row["key"]["region"] for row in told["rows"]} == {"Europe", "Asia-Pacific", "Middle East"}
    assert told["passport"]["submission"] == months["2011-01"]["submission"]
    assert told["passport"]["sources"][0]["file"] == "online_retail_2011-01.csv"
    assert len(told["passport"]["sources"][0]["sha256"]) == 64
    assert told["passport"]["rows"] == months["2011-01"]["rows_used"]


def test_a_country_goes_by_code_or_name_and_eire_stays_eire(months):
    by_code, by_name = (read("SAL_GMV", "2011-01", where={"country": one}).value for one in ("DE", "德国"))
    assert (
        by_code
        == by_name
        == next(
            row.value
            for row in read("SAL_GMV", "2011-01", by=["country"]).rows
            if row.key["country"] == "Germany"
        )
    )
    assert (
        read("SAL_GMV", "2011-01", where={"country": "Ireland"}).value
        == read("SAL_GMV", "2011-01", where={"country": "EIRE"}).value
    )


def test_months_and_weeks_are_the_same_money_as_the_days(months):
    def sum_of(rows):
        return sum(rows.filter(metric="SAL_GROSS").values_list("value", flat=True))

    days = sum_of(Observation.objects.all())
    assert days == sum_of(RollUp.objects.filter(grain="M")) == sum_of(RollUp.objects.filter(grain="W"))
    assert D(days).scaleb(-4).quantize(CENT, ROUND_HALF_UP) == D("1976339.58")
