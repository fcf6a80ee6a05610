"""Pictures of what becomes of a decision: map, what is to be mended, tasks, check-in agenda, reset, joint projects."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.board_pictures import DESK, PHONE


def of_the_results(page: Page, url: str, language: str, save: Callable) -> None:
    """By screen and by phone; the cycle that runs, and the one before it, which is scored."""
    page.goto(f"{url}/okr/")
    running = page.url.rstrip("/").rsplit("/", 1)[-1]
    page.goto(f"{url}/okr/past/")
    scored = page.locator("main a[href^='/okr/20']").first.evaluate("link => link.pathname.split('/')[2]")
    shown = {
        "map-people": f"/okr/{running}/?by=people",
        "map-list": f"/okr/{running}/?by=list",
        "detector": f"/okr/{running}/gaps/",
        "reset": f"/okr/{scored}/reset/",
        "past-cycles": "/okr/past/",
        "tasks": "/actions/",
        "check-ins": "/checkins/",
        "decisions": "/decisions/",
        "recognition": "/recognitions/",
    }
    page.goto(f"{url}/projects/")
    shown["joint-project"] = (
        page.locator("main a[href^='/projects/']")
        .filter(has_not=page.locator("[href$='/new/']"))
        .evaluate_all("all => all.map(link => link.pathname).find(path => /\\d/.test(path))")
    )
    page.goto(f"{url}/actions/")
    shown["task"] = page.locator("main a[href^='/actions/']").evaluate_all(
        "all => all.map(link => link.pathname).find(path => /\\d/.test(path))"
    )
    for name, path in shown.items():
        save(page, name, language, url + path)
        page.set_viewport_size(PHONE)
        save(page, f"{name}-phone", language, url + path)
        page.set_viewport_size(DESK)
