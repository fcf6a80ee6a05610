"""The agenda is built by hand: moved, typed, fitted, undone, published over its budget only when that is accepted."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from meetings import agenda
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def order(page):
    return page.locator("[data-item]").evaluate_all("rows => rows.map(row => row.dataset.item)")


def test_an_agenda_is_moved_typed_fitted_undone_and_published_over_its_budget(enter, server, people):
    later = timezone.now().replace(microsecond=0) + dt.timedelta(days=30)
    meeting = make.meeting(people, scheduled_at=later, template="published")
    page = enter(people["facilitator"]).new_page()
    page.goto(f"/meetings/{meeting.pk}/agenda/")
    verdict, advice = page.locator("[data-verdict]"), page.locator("#advice")
    expect(verdict).to_have_text("55 over")

    page.locator("[id='minutes-TEC.R']").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-told]")).to_have_text("Technology & product: place 5 of 8")
    page.locator("#item-OPEN").scroll_into_view_if_needed()
    grip = page.locator("#item-MKT [data-grip]").bounding_box()
    above = page.locator("#item-SAL").bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 4)
    page.mouse.down()
    page.mouse.move(grip["x"] + 4, above["y"] + 4, steps=8)
    page.mouse.up()
    moved = ["OPEN", "MKT", "SAL", "SC", "TEC", "FIN", "XDEP", "PLAN"]
    assert order(page) == moved
    page.locator("#minutes-XDEP").fill("1:00")
    expect(verdict).to_have_text("75 over")
    page.locator("#publish").get_by_role("button", name="Save").click()
    expect(verdict).to_have_text("75 over")
    assert order(page) == [item.code for item in agenda.read(meeting).items] == moved

    expect(advice).to_contain_text("315 → 240")
    advice.get_by_role("button", name="Preview").click()
    expect(page.locator("#item-SAL .agenda-after")).to_have_count(2)
    assert agenda.read(meeting).total == 315
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    advice.get_by_role("button", name="Apply").click()
    expect(verdict).to_have_text("on budget")
    meeting.refresh_from_db()
    fitted = agenda.read(meeting)
    assert (fitted.total, fitted.item("XDEP").minutes, fitted.item("BREAK").minutes) == (240, 60, 10)
    advice.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text("75 over")
    assert [item.code for item in agenda.read(meeting).items] == moved

    page.locator("#publish").get_by_role("button", name="Publish").click()
    expect(page.get_by_text("75 minutes over", exact=False).first).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.state == "draft"
    page.get_by_role("button", name="中文").click()
    expect(verdict).to_have_text("超出 75 分钟")
    expect(advice).to_contain_text("推荐方案")
    page.locator("#accept").check()
    page.locator("#publish").get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布").first).to_be_visible()
    meeting.refresh_from_db()
    assert (meeting.state, meeting.accepted_s) == ("ready", 315 * 60)
    assert page.evaluate("broken") == []
