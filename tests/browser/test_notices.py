"""Notices in the browser: read with the keyboard, counted by the bell, tried on a channel (F114)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from reviewhub.notices.models import Message
from tests.notices import told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company(transactional_db, people):
    people["admin"].email = "admin@farsail.example"
    people["admin"].save()
    for hours in (1, 2):
        told.message(people["admin"], at=timezone.now() - told.hours(hours))
    return people


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_notices_are_walked_and_opened_by_the_keyboard(company, enter):
    page = enter(company["admin"]).new_page()
    page.goto("/notices/")
    require_sound(page)
    expect(page.locator(".bell-count")).to_have_text("2")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".notice-title").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/settings/")
    assert Message.objects.filter(read_at=None).count() == 1
    expect(page.locator(".bell-count")).to_have_text("1")


def test_marking_changes_list_and_bell_in_place(company, enter):
    page = enter(company["admin"]).new_page()
    page.goto("/notices/")
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.locator(".bell-count")).to_have_text("1")
    expect(page.locator(".notice[data-unread]")).to_have_count(1)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".bell-count")).to_have_count(0)
    assert page.evaluate("window.untouched"), "the page was loaded again"
    require_sound(page)


def test_a_test_arrives_in_the_app_without_leaving_the_settings(company, enter):
    page = enter(company["admin"]).new_page()
    page.goto("/notices/settings/")
    page.evaluate("window.untouched = true")
    page.locator("#tests li").first.get_by_role("button").click()
    expect(page.locator("#tests")).to_contain_text("Arrived. It stands in your notices.")
    page.locator("#tests li").nth(1).get_by_role("button").click()
    expect(page.locator("#tests")).to_contain_text("Waiting for the worker")
    assert page.evaluate("window.untouched"), "the page was loaded again"
    require_sound(page)


@pytest.mark.parametrize(("language", "scheme"), [("zh-hans", "dark"), ("en", "light")])
def test_phones_show_every_page_in_both_languages_and_themes(company, enter, language, scheme):
    told.hook(company["admin"], audience="room")
    told.delivery(company["sales"], state="in_doubt", doubts=1, error="no answer " + "x" * 80)
    context = enter(company["admin"], language, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    for path in ("", "settings/", "queue/?tab=doubt", "hooks/", "hooks/new/"):
        page.goto(f"/notices/{path}")
        require_sound(page)


def test_without_script_every_button_still_works(company, enter):
    page = enter(company["admin"], java_script_enabled=False).new_page()
    page.goto("/notices/")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".notice[data-unread]")).to_have_count(0)
    page.goto("/notices/settings/")
    page.locator("#tests li").first.get_by_role("button").click()
    expect(page.locator("#tests")).to_contain_text("Arrived.")
    page.locator("#calendar").get_by_role("button", name="Subscribe").click()
    expect(page.locator("#feed-address")).to_contain_text(".ics")
