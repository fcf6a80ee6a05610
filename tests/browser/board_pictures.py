"""Pictures of figures on their way out: desk and bridge, deck, boards, explorer, cascade; by phone too."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.number_pictures import both_themes

BOARDS = ("sales", "marketing", "supply", "finance", "technology")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


def of_the_desk(page: Page, url: str, language: str, save: Callable) -> None:
    """What the data owner settles: the differences of a month, and the bridge of the first one."""
    three(page, save, "desk", language, f"{url}/reconciliation/")
    conflict = page.locator(".queue-link").first.evaluate("link => link.href").partition("#")[0]
    three(page, save, "bridge", language, f"{conflict}#conflict")


def of_the_boards(page: Page, url: str, language: str, save: Callable) -> None:
    """What executives read, of the month that was reviewed last."""
    page.goto(f"{url}/meetings/")
    page.goto(page.eval_on_selector_all("main a[href^='/meetings/']", "all => all.at(-1).href"))
    month = page.eval_on_selector("a[href*='/reviews/']", "link => link.pathname.split('/')[2]")
    three(page, save, "deck", language, f"{url}/deck/?month={month}")
    for board in BOARDS:
        three(page, save, f"board-{board}", language, f"{url}/boards/{board}/?month={month}")
    three(page, save, "explorer", language, f"{url}/metrics/SAL_NET/explore/?month={month}&by=platform")
    three(page, save, "pre-read", language, f"{url}/reviews/{month}/pre-read/")
    three(page, save, "cascade", language, f"{url}/okr/")


def three(page: Page, save: Callable, name: str, language: str, path: str = "") -> None:
    """Light, dark, and `name-phone`."""
    both_themes(page, save, name, language, path)
    page.set_viewport_size(PHONE)
    save(page, f"{name}-phone", language, page.url)
    page.set_viewport_size(DESK)
