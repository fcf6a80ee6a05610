"""The facilitator's console: what orders cost, who holds it, what is said aloud (experience §2.7, §3.8, §3.12–3.14)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from meetings import running
from tests.browser.test_meeting import console, live, room, stage, title, until  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The edge clock of a page, replaced and moved by hand: seconds since the part on the floor began.
EDGE = """
(() => {
  const live = document.querySelector("meeting-live");
  clearTimeout(live.ticking);
  live.tick = () => {};
  const began = Date.parse(live.state.since);
  live.now = () => began + window.edge * 1000;
  const announcer = document.querySelector("meeting-announcer");
  announcer.milestones.part = null;  // the page's own clock may have told some already
  Object.assign(announcer, { waiting: [], spokeAt: -Infinity });
  window.edge = 0;
  window.advance = (to) => { for (; window.edge <= to; window.edge += 1) live.draw(); };
  const heard = window.heard = [];
  for (const name of ["meeting-announcer", "meeting-alert"]) {
    const place = document.querySelector(name);
    place.textContent = "";
    const hear = (records) => records.forEach((each) => each.addedNodes.forEach((node) => heard.push(node.data)));
    new MutationObserver(hear).observe(place, { childList: true });
  }
})()
"""

TONES = """
window.tones = [];
document.querySelector("meeting-sounds").addEventListener("meeting:tone", (event) => tones.push(event.detail));
"""


def chosen(page, number):
    page.locator("meeting-chooser .chooser-line").nth(number - 1).wait_for()
    page.keyboard.press(str(number))


def test_every_order_with_a_price_says_it_and_can_be_undone(console, room):  # noqa: F811
    console.keyboard.press("n")
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("w")
    dear = console.locator(".chooser-line").nth(2)
    dear.wait_for()
    assert "The meeting ends later" in dear.text_content()
    assert " instead of " in dear.text_content()
    chosen(console, 3)
    console.locator("meeting-receipt").filter(has_text="instead of").wait_for()
    console.locator("[data-note]").filter(has_text="of 15:00").wait_for()
    console.locator("[data-command=undo][aria-disabled=false]").wait_for()
    console.keyboard.press("u")
    console.locator("[data-note]").filter(has_text="of 10:00").wait_for()
    console.keyboard.press("g")
    chosen(console, 3)
    title(console).filter(has_text="Marketing · Report").wait_for()
    console.keyboard.press("p")
    console.locator(".chooser-line").nth(1).filter(has_text="in writing").wait_for()
    console.keyboard.press("Escape")
    assert console.locator("meeting-chooser").is_hidden()
    console.keyboard.press("o")
    console.locator(".chooser-line").filter(has_text="Marketing · Discussion").click()
    console.locator("[data-note]").filter(has_text="of 08:00").wait_for()
    console.keyboard.press("-")
    until(console, "document.querySelector('meeting-live').state.seq >= 7")
    assert [kind for _seq, kind in room.events()][2:] == [
        "part.extended", "event.voided", "part.goto", "part.extended", "part.shortened",
    ]  # fmt: skip
    assert console.evaluate("broken") == []


def test_when_time_is_up_the_console_asks_who_pays_until_a_preset_answers(console, room):  # noqa: F811
    console.keyboard.press("n")
    title(console).filter(has_text="Opening").wait_for()
    console.evaluate(EDGE)
    console.evaluate("advance(599)")
    assert console.locator("meeting-chooser").is_hidden()
    console.evaluate("advance(600)")
    console.get_by_role("heading", name="Time is up. Who pays for more?").wait_for()
    console.keyboard.press("Escape")
    console.evaluate("advance(719)")
    assert console.locator("meeting-chooser").is_hidden()
    console.evaluate("advance(720)")
    console.locator("meeting-chooser").wait_for()
    console.keyboard.press("Escape")
    console.locator("[data-preset]").select_option("standard")
    until(console, "document.querySelector('meeting-live').state.pays === 'standard'")
    console.evaluate("advance(900)")
    assert console.locator("meeting-chooser").is_hidden()


def test_a_part_of_37_minutes_says_exactly_this_aloud(console, room):  # noqa: F811
    room.order("start")
    room.order("goto", part="SAL.D")
    title(console).filter(has_text="Sales · Discussion").wait_for()
    assert console.locator("[data-note]").text_content().startswith("of 37:00")
    console.evaluate(EDGE)
    console.evaluate("advance(47 * 60 + 30)")
    until(console, "heard.length >= 7")
    assert console.evaluate("heard") == [
        "Now: Sales discussion, 37 minutes",
        "Sales discussion: half time, 18 minutes left",
        "Sales discussion: wrap up, 7 minutes left",
        "Sales discussion: 1 minute left",
        "Sales discussion: time is up",
        "Sales discussion: 5 minutes over",
        "Sales discussion: 10 minutes over",
    ]


def test_the_console_is_taken_from_a_browser_that_is_gone(console, enter, room, people):  # noqa: F811
    room.order("start")
    page = enter(people["ceo"]).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    console.close()
    page.get_by_role("button", name="Take over").click()
    page.get_by_role("button", name="Press again to take over").click()
    page.wait_for_url(f"**/meetings/{room.meeting.pk}/run/")
    page.locator("meeting-alert").filter(has_text="You are now facilitating.").wait_for(state="attached")
    live(page)
    page.keyboard.press("n")
    title(page).filter(has_text="Sales · Report").wait_for()
    assert [kind for _seq, kind in room.events()][2:] == ["fac.changed", "part.next"]
    assert page.evaluate("broken") == []


def test_the_console_is_offered_accepted_and_moves(console, enter, room, people):  # noqa: F811
    room.order("start")
    page = enter(people["ceo"], viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("h")
    console.locator(".chooser-line").filter(has_text=people["ceo"].name_latin).click()
    page.get_by_role("button", name="Accept the console").click()
    page.wait_for_url(f"**/meetings/{room.meeting.pk}/run/")
    console.wait_for_url(f"**/meetings/{room.meeting.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_room_is_asked_and_the_console_counts(console, enter, room, people):  # noqa: F811
    room.order("start")
    page = enter(people["sales"]).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/")
    live(page)
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("v")
    console.keyboard.type("Five more?")
    console.get_by_role("button", name="30 s").click()
    page.locator("meeting-alert").filter(has_text="Vote open for").wait_for(state="attached")
    page.get_by_role("button", name="Yes").click()
    console.locator("[data-count=yes]").filter(has_text="1").wait_for()
    assert page.get_by_role("button", name="Yes").get_attribute("aria-pressed") == "true"


def test_sounds_are_off_until_this_person_turns_them_on(console, room):  # noqa: F811
    console.keyboard.press("n")
    title(console).filter(has_text="Opening").wait_for()
    console.evaluate(EDGE)
    console.evaluate(TONES)
    console.evaluate("advance(480)")
    assert console.evaluate("tones") == []
    console.keyboard.press("m")
    console.evaluate("advance(840)")
    assert console.evaluate("broken") == []
    assert console.evaluate("tones") == ["ding", "dong", "over", "over"]
    console.reload()
    live(console)
    assert console.get_by_role("button", name="Sounds").get_attribute("aria-pressed") == "true"


def test_a_pause_stands_on_the_stage_with_its_length_and_moves_the_end(stage, room):  # noqa: F811
    room.order("start")
    room.order("pause", reason="technical")
    stage.locator("meeting-live[data-phase=paused]").wait_for(state="attached")
    before = stage.locator("[data-show=ends]").text_content()
    paused = "const live = document.querySelector('meeting-live'); clearTimeout(live.ticking); live.tick = () => {};"
    stage.evaluate(
        f"{paused} const at = Date.parse(live.state.paused_at) + 365000; live.now = () => at; live.draw()"
    )
    assert " ".join(stage.locator(".stage-paused").inner_text().split()) == "已暂停 Paused 06:05 技术故障"
    assert stage.locator("[data-show=ends]").text_content() != before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_console_has_no_barrier_that_a_machine_finds(enter, room, people, scheme):  # noqa: F811
    room.order("start")
    running.see(room.meeting.pk, by=people["facilitator"])
    room.order("vote.open", text="Five more?", seconds=30)
    room.order("fac.offer", person=people["ceo"].pk)
    page = enter(
        people["facilitator"], viewport={"width": 1280, "height": 800}, color_scheme=scheme
    ).new_page()
    page.goto(f"/meetings/{room.meeting.pk}/run/")
    live(page)
    page.keyboard.press("w")
    page.locator(".chooser-line").nth(3).wait_for()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def test_the_console_hears_the_keys_that_its_facilitator_chose(console, room):  # noqa: F811
    """N became X: X starts and goes on, N does nothing, buttons and list say so. Turned off, only buttons act."""
    room.people["facilitator"].keys = {"meeting": {"n": "x", "m": "n"}}
    room.people["facilitator"].save(update_fields=["keys"])
    console.reload()
    console.locator('[data-command="start"] kbd', has_text="X").wait_for()
    console.keyboard.press("n")  # sounds, not the next part
    console.locator("meeting-sounds [aria-pressed=true]").wait_for()
    console.keyboard.press("x")
    title(console).filter(has_text="Opening").wait_for()
    assert console.locator("#keys dt", has_text="X").count() == 1
    room.people["facilitator"].keys = {"off": True}
    room.people["facilitator"].save(update_fields=["keys"])
    console.reload()
    title(console).filter(has_text="Opening").wait_for()
    console.keyboard.press("x")
    console.keyboard.press("n")
    console.keyboard.press("?")
    assert (
        not console.locator("#keys").is_visible()
        and not console.locator('[data-command="next"] kbd').is_visible()
    )
    console.locator('[data-command="next"]').click()
    title(console).filter(has_text="Sales").wait_for()
