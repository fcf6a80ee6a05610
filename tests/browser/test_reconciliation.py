"""A difference is ruled: the data owner reads what explains it, makes one figure official, the side reads why (C1)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics.models import Ruling
from tests import make
from tests.metrics.figures import dictionary_of_today
from tests.metrics.reconciliation.test_differences import booked, sold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db, people):
    """October: Sales has 90,000 of tax in, and Finance does not."""
    dictionary_of_today()
    sold(tax=90_000)
    booked(841_000)
    make.review()
    return people


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_conflict_is_explained_and_ruled(company, enter):
    page = enter(company["steward"]).new_page()
    page.goto("/reconciliation/")
    expect(page.get_by_text("1 stops the freeze")).to_be_visible()
    expect(page.get_by_text("It matches if tax is taken out of sales.")).to_be_visible()
    expect(page.locator("tfoot td").first).to_have_text("+90,000.00")
    require_sound(page)
    page.get_by_label("Ruling: Finance's figure is official").check()
    page.get_by_label("The ruling holds for").select_option("standing")
    page.get_by_label("Why, in one sentence").fill("Sales figures are without tax.")
    page.get_by_role("button", name="Rule").click()
    expect(
        page.get_by_text("No definition conflicts. The meeting can be about the business.")
    ).to_be_visible()
    assert Ruling.objects.get().decision == "right"
    phone = enter(company["sales"], viewport={"width": 390, "height": 800}).new_page()
    phone.goto("/reconciliation/?conflict=ID69-2026-10")
    expect(phone.get_by_text("The figure of Finance is official").first).to_be_visible()
    expect(phone.get_by_text("Sales figures are without tax.").first).to_be_visible()
    require_sound(phone)
