"""From a cell of the deck to the pre-read and the agenda: asked where it stands, answered by who owns it (W24, P3)."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from metrics.models import Metric
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, year_of_sales

PHONE = {"width": 390, "height": 800}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def frozen(transactional_db, people):
    """Fourteen months of sales; October is frozen and its meeting is tomorrow."""
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    year_of_sales(14)
    at = timezone.now() + dt.timedelta(days=1)
    meeting = make.meeting(people, scheduled_at=at)
    make.freeze(meeting.review, people)
    return meeting


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_cell_is_questioned_on_the_deck_stands_on_the_agenda_and_is_answered(frozen, people, enter):
    reader = enter(people["supply"]).new_page()
    reader.goto("/boards/deck/?month=2026-10")
    block = reader.locator("#sal-net")
    block.get_by_role("link", name="Questions").click()
    panel = reader.locator("#sal-net-questions")
    expect(panel.get_by_label("Question", exact=True)).to_be_focused()
    block.locator(".chart-table summary, details summary").filter(has_text="Table").first.click()
    cell = block.locator("table.data tbody tr", has_text="Oct 2026").locator("td").first
    cell.click()
    expect(panel.get_by_label("Row")).to_have_value("17")
    expect(panel.get_by_label("Column")).to_have_value("1")
    panel.get_by_label("Question", exact=True).fill("Why so little more than in September?")
    panel.get_by_role("button", name="Ask").click()
    expect(panel.locator("#question-1, [id^=question-]").first).to_contain_text("Oct 2026 · Net sales (CNY):")
    require_sound(reader)

    reader.goto(f"/reviews/{frozen.review.code}/pre-read/")
    expect(reader.locator(".preread-questions")).to_contain_text("Why so little more than in September?")
    reader.get_by_text("Ask about this").first.click()
    reader.locator("#text-sales").fill("And what of France?")
    reader.get_by_role("button", name="Put on the agenda").click()
    expect(reader.locator("#sales .preread-questions > li")).to_have_count(2)
    require_sound(reader)

    owner = enter(people["sales"]).new_page()
    owner.goto(f"/meetings/{frozen.pk}/")
    topics = owner.locator(".agenda-topics li")
    expect(topics).to_have_count(2)
    owner.get_by_role("link", name="Question about a figure").click()
    owner.get_by_label("Answer").fill("A store closed for a week.")
    owner.get_by_role("button", name="Answer").click()
    expect(owner.locator("main")).to_contain_text("A store closed for a week.")
    require_sound(owner)
    owner.goto(f"/meetings/{frozen.pk}/")
    expect(topics).to_have_count(1)
    for language, scheme in (("zh-hans", "dark"), ("en", "light")):
        on_a_phone(enter(people["steward"], language, viewport=PHONE, color_scheme=scheme).new_page(), frozen)


def on_a_phone(page, frozen):
    for path in ("pre-read/", "freeze/"):
        page.goto(f"/reviews/{frozen.review.code}/{path}")
        require_sound(page)
    page.goto("/boards/deck/sal-net/questions/?month=2026-10")
    require_sound(page)
