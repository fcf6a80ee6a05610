"""One period by every switch of a definition, exact; who counts like this; and the proposal that it fills in (W2)."""

import datetime as dt
import re
from decimal import Decimal as D

import pytest

from metrics import formula, variant_formulas, variants
from metrics.definitions import Definitions
from metrics.dictionary_rows import cells
from metrics.models import Metric, MetricVersion, Observation
from metrics.periods import Period
from metrics.proposal_checks import open_version
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
ON, OCTOBER, EN = dt.date(2026, 11, 22), Period.parse("2026-10"), {"accept-language": "en"}
PARTS = {
    "SAL_GROSS": 1000, "SAL_DISC": 100, "SAL_REF": 30, "SAL_SHIPREV": 45, "SAL_TAX": 180, "SAL_ORD": 3,
    "SAL_ORD_SHIPPED": 2,
}  # fmt: skip
DAY = "2026-10-01"


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()


def sold(*without):
    return figures([(code, DAY, value) for code, value in PARTS.items() if code not in without])


def of(code, user) -> dict:
    found = variants.of(code, OCTOBER, user=user, on=ON)
    return {one.way.key: one for one in found.rows}


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(
    ("key", "text", "value", "change"),
    [
        ("", "SAL_GMV / SAL_ORD", "300.00", None),
        ("SHIPPING_IN", "(SAL_GROSS + SAL_SHIPREV - SAL_DISC) / SAL_ORD", "315.00", "15.00"),
        ("TAX_IN", "(SAL_GROSS + SAL_TAX - SAL_DISC) / SAL_ORD", "360.00", "60.00"),
        ("AFTER_REFUNDS", "(SAL_GROSS - SAL_REF - SAL_DISC) / SAL_ORD", "290.00", "-10.00"),
        ("BEFORE_DISCOUNTS", "SAL_GROSS / SAL_ORD", "333.33", "33.33"),
        ("SHIPPED_ORDERS", "SAL_GMV / SAL_ORD_SHIPPED", "450.00", "150.00"),
        (
            "SHIPPING_IN-TAX_IN",
            "(SAL_GROSS + SAL_SHIPREV + SAL_TAX - SAL_DISC) / SAL_ORD",
            "375.00",
            "75.00",
        ),
    ],
)
def test_average_order_value_by_each_switch(people, key, text, value, change):
    sold()
    one = of("SAL_AOV", people["sales"])[key]
    assert (one.way.formula, one.value, one.change) == (text, D(value), change and D(change))


def test_refunds_that_are_deducted_can_be_left_in(people):
    sold()
    one = of("SAL_NET", people["sales"])["BEFORE_REFUNDS"]
    assert (one.way.formula, one.value, one.change, one.ratio) == (
        "SAL_GMV", D("900.00"), D("30.00"), D("30") / D("870"),
    )  # fmt: skip


def test_a_missing_base_figure_is_a_reason_and_the_others_stand(people):
    sold("SAL_TAX")
    found = of("SAL_AOV", people["sales"])
    assert (found["TAX_IN"].value, found["TAX_IN"].why.code) == (None, "NO_DATA")
    assert found["TAX_IN"].why.params["metric"] == "SAL_TAX"
    assert found["SHIPPING_IN"].value == D("315.00")


def test_the_metric_that_is_defined_so_is_named(people):
    sold()
    found = of("SAL_AOV", people["sales"])
    assert [one.code for one in found["SHIPPING_IN"].metrics] == ["SAL_AOV_SHIP"]
    assert found["TAX_IN"].metrics == []


def test_the_department_whose_file_claims_a_variant_is_named(people):
    sold()
    made = figures([("SAL_AOV", DAY, "315.00")], state="certified", profile="orders-daily")
    found = of("SAL_AOV", people["sales"])
    assert {key: one.claimed_by for key, one in found.items() if one.claimed_by} == {
        "SHIPPING_IN": [made.department_id]
    }


def test_returning_customers_as_new_is_another_window(people):
    figures([(code, DAY, value) for code, value in {"MKT_SPEND_AD": 0}.items()], code="MKT")
    found = variants.ways("MKT_CAC", Definitions.newest())
    assert [one.key for one in found] == ["", "RETURNING_AS_NEW"]
    assert found[1].formula == "MKT_SPEND / (MKT_NEWCUST + MKT_REACT)"
    way, changes = variants.proposed(
        cells(open_version(Metric.objects.get(code="MKT_NEWCUST"))), "RETURNING_AS_NEW", Definitions.newest()
    )
    assert (way.formula, changes) == ("MKT_NEWCUST + MKT_REACT", {"new_customer_days": "365"})


@pytest.mark.parametrize(
    "text", ["A - (B - C)", "A / (B / C) * D", "IF(A > 0, PY(A), -B)", "SLICE(A, region)"]
)
def test_a_formula_is_written_as_it_was_read(text):
    tree = formula.parse(text).tree
    assert formula.parse(variant_formulas.written(tree)).tree == tree


def test_sums_in_another_order_are_the_same(people):
    left, right, other = (formula.parse(one).tree for one in ("(A - B) + C", "C + A - B", "A + B - C"))
    assert variant_formulas.canonical(left) == variant_formulas.canonical(right)
    assert variant_formulas.canonical(left) != variant_formulas.canonical(other)


def test_the_page_compares_and_stores_nothing(people, signed_in):
    sold()
    before = Observation.objects.count(), MetricVersion.objects.count()
    page = words(signed_in(people["sales"]).get("/metrics/SAL_AOV/variants/?month=2026-10", headers=EN))
    assert "As defined Official" in page and "315.00 +15.00" in page and "AOV incl. shipping" in page
    assert (Observation.objects.count(), MetricVersion.objects.count()) == before


def test_the_metric_page_leads_to_it_where_there_is_something_to_compare(people, signed_in):
    client = signed_in(people["sales"])
    assert "/metrics/SAL_AOV/variants/" in client.get("/metrics/SAL_AOV/").content.decode()
    assert "/variants/" not in client.get("/metrics/SC_OTD/").content.decode()
    assert "No switch of this definition" in words(client.get("/metrics/SC_OTD/variants/", headers=EN))


def test_a_variant_fills_in_the_proposal(people, signed_in):
    answer = signed_in(people["sales"]).get("/metrics/SAL_AOV/propose?variant=SHIPPING_IN", headers=EN)
    form = answer.context["form"]
    filled = {name: form[name].value() for name in ("incl_shipping", "formula", "numerator", "denominator")}
    assert filled == {
        "incl_shipping": "Y",
        "formula": "(SAL_GROSS + SAL_SHIPREV - SAL_DISC) / SAL_ORD",
        "numerator": "SAL_GROSS + SAL_SHIPREV - SAL_DISC",
        "denominator": "SAL_ORD",
    }
    assert "Filled in: Shipping is in" in words(answer)


def test_what_the_variant_fills_in_can_be_proposed(people, signed_in):
    address = "/metrics/SAL_AOV/propose?variant=SHIPPING_IN"
    client = signed_in(people["sales"])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {
        "reason": "Shipping belongs to it",
        "preview": "1",
    }
    sent = {name: "" if value is None else value for name, value in sent.items()}
    assert client.post(address, sent | {"effective_from": "2027-01"}).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("observer", 404), ("logistics", 404), ("finance", 200)])
def test_confidential_variants_are_for_those_who_read_the_figures(people, signed_in, who, status):
    assert signed_in(people[who]).get("/metrics/FIN_REV/variants/").status_code == status
