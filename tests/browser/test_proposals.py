"""From a quarrel about a definition to a version: proposed by sales, discussed, approved by the data owner (F10)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics.models import Metric
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db, people):
    dictionary_of_today()
    year_of_sales(3)
    return people


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_definition_is_proposed_previewed_discussed_and_approved(company, enter):
    sales = enter(company["sales"]).new_page()
    sales.goto("/metrics/SAL_AOV/")
    sales.get_by_role("link", name="Propose a change").click()
    sales.get_by_label("Formula").fill("SAL_GMV + SAL_ORD")
    sales.get_by_label("Reason", exact=True).fill("The basket after refunds")
    sales.get_by_role("button", name="Propose", exact=True).click()
    expect(sales.get_by_text("The units do not fit: CCY + 单.")).to_be_visible()
    require_sound(sales)
    sales.get_by_label("Formula").fill("SAL_NET / SAL_ORD")
    sales.get_by_role("button", name="Preview the impact").click()
    expect(sales.get_by_text("3 of 3 months would change.")).to_be_visible()
    require_sound(sales)
    sales.get_by_role("button", name="Propose", exact=True).click()
    expect(sales).to_have_url(re.compile(r"/metrics/proposals/\d+/$"))
    expect(sales.get_by_role("button", name="Approve")).to_have_count(0)

    steward = enter(company["steward"], viewport={"width": 390, "height": 844}).new_page()
    steward.goto("/")
    steward.get_by_role("link", name="Decide on the definition of Average order value (ex-shipping)").click()
    steward.get_by_label("Your comment").fill("Then the targets have to follow.")
    steward.get_by_role("button", name="Comment").click()
    expect(steward.get_by_text("Then the targets have to follow.")).to_be_visible()
    require_sound(steward)
    steward.get_by_label("Ruling").fill("Ruling 27: after refunds.")
    steward.get_by_role("button", name="Approve").click()
    expect(steward.get_by_text("Approved: version 2.")).to_be_visible()
    steward.get_by_role("link", name="Version 2").click()
    expect(steward.locator("#versions del", has_text="SAL_GMV / SAL_ORD")).to_be_visible()
    require_sound(steward)
    assert Metric.objects.get(code="SAL_AOV").versions.get(number=2).formula == "SAL_NET / SAL_ORD"
