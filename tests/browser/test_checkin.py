"""The check-in in a browser: two keys on the keyboard, a few presses on a phone, and the link of a mail (E2, T17)."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from actions import checkin_rhythm
from actions.models import CheckIn, CheckInRhythm
from reviewhub.notices import links
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def owner(transactional_db, people):
    """Somebody with one task whose check-in was due an hour ago."""
    local = timezone.now().astimezone(checkin_rhythm.company_zone()) - dt.timedelta(hours=1)
    make.rhythm(
        local.date().isoformat(),
        at=local.time().replace(second=0, microsecond=0),
        changed_at=timezone.now() - dt.timedelta(days=30),
    )
    make.action("Launch the German site", people["owner"])
    people["owner"].language = "en"
    people["owner"].save()
    return people["owner"]


def a_link(owner) -> str:
    turn = checkin_rhythm.due(CheckInRhythm.objects.get(), timezone.now())
    return links.path(owner, ("checkin", "people.user", str(owner.pk), turn.key), at=timezone.now())


def require_sound(page):
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_task_takes_a_card_and_two_keys(owner, enter):
    page = enter(owner).new_page()
    page.goto("/")
    page.get_by_role("link", name="Answer").click()
    expect(page.get_by_role("radio", name="Not started")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: 1 task.")).to_be_visible()
    assert CheckIn.objects.get().status_after == "doing"
    expect(page.get_by_text("Your check-in ·")).to_have_count(0)


def test_on_a_phone_nothing_lies_under_the_menu_and_a_refusal_keeps_the_words(owner, people, enter):
    for number in range(5):
        make.action(f"Task {number}", owner)
    page = enter(owner, **PHONE).new_page()
    page.goto("/checkin/")
    require_sound(page)
    save = page.get_by_role("button", name="Save")
    box = save.bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).textContent.trim()", middle) == "Save"
    first = page.locator(".checkin-task").first
    first.get_by_label("Waits for").select_option(label="Supply chain")
    first.get_by_role("radio", name="Low").check()
    save.click()
    expect(page.get_by_text("Say in one sentence what you need from them.")).to_be_visible()
    expect(first.get_by_role("radio", name="Low")).to_be_checked()
    require_sound(page)
    first.get_by_label("One sentence").fill("Return labels")
    save.click()
    page.wait_for_url("**/")
    assert CheckIn.objects.count() == 6
    assert CheckIn.objects.filter(blocked_by_department__code="SCM", confidence="low").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_the_link_of_a_mail_answers_once_without_signing_in(owner, browser, server, scripts):
    """Browsers send no referrer and `Origin: null` from this page: the form must not need them."""
    context = browser.new_context(base_url=server.url, java_script_enabled=scripts, **PHONE)
    page = context.new_page()
    path = a_link(owner)
    page.goto(path)
    expect(page.get_by_text(f"You answer for {owner.display_name}")).to_be_visible()
    page.get_by_role("radio", name="Done").check()
    page.get_by_label("One sentence").fill("Live since this morning")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Thank you, that is done")).to_be_visible()
    assert "referer" not in sent.value.headers
    assert CheckIn.objects.get().sentence == "Live since this morning"
    page.goto(path)
    expect(page.get_by_role("link", name="Sign in to change it")).to_be_visible()
    assert [cookie["name"] for cookie in context.cookies()] in ([], ["csrftoken"])
    page.goto("/")
    assert "/accounts/login/" in page.url
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_agenda_rhythm_and_block_are_sound(owner, people, enter, language):
    blocker = make.blocker(owner.actions.get(), people["facilitator"])
    page = enter(people["facilitator"], language).new_page()
    for path in ("/checkins/", "/checkins/rhythm/", f"/checkins/blockers/{blocker.pk}/"):
        page.goto(path)
        require_sound(page)
    page.goto("/l/nothing/")
    require_sound(page)
