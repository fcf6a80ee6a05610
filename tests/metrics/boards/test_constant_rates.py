"""Regions at the exchange rates of the year before: the same sales without what rates did to them."""

import csv
import io
import re

import pytest

from metrics import readings
from metrics.periods import Period
from tests.metrics.figures import dictionary_of_today
from tests.metrics.test_currencies import RATES, rates, sales

pytestmark = pytest.mark.django_db
ADDRESS = "/boards/sales/"


@pytest.fixture
def client(people, signed_in):
    dictionary_of_today()
    people["sales"].language = "en"
    people["sales"].save()
    return signed_in(people["sales"])


def rows(client, **query) -> dict[str, list[str]]:
    answer = client.get(f"{ADDRESS}regions.csv", {"month": "2026-10"} | query)
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    return {line[0]: line[1:] for line in lines[1:]}


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_month_is_told_at_either_rates_and_the_year_before_at_its_own(client):
    rates()
    sales()
    actual, constant = rows(client), rows(client, rates="py")
    assert [actual["Germany"][place] for place in (0, 2, 3)] == ["880.00", "750.00", "130.00"]
    assert [constant["Germany"][place] for place in (0, 2, 3)] == ["825.00", "750.00", "75.00"]
    assert [constant["United Kingdom"][place] for place in (0, 2)] == ["180.00", "0.00"]


def test_it_is_what_a_reading_says(client):
    rates()
    sales()
    told = readings.reading("SAL_NET", Period.parse("2026-10"), by=["country"], rates="py")
    read = {row.key["country"]: row.value for row in told.rows if row.key["country"]}
    assert read == {"Germany": 825, "United Kingdom": 180}


def test_the_block_says_at_which_rates_and_leads_to_the_others(client):
    rates()
    sales()
    page = client.get(ADDRESS, {"month": "2026-10"})
    assert "At last year’s exchange rates" in text(page)
    assert f'href="{ADDRESS}?month=2026-10&amp;rates=py#regions"' in page.content.decode()
    page = client.get(ADDRESS, {"month": "2026-10", "rates": "py"})
    assert "Oct 2026 at the exchange rates of Oct 2025, and the change on Oct 2025" in text(page)
    assert f'href="{ADDRESS}?month=2026-10#regions"' in page.content.decode()
    assert f"{ADDRESS}regions.csv?month=2026-10&amp;rates=py" in page.content.decode()


def test_a_rate_that_nobody_handed_in_is_named_in_place_of_the_chart(client):
    rates({"2026-10": RATES["2026-10"]})
    sales()
    assert (
        "EUR"
        in text(client.get(ADDRESS, {"month": "2026-10", "rates": "py"})).split("Net sales in CNY by region")[
            1
        ][:400]
    )


@pytest.mark.parametrize("asked", ["", "py", "budget", "x"])
def test_one_currency_needs_no_rates(client, asked):
    from tests.metrics.figures import figures  # noqa: PLC0415

    figures([("SAL_GROSS", "2026-10-05", 100, {"country": "Germany"})], zero=["SAL_DISC", "SAL_REF"])
    said = text(client.get(ADDRESS, {"month": "2026-10", "rates": asked}))
    assert "exchange rates of" not in said and "At last year" not in said
    assert rows(client, rates=asked)["Germany"][0] == "100.00"
