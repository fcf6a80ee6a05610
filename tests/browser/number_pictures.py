"""Pictures of how numbers come in: a version, checks, findings, mapping, grid, impact preview, metric diff, league;
and of what executives read before the meeting: pre-read, freeze, questions under a figure, record."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

UNKNOWN = "Tag der Zahlung;Bestellnummer;Land;Warenwert;Stück\n" + "".join(
    f"{day:02}/10/2026;A{day};{country};{day}.2{day % 10}0,50 €;{day % 4 + 1}\n"
    for day, country in enumerate(("Germany", "France", "Spain", "Germany", "Italy") * 5, 1)
)
HEADER = "date,store,country,category,gross,discount,refund,shipping,tax,units,currency\n"
STORES = (("amazon", "DE", "kitchen"), ("web", "FR", "lighting"), ("ebay", "GB", "outdoor"))
ROWS = [
    f"2026-11-{day:02},{store},{country},{category},{1204 + 37 * day}.10,54.20,0,0,0,{day % 9 + 3},CNY\n"
    for day in range(1, 21)
    for store, country, category in STORES
]


def wrong_november() -> str:
    """Sixty rows of November, five cells of them wrong."""
    rows = list(ROWS)
    for at, (before, after) in {
        3: ("2026-11-02", "2026-13-02"),
        7: (",CNY", ",XXX"),
        11: ("54.20", "5420"),
        12: (".10", "k"),
        14: (",8,CNY", ",many,CNY"),
    }.items():
        assert before in rows[at], (at, before, rows[at])
        rows[at] = rows[at].replace(before, after)
    return HEADER + "".join(rows)


def uploaded(page: Page, url: str, file: Path) -> str:
    """Upload for November, or for the period that the form offers; the address of the import when it is over."""
    page.goto(f"{url}/submissions/")
    if "november" in file.name:
        page.locator("#id_period").fill("2026-11")
    page.set_input_files("input[name=file]", file)
    page.locator("form:has(input[name=file]) button[type=submit]").first.click()
    page.wait_for_url("**/imports/**")
    page.wait_for_selector(".findings, .finding", timeout=60_000)
    return page.url


def both_themes(page: Page, save: Callable, name: str, language: str, path: str = "") -> None:
    """The picture `name`, and `name-dark`."""
    save(page, name, language, path)
    page.emulate_media(color_scheme="dark")
    save(page, f"{name}-dark", language)
    page.emulate_media(color_scheme="light")


def of_a_lead(page: Page, url: str, folder: Path, language: str, save: Callable) -> None:
    """What a department lead sees on the way in."""
    wrong, unknown = folder / "november.csv", folder / "kasse.csv"
    wrong.write_text(wrong_november(), encoding="utf-8")
    unknown.write_text(UNKNOWN, encoding="utf-8")
    both_themes(page, save, "data", language, f"{url}/submissions/")
    for name, link in (
        ("submission", "main table a[href^='/submissions/']"),
        ("checks", "main a[href*='/checks/']"),
    ):
        page.goto(f"{url}/submissions/")
        page.goto(page.locator(link).first.evaluate("link => link.href"))
        page.locator("#checks[hx-get]").wait_for(state="detached", timeout=120_000)  # they run in the worker
        both_themes(page, save, name, language)
    address = uploaded(page, url, wrong)
    both_themes(page, save, "findings", language)
    page.goto(f"{address}grid/")
    cell = page.locator('[data-name="E14"]')
    cell.focus()
    page.keyboard.type("1352.10")
    page.keyboard.press("Enter")
    page.locator('[data-name="E14"][data-state="saved"], [data-name="E14"]:not([data-state])').wait_for()
    page.locator('[data-name="J16"]').focus()
    both_themes(page, save, "grid", language)
    address = uploaded(page, url, unknown)
    both_themes(page, save, "mapping", language, f"{address}map")
    both_themes(page, save, "league", language, f"{url}/submissions/on-time/")
    proposal = proposed(
        page, url, "SAL_AOV", "SAL_NET / SAL_ORD", "What marketing can spend is the basket after refunds."
    )
    both_themes(page, save, "impact", language, proposal)


def proposed(page: Page, url: str, code: str, formula: str, reason: str) -> str:
    """The address of the proposal about a metric, which is made where there is none yet."""
    page.goto(f"{url}/metrics/proposals/")
    known = page.locator("main tr", has_text=code).locator("a[href*='/metrics/proposals/']")
    if known.count():
        return url + known.first.evaluate("link => link.pathname")
    page.goto(f"{url}/metrics/{code}/propose")
    page.locator("[name=formula]").fill(formula)
    page.locator("[name=reason]").last.fill(reason)
    page.locator("main form button.btn-primary").last.click()
    page.wait_for_url(re.compile(r"/metrics/proposals/\d+/$"))
    return page.url


def decided(page: Page, address: str) -> None:
    """The data owner approves what was proposed."""
    page.goto(address)
    ruling = page.locator("form[action$='/approve']")
    if ruling.count():
        ruling.locator("input:not([type=hidden]), textarea").first.fill(
            "Prices are what customers keep paying."
        )
        ruling.locator("button").click()
        page.wait_for_load_state("load")


def of_a_metric(page: Page, url: str, language: str, save: Callable) -> None:
    """A metric whose definition has changed: what from one version to the next."""
    page.goto(f"{url}/metrics/SAL_ASP/")
    page.locator("#versions").scroll_into_view_if_needed()
    both_themes(page, save, "metric-diff", language)


def of_the_reading(page: Page, url: str, language: str, save: Callable) -> None:
    """What executives read before the meeting: pre-read, questions under a figure, freeze page, record."""
    page.goto(f"{url}/meetings/")
    page.goto(page.eval_on_selector_all("main a[href^='/meetings/']", "all => all.at(-1).href"))
    review = page.eval_on_selector("a[href*='/reviews/']", "link => link.pathname.split('/')[2]")
    both_themes(page, save, "pre-read", language, f"{url}/reviews/{review}/pre-read/")
    both_themes(page, save, "freeze", language, f"{url}/reviews/{review}/freeze/")
    page.goto(f"{url}/deck/?month={review}")
    page.locator("#sal-net .block-ask").click()
    page.locator("#sal-net-questions form").wait_for()
    both_themes(page, save, "questions", language)
    record = page.request.get(f"{url}/reviews/{review}/record.html").body()
    with tempfile.NamedTemporaryFile(suffix=".html") as file:  # opened as its reader does, from a disk
        Path(file.name).write_bytes(record)
        page.goto(f"file://{file.name}")
        save(page, "record", language)
