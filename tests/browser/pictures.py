"""Takes the pictures of docs/img from a freshly served demo company: `make pictures`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import chromium
from tests.browser import board_pictures, meeting_pictures, number_pictures, result_pictures
from tests.ports import free_port
from tests.serving import Served

IMAGES = Path(__file__).parent.parent.parent / "docs" / "img"


def enter(page: Page, url: str, person: str) -> None:
    """Sign in as a person of the demo company."""
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{url}/accounts/login/")
    page.locator(f"form:has(input[name=person][value={person}]) button").click()
    page.wait_for_load_state("networkidle")


def save(page: Page, name: str, language: str, path: str = "") -> None:
    """Open `path` and keep what is to be seen, charts drawn."""
    if path:
        page.goto(path)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500)  # charts and the clock draw themselves
    page.screenshot(path=IMAGES / f"{name}-{language}.png")
    print(name, language)


def take(url: str, folder: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.executable(), args=chromium.FLAGS)
        for language, locale in (("en", "en-GB"), ("zh", "zh-CN")):
            context = browser.new_context(
                viewport={"width": 1280, "height": 860}, locale=locale, timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            enter(page, url, "sales")
            save(page, "home", language, f"{url}/")
            save(page, "sales", language, f"{url}/sales/")
            save(page, "metric", language, f"{url}/metrics/SAL_AOV/")
            save(page, "notices", language, f"{url}/notices/settings/")
            save(page, "check-in", language, f"{url}/checkin/")
            number_pictures.of_a_lead(page, url, folder, language, save)
            if language == "en":
                asked = number_pictures.proposed(
                    page, url, "SAL_ASP", "SAL_NET / SAL_UNITS", "Refunds count against the price."
                )
                enter(page, url, "steward")
                number_pictures.decided(page, asked)
            number_pictures.of_a_metric(page, url, language, save)
            enter(page, url, "ceo")
            number_pictures.of_the_reading(page, url, language, save)
            board_pictures.of_the_boards(page, url, language, save)
            result_pictures.of_the_results(page, url, language, save)
            enter(page, url, "steward")
            board_pictures.of_the_desk(page, url, language, save)
            enter(page, url, "admin")
            save(page, "security", language, f"{url}/profile/security/")
            save(page, "queue", language, f"{url}/notices/queue/")
            enter(page, url, "finance")
            page.goto(f"{url}/meetings/")
            save(page, "budget", language, url + budget_of_the_held_review(page))
            context.close()
        meeting_pictures.of_the_meeting(browser, url, enter, save)
        browser.close()


def budget_of_the_held_review(page: Page) -> str:
    """The adjustment that the last held meeting asked for."""
    page.goto(page.eval_on_selector_all("main a[href^='/meetings/']", "all => all.at(-1).href"))
    return page.eval_on_selector("a[href$='/budget/']", "link => link.pathname")


def main() -> int:
    chromium.ensure()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Served(Path(folder) / "data", free_port(), REVIEWHUB_DEMO="1")
        try:
            server.until(lambda health: health["worker"] == "ok", 120, "sign of life")
            take(server.url, Path(folder))
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
