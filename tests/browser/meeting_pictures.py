"""Pictures of every screen of a meeting, from the next review to the minutes, in both languages at one moment."""

from playwright.sync_api import Browser, Page

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
WRITTEN = (
    "/d 德国站主推款提价3% #SAL_AOV",
    "/a @Li 完成德国站三款新品上线 #KR1 ^+14d",
    "/a 核对3PL延迟入库的批次",
    "/p 明年换ERP",
)


class Screens:
    """Pages of persons in both languages; each person signs in once."""

    def __init__(self, browser: Browser, url: str, enter, save):
        self.browser, self.url, self.enter, self.keep = browser, url, enter, save
        self.open: dict[tuple, Page] = {}

    def page(self, person: str, language: str, viewport=DESK) -> Page:
        key = (person, language, viewport["width"])
        if key not in self.open:
            context = self.browser.new_context(
                viewport=viewport, locale=LOCALES[language], timezone_id="Asia/Shanghai"
            )
            self.open[key] = context.new_page()
            self.enter(self.open[key], self.url, person)
        return self.open[key]

    def take(self, name: str, person: str, path: str, viewport=DESK) -> None:
        for language in LOCALES:
            self.keep(self.page(person, language, viewport), name, language, self.url + path)


def of_the_meeting(browser: Browser, url: str, enter, save) -> None:
    """From the demo as it was served: its coming meeting is held a little way, its held one is read."""
    screens = Screens(browser, url, enter, save)
    desk = screens.page("facilitator", "en")
    desk.goto(f"{url}/meetings/")
    links = desk.eval_on_selector_all("main a[href^='/meetings/']", "all => all.map(a => a.pathname)")
    numbered = [link for link in links if link[-2].isdigit()]
    coming, held = numbered[0], numbered[-1]
    screens.take("meetings", "facilitator", "/meetings/")
    screens.take("next-review", "facilitator", "/reviews/new/?series=month")
    agenda = published_agenda(desk, url)
    screens.take("builder", "facilitator", agenda)
    with_partner(desk, url + agenda)
    shared = agenda.removesuffix("agenda/")
    screens.take("partner", "logistics", shared, PHONE)
    desk.goto(url + coming)
    if desk.locator("button:has-text('Open the lobby')").count():
        desk.locator("button:has-text('Open the lobby')").click()
    screens.take("lobby", "facilitator", coming)
    begin(desk, url + coming)
    screens.take("console", "facilitator", f"{coming}run/")
    screens.take("participant", "sales", coming, PHONE)
    screens.take("scribe", "scribe", f"{coming}scribe/")
    screens.take("stage", "facilitator", f"{coming}stage/", {"width": 1920, "height": 1080})
    screens.take("gate", "facilitator", f"{coming}close/")
    screens.take("minutes", "facilitator", f"{held}minutes/")
    screens.take("retrospective", "facilitator", f"{held}retro/")


def published_agenda(page: Page, url: str) -> str:
    """The builder with the published agenda of 295 minutes: the next review, opened with it."""
    page.goto(f"{url}/reviews/new/?series=month")
    page.locator("#id_template").select_option("published")
    page.locator("form.next-review button[type=submit]").click()
    page.wait_for_url("**/agenda/")
    return page.evaluate("location.pathname")


def with_partner(page: Page, agenda: str) -> None:
    """The same with an item of the logistics partner, fitted, published and begun: that item is on the floor."""
    page.goto(agenda)
    page.locator("#new").select_option("X")
    page.locator("button[value=add]").click()
    page.locator("#item-X1 summary").click()
    page.locator("#zh-X1").fill("海外仓与物流")
    page.locator("#en-X1").fill("Warehouse and logistics")
    page.locator("#department-X1").select_option("LOG")
    page.locator("#publish button[value=save]").click()
    page.locator("#advice button[value^=apply]").click()
    page.locator("#publish button[value=publish]").click()
    page.goto(agenda.removesuffix("agenda/"))
    page.locator("#start button").first.click()
    page.wait_for_url("**/run/")
    page.wait_for_timeout(1500)
    page.keyboard.press("g")
    page.locator(".chooser-line", has_text="Warehouse").click()
    page.wait_for_timeout(800)


def begin(page: Page, meeting: str) -> None:
    """A little into the discussion of Sales, with some lines written down."""
    page.goto(f"{meeting}run/")
    page.wait_for_timeout(1500)
    for key in ("Enter", "n", "n"):
        page.keyboard.press(key)
        page.wait_for_timeout(800)
    for line in WRITTEN:
        page.keyboard.press("/")
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
