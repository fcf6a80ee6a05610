"""The next review of a series: its period and day on the company's calendar, and the page that opens it."""

import datetime as dt
import re
import zoneinfo

import pytest

from meetings import agenda, next_review, series
from meetings.models import Improvement, Meeting
from meetings.series import Reason
from metrics.periods import Period
from reviewhub.people.models import User
from reviewhub.people.workdays import WEEK, WorkingDays
from tests import make

OCTOBER, NOVEMBER = Period.parse("2026-10"), Period.parse("2026-11")
TODAY = dt.date(2026, 11, 24)


def test_the_next_period_follows_the_last_one_and_begins_anew_after_a_gap():
    assert series.next_period(OCTOBER, TODAY, "month") == (
        NOVEMBER,
        Reason("period_after", {"period": "2026-10"}),
    )
    assert series.next_period(None, TODAY, "quarter") == (Period.parse("2026-Q4"), Reason("first_period"))
    long_ago = Period.parse("2026-08")
    assert series.next_period(long_ago, TODAY, "month") == (NOVEMBER, Reason("gap", {"period": "2026-08"}))


def test_the_day_is_the_same_working_day_after_the_period_as_last_time():
    last = (OCTOBER, dt.date(2026, 11, 12))  # the 9th working day of November
    day, why = series.meeting_day(NOVEMBER, last, TODAY, WEEK)
    assert (day, why) == (
        dt.date(2026, 12, 11),
        Reason("same_day", {"number": 9, "day": dt.date(2026, 11, 12), "off": 0, "on": 0}),
    )


def test_days_off_are_left_out_and_make_up_days_count():
    holiday = WorkingDays(
        off=frozenset(dt.date(2026, 10, day) for day in range(1, 8)), on=frozenset({dt.date(2026, 10, 10)})
    )
    last = (Period.parse("2026-08"), dt.date(2026, 9, 8))  # the 6th working day of September
    september = Period.parse("2026-09")
    day, why = series.meeting_day(september, last, dt.date(2026, 9, 9), holiday)
    assert day == dt.date(2026, 10, 14)  # 8, 9, 10 (a Saturday that is worked), 12, 13, 14 October
    assert (why.params["number"], why.params["off"], why.params["on"]) == (6, 5, 1)


def test_the_data_keeps_its_seven_days_and_nothing_is_proposed_for_a_free_day():
    early = (OCTOBER, dt.date(2026, 11, 3))
    assert series.meeting_day(NOVEMBER, early, TODAY, WEEK) == (
        *(dt.date(2026, 12, 8), Reason("data_needs_time", {"days": 7})),
    )
    late = dt.date(2026, 12, 16)
    assert series.meeting_day(NOVEMBER, early, late, WEEK)[0] == dt.date(2026, 12, 24)
    closed = WorkingDays(off=frozenset({dt.date(2026, 12, 14)}))
    assert series.meeting_day(NOVEMBER, None, TODAY, WEEK) == (dt.date(2026, 12, 14), Reason("after_data"))
    assert series.meeting_day(NOVEMBER, None, TODAY, closed) == (
        *(dt.date(2026, 12, 15), Reason("free_day", {"day": dt.date(2026, 12, 14)})),
    )


# --- Pages --------------------------------------------------------------------------------------------------


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def values(answer):
    """What the form would send as it stands."""
    form = answer.context["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    return given | {"carried": [one["row"].key for one in form.left() if one["is_chosen"]]}


@pytest.mark.django_db
def test_the_next_review_is_filled_in_from_the_last_one_explained_and_made_with_one_press(
    room, people, signed_in, pages_at
):
    room.at(0).order("start")
    room.at(14).order("next")
    room.at(20).capture("/p Returns in Germany")
    room.order("end", confirmed=True, reason="fire")
    Meeting.objects.update(state="ended", ended_at=room.now, scribe=people["scribe"], budget_s=12_000)
    segment = room.meeting.segments.get(code="MKT")
    segment.presenter, segment.guests = people["sales"], "Agency"
    segment.save()
    better = {
        "text": "销售汇报不超过2分钟",
        "owner": people["sales"],
        "set_by": people["ceo"],
        "set_at": room.now,
    }
    Improvement.objects.create(meeting=room.meeting, **better)
    User.objects.update(language="en")
    client = signed_in(people["facilitator"])
    assert "Next review" in words(client.get("/meetings/"))

    page = client.get("/reviews/new/?series=month")
    shown = words(page)
    for sentence in (
        "last period with a meeting",
        "As last time.",
        "Returns in Germany parked",
        "agreed last time",
        "Last reviews 14 of 10",
        "Leads the department.",
    ):
        assert sentence in shown, sentence
    User.objects.update(language="zh-hans")
    assert "与上次相同。" in words(client.get("/reviews/new/?series=month"))
    User.objects.update(language="en")

    given = values(page)
    assert (given["budget"], given["scribe"], given["guests-MKT"]) == (200, people["scribe"].pk, "Agency")
    typed = given | {"guests-MKT": "Two agencies", "presenter-SC": "", "late": "on"}
    refused = client.post("/reviews/new/?series=month", typed | {"budget": "5"})
    assert refused.status_code == 422 and 'value="Two agencies"' in refused.content.decode()
    assert client.post("/reviews/new/?series=month", typed).status_code == 302
    made = Meeting.objects.get(state="draft")
    draft = agenda.read(made)
    assert (draft.budget, made.scribe, made.facilitator) == (200, people["scribe"], people["facilitator"])
    assert (draft.item("MKT").presenter, draft.item("MKT").guests) == (people["sales"].pk, "Two agencies")
    assert draft.item("SC").presenter is None
    assert draft.item("XDEP").questions[-1]["en"] == "Returns in Germany"
    assert draft.item("OPEN").questions[-1]["zh"] == "这次要改进：销售汇报不超过2分钟"
    assert "Scribe" in words(client.get(f"/meetings/{made.pk}/"))


@pytest.mark.django_db
def test_a_review_that_is_open_already_keeps_its_day(people):
    opened = make.review(meeting_at=dt.datetime(2026, 11, 12, 1, 30, tzinfo=dt.UTC))
    shanghai = zoneinfo.ZoneInfo(opened.time_zone)
    found = next_review.when([], "month", today=dt.date(2026, 10, 20), zone=shanghai)
    assert (found.day, found.starts, found.why_day) == (
        *(dt.date(2026, 11, 12), dt.time(9, 30)),
        Reason("open_already"),
    )
