"""A department lead drops a file: live progress, findings by cell in both languages, hand-in (P3, D5)."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics.models import Submission
from tests.metrics.uploads import REAL, ROWS, csv
from tests.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BAD = csv([*ROWS, "536500,22139,<img src=x onerror=alert(1)>,many,2010-12-41,x,,France"])
DROP = """([zone, content, name]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "text/csv" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


@pytest.fixture
def worker(transactional_db, tmp_path):
    """A worker that the test starts when it wants."""
    found = Worker(tmp_path / "worker.log")
    yield found
    found.stop()


@pytest.fixture
def data_page(enter, people):
    page = enter(people["sales"]).new_page()
    page.goto("/submissions/")
    return page


def drop(page, content: bytes, name: str, period="2010-12"):
    """Drag a file into the zone and press the button."""
    page.get_by_label("Period").fill(period)
    zone = page.locator("drop-zone").element_handle()
    page.evaluate(DROP, [zone, base64.b64encode(content).decode(), name])
    expect(page.locator(".dropzone-file")).to_have_text(name)
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url("**/imports/**")


def require_sound(page):
    """No broken policy, no stumbling script, nothing that hides from a screen reader."""
    assert page.evaluate("window.broken") == []
    found = Axe().run(page).response["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="the real files in ../shared/data are not on this machine")
def test_a_real_month_goes_in_by_drag_and_drop_while_the_page_watches(data_page, worker):
    require_sound(data_page)
    drop(data_page, (REAL / "online_retail_2010-12.csv").read_bytes(), "online_retail_2010-12.csv")
    expect(data_page.get_by_text("Waiting for a worker").first).to_be_visible()
    data_page.evaluate("window.untouched = true")
    worker.start()
    expect(data_page.get_by_text("42,208 of 42,481 rows used")).to_be_visible(timeout=30_000)
    assert data_page.evaluate("window.untouched"), "the page was loaded again"
    for shown in ("£794,044.95", "Rows with a price of zero", "Cancelled invoices", "885"):
        expect(data_page.get_by_text(shown, exact=True).first).to_be_visible()
    require_sound(data_page)
    data_page.get_by_role("button", name="Hand in").click()
    expect(data_page.get_by_text("The data owner sees it now")).to_be_visible()
    version = Submission.objects.get()
    assert (version.state, version.rows_used) == ("handed_in", 42208)
    data_page.goto("/submissions/")
    expect(data_page.locator("#versions")).to_contain_text("Handed in")


def test_a_broken_file_is_explained_cell_by_cell_in_both_languages(data_page, worker, enter, people):
    worker.start()
    drop(data_page, BAD, "<b>broken.csv")
    first = data_page.locator(".finding").first
    expect(first).to_contain_text("D7 · Quantity", timeout=30_000)
    expect(first).to_contain_text("many")
    expect(data_page.locator(".finding")).to_have_count(3)
    expect(data_page.get_by_role("heading", level=1)).to_have_text("<b>broken.csv")
    require_sound(data_page)
    address = data_page.url
    chinese = enter(people["sales"], language="zh-hans", viewport={"width": 390, "height": 844}).new_page()
    chinese.goto(address)
    expect(chinese.locator(".finding").first).to_contain_text("D7 · Quantity")
    expect(chinese.get_by_text("文件未采用，没有任何改动")).to_be_visible()
    assert chinese.evaluate("document.documentElement.scrollWidth <= innerWidth")
    require_sound(chinese)
    assert not Submission.objects.exists()


def test_a_wrong_kind_of_file_is_stopped_before_it_travels(data_page):
    zone = data_page.locator("drop-zone").element_handle()
    data_page.evaluate(DROP, [zone, base64.b64encode(b"%PDF").decode(), "figures.pdf"])
    expect(data_page.locator(".dropzone-problem")).not_to_be_empty()
    data_page.get_by_role("button", name="Upload and check").click()
    assert data_page.url.endswith("/submissions/")


def test_the_form_works_without_script(enter, people, tmp_path):
    file = tmp_path / "december.csv"
    file.write_bytes(csv())
    page = enter(people["sales"], java_script_enabled=False).new_page()
    page.goto("/submissions/")
    page.get_by_label("Period").fill("2010-12")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload and check").click()
    page.wait_for_url("**/imports/**")
    expect(page.get_by_text("Waiting for a worker").first).to_be_visible()
