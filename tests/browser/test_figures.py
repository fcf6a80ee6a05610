"""From what was handed in to the sales page: the data owner certifies, everybody sees it (C1, D1)."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics.models import Submission
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db, people):
    """Fourteen months; the last one is handed in and waits."""
    dictionary_of_today()
    newest = year_of_sales(14)[0]
    Submission.objects.filter(pk=newest.pk).update(state="handed_in", certified_at=None)
    return people


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def drawn(page, count):
    """Scroll to every chart and wait until all are drawn."""
    for chart in page.locator("metric-chart").all():
        chart.scroll_into_view_if_needed()
    expect(page.locator("metric-chart[data-drawn] .main-svg").first).to_be_visible()
    expect(page.locator("metric-chart[data-drawn]")).to_have_count(count)


def test_certified_by_one_seen_by_all(company, enter):
    reader = enter(company["ceo"]).new_page()
    reader.goto("/sales/")
    expect(reader.locator("#month option")).to_have_count(13)
    steward = enter(company["steward"]).new_page()
    steward.goto("/certify/")
    require_sound(steward)
    steward.get_by_role("button", name="Certify").click()
    expect(steward.get_by_text("These are the official figures now")).to_be_visible()
    expect(steward.get_by_text("Nothing waits")).to_be_visible()
    reader.reload()
    expect(reader.locator("#month option")).to_have_count(14)
    drawn(reader, 4)
    require_sound(reader)


def test_grain_month_and_measure_change_in_place_and_stay_in_the_address(company, enter):
    page = enter(company["steward"]).new_page()
    page.goto("/sales/")
    expect(page.locator(".stamp--provisional").first).to_be_visible()
    page.evaluate("window.untouched = true")
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page).to_have_url(re.compile("grain=week"))
    page.get_by_label("Month", exact=True).select_option("2026-09")
    expect(page).to_have_url(re.compile("month=2026-09.*grain=week|grain=week.*month=2026-09"))
    expect(page.locator("#trend")).to_contain_text("by week")
    assert page.evaluate("window.untouched"), "the page was loaded again"
    drawn(page, 4)
    page.locator("#trend summary").click()
    expect(page.locator("#trend tbody tr")).to_have_count(13)
    with page.expect_download() as download:
        page.locator("#trend").get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "sales-trend-2026-09.csv"
    assert page.evaluate("window.broken") == []


@pytest.mark.parametrize(("language", "scheme"), [("zh-hans", "dark"), ("en", "light")])
def test_a_phone_shows_it_in_both_languages_and_themes(company, enter, language, scheme):
    context = enter(company["steward"], language, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto("/sales/")
    drawn(page, 4)
    require_sound(page)
    assert page.locator(".modebar-btn").count() == 0 and "Plotly Cloud" not in page.content()
    page.goto("/certify/")
    require_sound(page)
