"""From the end of the meeting to departments that have the new budget: in the last minute, and a second too late."""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import BudgetAdjustment
from meetings import logbook, running, scheduling
from meetings.models import Capture
from metrics.models import Metric
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TERM, SECOND = dt.timedelta(hours=48), dt.timedelta(seconds=1)
WORDS = {
    "en": {
        "save": "Save", "publish": "Publish", "approve": "Approve", "confirm": "Confirm receipt",
        "waits": "Line 1 is above 500,000 CNY: an executive approves it first.", "in time": "in time",
        "late": r"published (\d+) s late", "last": r"^0:00:\d\d left$|^0:01:00 left$",
        "card": "Lines above the limit wait for your word.",
    },
    "zh-hans": {
        "save": "保存", "publish": "发布", "approve": "批准", "confirm": "确认收到",
        "waits": "第 1 行超过 500,000 CNY：须先由高管批准。", "in time": "按时",
        "late": r"(\d+)\s*秒", "last": r"0:0[01]:\d\d",
        "card": "超过限额的调整行等待你批准。",
    },
}  # fmt: skip


@pytest.fixture
def decided(people):
    """A meeting that decided on 600,000 for marketing in Germany, and ended."""
    Metric.objects.create(code="MKT_ROAS")
    start = logbook.instant().replace(microsecond=0)
    meeting, chair = make.meeting(people, scheduled_at=start), people["facilitator"]
    scheduling.open_lobby(meeting, by=chair, at=start)

    def order(do, by=chair, **arguments):
        meeting.refresh_from_db()
        number = uuid.uuid4()
        running.command(meeting.pk, do, arguments, by=by, expected_seq=meeting.seq, client_id=number)

    order("start")
    order("capture.add", by=people["scribe"], text="/d 增投TikTok德国 $+600000:MKT/TikTok-DE #MKT_ROAS")
    Capture.objects.update(owner=people["marketing"])
    order("end")
    order("end")
    return BudgetAdjustment.objects.get()


def pass_by(adjustment: BudgetAdjustment, left: dt.timedelta) -> None:
    """As if the meeting had ended earlier: `left` remains of its 48 hours."""
    due = timezone.now() + left
    BudgetAdjustment.objects.filter(pk=adjustment.pk).update(opened_at=due - TERM, due_at=due)


@pytest.mark.parametrize("is_late", [False, True], ids=["47:59", "48:00:01"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_decided_completed_approved_published_and_received(enter, people, decided, language, is_late):
    said, path = WORDS[language], f"/reviews/{decided.review.code}/budget/"
    finance = enter(people["finance"], language).new_page()
    finance.goto(path)
    line = finance.locator("budget-lines tbody tr").first
    number = Capture.objects.get().pk
    expect(line.locator("[name=to_account]")).to_have_value("MKT/TikTok-DE")
    expect(line.locator("[name=amount]")).to_have_value("600,000")
    expect(line.locator("[name=decision]")).to_have_value(f"D-{number} 增投TikTok德国")
    expect(line.locator("[name=note]")).to_have_value("#MKT_ROAS")
    line.locator("[name=from_account]").fill("SAL/reserve")
    line.locator("[name=from_account]").press("Enter")
    expect(finance.locator("#budget-why")).to_contain_text(said["waits"])
    expect(finance.locator("#budget-approvals")).to_contain_text("SAL/reserve → MKT/TikTok-DE")

    executive = enter(people["ceo"], language).new_page()
    executive.goto("/")
    executive.locator(".inbox-card").filter(has_text=said["card"]).get_by_role("link").first.click()
    executive.get_by_role("button", name=re.compile(f"^{said['approve']}")).click()
    expect(executive.locator("#budget-approvals")).to_contain_text(people["ceo"].display_name)

    pass_by(decided, -SECOND if is_late else 60 * SECOND)
    finance.goto(path)
    if not is_late:
        expect(finance.locator("due-clock").first).to_have_text(re.compile(said["last"]))
    finance.locator("button[value=publish]").click()
    clock = finance.locator(".budget-clock")
    expect(clock).to_contain_text("" if is_late else said["in time"])
    row = BudgetAdjustment.objects.get()
    assert row.published_by == people["finance"] and row.lines.get().amount == 600_000 * 10**4
    if is_late:
        assert row.late_s == (row.published_at - row.due_at) // SECOND >= 1
        shown = re.search(said["late"], clock.text_content())
        assert shown and int(shown[1]) == row.late_s
    else:
        assert row.late_s == 0 and row.published_at < row.due_at

    for who, code in (("marketing", "MKT"), ("sales", "SAL")):
        lead = enter(people[who], language, viewport={"width": 390, "height": 844}).new_page()
        lead.goto("/")
        lead.locator(".inbox-card").get_by_role("link", name=said["confirm"]).click()
        lead.locator("#receipts").get_by_role("button", name=said["confirm"]).click()
        expect(lead.locator("#receipts")).to_contain_text(people[who].display_name)
        assert row.receipts.get(department__code=code).by == people[who]
        assert lead.evaluate("broken") == []
    finance.reload()
    expect(finance.locator("#receipts button")).to_have_count(0)
    expect(finance.locator("#receipts")).to_contain_text(people["sales"].display_name)
