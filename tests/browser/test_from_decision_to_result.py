"""From a decision in the meeting to the result of the quarter, by the pages that people use, in both languages.

Decided in the room, accepted on the phone, held up and helped by another department, answered in the check-in, done
with its proof; the key result moves; the quarter is scored and goes on into the next one.
"""

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

from actions import checkin_rhythm
from actions.models import Action, Blocker
from meetings import logbook, scheduling
from metrics.periods import Period
from okr.models import Cycle, KeyResult, Objective
from tests import make
from tests.browser.test_meeting import live
from tests.meetings.rooms import Room

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
TASK = "德国站上线"


@pytest.fixture(params=["en", "zh-hans"])
def language(request, transactional_db, people):
    for person in people.values():
        person.language = request.param
        person.save()
    people["owner"].name, people["owner"].name_latin = "李伟", "Li Wei"
    people["owner"].save()
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def quarter(language, people):
    """A quarter that ended a moment ago and is not scored yet: Sales' key result has no measure but its task."""
    period = Period.containing(timezone.localdate(), "quarter").before()
    cycle = Cycle.objects.create(
        code=period.text, length="quarter", state="open", starts_on=period.start, ends_on=period.end
    )
    top = Objective.objects.create(cycle=cycle, title="站稳德国市场", owner=people["ceo"])
    return KeyResult.objects.create(
        cycle=cycle,
        objective=top,
        department=make.department("SAL"),
        title="德国站点上线",
        owner=people["sales"],
        unit="个",
    )


@pytest.fixture
def room(quarter, people):
    local = timezone.now().astimezone(checkin_rhythm.company_zone()) - dt.timedelta(hours=1)
    make.rhythm(
        local.date().isoformat(),
        at=local.time().replace(second=0, microsecond=0),
        changed_at=timezone.now() - dt.timedelta(days=30),
    )
    start = logbook.instant().replace(microsecond=0)
    found = Room(people, start)
    found.now = None
    scheduling.open_lobby(found.meeting, by=people["facilitator"], at=start)
    return found


def sound(page):
    assert page.evaluate("window.broken") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_decision_becomes_a_result_of_the_quarter(room, quarter, people, enter, language):
    def opened(who, path, **options):
        page = enter(people[who], language, **options).new_page()
        page.goto(path)
        return page

    # Decided and given to somebody in the room; the gate says which key result it serves.
    room.order("start")
    desk = opened("facilitator", f"/meetings/{room.meeting.pk}/run/")
    live(desk)
    for line in ("/d 德国站提前上线", f"/a @lw {TASK} ^+14d"):
        desk.locator("#capture-text").fill(line)
        desk.keyboard.press("Enter")
        desk.locator(".captured-line").filter(has_text=line.split(" ^")[0].split(" ")[-1]).wait_for()
    task = Action.objects.get()
    desk.goto(f"/meetings/{room.meeting.pk}/close/")
    desk.locator("select[name=result]").select_option(label=quarter.title)
    expect(desk.locator("select[name=result]")).to_have_value(str(quarter.pk))
    sound(desk)

    # Accepted on the phone.
    phone = opened("owner", f"/meetings/{room.meeting.pk}/mine/", **PHONE)
    phone.get_by_role("button", name=gettext("Accept"), exact=True).click()
    expect(phone.get_by_role("button", name=gettext("Accept"), exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    sound(phone)

    # Held up: Supply chain is asked, accepts with a day, and the next check-in begins with it.
    phone.goto("/checkin/")
    phone.get_by_label(gettext("Waits for"), exact=True).select_option(label=make.department("SCM").name)
    phone.get_by_label(gettext("One sentence")).fill("退货标签")
    phone.get_by_role("radio", name=pgettext("confidence", "Low")).check()
    phone.get_by_role("button", name=gettext("Save")).click()
    phone.wait_for_url("**/")
    helper = opened("supply", "/")
    helper.get_by_role("link", name=gettext("Answer")).click()
    helper.get_by_role("radio", name=gettext("I help, by a day that I name")).check()
    helper.get_by_label(gettext("Help comes by")).fill(
        f"{timezone.localdate() + dt.timedelta(days=7):%Y-%m-%d}"
    )
    helper.get_by_role("button", name=gettext("Answer")).click()
    helper.wait_for_url("**/")
    assert Blocker.objects.get().state == "accepted"
    meeting = opened("facilitator", "/checkins/")
    expect(meeting.get_by_text(TASK).first).to_be_visible()
    expect(meeting.get_by_text("退货标签").first).to_be_visible()
    sound(meeting)

    # Done with its proof; the key result has moved from nothing to all of it.
    moved = opened("sales", f"/okr/{quarter.cycle.code}/results/{quarter.pk}/")
    expect(moved.locator(".meter-text").first).to_contain_text("0")
    phone.goto(f"/actions/{task.pk}/")
    phone.locator("#proof-text").fill("https://example.com/de")
    phone.get_by_role("button", name=gettext("Done, with this proof")).click()
    expect(phone.locator("#proof a")).to_have_attribute("href", "https://example.com/de")
    sound(phone)
    task.refresh_from_db()
    assert (task.status, task.result_id) == ("done", quarter.pk)
    moved.reload()
    expect(moved.locator(".meter-text").first).to_contain_text("100")

    # The quarter is scored by its owner and an executive, and what goes on stands in the next one.
    moved.goto(f"/okr/{quarter.cycle.code}/reset/")
    card = moved.locator(f"#k{quarter.pk}")
    card.locator("select[name$=then]").select_option("roll")
    card.get_by_role("button", name=gettext("Save")).click()
    expect(moved.locator(f"#k{quarter.pk}")).to_contain_text(pgettext("key result", "Graded"))
    chief = opened("ceo", f"/okr/{quarter.cycle.code}/reset/")
    button = chief.locator("form[action$='/reset/close'] button")
    button.click()
    button.click()
    expect(chief.get_by_text(gettext("The cycle is scored. It stays as it is from now on."))).to_be_visible()
    quarter.refresh_from_db()
    assert (quarter.grade.score, quarter.grade.then, quarter.cycle.state) == (1_000_000, "roll", "closed")
    chief.goto("/okr/")
    following = Cycle.objects.get(starts_on=quarter.cycle.ends_on)
    assert chief.url.endswith(f"/okr/{following.code}/")
    expect(chief.get_by_role("link", name=quarter.title).first).to_be_visible()
    assert KeyResult.objects.get(origin=quarter).cycle == following
    sound(chief)
