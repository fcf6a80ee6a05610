"""The room talks: hands on phones, the floor, off the subject, a doubted figure, the scribe; one story (F68-F70)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from meetings.models import Capture, Segment
from reviewhub.people.models import Department
from tests.browser.test_meeting import console, live, room, stage, title  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def barriers(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found]


def test_the_room_asks_for_the_floor_and_the_facilitator_gives_it(console, stage, enter, room, people):  # noqa: F811
    Segment.objects.filter(meeting=room.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    people["sales"].name = people["sales"].name_latin = "Wang Jun"
    people["sales"].save()
    room.order("start")
    room.order("next")
    title(console).filter(has_text="Sales · Report").wait_for()
    phones = {who: enter(people[who]).new_page() for who in ("sales", "owner", "marketing", "logistics")}
    for page in phones.values():
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"/meetings/{room.meeting.pk}/")
        live(page)
    for place, who in enumerate(("sales", "owner", "logistics"), 1):
        phones[who].get_by_role("button", name="Raise hand").click()
        phones[who].get_by_text(f"You are number {place} in the queue.").wait_for()
    console.locator(".floor-list li").nth(2).wait_for()
    console.keyboard.press("1")
    phones["sales"].get_by_text("You have the floor.").first.wait_for()
    stage.locator("[data-speaker]").filter(has_text="Wang Jun (SAL)").wait_for()
    assert "Wang Jun" not in phones["logistics"].content()
    phones["logistics"].get_by_text("You are number 2 in the queue.").wait_for()
    console.get_by_text("still ends", exact=False).first.wait_for()

    for who in ("sales", "owner", "marketing"):
        phones[who].get_by_role("button", name="Off the subject").click()
        phones[who].get_by_text("Only the facilitator sees how many.").wait_for()
    console.get_by_text("3 people find this off the subject. Park it?").first.wait_for()
    console.get_by_role("button", name="Park it").click()
    console.get_by_text("1 parked here").wait_for()
    stage.get_by_text("How did the market change our sales?").wait_for()

    phones["owner"].get_by_text("I doubt a figure").click()
    phones["owner"].get_by_label("Which figure, and what seems wrong?").fill("Clicks or sessions? #MKT_CVR")
    phones["owner"].get_by_label("Which figure, and what seems wrong?").press("Enter")
    console.get_by_role("button", name="Go on with the certified figure").click()
    console.get_by_role("button", name="Go on with the certified figure").wait_for(state="hidden")
    phones["marketing"].get_by_role("button", name="I am ready for Marketing").click()
    console.get_by_text("✓ Marketing is ready").wait_for()

    scribe = enter(people["scribe"]).new_page()
    scribe.goto(f"/meetings/{room.meeting.pk}/scribe/")
    live(scribe)
    assert scribe.locator(".captured-line").count() == 2
    scribe.keyboard.press("/")
    scribe.keyboard.type("a call the carrier")
    scribe.keyboard.press("Enter")
    scribe.locator(".captured-line[data-lacks]").filter(has_text="call the carrier").wait_for()
    assert sorted(Capture.objects.values_list("kind", flat=True)) == ["action", "data", "park"]
    console.keyboard.press(".")
    stage.locator("[data-stage][data-blank]").wait_for(state="attached")
    for page in (console, phones["owner"], scribe):
        assert page.evaluate("broken") == []  # before axe, which brings styles of its own
        assert barriers(page) == []
