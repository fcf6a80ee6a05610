"""A board on a wall goes on by itself, by keys and by hand, and keeps what it has when nothing answers."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_figures import require_sound
from tests.metrics.figures import dictionary_of_today, year_of_sales

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wall(transactional_db, people, enter):
    dictionary_of_today()
    year_of_sales(14)
    page = enter(people["ceo"]).new_page()
    page.clock.install()
    page.goto("/boards/deck/")
    page.locator('a[href^="/boards/deck/wall/"]').click()
    return page


def up(page, number: int):
    expect(page.locator(".wall-foot > .num")).to_have_text(f"{number} / 3")


def test_it_goes_on_by_itself_stands_still_and_steps_by_keys(wall):
    up(wall, 1)
    expect(wall.locator("metric-chart[data-drawn] .main-svg").first).to_be_visible()
    wall.clock.run_for(19_000)
    up(wall, 1)
    wall.clock.run_for(2_000)
    up(wall, 2)
    wall.keyboard.press("Space")
    expect(wall.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    wall.clock.run_for(90_000)
    up(wall, 2)
    wall.keyboard.press("ArrowRight")
    up(wall, 3)
    wall.keyboard.press("ArrowRight")
    up(wall, 1)
    wall.keyboard.press("ArrowLeft")
    up(wall, 3)
    expect(wall.locator("[data-pause]")).to_have_attribute("aria-pressed", "true")
    require_sound(wall)
    wall.keyboard.press("Escape")
    expect(wall.locator("#board")).to_be_visible()


def test_what_cannot_be_read_anew_stays_up_and_says_so(wall):
    up(wall, 1)
    wall.route("**/wall/**", lambda route: route.abort())
    wall.clock.run_for(21_000)
    expect(wall.get_by_text("these figures are older")).to_be_visible()
    up(wall, 1)
    wall.unroute("**/wall/**")
    wall.clock.run_for(21_000)
    up(wall, 2)
    expect(wall.get_by_text("these figures are older")).to_be_hidden()
