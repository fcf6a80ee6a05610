"""Boards on paper: A4 on its side, light whatever the theme, every chart drawn, nothing of the screen around it."""

import pytest
from playwright.sync_api import expect

from tests import pdf
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4 = (842, 595)
OF_THE_DARK = {"#0f151c", "#0a0f14", "#e8edf1", "#9fb3c8", "#dbe2e8"}  # page, sunken, text, muted, chart


@pytest.fixture
def company(transactional_db, people):
    dictionary_of_today()
    year_of_sales(14)
    return people


def printed(page, path) -> list[pdf.Sheet]:
    page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    return pdf.sheets(path)


def test_a_board_is_printed_light_and_whole(company, enter, tmp_path):
    page = enter(company["ceo"], color_scheme="dark", viewport={"width": 900, "height": 500}).new_page()
    page.goto("/boards/deck/?month=2026-10")
    charts = page.locator("metric-chart").count()
    expect(page.locator("metric-chart[data-drawn]").first).to_be_visible()
    assert page.locator("metric-chart[data-drawn]").count() < charts  # the others are below the window
    sheets = printed(page, tmp_path / "deck.pdf")
    text = "".join(one.text for one in sheets)
    assert {tuple(round(side) for side in one.size) for one in sheets} == {A4}
    assert 3 <= len(sheets) <= 8
    for number, one in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in one.text and "Executive deck · Oct 2026" in one.text
        assert not one.fills & OF_THE_DARK
        assert "#1f2933" in one.fills
    assert "not frozen yet" in text and "§ 1 Sales" in text.replace("§1", "§ 1")
    assert "My review" not in text and "Exceptions 0" not in text  # neither navigation nor switches
    expect(page.locator("metric-chart[data-drawn]")).to_have_count(charts)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert not page.evaluate("document.documentElement.hasAttribute('data-paper')")
    assert page.evaluate("window.broken") == []


def test_what_is_looked_at_alone_stands_on_paper_and_open_tables_are_whole(company, enter, tmp_path):
    page = enter(company["ceo"], viewport={"width": 390, "height": 800}).new_page()
    page.goto("/metrics/SAL_GMV/explore/?month=2026-10&by=platform&country=Germany&figures=now")
    expect(page.locator("metric-chart[data-drawn]").first).to_be_visible()
    page.locator("details.fold > summary").first.click()
    rows = page.locator(".chart-foot .fold[open] tbody tr th").all_inner_texts()
    text = "".join(one.text for one in printed(page, tmp_path / "explore.pdf")).replace(" ", "")
    assert "Germany" in text and "Splitby" in text
    assert len(rows) > 6 and all(row.replace(" ", "") in text for row in rows)


def test_the_button_waits_until_every_chart_is_drawn(company, enter):
    page = enter(company["ceo"], viewport={"width": 1280, "height": 500}).new_page()
    page.add_init_script(
        "window.print = () => (window.asked = document.querySelectorAll('metric-chart[data-drawn]').length)"
    )
    page.goto("/boards/deck/?month=2026-10")
    charts = page.locator("metric-chart").count()
    page.get_by_role("button", name="Print").click()
    expect(page.locator("metric-chart[data-drawn]")).to_have_count(charts)
    assert page.evaluate("window.asked") == charts > 2
