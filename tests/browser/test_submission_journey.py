"""From the checklist to certified figures: a wrong file is corrected, explained, returned, answered (P3)."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from metrics import dictionary, importing, working_copies
from metrics.models import ImportJob, Submission
from metrics.working_copies import Edit
from reviewhub.people.models import Activity
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = b"""date,store,country,category,gross,discount,refund,shipping,tax,units,currency
2026-10-02,amazon,DE,kitchen,1204.10,54.20,0,0,0,many,CNY
2026-10-03,web,FR,lighting,980.00,20.00,0,18.00,0,4,CNY
2026-13-04,ebay,FR,outdoor,50.00,0,0,0,0,2,CNY
"""
BLOCK = """([cell, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def history(people):
    """A review that asks for October, and six calm months before it."""
    dictionary.ensure(at=make.AT)
    make.review(meeting_at=dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=20))
    for month in range(4, 10):
        totals = {"SAL_GROSS": str(1000 + month)}
        make.submission(period=f"2026-{month:02}", state="certified", certified_at=make.AT, totals=totals)


def require_sound(page):
    assert page.evaluate("window.broken") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


def cell(page, name):
    return page.locator(f'[data-name="{name}"]')


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def read_what_waits(page):
    """Check the waiting file here, as a worker does; the page shows it by itself."""
    page.wait_for_url(lambda url: "/imports/" in url and "grid" not in url)
    importing.run(ImportJob.objects.get(state="queued").pk, at=make.AT)


def test_a_wrong_file_becomes_certified_figures_without_leaving_the_browser(enter, people, history, tmp_path):
    file = tmp_path / "october.csv"
    file.write_bytes(FILE)
    page = enter(people["sales"], viewport={"width": 1280, "height": 860}).new_page()
    page.goto("/submissions/")
    expect(page.locator("#checklist")).to_contain_text("S1")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="Upload and check").click()
    read_what_waits(page)
    expect(page.locator(".finding")).to_have_count(2)
    page.get_by_role("link", name="Correct cells").click()

    # Two cells with the keyboard; one value that the column cannot take stays beside its reason.
    expect(page.locator("tbody tr")).to_have_count(2)
    require_sound(page)
    page.locator('td[tabindex="0"]').focus()
    press(page, "Home", "End", "ArrowLeft")
    expect(cell(page, "J2")).to_be_focused()
    expect(page.locator("#grid-cell")).to_contain_text("“many” is not a number")
    page.keyboard.type("seven")
    press(page, "Enter")
    expect(cell(page, "J2").locator(".grid-note")).to_contain_text("is not a number")
    expect(cell(page, "J2")).to_have_attribute("data-state", "refused")
    press(page, "ArrowUp", "F2", "ControlOrMeta+a")
    page.keyboard.type("7")
    press(page, "Tab")
    expect(cell(page, "J2")).to_have_attribute("data-state", "saved")
    expect(cell(page, "J2")).not_to_have_attribute("data-mark", "error")
    cell(page, "A4").focus()

    # Without a network it is kept here, and sent when it comes back.
    page.context.set_offline(True)
    press(page, "Enter", "ControlOrMeta+a")
    page.keyboard.type("2026-10-04")
    press(page, "Enter")
    expect(page.locator("#grid-said")).to_contain_text("Not connected")
    page.context.set_offline(False)
    expect(cell(page, "A4")).to_have_attribute("data-state", "saved")
    expect(page.locator('[data-count="errors"]')).to_have_text("0")
    expect(page.locator("#grid-said")).to_have_text("Everything typed is kept.")

    # A block from a spreadsheet, undone at once.
    page.evaluate(BLOCK, [cell(page, "E2").element_handle(), "1\t2\n3\t4\n"])
    expect(cell(page, "F4")).to_have_attribute("data-state", "saved")
    cell(page, "E2").focus()
    press(page, "ControlOrMeta+z")
    expect(cell(page, "E2")).to_have_text("1204.10")
    expect(page.locator('[data-count="changed"]')).to_have_text("2")

    # Somebody else was faster at one cell: both values are shown, and the choice is the writer's.
    other, job = make.user("analyst", "SAL"), ImportJob.objects.get()
    working_copies.keep(job, [Edit(4, 7, 0, "19")], by=other, at=make.AT)
    cell(page, "H4").focus()
    page.keyboard.type("20")
    press(page, "Enter")
    note = cell(page, "H4").locator(".grid-note")
    expect(note).to_contain_text(f"{other.display_name} wrote “19” meanwhile; you typed “20”.")
    note.get_by_role("button", name="Write mine").click()
    expect(cell(page, "H4")).to_have_attribute("data-state", "saved")
    expect(page.locator('[data-count="changed"]')).to_have_text("3")
    page.get_by_role("button", name="Check the corrected file").click()
    read_what_waits(page)

    # One sentence for what stands out, then it is handed in.
    page.get_by_role("link", name="Explain the exceptions").or_(
        page.get_by_role("link", name="Version 1")
    ).first.click()
    page.locator("input[name=sentence]").fill("Autumn campaign doubled sales; stock is ordered for November")
    page.get_by_role("button", name="Keep the sentences").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("The data owner sees it now")).to_be_visible()
    first = Submission.objects.get(period_start="2026-10-01")
    assert first.totals["SAL_UNITS"] == "13" and first.state == "handed_in"

    owner = enter(people["steward"], language="zh-hans", viewport={"width": 1280, "height": 860}).new_page()
    owner.goto(f"/certify/?version={first.pk}")
    owner.locator("#reason").fill("请核对一个数")
    owner.locator(".remark-lines summary").click()
    owner.locator("[name=place]").first.fill("J3")
    owner.locator("[name=remark]").first.fill("法国只卖出 4 件？")
    owner.get_by_role("button", name="退回").click()
    expect(owner.get_by_text("请核对一个数").or_(owner.get_by_text("已退回")).first).to_be_visible()

    # The comment stands at its cell; it is answered and corrected there, in Chinese.
    chinese = enter(people["sales"], language="zh-hans", viewport={"width": 1280, "height": 860}).new_page()
    chinese.goto(f"/submissions/{first.pk}/")
    chinese.get_by_role("link", name="修正单元格").first.click()
    cell(chinese, "J3").focus()
    expect(chinese.locator("#grid-cell")).to_contain_text("法国只卖出 4 件？")
    require_sound(chinese)
    chinese.locator("#grid-cell [name=answer]").fill("是 5 件，一单晚到。")
    chinese.locator("#grid-cell").get_by_role("button", name="答复").click()
    cell(chinese, "J3").focus()
    expect(chinese.locator("#grid-cell")).to_contain_text("是 5 件，一单晚到。")
    cell(chinese, "J3").focus()
    press(chinese, "5", "Enter")
    expect(cell(chinese, "J3")).to_have_attribute("data-state", "saved")
    chinese.get_by_role("button", name="检查并生成第 2 版").click()
    read_what_waits(chinese)
    chinese.get_by_role("button", name="提交").click()
    expect(chinese.get_by_text("数据负责人")).to_be_visible()

    second = Submission.objects.get(period_start="2026-10-01", number=2)
    owner.goto(f"/certify/?version={second.pk}")
    expect(owner.locator("#version")).to_contain_text("是 5 件，一单晚到。")
    owner.get_by_role("button", name="认证").click()
    owner.goto(f"/submissions/{second.pk}/changes")
    expect(owner.locator(".totals")).to_contain_text("14")
    second.refresh_from_db()
    assert (second.state, second.certified_by, second.totals["SAL_UNITS"]) == (
        "certified",
        people["steward"],
        "14",
    )
    told = Activity.objects.filter(subject_id=str(second.pk), code="submission.corrected").get()
    assert (told.before, told.after) == ({"J3": "4"}, {"J3": "5"})
