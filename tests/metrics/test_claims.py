"""Derived figures of an upload are claims: compared with what is computed, and explained by a switch or not."""

from decimal import Decimal

import pytest

from metrics import claims, known_profiles
from metrics.periods import Period
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.uploads import imported

pytestmark = pytest.mark.django_db
DAYS = ("2026-10-01", "2026-10-02")
# gross, discount, refund, shipping, tax, orders of two days
OWN = """
profile: own-orders
version: 1
title: {en: Own orders, zh: 自有订单}
department: sales
grain: day
time_zone: Asia/Shanghai
columns:
  date: {type: date, headers: [date]}
  aov: {type: decimal, headers: [AOV]}
  currency: {type: choice, values: currencies, headers: [currency]}
day: date
currency: {column: currency}
key: [date]
metrics:
  SAL_AOV: {sum: aov}
"""
PARTS = {
    "SAL_GROSS": (1000, 1400), "SAL_DISC": (100, 50), "SAL_REF": (30, 77), "SAL_SHIPREV": (43, 61),
    "SAL_TAX": (171, 260), "SAL_ORD": (3, 4),
}  # fmt: skip


@pytest.fixture
def sold(people):
    dictionary_of_today()
    return figures([(code, day, value) for code, two in PARTS.items() for day, value in zip(DAYS, two, strict=True)],
                   profile="sales-daily")  # fmt: skip


def claim(*values, code="SAL_AOV"):
    rows = [(code, day, str(value)) for day, value in zip(DAYS, values, strict=False)]
    made = figures(rows, state="draft", profile="orders-daily")
    [found] = claims.of(made)
    return found


def explained(found) -> list[str]:
    return [one.code for one in found.explained_by]


def aov(place: int, *codes: str) -> Decimal:
    value = sum(Decimal(PARTS[code.lstrip("-")][place]) * (-1 if code[0] == "-" else 1) for code in codes)
    return (value / PARTS["SAL_ORD"][place]).quantize(Decimal("0.01"))


def test_a_claim_that_agrees_says_nothing_more(sold):
    found = claim(aov(0, "SAL_GROSS", "-SAL_DISC"), aov(1, "SAL_GROSS", "-SAL_DISC"))
    assert (len(found.rows), found.off, found.tried) == (2, [], 0)


@pytest.mark.parametrize(
    ("parts", "code", "switches"),
    [
        (("SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV"), "SAL_AOV", ["SHIPPING_IN"]),
        (("SAL_GROSS", "-SAL_DISC", "SAL_TAX"), "SAL_AOV", ["TAX_IN"]),
        (("SAL_GROSS", "-SAL_DISC", "-SAL_REF"), "SAL_AOV", ["AFTER_REFUNDS"]),
        (("SAL_GROSS",), "SAL_AOV", ["BEFORE_DISCOUNTS"]),
        (("SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV", "SAL_TAX"), "SAL_AOV", ["SHIPPING_IN", "TAX_IN"]),
        (("SAL_GROSS", "SAL_SHIPREV"), "SAL_AOV", ["SHIPPING_IN", "BEFORE_DISCOUNTS"]),
    ],
)
def test_the_switch_that_explains_the_difference_is_named(sold, parts, code, switches):
    found = claim(aov(0, *parts), aov(1, *parts), code=code)
    assert explained(found) == switches and found.explains == len(found.off) == 2


def test_the_figures_of_the_largest_difference_come_first(sold):
    parts = ("SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV")
    found = claim(aov(0, *parts), aov(1, *parts))
    first = found.off[0]
    assert (first.claimed, first.computed, first.period.text) == (
        Decimal("352.75"),
        Decimal("337.5"),
        "2026-10-02",
    )
    assert f"{first.share:.4f}" == "0.0452"


def test_net_sales_before_refunds_are_recognised(sold):
    rows = [("SAL_NET", DAYS[0], "900"), ("SAL_NET", DAYS[1], "1350")]
    [found] = claims.of(figures(rows, state="draft", profile="orders-daily"))
    assert explained(found) == ["BEFORE_REFUNDS"]


def test_what_nothing_explains_is_said_to_be_unexplained(sold):
    found = claim("311.11", "299.99")
    assert len(found.off) == 2 and found.explained_by == () and found.tried > 10


def test_without_the_parts_a_switch_is_not_tried_into_a_match(people):
    dictionary_of_today()
    figures(
        [(code, DAYS[0], PARTS[code][0]) for code in ("SAL_GROSS", "SAL_DISC", "SAL_ORD")],
        profile="sales-daily",
    )
    found = claim(aov(0, "SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV"))
    assert len(found.off) == 1 and found.explained_by == ()


def test_without_anything_to_compute_from_there_is_no_difference(people):
    dictionary_of_today()
    found = claim("331.70")
    assert found.rows[0].computed is None and found.off == []


def test_the_page_says_it_and_leads_to_the_definition(sold, people, signed_in):
    parts = ("SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV")
    rows = [("SAL_AOV", DAYS[1], str(aov(1, *parts)))]
    made = figures(rows, state="draft", profile="orders-daily", totals={"SAL_AOV": "352.75"})
    people["sales"].language = "en"
    people["sales"].save()
    page = signed_in(people["sales"]).get(f"/submissions/{made.pk}/").content.decode()
    assert "Claimed against computed" in page and "sent 352.75 · computed 337.50" in page and "+4.5" in page
    assert "matches if shipping is in" in page and 'href="/metrics/SAL_AOV/propose"' in page
    people["sales"].language = "zh-hans"
    people["sales"].save()
    assert "若含运费则一致" in signed_in(people["sales"]).get(f"/submissions/{made.pk}/").content.decode()
    assert "Claimed" not in signed_in(people["marketing"]).get(f"/submissions/{made.pk}/").content.decode()


def test_a_file_that_brings_a_derived_figure_is_compared_after_its_import(sold, people, at):
    """An own profile with the average order value among its figures; the file states it with shipping."""
    known_profiles.save("own-orders", OWN, by=people["sales"], at=at)
    value = aov(0, "SAL_GROSS", "-SAL_DISC", "SAL_SHIPREV")
    content = f"date,AOV,currency\n2026-10-01,{value},CNY\n".encode()
    job = imported(content, at=at, by=people["sales"], period=Period.parse("2026-10"), profile="own-orders")
    assert job.submission, job.outcome["findings"]
    [found] = claims.of(job.submission)
    assert explained(found) == ["SHIPPING_IN"] and found.off[0].claimed == value
