"""The 48 hours as people live them: the meeting ends, Finance sees them run, is reminded, and publishes (E4)."""

import datetime as dt
import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone, translation
from playwright.sync_api import expect

from actions import budget
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment
from meetings import logbook, running, scheduling
from reviewhub.notices import choices, expanding, kinds, outbox, planning
from reviewhub.notices.channels import mail
from reviewhub.notices.models import Channel, Message
from tests import make
from tests.notices import smtp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "horses chew quiet numbers"
HOUR = dt.timedelta(hours=1)
WORDS = {
    "en": {
        "left": r"^(\d+):(\d\d):(\d\d) left$",
        "card": "Budget adjustment: October 2026 review",
        "subject": "Budget adjustment: October 2026 review, due",
        "open": "Open the adjustment",
        "add": "Add a line",
        "remove": "Remove this line",
        "publish": "Publish",
        "missing": "Line 2 has no amount.",
        "ready": "Ready. What is published does not change any more.",
        "done": "Published",
        "news": "Budget adjustment published: October 2026 review",
    },
    "zh-hans": {
        "left": r"^还剩 (\d+):(\d\d):(\d\d)$",
        "card": "预算调整：2026年10月经营分析会",
        "subject": "预算调整：2026年10月经营分析会",
        "open": "打开调整方案",
        "add": "添加一行",
        "remove": "删除此行",
        "publish": "发布",
        "missing": "第 2 行没有金额。",
        "ready": "可以发布。发布后不能再改。",
        "done": "已发布",
        "news": "预算调整已发布：2026年10月经营分析会",
    },
}


@pytest.fixture
def finance(people):
    """Zhou, with a password and an address, who may be reached at any hour."""
    person = people["finance"]
    person.email = "zhou@farsail.example"
    person.set_password(PASSWORD)
    person.save()
    choices.set_hours(person, dt.time(0), dt.time.max, weekends=True)
    return person


@pytest.fixture
def letters(settings, server):
    """A real mail server; what it took."""
    with smtp.server() as post_office:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST_USER = mail.SMTP, ""
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post_office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.BASE_URL, settings.MAIL_PER_SECOND = server.url, 0
        yield post_office.post.letters


@pytest.fixture
def ended(people):
    """The meeting was held and its end recorded, by the real clock."""
    start = logbook.instant().replace(microsecond=0)
    meeting, chair = make.meeting(people, scheduled_at=start), people["facilitator"]
    scheduling.open_lobby(meeting, by=chair, at=start)
    for do in ("start", "end", "end"):
        meeting.refresh_from_db()
        running.command(meeting.pk, do, {}, by=chair, expected_seq=meeting.seq, client_id=uuid.uuid4())
    meeting.refresh_from_db()
    return meeting


def tick(at: dt.datetime) -> None:
    """What beat does each minute, for the kinds of the budget, at the moment `at`."""
    planning.plan_kind(kinds.find(budget.DUE), clock=lambda: at)
    expanding.expand(clock=lambda: at)
    outbox.run(clock=lambda: at)


def seconds_left(page, pattern: str) -> int:
    shown = re.match(pattern, page.locator("due-clock").first.text_content().strip())
    hours, minutes, seconds = map(int, shown.groups())
    return hours * 3600 + minutes * 60 + seconds


def fill(page, row: int, **fields) -> None:
    line = page.locator("budget-lines tbody tr").nth(row)
    for name, value in fields.items():
        line.locator(f"[name={name}]").fill(value)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_end_of_the_meeting_to_the_published_adjustment(
    browser, enter, server, people, finance, ended, letters, language
):
    said = WORDS[language]
    finance.language = language
    finance.save()

    home, due = enter(finance, language).new_page(), ended.ended_at + 48 * HOUR
    earliest = timezone.now()
    home.goto("/")
    card = home.locator(".inbox-card").filter(has_text=said["card"])
    expect(card.locator("due-clock")).to_have_text(re.compile(said["left"]))
    first = seconds_left(home, said["left"])
    assert (due - timezone.now()).total_seconds() - 1 <= first <= (due - earliest).total_seconds() + 1
    for _look in range(100):  # it ticks by itself
        if (shown := seconds_left(home, said["left"])) < first - 1:
            break
        home.wait_for_timeout(50)
    assert (due - timezone.now()).total_seconds() - 1 <= shown < first - 1

    tick(ended.ended_at + 23 * HOUR)
    assert letters == []
    tick(ended.ended_at + 24 * HOUR)
    tick(ended.ended_at + 24 * HOUR + dt.timedelta(minutes=1))
    [letter] = letters
    assert letter.envelope == finance.email and letter["Subject"].strip().startswith(said["subject"])
    plain = letter.get_body(("plain",)).get_content()
    link = re.search(rf"{server.url}/reviews/[\w-]+/budget/", plain)[0]

    context = browser.new_context(base_url=server.url, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "reviewhub_language", "value": language, "url": server.url}])
    page = context.new_page()
    page.goto(link)  # not signed in: the door first, then the form
    page.locator("#id_login").fill(finance.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(link)
    fill(page, 0, from_account="MKT/FB-US", to_account="MKT/TikTok-DE", amount="20万", decision="D-44")
    page.get_by_role("button", name=said["add"]).click()
    fill(page, 1, from_account="reserve", to_account="SCM/EU")
    page.keyboard.press("Tab")
    expect(page.locator("#budget-why")).to_contain_text(said["missing"])
    expect(page.locator("button[value=publish]")).to_have_attribute("aria-disabled", "true")
    page.locator("budget-lines tbody tr").nth(1).get_by_role("button", name=said["remove"]).click()
    expect(page.locator("#budget-why")).to_contain_text(said["ready"])
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("button[value=publish]").dblclick()  # an eager hand
    expect(page.locator(".budget-clock")).to_contain_text(said["done"])

    row = BudgetAdjustment.objects.get()
    assert (row.published_by, row.late_s, row.lines.get().amount) == (finance, 0, 2_000_000_000)
    home.goto("/")
    expect(home.locator(".inbox-card").filter(has_text=said["card"])).to_have_count(0)

    tick(ended.ended_at + 48 * HOUR)
    assert len(letters) == 1  # nobody is reminded any more
    news = Message.objects.get(user=people["ceo"], channel=Channel.INAPP, occurrence__kind=budget.PUBLISHED)
    with translation.override(language):
        assert kinds.find(budget.PUBLISHED).render(news.occurrence, people["ceo"]).title == said["news"]
    context.close()


def test_without_a_script_lines_are_added_saved_and_published(browser, server, enter, finance, ended):
    page = enter(finance, java_script_enabled=False).new_page()
    page.goto("/")
    expect(page.locator(".inbox-card").first).to_contain_text("due ")
    page.get_by_role("link", name="Open the adjustment").click()
    expect(page.locator("due-clock")).to_contain_text("due ")
    fill(page, 0, from_account="MKT/FB-US", to_account="MKT/TikTok-DE", amount="0.2m")
    page.get_by_role("button", name="Add a line").click()
    fill(page, 1, from_account="reserve", amount="7")
    page.locator("[name=amount]").nth(1).press("Enter")  # Enter saves, it does not publish
    expect(page.locator("body")).to_contain_text("Saved. It is a draft until you publish it.")
    page.get_by_role("button", name="Publish").click(force=True)  # greyed, and pressed all the same
    expect(page.get_by_role("alert")).to_contain_text("The lines do not add up to zero.")
    page.locator("budget-lines tbody tr").nth(1).get_by_role("button", name="Remove this line").click()
    page.get_by_role("button", name="Publish").click(force=True)
    expect(page.locator(".budget-clock")).to_contain_text("Published")
    assert BudgetAdjustment.objects.get().lines.get().amount == 2_000_000_000


def test_a_laptop_with_a_wrong_clock_counts_right_and_a_late_one_says_so(enter, finance, people, ended):
    context = enter(finance)
    context.add_init_script("const real = Date.now; Date.now = () => real() + 3 * 3600000;")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("due-clock")).to_have_text(re.compile(r"^47:59:\d\d left$"))
    BudgetAdjustment.objects.update(
        opened_at=timezone.now() - 50 * HOUR, due_at=timezone.now() - 2 * HOUR - dt.timedelta(seconds=5)
    )
    page.goto("/")
    expect(page.locator("due-clock")).to_have_text(re.compile(r"^late by 2:00:\d\d$"))
    executive = enter(people["ceo"]).new_page()
    executive.goto("/")
    expect(executive.locator("due-clock")).to_have_text(re.compile(r"^late by 2:00:\d\d$"))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_has_no_barrier_that_a_machine_finds(enter, finance, ended, width):
    clock = BudgetAdjustment.objects.get()
    budget.save_draft(
        clock, [Typed("MKT/FB-US", "", "5", "#1 x", "y")], version=0, by=finance, at=timezone.now()
    )
    page = enter(finance, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"/reviews/{clock.review.code}/budget/")
    expect(page.locator("section#decisions")).to_have_count(1)
    assert page.evaluate("broken") == []
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []
