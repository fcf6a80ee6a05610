"""The style page in a real browser: everything draws under the strict policy, in both themes and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = """
window.broken = [];
addEventListener("securitypolicyviolation", (e) => broken.push(`${e.violatedDirective} ${e.blockedURI}`));
addEventListener("error", (e) => broken.push(String(e.message)));
"""


@pytest.fixture
def opened(live_server, settings, context):
    """`opened("?x")` is the style page after all its charts have drawn."""
    settings.DEBUG = True
    context.add_init_script(WATCH)

    def go(query="", charts=3, **media):
        page = context.new_page()
        # Before the page exists: a scheme that changes under it is repainted at a moment nobody can wait for.
        page.emulate_media(**media)
        page.goto(f"{live_server.url}/style/{query}", wait_until="networkidle")
        for chart in page.locator("metric-chart").all()[:charts]:
            chart.scroll_into_view_if_needed()
            chart.locator(".main-svg").first.wait_for()
        return page

    return go


def colours(page) -> str:
    return page.locator("#trend .scatterlayer .js-line").last.evaluate("line => line.style.stroke")


def test_charts_draw_without_breaking_the_policy_and_offer_no_cloud(opened):
    page = opened()
    assert page.evaluate("broken") == []
    assert page.locator(".modebar-btn:visible").count() == 0
    assert "cloud" not in page.content().lower()
    assert page.evaluate("document.querySelectorAll('style').length") == 0


def test_charts_follow_the_theme(opened):
    page = opened()
    before = colours(page)
    page.locator("theme-switch button").click()  # light
    page.locator("theme-switch button").click()  # dark
    # Not wait_for_function: it compiles text in the page, which the policy refuses.
    for _attempt in range(200):
        if colours(page) != before:
            break
        page.wait_for_timeout(50)
    assert colours(page) != before
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_the_theme_is_kept_for_the_next_page(opened):
    page = opened(charts=0)
    page.locator("theme-switch button").click()
    page.locator("theme-switch button").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def settled(page):
    """Wait until the colours of the page have stopped moving, however slow the machine is."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate(
        "Promise.allSettled(document.getAnimations().filter(each => each.effect.getComputedTiming().endTime < Infinity)"
        ".map(each => each.finished))"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_on_the_page_is_out_of_reach(opened, scheme):
    page = opened(color_scheme=scheme, reduced_motion="reduce")
    settled(page)
    assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "preload": False}
    found = Axe().run(page, options=rules)
    told = [
        (hit["id"], [node["html"][:160] for node in hit["nodes"]]) for hit in found.response["violations"]
    ]
    assert told == []


def test_no_width_makes_the_page_scroll_sideways(opened):
    page = opened(charts=0)
    found = {}
    for width in (320, 390, 768, 1024, 1360):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(150)
        found[width] = page.evaluate("document.documentElement.scrollWidth")
    assert found == {width: width for width in found}


def test_on_a_phone_the_rest_of_the_menu_opens_above_the_bar(opened):
    page = opened(charts=0)
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".tabbar summary").click()
    entry = page.locator(".tabbar .menu-item", has_text="Departments")
    assert entry.bounding_box()["y"] < 740
    page.keyboard.press("Escape")
    assert not entry.is_visible()


def test_a_refused_file_is_told_before_it_is_sent(opened):
    page = opened(charts=0)
    zone = page.locator("drop-zone")
    zone.locator("input").set_input_files({"name": "a.exe", "mimeType": "", "buffer": b"x"})
    assert "not accepted" in zone.locator(".dropzone-problem").inner_text()
    zone.locator("input").set_input_files({"name": "sales.csv", "mimeType": "text/csv", "buffer": b"a,b"})
    assert zone.locator(".dropzone-problem").inner_text() == ""
    assert zone.locator(".dropzone-file").inner_text() == "sales.csv"


def test_a_grave_button_asks_for_a_second_press(opened):
    page = opened(charts=0)
    page.evaluate("window.pressed = 0")
    page.evaluate("document.addEventListener('click', (e) => e.target.closest('.btn-danger') && pressed++)")
    button = page.locator("button[data-confirm]", has_text="End")
    button.click()
    assert page.evaluate("pressed") == 0
    page.get_by_role("button", name="Press again to end").click()
    assert page.evaluate("pressed") == 1


def test_a_question_mark_shows_the_keys_and_j_walks_the_cards(opened):
    page = opened(charts=0)
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Finance disagrees on net sales"


def test_toasts_say_what_happened_and_errors_stay(opened):
    page = opened("?toast", charts=0)
    notes = page.locator("flash-note")
    assert notes.count() == 2
    page.locator("flash-note[data-level=error] [data-dismiss]").click()
    assert notes.count() == 1


def test_where_it_is_used_in_earnest_there_is_no_style_page(client, settings):
    settings.DEBUG = False
    assert client.get("/style/").status_code == 404
