"""Appointments as iCalendar: escaped, folded, in wall time; the secret feed of a person (T24, B126)."""

import datetime as dt
import logging
import zoneinfo

import icalendar
import pytest
from django.utils import timezone, translation

from actions import checkin_calendar
from actions.models import CheckInRhythm
from meetings import scheduling
from meetings.models import Meeting
from metrics.models import Review
from reviewhub.notices import calendar, feeds
from reviewhub.notices.models import CalendarFeed
from reviewhub.people.models import Company, User
from tests import make
from tests.make import AT

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
NASTY = '\nBEGIN:VEVENT\r\nATTACH:http://evil.example/x\nEND:VEVENT;,\\n"quoted" 经营分析会 '


def event(**fields) -> calendar.Event:
    given = {
        "key": "meeting-7",
        "title": "October review",
        "starts_at": AT,
        "ends_at": AT + dt.timedelta(hours=4),
        "zone": SHANGHAI,
        "changed_at": AT - dt.timedelta(days=3),
        "path": "/meetings/7/",
    }
    return calendar.Event(**given | fields)


def document(*events) -> bytes:
    return calendar.document(events, name="Farsail reviews", at=AT)


def parsed(said: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(said)


# --- The document -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "\nBEGIN:VEVENT",
        NASTY.replace("\r\n", "\n"),
        "x" * 10_000,
        "经营" * 5_000,
        "\nATTACH:x" * 1_250,
        'a;b,c\\d:e"f',
    ],
    ids=["begin", "all", "long", "long zh", "attach", "marks"],
)
def test_a_title_is_text_whatever_it_says_and_comes_back_equal(title):
    said = document(event(title=title))
    assert max(len(line) for line in said.split(b"\r\n")) <= 75
    assert b"\n" not in said.replace(b"\r\n", b"")
    found = parsed(said).walk("VEVENT")
    assert len(found) == 1 and str(found[0]["summary"]) == title and "ATTACH" not in found[0]


def test_line_ends_become_one_kind_and_control_characters_go():
    found = parsed(document(event(title="a\r\nb\rc\0d\x1be\x7ff\tg"))).walk("VEVENT")
    assert str(found[0]["summary"]) == "a\nb\ncdef\tg"


def test_the_name_of_the_calendar_is_text_too():
    said = calendar.document([], name=NASTY, at=AT)
    assert parsed(said).walk("VEVENT") == [] and b"\nATTACH" not in said
    assert b"\r\nX-WR-CALNAME:A\\;b\\, c\r\n" in calendar.document([], name="A;b, c", at=AT)
    assert b"\r\nX-PUBLISHED-TTL:PT4H\r\n" in said


@pytest.mark.parametrize(
    ("on", "offset"), [(dt.date(2026, 3, 27), 1), (dt.date(2026, 3, 30), 2), (dt.date(2026, 10, 26), 1)]
)
def test_wall_times_stay_with_their_zone(on, offset):
    starts = dt.datetime.combine(on, dt.time(9), zoneinfo.ZoneInfo(BERLIN))
    said = document(event(zone=BERLIN, starts_at=starts, ends_at=starts + dt.timedelta(hours=4)))
    assert f"DTSTART;TZID=Europe/Berlin:{on:%Y%m%d}T090000".encode() in said
    read = parsed(said)
    assert [str(zone["tzid"]) for zone in read.walk("VTIMEZONE")] == [BERLIN]
    assert read.walk("VEVENT")[0]["dtstart"].dt == starts
    assert read.walk("VEVENT")[0]["dtstart"].dt.utcoffset() == dt.timedelta(hours=offset)


def test_an_instant_is_shown_in_the_wall_time_of_its_zone():
    said = document(event())  # 09:00 UTC
    assert b"DTSTART;TZID=Asia/Shanghai:20261122T170000" in said
    assert b"DTEND;TZID=Asia/Shanghai:20261122T210000" in said


def test_an_event_keeps_its_identity_and_says_what_changed(settings):
    settings.MAIL_DOMAIN, settings.BASE_URL = "farsail.example", "https://review.farsail.example"
    read = parsed(document(event(sequence=3, is_cancelled=True))).walk("VEVENT")[0]
    assert str(read["uid"]) == "meeting-7@farsail.example" and read["sequence"] == 3
    assert read["last-modified"].dt == AT - dt.timedelta(days=3) and read["status"] == "CANCELLED"
    assert str(read["url"]) == "https://review.farsail.example/meetings/7/"
    assert read.walk("VALARM") == []


def test_without_appointments_it_is_still_a_calendar():
    read = parsed(document())
    assert str(read["x-wr-calname"]) == "Farsail reviews" and read["version"] == "2.0"


# --- What stands in it ---------------------------------------------------------------------------------------


@pytest.fixture
def company(people):
    User.objects.update(language="en")
    Review.objects.update(time_zone=SHANGHAI)
    return people


@pytest.fixture
def meeting(company) -> Meeting:
    return make.meeting(company, scheduled_at=timezone.now() + dt.timedelta(days=3))


def titles(said: bytes) -> list[str]:
    return [str(row["summary"]) for row in parsed(said).walk("VEVENT")]


@pytest.mark.django_db
def test_a_meeting_is_a_file_for_those_who_may_see_it(meeting, company, signed_in):
    client = signed_in(User.objects.get(username="sales"))
    answer = client.get(f"/meetings/{meeting.pk}/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="meeting-{meeting.pk}.ics"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    read = parsed(answer.content).walk("VEVENT")[0]
    assert str(read["summary"]) == "October 2026 review"
    assert read["dtstart"].dt == meeting.scheduled_at
    assert read["dtend"].dt - read["dtstart"].dt == dt.timedelta(minutes=240)
    assert f"/meetings/{meeting.pk}/calendar.ics" in client.get(f"/meetings/{meeting.pk}/").content.decode()


@pytest.mark.django_db
def test_a_partner_without_a_part_finds_no_file(meeting, company, signed_in):
    meeting.segments.filter(department__kind="partner").update(department=None)
    assert signed_in(company["logistics"]).get(f"/meetings/{meeting.pk}/calendar.ics").status_code == 404


@pytest.mark.django_db
def test_a_partners_calendar_has_their_meetings_only_and_no_title_of_ours(meeting, company):
    make.meeting(
        company,
        scheduled_at=meeting.scheduled_at + dt.timedelta(days=30),
        review=make.review("2026-11", meeting_at=meeting.scheduled_at + dt.timedelta(days=30)),
    )
    part = meeting.segments.order_by("pk").first()
    part.department = make.department("LOG")
    part.save()
    with translation.override("en"):
        found = calendar.events_of(User.objects.get(username="logistics"), at=timezone.now())
        assert [(row.key, row.title) for row in found] == [
            (f"meeting-{meeting.pk}", "Business review meeting")
        ]
        assert len(calendar.events_of(company["sales"], at=timezone.now())) == 2


@pytest.mark.django_db
def test_a_cancelled_meeting_stays_as_cancelled_with_a_higher_sequence(meeting, company):
    before = calendar.events_of(company["sales"], at=timezone.now())[0]
    scheduling.cancel(meeting, by=company["facilitator"], at=timezone.now())
    after = calendar.events_of(company["sales"], at=timezone.now())[0]
    assert (before.is_cancelled, after.is_cancelled) == (False, True)
    assert after.sequence > before.sequence and after.changed_at > before.changed_at
    assert after.key == before.key


@pytest.mark.django_db
def test_a_calendar_holds_500_appointments_and_a_window_of_time(people, monkeypatch):
    asked = []

    def many(user, since, until):
        asked.append((since, until))
        return [event(key=f"e{n}", starts_at=AT + dt.timedelta(hours=n)) for n in range(600)]

    monkeypatch.setattr(calendar, "_sources", {"many": calendar.Source("many", many)})
    found = calendar.events_of(people["sales"], at=AT)
    assert len(found) == 500 and found[0].key == "e0"
    assert asked == [(AT - dt.timedelta(days=90), AT + dt.timedelta(days=400))]


@pytest.mark.django_db
def test_one_meeting_or_three_take_the_same_queries(company, queries):
    for number in range(1, 4):
        when = timezone.now() + dt.timedelta(days=30 * number)
        make.meeting(company, scheduled_at=when, review=make.review(f"2026-0{number}", meeting_at=when))
        if number == 1:
            one = queries(lambda: calendar.events_of(company["sales"], at=timezone.now()))
    assert queries(lambda: calendar.events_of(company["sales"], at=timezone.now())) == one


@pytest.fixture
def rhythm(company):
    changed = {"anchor_on": dt.date(2026, 3, 24), "changed_at": dt.datetime(2026, 3, 20, tzinfo=dt.UTC)}
    return CheckInRhythm.objects.create(pk=1, **changed)


@pytest.mark.django_db
def test_check_ins_stand_in_the_calendars_of_those_who_are_asked(company, rhythm):
    Company.objects.update(time_zone=BERLIN)
    make.action(owner=company["owner"])
    since, until = dt.datetime(2026, 3, 20, tzinfo=dt.UTC), dt.datetime(2026, 4, 30, tzinfo=dt.UTC)
    found = checkin_calendar.events(company["owner"], since, until)
    assert [row.starts_at.isoformat() for row in found] == [
        "2026-03-24T08:30:00+00:00",
        "2026-04-07T07:30:00+00:00",
        "2026-04-21T07:30:00+00:00",
    ]
    assert document(*found).count(b"T093000") == 3
    assert checkin_calendar.events(company["hr"], since, until) == []


@pytest.mark.django_db
def test_a_check_in_that_moves_keeps_its_identity_and_one_that_is_off_is_gone(company, rhythm):
    make.action(owner=company["owner"])
    window = (dt.datetime(2026, 3, 20, tzinfo=dt.UTC), dt.datetime(2026, 3, 30, tzinfo=dt.UTC))
    before = checkin_calendar.events(company["owner"], *window)[0]
    rhythm.anchor_on, rhythm.changed_at = dt.date(2026, 3, 26), dt.datetime(2026, 3, 21, tzinfo=dt.UTC)
    rhythm.save()
    after = checkin_calendar.events(company["owner"], *window)[0]
    assert after.key == before.key and after.starts_at > before.starts_at and after.sequence > before.sequence
    CheckInRhythm.objects.update(is_on=False)
    assert checkin_calendar.events(company["owner"], *window) == []


@pytest.mark.django_db
def test_the_check_ins_of_a_year_are_a_file(company, rhythm, signed_in):
    make.action(owner=company["owner"])
    answer = signed_in(User.objects.get(username="owner")).get("/checkin/calendar.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 28 <= len(parsed(answer.content).walk("VEVENT")) <= 29
    empty = signed_in(company["hr"]).get("/checkin/calendar.ics")
    assert parsed(empty.content).walk("VEVENT") == []


# --- The secret address ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_feed_opens_without_signing_in_and_in_its_persons_language(meeting, company, client):
    token = feeds.subscribe(company["sales"], at=AT)
    answer = client.get(f"/calendar/{token}.ics", headers={"Accept-Language": "zh-CN"})
    assert titles(answer.content) == ["October 2026 review"]
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "no-store, private"
    User.objects.filter(username="sales").update(language="zh-hans")
    assert titles(client.get(f"/calendar/{token}.ics").content) == ["2026年10月经营分析会"]
    assert client.head(f"/calendar/{token}.ics").status_code == 200
    assert client.post(f"/calendar/{token}.ics").status_code == 405


@pytest.mark.django_db
def test_only_a_hash_of_256_bits_is_kept(people):
    tokens = {feeds.subscribe(people["sales"], at=AT) for _each in range(5)}
    assert len(tokens) == 5 and {len(token) for token in tokens} == {43}
    kept = str(list(CalendarFeed.objects.values_list()))
    assert not any(token in kept for token in tokens)
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1


@pytest.mark.django_db
def test_a_new_address_an_end_and_a_closed_account_each_lead_to_404(people, client):
    first = feeds.subscribe(people["sales"], at=AT)
    second = feeds.subscribe(people["sales"], at=AT)
    assert [client.get(f"/calendar/{token}.ics").status_code for token in (first, second)] == [404, 200]
    feeds.revoke(people["sales"], at=AT)
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    third = feeds.subscribe(people["tech"], at=AT)
    User.objects.filter(username="tech").update(is_active=False)
    assert client.get(f"/calendar/{third}.ics").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2f", "é"])
def test_other_tokens_open_nothing(people, client, token):
    assert client.get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.django_db
def test_when_it_was_used_is_noted_to_the_hour(people):
    token = feeds.subscribe(people["sales"], at=AT)
    for minutes in (0, 30, 61):
        feeds.reader(token, at=AT + dt.timedelta(minutes=minutes))
    assert CalendarFeed.objects.get().used_at == AT + dt.timedelta(minutes=61)
    feeds.reader(token, at=AT + dt.timedelta(minutes=90))
    assert CalendarFeed.objects.get().used_at == AT + dt.timedelta(minutes=61)


@pytest.mark.django_db
def test_the_address_is_shown_in_one_answer_alone(company, signed_in, settings, caplog):
    settings.BASE_URL = "https://review.farsail.example"
    caplog.set_level(logging.DEBUG)
    client = signed_in(User.objects.get(username="sales"))
    answer = client.post("/notices/settings/calendar")
    shown = answer.content.decode().partition('id="feed-address">')[2].partition("<")[0]
    assert (
        shown.startswith("https://review.farsail.example/calendar/") and "no-store" in answer["Cache-Control"]
    )
    assert client.get(shown.removeprefix("https://review.farsail.example")).status_code == 200
    later = client.get("/notices/settings/").content.decode()
    assert shown not in later and "You subscribed" in later and "Last asked for" in later
    assert shown.rpartition("/")[2] not in caplog.text
    client.post("/notices/settings/calendar/end")
    assert client.get(shown.removeprefix("https://review.farsail.example")).status_code == 404
