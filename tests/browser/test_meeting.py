"""A review runs: two screens, one clock, a killed server, an action that reaches its owner (F12, F16, F18)."""

import datetime as dt
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe

from actions import recognising
from actions.models import Action
from meetings import logbook, running, scheduling
from meetings.models import Capture, Meeting
from tests import make
from tests.meetings.rooms import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOLERANCE_MS = 250


@pytest.fixture
def room(people):
    """A meeting in its lobby at its scheduled start, by the real clock."""
    start = logbook.instant().replace(microsecond=0)
    found = Room(people, start)
    found.now = None
    scheduling.open_lobby(found.meeting, by=people["facilitator"], at=start)
    return found


@pytest.fixture
def console(enter, room, people):
    page = enter(people["facilitator"]).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/run/")
    live(page)
    return page


@pytest.fixture
def stage(enter, room, people):
    page = enter(people["facilitator"], viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/stage/")
    live(page)
    return page


def live(page, seconds=20):
    page.locator("meeting-live[data-link=live]").wait_for(state="attached", timeout=seconds * 1000)


def until(page, expression, seconds=20):
    """Ask until the expression holds. Playwright's own wait compiles text in the page, which the policy refuses."""
    for _attempt in range(seconds * 20):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not within {seconds} s: {expression}")


def synced(page):
    """Wait until the five samples of the server's clock are in."""
    until(page, "document.querySelector('meeting-live').clock.synced")


def error_ms(page) -> float:
    """How far the page's idea of the server's time is off, beyond what its round trip and that of asking explain."""
    before = logbook.instant()
    seen = page.evaluate("document.querySelector('meeting-live').now()")
    after = logbook.instant()
    middle = (before.timestamp() + after.timestamp()) * 500
    doubt = page.evaluate("document.querySelector('meeting-live').clock.doubt")
    return abs(seen - middle) - (after - before).total_seconds() * 500 - doubt


def seconds_left(page) -> int:
    minutes, seconds = page.locator("[data-digits]").text_content().split(":")
    return int(minutes) * 60 + int(seconds)


def title(page):
    return page.locator("[data-show=title]").first


@pytest.fixture
def recognised(room, people):
    """Supply chain is recognised just before the meeting."""
    before = room.start - dt.timedelta(minutes=1)
    recognising.decide(make.recognition(people), approve=True, by=people["ceo"], at=before)


def test_the_stage_follows_the_facilitator(recognised, console, stage):
    said = stage.locator(".stage-recognised", has_text="Moved German stock in a week")
    said.wait_for()
    console.keyboard.press("n")  # start
    title(stage).filter(has_text="开场").wait_for()
    assert said.is_visible()  # as long as the opening is on the floor
    console.keyboard.press("ArrowRight")
    title(stage).filter(has_text="销售部 · 汇报").wait_for()
    said.wait_for(state="hidden")
    assert stage.locator("[data-show=question]").first.text_content() == "为什么有的产品卖爆，有的却滞销？"
    console.keyboard.press("q")
    stage.get_by_text("How did the market change our sales?").wait_for()
    assert console.evaluate("broken") == stage.evaluate("broken") == []


def test_after_a_kill_in_the_middle_every_screen_counts_on(console, stage, room, server):
    room.order("start")
    title(stage).filter(has_text="开场").wait_for()
    synced(stage)
    server.kill()
    stage.locator("meeting-live[data-link=offline]").wait_for(state="attached")
    console.locator("meeting-live[data-link=offline]").wait_for(state="attached")
    assert "offline since" in console.locator("meeting-badge").text_content()
    assert console.get_by_role("button", name="Next N").get_attribute("aria-disabled") == "true"
    alone, began = seconds_left(stage), logbook.instant()
    stage.wait_for_timeout(2100)
    gone = (logbook.instant() - began).total_seconds()
    assert abs(alone - seconds_left(stage) - gone) <= 1 + TOLERANCE_MS / 1000
    server.start()
    for page in (stage, console):
        live(page)
        synced(page)
    assert error_ms(stage) <= TOLERANCE_MS
    meeting = Meeting.objects.get(pk=room.meeting.pk)
    plan, state = logbook.standing(meeting)
    for page in (stage, console):
        gone = (logbook.instant() - state.since).total_seconds()
        assert abs(600 - gone - seconds_left(page)) <= 1 + TOLERANCE_MS / 1000
    console.keyboard.press("n")
    title(stage).filter(has_text="销售部").wait_for()


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_laptop_with_a_wrong_clock_shows_the_right_time(enter, room, people, hours):
    context = enter(people["owner"])
    context.add_init_script(f"const real = Date.now; Date.now = () => real() + {hours} * 3600000;")
    room.order("start")
    page = context.new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    synced(page)
    assert error_ms(page) <= TOLERANCE_MS
    page.evaluate(f"Date.now = () => {-hours} * 3600000")
    assert error_ms(page) <= TOLERANCE_MS


def test_a_captured_action_stands_on_its_owners_home_accepted_and_done_in_one_click_each(
    console, enter, room, people
):
    people["owner"].name, people["owner"].name_latin = "李伟", "Li Wei"
    people["owner"].save()
    room.order("start")
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("/")
    console.keyboard.type("a @lw 完成德国站上线 #KR2 ^+14d")
    console.keyboard.press("Enter")
    console.get_by_text("完成德国站上线").wait_for()
    assert "Li Wei" in console.locator(".captured-line").first.text_content()
    home = enter(people["owner"]).new_page()
    home.goto("/")
    card = home.locator(".inbox-card").filter(has_text="完成德国站上线")
    card.wait_for()
    card.get_by_role("button", name="Accept").click()
    card.get_by_role("button", name="Done").click()
    card.get_by_role("button", name="Done").wait_for(state="detached")
    action = Action.objects.get()
    assert (action.status, action.owner, action.key_result) == ("done", people["owner"], "KR2")


def test_what_is_typed_offline_goes_out_once_when_the_connection_is_back(console, room):
    room.order("start")
    title(console).filter(has_text="Opening").wait_for()
    console.context.set_offline(True)
    console.locator("#capture-text").fill("/d 德国站提价3%")
    console.keyboard.press("Enter")
    console.locator("[data-outbox]").filter(has_text="1 to send").wait_for()
    console.context.set_offline(False)
    console.locator(".captured-line").filter(has_text="德国站提价3%").wait_for(timeout=20_000)
    assert Capture.objects.count() == 1
    assert console.locator("[data-outbox]").text_content() == ""


def test_a_second_console_that_is_late_is_told_and_nothing_happens_twice(console, enter, room, people):
    room.order("start")
    title(console).filter(has_text="Opening").wait_for()
    console.evaluate(
        "document.querySelector('meeting-live').accept = () => {}"
    )  # this tab hears nothing more
    room.order("next")
    console.keyboard.press("n")
    console.locator("flash-note").filter(has_text="already did something else").wait_for()
    assert room.row().seq == 3


def test_undo_takes_a_wrong_press_back_and_a_skip_asks_twice(console, room):
    room.order("start")
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("s")
    console.get_by_text("Press again to skip").wait_for()
    assert room.row().seq == 2
    console.keyboard.press("s")
    title(console).filter(has_text="Sales").wait_for()
    console.keyboard.press("u")
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("e")
    console.keyboard.press("5")
    console.locator("[data-note]").filter(has_text="of 15:00").wait_for()
    console.keyboard.press(" ")
    console.locator("meeting-live[data-phase=paused]").wait_for(state="attached")
    assert [kind for _seq, kind in room.events()][2:] == [
        "part.skipped", "event.voided", "part.extended", "meeting.paused",
    ]  # fmt: skip


def test_a_signed_out_screen_leaves_by_itself(enter, room, people, server):
    page = enter(people["owner"]).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    people["owner"].is_active = False
    people["owner"].save()
    running.sign_in(room.meeting.pk, by=people["ceo"], client_id=uuid.uuid4())
    page.wait_for_url("**/accounts/login/**")


def test_the_lobby_turns_live_and_then_into_the_result(enter, room, people):
    page = enter(people["owner"], viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    page.get_by_role("button", name="I am here").click()
    page.get_by_text("You are signed in.").wait_for()
    room.order("start")
    page.locator(".member-title").filter(has_text="Opening").wait_for()
    room.order("end")
    room.order("end")
    page.get_by_text("Planned and used", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("name", ["", "run/", "stage/"])
def test_live_pages_have_no_barrier_that_a_machine_finds(enter, room, people, name):
    room.order("start")
    room.order("next")
    room.capture("/a @sales x")
    page = enter(people["facilitator"], viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/{name}")
    live(page)
    page.wait_for_timeout(400)
    assert page.evaluate("broken") == []  # before axe, which brings styles of its own
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
