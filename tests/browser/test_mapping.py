"""A file that nobody knows is explained once, with the keyboard, and recognised from then on (D5, F7)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics import dictionary, importing, known_profiles
from metrics.models import ImportJob
from metrics.periods import Period
from tests import make
from tests.metrics.uploads import imported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OCTOBER = Period.parse("2026-10")
HEADER = "Tag der Zahlung;Bestellnummer;Land;Warenwert;xiaoshoujianshu"
ROWS = ["03/10/2026;A1;Germany;1.200,50 €;2", "04/10/2026;A2;France;80,00 €;1"] * 12
FILE = "\n".join([HEADER, *ROWS, ""]).encode()


def require_sound(page):
    """No broken policy, nothing wider than the window, nothing that hides from a screen reader."""
    assert page.evaluate("window.broken") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


def test_an_unknown_file_is_explained_once_and_known_afterwards(enter, people):
    dictionary.ensure(at=make.AT)
    job = imported(FILE, at=make.AT, by=people["sales"], name="kasse.csv", period=OCTOBER)
    page = enter(people["sales"], viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"/imports/{job.pk}/")
    page.get_by_role("link", name="Say what the columns mean").click()
    expect(page.get_by_label("Tag der Zahlung")).to_have_value("day")
    expect(page.get_by_label("Bestellnummer")).to_have_value("order")
    expect(page.get_by_label("Currency of the amounts")).to_have_value("EUR")
    expect(page.get_by_label("xiaoshoujianshu")).to_have_value("SAL_UNITS")
    expect(page.locator("#open")).to_contain_text("Every date can be read with the day or the month first")
    expect(page.locator("#preview tbody tr")).to_have_count(20)
    require_sound(page)
    page.get_by_label("Warenwert").focus()
    page.keyboard.type("Gross product")
    page.get_by_label("Order of dates").select_option("dmy")
    page.get_by_label("Currency of the amounts").select_option("")
    page.get_by_label("Name of this kind of file").fill("Kasse")
    page.get_by_role("button", name="Save and check the file").press("Enter")
    expect(page.locator(".note--danger, .problems").first).to_contain_text("Amounts need a currency")
    expect(page.get_by_label("Warenwert")).to_have_value("SAL_GROSS")
    page.get_by_label("Currency of the amounts").select_option("EUR")
    page.get_by_label("Name of this kind of file").press("Enter")
    page.wait_for_url("**/imports/**")
    expect(page.locator("#import")).to_contain_text("Kasse")
    known = known_profiles.named("sales-kasse")
    assert known.profile.metrics == ["SAL_GROSS", "SAL_UNITS", "SAL_ORD"]
    new = importing.run(ImportJob.objects.exclude(pk=job.pk).get().pk, at=make.AT)
    assert new.outcome["totals"] == {"SAL_GROSS": "15366.0000", "SAL_UNITS": "36", "SAL_ORD": "2"}
