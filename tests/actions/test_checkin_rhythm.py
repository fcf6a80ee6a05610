"""The rhythm is set in words that are understood, and moving it neither doubles nor silently loses a check-in."""

import datetime as dt

import pytest
from django.utils import translation

from actions import checkin_rhythm
from actions.checkin_rhythm import CannotChangeRhythm
from actions.models import CheckInRhythm
from metrics.models import PeakSeason
from reviewhub.notices import planning
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity, Company
from tests import make

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
DUE = dt.datetime(2026, 11, 24, 1, 30, tzinfo=dt.UTC)
NINE = dt.time(9, 30)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def rhythm(people):
    make.action(owner=people["owner"])
    row = make.rhythm()
    planning.plan(clock=lambda: make.AT)
    return row


def change(people, at=make.AT, who="facilitator", **fields):
    usual = {"every_days": 14, "weekly_in_peaks": True, "is_on": True}
    given = {"anchor_on": dt.date(2026, 11, 24), "at_time": NINE} | usual | fields
    return checkin_rhythm.change(**given, by=people[who], at=at)


def ahead(at):
    return [
        turn.wall.isoformat(" ", "minutes")
        for turn in checkin_rhythm.ahead(CheckInRhythm.objects.get(), at).turns
    ]


def asked_until(at, since=make.AT):
    """The planner looks every six hours, and at `at`; the local times that were asked for since the beginning."""
    moments = [
        since + dt.timedelta(hours=6) * step for step in range(int((at - since) / dt.timedelta(hours=6)) + 1)
    ]
    for moment in [*moments, at]:
        planning.plan(clock=lambda moment=moment: moment)
    rows = Occurrence.objects.filter(kind="checkin").order_by("due_at")
    return [row.wall_time for row in rows]


def peak(people, first, last, *, since=make.AT):
    days = {"prepares_on": first, "starts_on": first, "ends_on": last, "settles_on": last}
    named = {"name_zh": "黑五", "name_en": "Black Friday"}
    by = {"decided_by": people["ceo"], "changed_by": people["ceo"], "changed_at": since}
    return PeakSeason.objects.create(**days, **named, **by)


def test_in_a_peak_season_it_comes_every_week_on_the_same_weekday(people, rhythm):
    peak(people, dt.date(2026, 12, 1), dt.date(2026, 12, 16))
    found = checkin_rhythm.ahead(CheckInRhythm.objects.get(), make.AT, 5)
    assert [(turn.wall.isoformat()[:10], season and season.name_en) for turn, season in found.told] == [
        ("2026-11-24", None),
        ("2026-12-01", "Black Friday"),
        ("2026-12-08", "Black Friday"),
        ("2026-12-15", "Black Friday"),
        ("2026-12-22", None),
    ]
    weeks = ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22"]
    assert asked_until(DUE + 28 * DAY) == [f"{day}T09:30" for day in weeks]


def test_a_season_asks_for_nothing_past_and_none_where_the_company_wants_its_own_rhythm(people, rhythm):
    peak(people, dt.date(2026, 11, 24), dt.date(2026, 12, 16), since=DUE + 10 * DAY)
    kept = CheckInRhythm.objects.get()
    days = [turn.wall.day for turn in checkin_rhythm.turns(kept, make.AT, DUE + 21 * DAY)]
    assert days == [24, 8, 15]  # it was set on the 4th: the 1st was past
    assert not checkin_rhythm.ahead(kept, DUE + 10 * DAY).is_moved
    change(people, at=DUE + 11 * DAY, weekly_in_peaks=False)
    assert ahead(DUE + 11 * DAY) == ["2026-12-08 09:30", "2026-12-22 09:30"]


def test_the_next_two_are_known(rhythm):
    assert ahead(make.AT) == ["2026-11-24 09:30", "2026-12-08 09:30"]
    assert ahead(DUE) == ["2026-12-08 09:30", "2026-12-22 09:30"]


def test_another_weekday_in_a_week_that_was_asked_begins_with_the_next_turn_and_says_so(rhythm, people):
    """A turn is its week: asked on Tuesday, moved to Thursdays on Wednesday, it comes again two weeks later."""
    asked_until(DUE)
    moved = change(people, at=DUE + DAY, anchor_on=dt.date(2026, 11, 26))
    found = checkin_rhythm.ahead(moved, DUE + DAY)
    assert ahead(DUE + DAY) == ["2026-12-10 09:30", "2026-12-24 09:30"]
    assert (found.last.key, found.days_between) == ("2026-W48", 16)
    assert asked_until(DUE + 31 * DAY, since=DUE) == [
        "2026-11-24T09:30",
        "2026-12-10T09:30",
        "2026-12-24T09:30",
    ]


def test_moved_by_a_week_the_gap_is_said(rhythm, people):
    asked_until(DUE)
    moved = change(people, at=DUE + DAY, anchor_on=dt.date(2026, 12, 1))
    assert ahead(DUE + DAY)[0] == "2026-12-01 09:30"
    assert checkin_rhythm.ahead(moved, DUE + DAY).days_between == 7


def test_what_is_planned_is_what_the_page_said(rhythm, people):
    """Whatever is chosen: the two that were named come, and nothing else before the second."""
    asked_until(DUE)
    for step, (anchor, time, every) in enumerate(
        [
            (dt.date(2026, 11, 25), NINE, 14),
            (dt.date(2026, 11, 2), dt.time(23, 59), 7),
            (dt.date(2027, 1, 4), dt.time(0, 0), 28),
            (dt.date(2026, 11, 24), NINE, 14),
        ]
    ):
        at = DUE + dt.timedelta(days=1, hours=step)
        change(people, at=at, anchor_on=anchor, at_time=time, every_days=every)
    named = ahead(at)
    planned = [wall.replace("T", " ") for wall in asked_until(at + 30 * DAY, since=at)]
    assert planned[:3] == ["2026-11-24 09:30", *named]


def test_a_rhythm_that_begins_in_the_past_asks_for_nothing_past(rhythm, people):
    change(people, at=DUE + 8 * DAY, anchor_on=dt.date(2026, 10, 6), every_days=7)
    assert asked_until(DUE + 13 * DAY, since=DUE + 8 * DAY) == []
    assert ahead(DUE + 8 * DAY)[0] == "2026-12-08 09:30"


def test_an_hour_earlier_on_the_same_day_is_not_asked_afterwards(rhythm, people):
    """At 11:00 the time is moved from 14:00 to 09:30: the page says that the next one is in two weeks."""
    CheckInRhythm.objects.update(at=dt.time(14))
    at = DUE + dt.timedelta(minutes=90)
    change(people, at=at)
    assert ahead(at)[0] == "2026-12-08 09:30"
    assert asked_until(at + DAY, since=at) == []


def test_the_last_question_stays_open_when_the_rhythm_moves(rhythm, people):
    asked_until(DUE)
    moved = change(people, at=DUE + DAY, anchor_on=dt.date(2026, 12, 3))
    assert checkin_rhythm.due(moved, DUE + 2 * DAY).key == "2026-W48"
    assert checkin_rhythm.current(moved, DUE + 2 * DAY).key == "2026-W48"


def test_answers_belong_to_the_coming_turn_from_two_days_before(rhythm):
    asked_until(DUE)
    coming = DUE + 14 * DAY
    assert checkin_rhythm.current(rhythm, coming - 2 * DAY - dt.timedelta(seconds=1)).key == "2026-W48"
    assert checkin_rhythm.current(rhythm, coming - 2 * DAY).key == "2026-W50"
    assert checkin_rhythm.current(rhythm, coming).key == "2026-W50"


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"anchor_on": None}, {"anchor_on": "Choose the first day."}),
        ({"anchor_on": dt.date(2199, 1, 1)}, {"anchor_on": "Choose a day within a year from today."}),
        ({"anchor_on": dt.date(2025, 11, 20)}, {"anchor_on": "Choose a day within a year from today."}),
        ({"at_time": None}, {"at": "Choose a time of day, like 09:30."}),
        (
            {"every_days": 10},
            {"every_days": "Choose every week, or every second, third or fourth week."},
        ),
        ({"who": "sales"}, {"": "Only the facilitator and administrators set the check-in."}),
    ],
)
def test_bad_input_is_refused_in_words(rhythm, people, fields, problems):
    with pytest.raises(CannotChangeRhythm) as refusal:
        change(people, **fields)
    assert refusal.value.problems == problems
    rhythm.refresh_from_db()
    assert rhythm.changed_by is None


def test_a_change_is_written_down_and_the_same_again_is_none(rhythm, people):
    change(people, who="admin", at_time=dt.time(10), is_on=False)
    change(people, who="facilitator", at_time=dt.time(10), is_on=False)
    line = Activity.objects.get(code="checkin.rhythm")
    assert line.actor == people["admin"]
    told = {"anchor_on": "2026-11-24", "every_days": 14, "weekly_in_peaks": True}
    assert line.before == told | {"at": "09:30", "is_on": True}
    assert line.after == told | {"at": "10:00", "is_on": False}


def test_keys_that_are_none_name_no_turn(rhythm):
    for key in (
        "",
        "2026",
        "2026-W54",
        "0000-W01",
        "9999-W52",
        "2026-W1",
        "x" * 500,
        "2026-W48\x00",
        "２０２６-W48",
    ):
        assert checkin_rhythm.named(key, rhythm) is None, key
    assert checkin_rhythm.named("2026-W48", rhythm).at == DUE


# --- The page ------------------------------------------------------------------------------------------------

FORM = {"anchor_on": "2026-12-01", "at": "10:00", "every_days": "14", "is_on": "on"}


def test_the_page_saves_and_says_when_the_next_two_are(rhythm, people, signed_in, pages_at):
    client = signed_in(people["facilitator"])
    answer = client.post("/checkins/rhythm/", FORM, follow=True, headers={"accept-language": "en"})
    assert "Saved. The next two: Tue 1 Dec 2026, 10:00 and Tue 15 Dec 2026, 10:00." in answer.content.decode()
    assert CheckInRhythm.objects.get().changed_by == people["facilitator"]


def test_the_page_shows_the_next_two_without_keeping_them(rhythm, people, signed_in, pages_at):
    client = signed_in(people["facilitator"])
    answer = client.post("/checkins/rhythm/", FORM | {"look": "1"}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The next two would be" in page and "Tue 15 Dec 2026, 10:00" in page
    assert CheckInRhythm.objects.get().changed_by is None


@pytest.mark.parametrize("button", [{}, {"look": "1"}])
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("anchor_on", "", "Choose the first day."),
        ("anchor_on", "31.02.2026", "Choose the first day."),
        ("anchor_on", "2199-01-01", "Choose a day within a year from today."),
        ("at", "25:00", "Choose a time of day, like 09:30."),
        ("every_days", "10", "Choose every week, or every second, third or fourth week."),
        ("every_days", "\x00", "Choose every week, or every second, third or fourth week."),
    ],
)
def test_the_page_refuses_in_words_beside_the_field(
    rhythm, people, signed_in, field, value, sentence, button
):
    client = signed_in(people["admin"])
    answer = client.post(
        "/checkins/rhythm/", FORM | {field: value} | button, headers={"accept-language": "en"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(sentence) == 1
    assert CheckInRhythm.objects.get().changed_by is None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_browsers_read_day_and_time_in_every_language(rhythm, people, signed_in, language):
    client = signed_in(people["facilitator"])
    page = client.get("/checkins/rhythm/", headers={"accept-language": language}).content.decode()
    assert 'value="2026-11-24"' in page and 'value="09:30"' in page


def test_only_the_facilitator_and_administrators_open_it(rhythm, people, signed_in):
    for name, person in people.items():
        status = signed_in(person).get("/checkins/rhythm/").status_code
        assert status == (200 if name in ("facilitator", "admin") else 403), name


def test_times_are_those_of_the_company(rhythm, people, signed_in):
    Company.objects.update(time_zone="America/New_York")
    page = signed_in(people["facilitator"]).get("/checkins/rhythm/").content.decode()
    assert "America/New_York" in page
    assert checkin_rhythm.next_turn(rhythm, make.AT).at == dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
