"""A review is opened with its gates, its definitions and its meeting; what stands against it is said by field."""

import datetime as dt
import zoneinfo

import pytest
from django.utils import translation

from meetings import opening, scheduling
from meetings.models import Meeting
from meetings.opening import CannotOpen, Wish
from metrics import cycles
from metrics.models import Review
from metrics.periods import Period
from reviewhub.people import zones
from reviewhub.people.models import Activity, Company, User
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def in_english(people):
    User.objects.update(language="en")
    with translation.override("en"):
        yield


@pytest.fixture
def wish(people):
    def wished(**fields):
        asked = {
            "period": "2026-11",
            "meeting_on": dt.date(2026, 12, 14),
            "starts": dt.time(9),
            "facilitator": people["facilitator"],
            "zone": SHANGHAI,
        }
        return Wish(**asked | fields)

    return wished


def refused(wish, by, at):
    with pytest.raises(CannotOpen) as refusal:
        opening.open_and_plan(wish, by=by, at=at)
    return refusal.value.problems


def test_a_review_is_opened_with_its_gates_its_definitions_and_its_meeting(people, wish, at):
    dictionary_of_today()
    meeting = opening.open_and_plan(wish(), by=people["facilitator"], at=at)
    review = meeting.review
    assert (review.code, review.period_start, review.period_end) == (
        *("2026-11", dt.date(2026, 11, 1)),
        dt.date(2026, 12, 1),
    )
    assert (review.title_zh, review.title_en) == ("2026年11月经营分析会", "November 2026 business review")
    assert review.meeting_at == meeting.scheduled_at == dt.datetime(2026, 12, 14, 1, tzinfo=dt.UTC)
    assert review.due_at == dt.datetime(2026, 12, 7, 10, tzinfo=dt.UTC)
    assert review.freeze_at == dt.datetime(2026, 12, 10, 4, tzinfo=dt.UTC)
    assert review.pinned.count() > 100
    assert (meeting.state, meeting.template, meeting.facilitator) == (
        *("ready", "default-240"),
        people["facilitator"],
    )
    assert Activity.objects.filter(code="review.opened", actor=people["facilitator"]).count() == 1


def test_gates_keep_their_wall_clock_over_a_change_of_clocks():
    due, freeze = cycles.gates(dt.datetime(2026, 3, 30, 9, tzinfo=BERLIN), BERLIN)
    assert due.astimezone(dt.UTC) == dt.datetime(2026, 3, 23, 17, tzinfo=dt.UTC)
    assert freeze.astimezone(dt.UTC) == dt.datetime(2026, 3, 26, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"period": "winter"}, "period"),
        ({"period": "2026-12"}, "meeting_on"),
        ({"meeting_on": dt.date(2026, 11, 21)}, "meeting_on"),
        ({"meeting_on": dt.date(1, 1, 1)}, "meeting_on"),
        ({"meeting_on": dt.date(9999, 12, 31)}, "meeting_on"),
        ({"template": "nine-to-five"}, "template"),
        ({"period": "2026-10", "meeting_on": dt.date(2026, 11, 25)}, "late"),
    ],
)
def test_what_stands_against_it_is_said_beside_its_field(people, wish, at, fields, field):
    assert list(refused(wish(**fields), people["facilitator"], at)) == [field]
    assert not Review.objects.exists() and not Meeting.objects.exists()


def test_the_facilitator_must_be_one_and_so_must_who_opens(people, wish, at):
    problems = refused(wish(facilitator=people["sales"]), people["ceo"], at)
    assert sorted(problems) == ["", "facilitator"]


def test_a_review_whose_data_is_already_due_is_opened_only_when_that_is_accepted(people, wish, at):
    soon = {"period": "2026-10", "meeting_on": dt.date(2026, 11, 25)}
    meeting = opening.open_and_plan(wish(**soon, late=True), by=people["facilitator"], at=at)
    assert meeting.review.due_at < at


def test_a_period_has_one_review(people, wish, at):
    opening.open_and_plan(wish(), by=people["facilitator"], at=at)
    assert refused(wish(), people["facilitator"], at) == {
        "period": "This period already has a review with a meeting."
    }
    same_days = wish(period="2026-11-01..2026-11-30")
    assert list(refused(same_days, people["facilitator"], at)) == ["period"]


def test_a_review_whose_meeting_was_cancelled_gets_another_date(people, wish, at):
    first = opening.open_and_plan(wish(), by=people["facilitator"], at=at)
    scheduling.cancel(first, by=people["facilitator"], at=at, reason="flu")
    later = wish(meeting_on=dt.date(2026, 12, 21))
    second = opening.open_and_plan(later, by=people["facilitator"], at=at)
    review = Review.objects.get()
    assert second.review == review and second.pk != first.pk
    assert review.meeting_at == dt.datetime(2026, 12, 21, 1, tzinfo=dt.UTC)
    assert review.due_at == dt.datetime(2026, 12, 14, 10, tzinfo=dt.UTC)
    moved = Activity.objects.get(code="review.moved")
    assert (moved.before, moved.after) == ({"meeting_on": "2026-12-14"}, {"meeting_on": "2026-12-21"})


def test_a_time_that_clocks_skip_is_refused(people, wish, at):
    problems = refused(
        wish(zone=BERLIN, meeting_on=dt.date(2027, 3, 28), starts=dt.time(2, 30)), people["facilitator"], at
    )
    assert list(problems) == ["starts"] and "Europe/Berlin" in problems["starts"]


def test_a_time_that_comes_twice_is_asked_about_and_then_taken_as_said(people, wish, at):
    twice = {
        "zone": BERLIN,
        "period": "2027-09",
        "meeting_on": dt.date(2027, 10, 31),
        "starts": dt.time(2, 30),
    }
    assert list(refused(wish(**twice), people["facilitator"], at)) == ["fold"]
    meeting = opening.open_and_plan(wish(**twice, fold="1"), by=people["facilitator"], at=at)
    assert meeting.scheduled_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("local", "hours"),
    [
        ("2026-03-29T02:30", []),
        ("2026-10-25T02:30", [0, 1]),
        ("2026-06-01T09:00", [7]),
    ],
)
def test_a_wall_clock_time_is_no_moment_one_or_two(local, hours):
    found = zones.instants(dt.datetime.fromisoformat(local), "Europe/Berlin")
    assert [each.astimezone(dt.UTC).hour for each in found] == hours


@pytest.mark.parametrize(
    ("text", "code", "zh", "en"),
    [
        ("2026", "2026", "2026年", "2026"),
        ("2026-Q3", "2026-Q3", "2026年第3季度", "Q3 2026"),
        ("2026-W41", "2026-W41", "2026年第41周", "Week 41 of 2026"),
        ("2026-10-05", "2026-10-05", "2026年10月5日", "5 October 2026"),
        (
            "2026-09-01..2026-10-15",
            "20260901-20261015",
            "2026-09-01至2026-10-15",
            "1 September 2026 to 15 October 2026",
        ),
    ],
)
def test_a_review_is_called_after_its_period(text, code, zh, en):
    period = Period.parse(text)
    assert cycles.code(period) == code and len(code) <= 20
    assert cycles.titles(period) == (f"{zh}经营分析会", f"{en} business review")


# --- Pages --------------------------------------------------------------------------------------------------


def asked(people, **fields):
    """A form for the month before last; its meeting is a month ahead of the real clock."""
    day = dt.datetime.now(SHANGHAI).date() + dt.timedelta(days=30)
    period = Period.containing(day, "month").before().before().text
    given = {"period": period, "meeting_on": day, "starts": "09:00", "template": "default-240"}
    return given | {"facilitator": people["facilitator"].pk} | fields


def test_a_facilitator_opens_a_review_from_the_list_of_meetings(people, signed_in, pages_at):
    client = signed_in(people["facilitator"])
    assert 'href="/reviews/new/"' in client.get("/meetings/").content.decode()
    page = client.get("/reviews/new/").content.decode()
    assert "Asia/Shanghai" in page and "295 minutes, 55 over" in page
    answer = client.post("/reviews/new/", asked(people))
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/meetings/{meeting.pk}/")
    assert meeting.scheduled_at.astimezone(SHANGHAI).hour == 9


def test_nothing_typed_is_lost_when_it_is_refused(people, signed_in):
    answer = signed_in(people["facilitator"]).post(
        "/reviews/new/", asked(people, period="winter", starts="10:30")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="winter"' in page and 'value="10:30"' in page
    assert "This is not a period." in page


@pytest.mark.parametrize(
    "fields", [{"template": "nine-to-five"}, {"facilitator": "999999"}, {"meeting_on": "soon"}]
)
def test_what_is_not_on_offer_is_refused(people, signed_in, fields):
    assert signed_in(people["facilitator"]).post("/reviews/new/", asked(people, **fields)).status_code == 422
    assert not Review.objects.exists()


def test_the_hour_that_comes_twice_is_asked_for_on_the_page(people, signed_in, pages_at):
    Company.objects.update(time_zone="Europe/Berlin")
    client = signed_in(people["facilitator"])
    year = pages_at.year + 1
    day = max(dt.date(year, 10, each) for each in range(25, 32) if dt.date(year, 10, each).weekday() == 6)
    given = asked(people, period=f"{year}-08", meeting_on=day, starts="02:30")
    answer = client.post("/reviews/new/", given)
    assert answer.status_code == 422 and 'name="fold"' in answer.content.decode()
    assert client.post("/reviews/new/", given | {"fold": "0"}).status_code == 302


def test_others_are_told_that_their_role_does_not_plan_meetings(people, signed_in):
    client = signed_in(people["sales"])
    assert "/reviews/new/" not in client.get("/meetings/").content.decode()
    answer = client.get("/reviews/new/")
    assert answer.status_code == 403 and "Your role does not plan meetings." in answer.content.decode()
    assert signed_in(people["logistics"]).get("/reviews/new/").status_code == 404


def test_a_facilitator_cancels_a_meeting_with_a_reason(people, signed_in):
    meeting = make.meeting(people)
    client = signed_in(people["facilitator"])
    assert (
        f'action="/meetings/{meeting.pk}/cancel"' in client.get(f"/meetings/{meeting.pk}/").content.decode()
    )
    assert client.post(f"/meetings/{meeting.pk}/cancel", {"reason": " "}).status_code == 422
    long = client.post(f"/meetings/{meeting.pk}/cancel", {"reason": "x" * 301})
    assert long.status_code == 422 and "x" * 301 in long.content.decode()
    assert client.post(f"/meetings/{meeting.pk}/cancel", {"reason": "Flu"}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"
    assert client.post(f"/meetings/{meeting.pk}/cancel", {"reason": "Flu"}).status_code == 422


def test_nobody_else_cancels_a_meeting(people, signed_in):
    meeting = make.meeting(people)
    client = signed_in(people["scribe"])
    assert f"/meetings/{meeting.pk}/cancel" not in client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert client.post(f"/meetings/{meeting.pk}/cancel", {"reason": "Flu"}).status_code == 403
    meeting.refresh_from_db()
    assert meeting.state == "ready"


def test_a_review_with_an_agenda_over_its_budget_leads_to_the_builder(people, signed_in):
    answer = signed_in(people["facilitator"]).post("/reviews/new/", asked(people, template="published"))
    meeting = Meeting.objects.get()
    assert (meeting.state, answer["Location"]) == ("draft", f"/meetings/{meeting.pk}/agenda/")
