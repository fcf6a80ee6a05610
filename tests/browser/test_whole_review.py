"""A whole review on seven screens, from its lobby to published minutes; the edge clock is moved by hand."""

import datetime as dt
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from actions.models import Action
from meetings import logbook, minutes, scheduling
from meetings.models import MinutesVersion, Segment
from reviewhub.people.models import Department
from tests.browser.test_meeting import live, title, until
from tests.edge import EdgeClock, EdgeSite
from tests.meetings.rooms import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)  # 09:00 in Shanghai
PHONE = {"width": 390, "height": 844}

# What came into sight a moment ago is there in full.
ARRIVED = """Promise.all(document.getAnimations()
    .filter((each) => each.playState === "running" && each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => null)))
    .then(() => true)"""
# A page without a meeting has nothing to wait for; one loaded a moment ago has no state yet.
SEEN = """((live) => live ? live.state?.seq ?? -1 : Infinity)(document.querySelector("meeting-live"))"""
# The page's own clock stands where it is put; pages that were loaded anew are put there again.
MOVE = """async (at) => {
  if (!document.querySelector("meeting-live")) return;
  await customElements.whenDefined("meeting-live");  // a page loaded a moment ago knows no element yet
  const live = document.querySelector("meeting-live");
  if (!("edge" in live)) { clearTimeout(live.ticking); live.tick = () => {}; live.now = () => live.edge; }
  live.edge = at;
  live.draw();
}"""


@pytest.fixture
def edge(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return EdgeClock(tmp_path / "clock", START - dt.timedelta(minutes=15))


@pytest.fixture
def server(transactional_db, edge, tmp_path):
    found = EdgeSite(tmp_path / "server.log")
    yield found.start()
    found.stop()


class House:
    """The screens of the room, and the clock that all of them go by."""

    def __init__(self, enter, room, edge):
        self.enter, self.room, self.edge, self.pages = enter, room, edge, {}

    def open(self, name, user, path="", **options):
        page = self.enter(user, **options).new_page()
        page.goto(f"/meetings/{self.room.meeting.pk}/{path}")
        live(page)
        self.pages[name] = page
        return page

    def at(self, clock):
        """`clock` as it reads on the wall in Shanghai: 09:04:00."""
        gone = dt.timedelta(
            **dict(zip(("hours", "minutes", "seconds"), map(int, clock.split(":")), strict=True))
        )
        self.edge.set(START - dt.timedelta(hours=9) + gone)
        self.show()

    def show(self):
        for page in self.pages.values():
            page.evaluate(MOVE, self.edge.at.timestamp() * 1000)

    def all_see(self, seq):
        """Every screen has the line `seq` of the log."""
        for page in self.pages.values():
            until(page, f"{SEEN} >= {seq}")
        self.show()

    def settled(self):
        """Every screen has the newest line of the log."""
        self.all_see(self.room.row().seq)


def barriers(page):
    """What axe finds serious or critical; asked after the page's own troubles, because axe brings styles. What is still
    coming into sight has no contrast yet."""
    assert page.evaluate("broken") == []
    page.evaluate(ARRIVED)
    found = Axe().run(page).response["violations"]
    page.evaluate("broken.length = 0")
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def on(page, text):
    title(page).filter(has_text=text).wait_for()


def digits(page):
    return page.locator("[data-digits]").first.text_content()


def press(page, key):
    """A key of the console, once the answer to the last order is there."""
    until(page, "!document.querySelector('meeting-controls').isSending")
    page.keyboard.press(key)


def twice(page, key, asked):
    press(page, key)
    page.get_by_text(asked).wait_for()
    page.keyboard.press(key)


def typed(page, line):
    page.locator("#capture-text").fill(line)
    page.keyboard.press("Enter")


def test_a_whole_review_from_the_lobby_to_published_minutes(enter, server, edge, people):
    for who, (name, latin) in {"sales": ("王军", "Wang Jun"), "ceo": ("陈总", "Chen")}.items():
        people[who].name, people[who].name_latin = name, latin
        people[who].save()
    room = Room(people, START)
    Segment.objects.filter(meeting=room.meeting, code="SC").update(
        department=Department.objects.get(code="LOG")
    )
    scheduling.open_lobby(room.meeting, by=people["facilitator"], at=edge.at)
    house = House(enter, room, edge)
    console = house.open("console", people["facilitator"], "run/", viewport={"width": 1280, "height": 800})
    stage = house.open(
        "stage", people["facilitator"], "stage/", language="zh-hans", viewport={"width": 1920, "height": 1080}
    )
    sales = house.open("sales", people["sales"], viewport=PHONE)
    ceo = house.open("ceo", people["ceo"], viewport=PHONE)
    scribe = house.open("scribe", people["scribe"], "scribe/")
    partner = house.open("partner", people["logistics"], viewport=PHONE)

    # The lobby: who is here. The start comes four minutes late.
    for phone in (sales, ceo):
        phone.get_by_role("button", name="I am here").click()
    stage.locator("[data-show=here_count]").filter(has_text="2").wait_for()
    house.at("09:04:00")
    press(console, "n")
    on(console, "Opening")
    for page in (stage, sales, ceo, scribe):
        on(page, re.compile("开场|Opening"))

    # The opening takes eleven minutes of ten: the console asks who pays, the stage counts up.
    house.at("09:14:30")
    console.get_by_role("heading", name="Time is up. Who pays for more?").wait_for()
    assert digits(stage) == digits(console) == digits(sales)
    assert "00:30" in digits(stage)
    console.keyboard.press("Escape")
    house.at("09:15:00")
    press(console, "n")
    on(sales, "Sales")
    house.at("09:19:30")  # the headline took 4:30 of three minutes: its own discussion pays
    press(console, "n")
    on(sales, "Sales · Discussion")
    house.settled()
    assert digits(stage) == "35:30"

    # What is said is written down; three people find it off the subject and it is parked.
    typed(scribe, "/d @sales 德国站提价3%")
    scribe.locator(".captured-line").filter(has_text="德国站提价3%").wait_for()
    typed(scribe, "/a @sales 完成德国站上线 ^2026-12-05")
    scribe.locator(".captured-line").filter(has_text="完成德国站上线").wait_for()
    for phone in (sales, ceo, partner):
        phone.get_by_role("button", name="Off the subject").click()
        phone.get_by_text("Only the facilitator sees how many.").wait_for()
    console.locator("meeting-alert").filter(has_text="3 people find this off the subject. Park it?").wait_for(
        state="attached"
    )
    console.get_by_role("button", name="Park it").click()
    console.get_by_text("1 parked here").wait_for()

    # A phone without a connection keeps what is typed, and sends it once.
    sales.context.set_offline(True)
    typed(sales, "/p 明年换ERP")
    sales.locator("[data-outbox]").filter(has_text="1 to send").wait_for()
    sales.context.set_offline(False)
    scribe.locator(".captured-line").filter(has_text="明年换ERP").wait_for()
    assert sales.locator("[data-outbox]").text_content() == ""

    # The room is asked; then five minutes more, borrowed from finance.
    house.at("09:54:30")
    press(console, "v")
    console.keyboard.type("Five more?")
    console.get_by_role("button", name="30 s", exact=True).click()
    for phone, answer in ((sales, "Yes"), (ceo, "No")):
        phone.locator("meeting-alert").filter(has_text="Vote open for").wait_for(state="attached")
        phone.get_by_role("button", name=answer, exact=False).first.click()
    for answer in ("yes", "no"):
        console.locator(f"[data-count={answer}]").filter(has_text="1").wait_for()
    house.at("09:56:00")
    console.get_by_role("heading", name="Time is up. Who pays for more?").wait_for()
    console.keyboard.press("Escape")
    press(console, "o")
    console.locator(".chooser-line").filter(has_text="Finance · Discussion").click()
    console.locator("[data-note]").filter(has_text="of 40:30").wait_for()

    # A wrong press is taken back; a pause stands on the stage.
    house.at("09:59:00")
    twice(console, "s", "Press again to skip")
    on(console, "Marketing · Report")
    house.at("09:59:10")
    console.locator("[data-command=undo][aria-disabled=false]").wait_for()
    press(console, "u")
    on(console, "Sales · Discussion")
    console.locator("[data-note]").filter(has_text="of 40:30").wait_for()
    press(console, "n")
    on(console, "Marketing · Report")
    house.at("10:00:00")
    press(console, " ")
    stage.locator("meeting-live[data-phase=paused]").wait_for(state="attached")
    house.at("10:06:00")
    assert "06:00" in stage.locator(".stage-paused").inner_text()
    press(console, " ")
    stage.locator("meeting-live[data-phase=running]").wait_for(state="attached")

    # Nothing that axe calls serious on any of the live screens.
    house.settled()
    for name, page in house.pages.items():
        assert (name, barriers(page)) == (name, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert "德国站" not in partner.content() + partner.evaluate("document.body.innerText")

    # The console is handed over to a phone, which goes on with it.
    house.at("10:07:00")
    press(console, "h")
    console.locator(".chooser-line").filter(has_text="Chen").click()
    ceo.get_by_role("button", name="Accept the console").click()
    ceo.wait_for_url(f"**/meetings/{room.meeting.pk}/run/")
    live(ceo)
    console.wait_for_url(f"**/meetings/{room.meeting.pk}/")
    house.at("10:08:00")
    press(ceo, "n")
    on(stage, "市场部 · 讨论")
    house.at("10:30:00")
    twice(ceo, "Shift+End", "Press again to end")
    ceo.locator("meeting-live[data-phase=closing]").wait_for(state="attached")

    # Closing: the action serves no key result and says why; then nothing is missing, and the meeting ends.
    house.at("10:33:00")
    assert barriers(ceo) == []
    ceo.get_by_role("link", name="Complete and end").click()
    ceo.get_by_text("1 line lacks an owner, a date or a key result.").wait_for()
    assert barriers(ceo) == []
    ceo.get_by_label("Or why it serves none").fill("It keeps the shop legal")
    ceo.get_by_label("Or why it serves none").press("Enter")
    ceo.get_by_text("Nothing is missing.").wait_for()
    sales.goto(f"/meetings/{room.meeting.pk}/mine/")
    sales.get_by_role("button", name="Accept").click()
    sales.get_by_text("Accepted").first.wait_for()
    sales.locator(".rating-star").nth(3).click()
    with sales.expect_navigation():  # what axe reads is the page that comes
        sales.get_by_role("button", name="Send").click()
    assert barriers(sales) == []
    house.at("10:35:00")
    ceo.get_by_role("button", name="End the meeting").click()
    stage.locator("meeting-live[data-phase=ended]").wait_for(state="attached")

    # Minutes: published by who holds the meeting, read by everybody in their own copy.
    ceo.goto(f"/meetings/{room.meeting.pk}/minutes/")
    ceo.get_by_role("button", name="Publish version 1").click()
    ceo.wait_for_url("**/minutes/?version=1")
    assert barriers(ceo) == []
    for page in (sales, partner):
        page.goto(f"/meetings/{room.meeting.pk}/minutes/")
        page.locator(".minutes-title").wait_for()
        assert barriers(page) == []
    assert "德国站提价3%" in sales.content() and "德国站" not in partner.content()

    assert [kind for _seq, kind in room.events()] == [
        "lobby.opened", "attendance.present", "attendance.present", "meeting.started", "part.next", "part.next",
        "capture.add", "capture.add", "tangent.pressed", "tangent.pressed", "tangent.pressed", "topic.parked",
        "capture.add", "vote.opened", "vote.cast", "vote.cast", "part.extended", "part.skipped", "event.voided",
        "part.next", "meeting.paused", "meeting.resumed", "fac.offered", "fac.changed", "part.next",
        "meeting.closing", "capture.filled", "capture.answered", "meeting.ended", "minutes.published",
    ]  # fmt: skip
    _plan, state = logbook.standing(room.row())
    version = MinutesVersion.objects.get()
    assert minutes.stands(version)
    assert Action.objects.get().title == "完成德国站上线"
    took = {part: seconds for part, seconds in state.closed_s.items() if seconds}
    # Six minutes of the marketing report were a pause.
    assert took == {"OPEN": 660, "SAL.R": 270, "SAL.D": 2380, "MKT.R": 170, "MKT.D": 1320}
