"""The check-in by mail: its link opens the form without signing in, saves once, and says so kindly (E2, T17)."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from actions.models import CheckInRhythm
from reviewhub.notices import choices, expanding, kinds, outbox, planning
from reviewhub.notices.channels import mail
from reviewhub.notices.models import FormLink
from tests import make
from tests.browser.conftest import WATCH
from tests.notices import smtp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "en": {
        "subject": "Your check-in: 2 tasks",
        "done": "Done",
        "sentence": "One sentence",
        "save": "Save",
        "thanks": "Thank you, that is done",
    },
    "zh-hans": {
        "subject": "你的进度更新：2 项任务",
        "done": "已完成",
        "sentence": "一句话",
        "save": "保存",
        "thanks": "谢谢，已完成",
    },
}


@pytest.fixture
def owner(people):
    """Li, with two tasks, who may be reached at any hour."""
    person = people["owner"]
    person.email = "li@farsail.example"
    person.save()
    choices.set_hours(person, dt.time(0), dt.time.max, weekends=True)
    make.action(owner=person, due="2026-12-05")
    make.action("Call the carrier", owner=person, due="2026-12-09")
    return person


@pytest.fixture
def turn_is_due(owner):
    """The company checks in since a few minutes ago."""
    now = timezone.now()
    begun = (now - dt.timedelta(minutes=3)).astimezone(dt.timezone(dt.timedelta(hours=8)))
    CheckInRhythm.objects.create(
        pk=1,
        anchor_on=begun.date(),
        at=begun.time().replace(second=0, microsecond=0),
        changed_at=now - dt.timedelta(days=1),
    )


@pytest.fixture
def letters(settings, server):
    """A real mail server; what it took."""
    with smtp.server() as post_office:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST_USER = mail.SMTP, ""
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post_office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.BASE_URL, settings.MAIL_PER_SECOND = server.url, 0
        yield post_office.post.letters


def tick() -> None:
    """What beat does each minute, for this kind."""
    planning.plan_kind(kinds.find("checkin"), clock=timezone.now)
    expanding.expand(clock=timezone.now)
    outbox.run(clock=timezone.now)


def stranger(browser, server, language):
    """A browser that never signed in."""
    context = browser.new_context(base_url=server.url, locale="de-DE", viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    return context.new_page()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_check_in_is_answered_from_the_mail_and_a_replayed_link_is_refused_kindly(
    browser, server, owner, turn_is_due, letters, language
):
    said = WORDS[language]
    owner.language = language
    owner.save()
    tick()
    tick()
    [letter] = letters
    assert letter["Subject"] == said["subject"]
    link = re.search(rf"{server.url}/l/[\w-]+/", letter.get_body(("plain",)).get_content())[0]

    page = stranger(browser, server, language)
    page.goto(link)
    expect(page.locator(".checkin-task")).to_have_count(2)
    first = page.locator(".checkin-task").first
    first.get_by_role("radio", name=said["done"], exact=True).check()
    first.get_by_label(re.compile(f"^{said['sentence']}")).fill("德国站已上线 ✓")
    assert [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] == "critical"] == []
    page.get_by_role("button", name=said["save"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(said["thanks"])
    assert sorted(owner.actions.values_list("status", flat=True)) == ["done", "todo"]

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(said["thanks"])
    assert FormLink.objects.get().used_at
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.evaluate("window.broken") == []
    page.context.close()
