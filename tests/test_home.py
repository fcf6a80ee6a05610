"""My review: what waits for each role, by deadline, and the health of the cycle exactly as the rows say."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import timezone, translation

from actions import followup
from metrics.models import Submission
from reviewhub import cycle_health, inbox
from reviewhub.people.models import Confidentiality
from tests import make

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
ON = dt.date(2026, 11, 22)
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "section#inbox"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def review(people):
    """The October review: data due in a day, the meeting in eight."""
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


def waiting(person, at=make.AT):
    return inbox.of(person, at=at, zone=SHANGHAI).now


def titles(person, at=make.AT):
    return [card.title for card in waiting(person, at)]


def handed_in(code="SAL", **fields):
    return make.submission(code, state="handed_in", handed_in_at=make.AT, **fields)


def test_a_lead_is_asked_for_the_data_of_the_own_department_only(people, review):
    (card,) = waiting(people["sales"])
    assert (card.title, card.state, card.due_at) == ("Submit data: Sales, Oct 2026", "queued", review.due_at)
    assert titles(people["logistics"]) == ["Submit data: Logistics partner, Oct 2026"]
    assert titles(people["observer"]) == titles(people["admin"]) == []


def test_a_draft_and_a_returned_version_say_what_to_do_next(people, review):
    make.submission("SAL", state="draft")
    make.submission("FIN", state="returned", return_reason="Three days are missing")
    (draft,), (returned,) = waiting(people["sales"]), waiting(people["finance"])
    assert (draft.state, draft.note) == ("draft", "Version 1 is a draft; it has not been handed in.")
    assert (returned.state, returned.note) == ("fail", "Returned: Three days are missing")


def test_handed_in_data_asks_for_nothing_more(people, review):
    handed_in("SAL")
    assert titles(people["sales"]) == []


def test_a_new_draft_after_a_certified_version_asks_again(people, review):
    make.submission("SAL", state="certified", certified_at=make.AT)
    make.submission("SAL", number=2)
    assert [card.state for card in waiting(people["sales"])] == ["draft"]


def test_a_withdrawn_or_replaced_version_counts_for_nothing(people, review):
    make.submission("SAL", state="superseded")
    make.submission("SAL", number=2, state="withdrawn")
    assert [card.state for card in waiting(people["sales"])] == ["queued"]


def test_late_data_is_still_asked_for_and_said_to_be_provisional(people, review):
    (card,) = waiting(people["sales"], at=review.due_at + dt.timedelta(hours=1))
    assert card.urgent and "marked provisional" in card.note


def test_a_review_asks_from_two_weeks_before_until_its_figures_are_frozen(people, review):
    assert titles(people["sales"], at=review.meeting_at - dt.timedelta(days=14, seconds=1)) == []
    assert len(titles(people["sales"], at=review.meeting_at - dt.timedelta(days=14))) == 1
    review.state = "frozen"
    review.save()
    assert titles(people["sales"]) == []


def test_the_data_owner_finds_what_others_handed_in(people, review):
    handed_in("SAL", handed_in_by=people["sales"], findings_total=1)
    handed_in("FIN", handed_in_by=people["steward"])
    handed_in("MKT", uploaded_by=people["steward"])
    (card,) = waiting(people["steward"])
    assert card.title == "Certify: Sales, Oct 2026, version 1"
    assert card.note == f"Handed in by {people['sales'].name_latin}. 1 warning."
    assert (card.due_at, card.state) == (review.freeze_at, "warn")
    assert not any("Certify" in title for title in titles(people["ceo"]))


def test_the_facilitator_opens_the_lobby_and_then_everybody_joins(people):
    meeting = make.meeting(people)
    assert [card.verb for card in waiting(people["facilitator"])] == ["Open the lobby"]
    assert [(card.title, card.verb) for card in waiting(people["observer"])] == [
        (meeting.title, "See the agenda")
    ]
    meeting.scheduled_at = make.AT + dt.timedelta(days=2)
    meeting.save()
    assert titles(people["observer"]) == []
    meeting.state = "running"
    meeting.save()
    for name in ("facilitator", "observer", "ceo", "scribe"):
        first = waiting(people[name])[0]
        assert (first.verb, first.state) == ("Join", "running")


def test_own_actions_stand_there_by_date_overdue_first(people):
    make.action("undated", people["owner"], due=None)
    make.action("soon", people["owner"], due="2026-11-25")
    make.action("late", people["owner"], due="2026-11-21")
    make.action("today", people["owner"], due="2026-11-22")
    make.action("theirs", people["sales"], due="2026-11-01")
    make.action("far", people["owner"], due="2027-06-01")
    found = inbox.of(people["owner"], at=make.AT, zone=SHANGHAI)
    assert [card.title for card in found.now] == ["late", "today", "soon"]
    assert [card.title for card in found.later] == ["far", "undated"]
    assert [card.urgent for card in found.now] == [True, False, False]


def test_the_day_ends_where_the_reader_is(people):
    make.action("late only in Shanghai", people["owner"], due="2026-11-22")
    evening = dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)
    (east,) = inbox.of(people["owner"], at=evening, zone=SHANGHAI).now
    (west,) = inbox.of(people["owner"], at=evening, zone=zoneinfo.ZoneInfo("America/New_York")).now
    assert east.urgent and not west.urgent


def test_what_was_done_today_can_be_seen_and_what_was_done_before_is_gone(people):
    make.action("today", people["owner"], status="done", done_at=make.AT)
    make.action("yesterday", people["owner"], status="done", done_at=make.AT - dt.timedelta(days=1))
    found = inbox.of(people["owner"], at=make.AT, zone=SHANGHAI)
    assert ([card.title for card in found.done], found.now) == (["today"], [])


def test_everything_is_in_the_order_of_its_deadline(people, review):
    make.action("first", people["sales"], due="2026-11-22")
    make.action("last", people["sales"], due="2026-11-30")
    assert titles(people["sales"]) == ["first", "Submit data: Sales, Oct 2026", "last"]


def test_the_health_table_counts_the_rows_exactly(people, review):
    make.submission("SAL", state="certified", certified_at=make.AT)
    make.submission("SAL", profile="returns", state="draft")
    handed_in("MKT")
    make.submission("FIN", state="certified", certified_at=make.AT)
    make.submission("SCM", state="returned")
    make.submission("TEC", "2026-08", state="certified", certified_at=make.AT)
    make.action("a", people["sales"], due="2026-11-21")
    make.action("b", people["owner"], due="2026-12-21")
    make.action("c", people["sales"], status="done", done_at=make.AT)
    make.action("d", people["ceo"], department=make.department("SAL"), confidentiality=Confidentiality.SECRET)
    rows = {row.department.code: row for row in cycle_health.rows(review, reader=people["observer"], on=ON)}
    assert {code: (row.data, row.certified) for code, row in rows.items()} == {
        "SAL": ("draft", "draft"),
        "MKT": ("pass", "queued"),
        "SCM": ("fail", "queued"),
        "FIN": ("pass", "pass"),
        "TEC": ("queued", "na"),
        "LOG": ("queued", "na"),
    }
    assert (rows["SAL"].certified_count, rows["SAL"].of) == (1, 2)
    assert (rows["SAL"].open_actions, rows["SAL"].overdue_actions) == (2, 1)
    assert [row.department.code for row in cycle_health.rows(review, reader=people["logistics"], on=ON)] == [
        "LOG"
    ]


def test_without_a_review_the_page_says_that_all_is_done(people, signed_in):
    page = signed_in(people["observer"]).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "All done. No review is being prepared." in page
    page = signed_in(people["observer"]).get("/", HTTP_ACCEPT_LANGUAGE="zh").content.decode()
    assert "都处理完了。" in page


def test_an_empty_inbox_names_the_next_gate(people, signed_in):
    make.review(meeting_at=timezone.now() + dt.timedelta(days=3))
    page = signed_in(people["observer"]).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "All done. Next gate: meeting" in page


@pytest.mark.parametrize("name", make.PEOPLE)
def test_every_role_has_a_first_page(people, signed_in, name):
    make.review(meeting_at=timezone.now() + dt.timedelta(days=8))
    handed_in("SAL", handed_in_by=people["sales"])
    make.action(owner=people[name])
    for language in ("en", "zh"):
        assert signed_in(people[name]).get("/", HTTP_ACCEPT_LANGUAGE=language).status_code == 200


def test_one_press_on_the_first_page_finishes_an_action_with_and_without_script(people, signed_in):
    action = make.action(owner=people["owner"], due=timezone.localdate().isoformat())
    client = signed_in(people["owner"])
    assert f'action="/actions/{action.pk}/status"' in client.get("/").content.decode()
    part = client.post(f"/actions/{action.pk}/status", {"status": "doing", "next": "/"}, follow=True, **HTMX)
    assert part.content.decode().startswith('<section id="inbox"')
    page = client.post(f"/actions/{action.pk}/status", {"status": "done", "next": "/"}, follow=True)
    assert page.redirect_chain == [("/", 302)] and "<html" in page.content.decode()
    action.refresh_from_db()
    assert action.status == "done"


def test_an_action_raised_in_the_meeting_stands_on_its_owners_first_page(people, review, signed_in):
    due_on = timezone.localdate() + dt.timedelta(days=30)
    followup.raise_action(
        "Launch DE",
        owner=people["owner"],
        due_on=due_on,
        review=review,
        by=people["scribe"],
        at=timezone.now(),
    )
    assert "Launch DE" in signed_in(people["owner"]).get("/").content.decode()
    assert "Launch DE" not in signed_in(people["sales"]).get("/").content.decode()


def test_a_partner_finds_nothing_that_is_not_shared(people, signed_in):
    make.review(meeting_at=timezone.now() + dt.timedelta(days=8))
    make.action("Internal matter", people["sales"])
    page = signed_in(people["logistics"]).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Internal matter" not in page and "Marketing" not in page and "Logistics partner" in page


def test_the_page_needs_the_same_queries_for_one_card_of_each_kind_and_three(people, signed_in, queries):
    make.review(meeting_at=timezone.now() + dt.timedelta(days=8))
    counts = []
    for number in (1, 2):
        for _each in range(number):
            make.action(owner=people["steward"])
            handed_in(number=Submission.objects.count() + 1, handed_in_by=make.user("lead", "SAL"))
        counts.append(queries(lambda: signed_in(people["steward"]).get("/")))
    assert counts[0] == counts[1]
