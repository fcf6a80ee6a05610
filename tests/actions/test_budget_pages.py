"""The page of the budget adjustment, its card on home and the cycle strip, as each role meets them."""

import datetime as dt
import html
import re
import zoneinfo

import pytest
from django.utils import timezone, translation

from actions import budget, budget_lines
from actions.budget_lines import Typed
from actions.models import BudgetAdjustment
from metrics.models import Metric
from reviewhub import cycle, inbox
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
HOUR = dt.timedelta(hours=1)
PAGE = "/reviews/2026-10/budget/"
MOVE = {
    "from_account": "MKT/FB-US",
    "to_account": "MKT/TikTok-DE",
    "amount": "20万",
    "decision": "D-44",
    "note": "",
}
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "section#budget-standing"}


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["reviewhub_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def ended():
    """An hour ago, by the clock that the pages read."""
    return (timezone.now() - HOUR).replace(microsecond=0)


@pytest.fixture
def clock(people, ended):
    meeting = make.meeting(people, scheduled_at=ended - 4 * HOUR)
    return budget.open_clock(meeting.review, ended_at=ended, by=people["facilitator"], at=ended)


def form(*lines, version=0, **fields):
    data = {name: [line.get(name, "") for line in lines] for name in MOVE}
    return data | {"version": version, "do": "save"} | fields


def text(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def put(clock, people, *typed, version=0):
    return budget.save_draft(clock, list(typed), version=version, by=people["finance"], at=clock.opened_at)


# Who may open it


@pytest.mark.parametrize(
    ("who", "draft", "published"),
    [
        ("finance", 200, 200), ("ceo", 200, 200), ("facilitator", 200, 200), ("steward", 200, 200), ("admin", 200, 200),
        ("marketing", 404, 200), ("sales", 404, 404), ("owner", 404, 404), ("scribe", 404, 404), ("hr", 404, 404),
        ("observer", 404, 404), ("logistics", 404, 404),
    ],
)  # fmt: skip
def test_who_opens_the_draft_and_who_the_published_one(clock, people, signed_in, who, draft, published):
    assert signed_in(people[who]).get(PAGE).status_code == draft
    budget.publish(
        clock, [Typed(**MOVE)], version=0, by=people["finance"], at=clock.opened_at + dt.timedelta(minutes=9)
    )
    answer = signed_in(people[who]).get(PAGE)
    assert answer.status_code == published
    assert signed_in(people[who]).get("/reviews/nothing/budget/").status_code == 404


def test_a_lead_sees_the_own_lines_and_no_sums(clock, people, signed_in):
    lines = [Typed(**MOVE), Typed("reserve", "SCM/secret", "477,777")]
    budget.publish(clock, lines, version=0, by=people["finance"], at=clock.opened_at + HOUR / 2)
    page = text(signed_in(people["marketing"]).get(PAGE))
    assert "TikTok-DE" in page and "200,000" in page
    assert "secret" not in page and "477,777" not in page and "677,777" not in page
    assert "677,777" in text(signed_in(people["ceo"]).get(PAGE))


def test_only_finance_may_write_and_only_executives_allow(clock, people, signed_in):
    for who in ("ceo", "facilitator", "steward", "admin"):
        assert signed_in(people[who]).post(PAGE, form(MOVE)).status_code == 403
        assert 'name="amount"' not in signed_in(people[who]).get(PAGE).content.decode()
    for who in ("marketing", "owner", "logistics"):
        assert signed_in(people[who]).post(PAGE, form(MOVE)).status_code == 404
        assert signed_in(people[who]).post(f"{PAGE}allow", {"reason": "x"}).status_code == 404
    for who in ("finance", "facilitator", "admin"):
        assert signed_in(people[who]).post(f"{PAGE}allow", {"reason": "x"}).status_code == 403
    assert not clock.lines.exists()


def test_no_answer_about_the_budget_is_kept_by_a_browser(clock, people, signed_in):
    assert "no-store" in signed_in(people["finance"]).get(PAGE)["Cache-Control"]


# Writing


def test_saving_keeps_the_draft_and_leads_back(clock, people, signed_in):
    client = signed_in(people["finance"])
    answer = client.post(PAGE, form(MOVE, {}, {"from_account": "reserve"}))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert [line.amount for line in clock.lines.all()] == [2_000_000_000, None]
    page = text(client.get(PAGE))
    assert "Saved. It is a draft until you publish it." in page
    assert "Line 2 has no amount." in page


def test_refused_input_answers_422_with_what_was_typed(clock, people, signed_in):
    answer = signed_in(people["finance"]).post(PAGE, form(MOVE | {"amount": "zwölf", "note": "as said"}))
    assert answer.status_code == 422
    body = answer.content.decode()
    assert 'value="zwölf"' in body and 'value="as said"' in body and 'aria-invalid="true"' in body
    assert "Line 1: This is not an amount." in text(answer)
    assert not clock.lines.exists()


def test_rows_are_added_and_removed_without_a_script(clock, people, signed_in):
    client = signed_in(people["finance"])
    added = client.post(PAGE, form(MOVE, do="add")).content.decode()
    assert added.count('name="amount"') - 1 == 2 and 'value="20万"' in added  # the template holds one more
    fewer = client.post(PAGE, form(MOVE, {"note": "keep"}, remove="0") | {"do": "x"}).content.decode()
    assert 'value="20万"' not in fewer and 'value="keep"' in fewer
    assert not clock.lines.exists()


@pytest.mark.parametrize(
    "data",
    [
        {}, {"version": "x"}, {"version": "9" * 30}, {"version": "²"}, {"do": "explode"}, {"remove": "9" * 40},
        {"remove": "²"}, {"amount": ["1"] * 300}, {"amount": "\0"},
        {"nothing": "maybe", "do": "publish"},
    ],
)  # fmt: skip
def test_whatever_is_sent_is_answered(clock, people, signed_in, data):
    answer = signed_in(people["finance"]).post(PAGE, data)
    assert answer.status_code in (200, 302, 409, 422)
    clock.refresh_from_db()
    assert clock.is_open


def test_publishing_twice_by_a_double_click_is_one_publication(clock, people, signed_in):
    client = signed_in(people["finance"])
    answers = [client.post(PAGE, form(MOVE, do="publish")) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Activity.objects.filter(code="budget.published").count() == 1
    page = client.get(PAGE)
    assert (
        "Published" in text(page) and "in time" in text(page) and 'name="amount"' not in page.content.decode()
    )


def test_late_is_said_to_the_second(people, signed_in, ended):
    review = make.review(meeting_at=ended - 60 * HOUR)
    clock = budget.open_clock(review, ended_at=ended - 50 * HOUR, by=None, at=ended)
    budget.publish(
        clock, [Typed(**MOVE)], version=0, by=people["finance"], at=clock.due_at + dt.timedelta(seconds=7392)
    )
    assert "published 2 h 03 min 12 s late" in text(signed_in(people["ceo"]).get(PAGE))


def test_the_problems_grey_the_button_and_refuse_it(clock, people, signed_in):
    client = signed_in(people["finance"])
    button = r'<button[^>]*value="publish"[^>]*>'
    assert 'aria-disabled="true"' in re.search(button, client.get(PAGE).content.decode())[0]
    answer = client.post(PAGE, form(MOVE | {"to_account": ""}, do="publish"))
    assert answer.status_code == 422
    assert "The lines do not add up to zero. An executive can allow it and says why." in text(answer)
    put(clock, people, Typed(**MOVE))
    assert "aria-disabled" not in re.search(button, client.get(PAGE).content.decode())[0]


def test_the_standing_is_drawn_for_what_is_typed_without_keeping_it(clock, people, signed_in):
    client = signed_in(people["finance"])
    lines = (MOVE, {"from_account": "reserve", "amount": "0.01"})
    part = client.post(PAGE, form(*lines, do="check"), **HTMX)
    assert part.status_code == 200 and part.content.decode().lstrip().startswith(
        '<section id="budget-standing"'
    )
    assert "Out −200,000.01 In +200,000 Net −0.01" in text(part)
    whole = client.post(PAGE, form(*lines, do="check")).content.decode()
    assert part.content.decode().split("<hx-partial")[0].strip() in whole
    assert not clock.lines.exists()


def test_a_second_pen_keeps_the_own_text_and_sees_the_others(clock, people, signed_in):
    put(clock, people, Typed("reserve", "SCM/EU", "7"))
    client = signed_in(people["finance"])
    answer = client.post(PAGE, form(MOVE, version=0))
    page, body = text(answer), answer.content.decode()
    assert answer.status_code == 409 and "saved other lines" in page and "while you wrote" in page
    assert "SCM/EU" in page and 'value="MKT/TikTok-DE"' in body
    assert 'name="version" value="1"' in body
    assert budget_lines.kept(clock)[0].to_account == "SCM/EU"
    assert client.post(PAGE, form(MOVE, version=1)).status_code == 302
    assert budget_lines.kept(clock)[0].to_account == "MKT/TikTok-DE"


def test_who_writes_while_another_publishes_may_copy_the_own_text(clock, people, signed_in):
    budget.publish(
        clock, [Typed("reserve", "SCM/EU", "7")], version=0, by=people["finance"], at=clock.opened_at + HOUR
    )
    answer = signed_in(people["finance"]).post(PAGE, form(MOVE, do="publish"))
    assert answer.status_code == 409 and "Yours was not kept" in text(answer)
    assert 'value="MKT/TikTok-DE"' in answer.content.decode() and "SCM/EU" in text(answer)


def test_an_executive_allows_new_money_and_finance_publishes_it(clock, people, signed_in):
    put(clock, people, Typed("", "SCM/EU", "15万"))
    client = signed_in(people["ceo"])
    assert "add +150,000 CNY to the budget" in text(client.get(PAGE))
    assert client.post(f"{PAGE}allow", {"version": 1, "reason": " "}).status_code == 422
    assert client.post(f"{PAGE}allow", {"version": 0, "reason": "peak"}).status_code == 409
    assert client.post(f"{PAGE}allow", {"version": 1, "reason": "peak"}).status_code == 302
    assert f"Allowed by {people['ceo'].display_name}" in text(client.get(PAGE))
    published = signed_in(people["finance"]).post(
        PAGE, form({"to_account": "SCM/EU", "amount": "150,000"}, version=1, do="publish")
    )
    assert published.status_code == 302 and not BudgetAdjustment.objects.open().exists()


def test_after_reopening_the_page_says_so(clock, people, signed_in):
    budget.cancel_clock(clock.review, by=people["facilitator"], at=clock.opened_at + HOUR)
    assert "The meeting was reopened" in text(signed_in(people["finance"]).get(PAGE))
    assert "The meeting was reopened" in text(signed_in(people["finance"]).post(PAGE, form(MOVE)))


def test_its_actions_stand_beside_it_with_the_number_that_a_line_names(clock, people, signed_in):
    from tests.metrics.figures import dictionary_of_today  # noqa: PLC0415 - brings pandas, only here

    dictionary_of_today()
    metric = Metric.objects.get(code="FIN_BUD")
    action = make.action("Move the TikTok money", people["finance"], review=clock.review, metric=metric)
    make.action("Launch Germany", people["owner"], review=clock.review)
    page = text(signed_in(people["finance"]).get(PAGE))
    assert f"#{action.pk} Move the TikTok money" in page and "Launch Germany" not in page


def test_the_pages_cost_does_not_grow_with_the_lines(clock, people, signed_in, queries):
    client = signed_in(people["finance"])
    put(clock, people, Typed(**MOVE))
    one = queries(lambda: client.get(PAGE))
    put(clock, people, *[Typed(**MOVE | {"note": str(number)}) for number in range(9)], version=1)
    assert queries(lambda: client.get(PAGE)) == one


# Home and strip


def cards(person, at):
    found = inbox.of(person, at=at, zone=SHANGHAI).now
    return [card for card in found if card.key.startswith("budget-")]


def test_finance_has_a_card_that_counts_until_it_is_published(clock, people):
    (card,) = cards(people["finance"], clock.opened_at + HOUR)
    assert (card.title, card.due_at, card.counts_from) == (
        "Budget adjustment: October 2026 review", clock.due_at, clock.opened_at + HOUR,
    )  # fmt: skip
    assert (card.url, card.state, card.urgent) == (PAGE, "queued", False)
    (late,) = cards(people["finance"], clock.due_at)
    assert (late.state, late.urgent) == ("fail", True)
    budget.publish(clock, [Typed(**MOVE)], version=0, by=people["finance"], at=clock.due_at)
    assert cards(people["finance"], clock.due_at) == []


def test_executives_have_one_when_it_is_late_or_waits_for_their_word(clock, people):
    assert cards(people["ceo"], clock.due_at - HOUR) == []
    assert [card.verb for card in cards(people["ceo"], clock.due_at)] == ["Look at the adjustment"]
    put(clock, people, Typed("", "SCM", "5"))
    assert [card.verb for card in cards(people["ceo"], clock.due_at - HOUR)] == ["Look at the sum"]
    for who in ("marketing", "facilitator", "steward", "admin", "owner", "logistics"):
        assert cards(people[who], clock.due_at + HOUR) == []


def test_without_a_script_the_card_says_when_it_is_due(clock, people, signed_in):
    body = signed_in(people["finance"]).get("/").content.decode()
    local = clock.due_at.astimezone(SHANGHAI)
    assert f"due {local:%a} {local.day} {local:%b %H:%M}" in body
    found = re.search(r"<due-clock[^>]*>", body)[0]
    assert f'due="{clock.due_at.isoformat()}"' in found and 'left="{clock} left"' in found
    page = text(signed_in(people["finance"]).get(PAGE))
    assert f"due {local:%a} {local.day} {local:%b %H:%M}" in page


def test_the_strip_guesses_until_the_meeting_ends_and_then_knows(people):
    review = make.review(meeting_at=make.AT)
    node = cycle.strip(review, reader=people["finance"], at=make.AT)["cycle"][-1]
    assert (node["at"], node["url"]) == (make.AT + 52 * HOUR, "/actions/")
    ended = make.AT + dt.timedelta(hours=3, minutes=51)
    budget.open_clock(review, ended_at=ended, by=people["facilitator"], at=ended)
    node = cycle.strip(review, reader=people["finance"], at=ended)["cycle"][-1]
    assert (node["at"], node["url"], node["state"]) == (ended + 48 * HOUR, PAGE, "next")
    assert cycle.strip(review, reader=people["owner"], at=ended)["cycle"][-1]["url"] == "/actions/"


def test_while_the_48_hours_run_everybodys_strip_is_about_that_review(clock, people):
    following = make.review("2026-11", meeting_at=clock.due_at + 9 * HOUR)
    for who in ("finance", "owner", "logistics"):
        assert cycle.current(people[who], at=clock.opened_at) == clock.review
        assert cycle.current(people[who], at=clock.due_at) == following
    shanghai = zoneinfo.ZoneInfo(clock.review.time_zone)
    met, late = (one.astimezone(shanghai).date() for one in (clock.review.meeting_at, clock.due_at - HOUR))
    strip = cycle.strip(clock.review, reader=people["owner"], at=clock.due_at - HOUR)
    assert strip["cycle_today"] == f"today T+{(late - met).days}"
    budget.publish(clock, [Typed(**MOVE)], version=0, by=people["finance"], at=clock.opened_at + HOUR)
    assert cycle.current(people["finance"], at=clock.opened_at + HOUR) == following


# Decisions of the meeting, beside it


def test_decisions_and_money_of_the_meeting_are_a_part_of_their_own(room, people, signed_in):
    room.at(0).order("start")
    for line in (
        "/d Raise prices $+0",
        "/a @sales TikTok $+200000CNY:MKT/TikTok-DE",
        "/a @sales x #FIN_BUD",
        "/k Thanks",
    ):
        room.capture(line)
    address = f"/reviews/{room.meeting.review.code}/decisions/"
    whole = signed_in(people["finance"]).get(address)
    part = signed_in(people["finance"]).get(address, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="div#decisions")
    assert part.content.decode().strip() in whole.content.decode()
    shown = text(part)
    assert (
        "Raise prices" in shown
        and "+200,000 CNY MKT/TikTok-DE" in shown
        and "Raise prices ±0" in shown
        and "Thanks" not in shown
    )
    assert shown.index("Raise prices") < shown.index("TikTok")
    assert signed_in(people["finance"]).get("/reviews/nothing/decisions/").status_code == 404


# Approvals, the clock, what it does to the year


BIG = {
    "from_account": "reserve",
    "to_account": "SCM/EU-wh",
    "amount": "60万",
    "decision": "D-51",
    "note": "#MKT_ROAS",
}


def test_an_executive_approves_a_line_on_the_page_and_sets_the_limit(clock, people, signed_in):
    put(clock, people, Typed(**BIG))
    ceo = signed_in(people["ceo"])
    page = text(ceo.get(PAGE))
    assert "Lines above the limit above 500,000 CNY" in page and "reserve → SCM/EU-wh 600,000" in page
    assert ceo.post(PAGE + "approve", {"line": "1", "version": "0"}).status_code == 422
    assert ceo.post(PAGE + "approve", {"line": "x", "version": "1"}).status_code == 422
    assert ceo.post(PAGE + "approve", {"line": "1", "version": "1"}).status_code == 302
    assert people["ceo"].display_name in text(ceo.get(PAGE))
    answer = ceo.post(PAGE + "limit", {"limit": "lots"})
    assert answer.status_code == 422 and 'value="lots"' in answer.content.decode()
    assert ceo.post(PAGE + "limit", {"limit": "10万"}).status_code == 302
    assert "above 100,000 CNY" in text(ceo.get(PAGE))


@pytest.mark.parametrize("step", ["approve", "limit", "stop", "go-on"])
def test_words_of_executives_are_theirs_alone(clock, people, signed_in, step):
    put(clock, people, Typed(**BIG))
    data = {"line": "1", "version": "1", "limit": "1", "reason": "because"}
    for who, status in (("finance", 403), ("facilitator", 403), ("marketing", 404), ("logistics", 404)):
        assert signed_in(people[who]).post(PAGE + step, data).status_code == status
    assert not clock.approvals.exists() and not clock.stops.exists()


def test_the_clock_is_stopped_and_goes_on_on_the_page(clock, people, signed_in):
    ceo = signed_in(people["ceo"])
    answer = ceo.post(PAGE + "stop", {"reason": ""})
    assert answer.status_code == 422 and "Say why in a few words." in text(answer)
    assert ceo.post(PAGE + "stop", {"reason": "The ERP is down <b>"}).status_code == 302
    page = text(ceo.get(PAGE))
    assert "The clock stands still" in page and "The ERP is down <b>" in page
    assert ceo.post(PAGE + "go-on").status_code == 302
    assert "The clock stands still" not in text(ceo.get(PAGE)) and "two working days" in text(ceo.get(PAGE))


def test_the_published_page_links_decisions_and_evidence_and_shows_versions(clock, people, signed_in):
    Metric.objects.get_or_create(code="MKT_ROAS")
    budget.publish(
        clock,
        [Typed(**MOVE | {"note": "#MKT_ROAS 4.1"})],
        version=0,
        by=people["finance"],
        at=clock.opened_at + HOUR,
    )
    page = signed_in(people["finance"]).get(PAGE).content.decode()
    assert '<a href="#decision-44">D-44</a>' in page and ">#MKT_ROAS</a> 4.1" in " ".join(page.split())
    assert "Budget version 2" in page
    assert "Versions" in page and "Versions" not in text(signed_in(people["marketing"]).get(PAGE))
    assert "What it does to the year" in page
    assert "What it does to the year" not in text(signed_in(people["facilitator"]).get(PAGE))
