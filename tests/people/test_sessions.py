"""Sessions end by idleness, by age, by a new password, and when somebody ends them (T20)."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from meetings.watching import Doorkeeper
from reviewhub.people import sessions
from reviewhub.people.models import Activity, User

pytestmark = pytest.mark.django_db
SECRET = "a kettle of fish and chips"
H = dt.timedelta(hours=1)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def sales(people):
    person = people["sales"]
    person.set_password(SECRET)
    person.language = "en"
    person.save()
    return person


def enter(sales, address="127.0.0.1", agent=CHROME) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    answer = client.post("/accounts/login/", {"login": "sales", "password": SECRET})
    assert answer.status_code == 302
    assert client.get("/profile/").status_code == 200
    return client


def is_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def made_older(client, **hours) -> None:
    """As if the session had begun, or was last used, so many hours ago."""
    session = client.session
    for name, ago in hours.items():
        key = {"since": sessions.SINCE, "seen": sessions.SEEN}[name]
        session[key] -= int(dt.timedelta(hours=ago).total_seconds())
    session.save()


# --- How long -----------------------------------------------------------------------------------------------


def test_three_hours_of_silence_or_twelve_in_all_end_a_session(at):
    kept = {}
    sessions.begin(kept, at=at)
    assert sessions.lasts(kept, at=at + 3 * H - dt.timedelta(seconds=1))
    assert not sessions.lasts(kept, at=at + 3 * H)
    kept[sessions.SEEN] = (at + 11 * H).timestamp()
    assert sessions.lasts(kept, at=at + 12 * H - dt.timedelta(seconds=1))
    assert not sessions.lasts(kept, at=at + 12 * H)
    assert not sessions.lasts({}, at=at)


def test_an_idle_session_is_over_and_its_pages_lead_to_the_sign_in_page(sales):
    client = enter(sales)
    made_older(client, seen=2.9)
    assert is_in(client)
    made_older(client, seen=3.01)
    answer = client.get("/profile/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
    assert not is_in(client)


def test_a_session_in_use_ends_after_twelve_hours_all_the_same(sales):
    client = enter(sales)
    made_older(client, since=12.01)
    assert not is_in(client)


def test_the_clock_that_a_live_page_asks_for_every_five_minutes_keeps_it_alive(sales, people):
    from tests import make  # noqa: PLC0415

    meeting = make.meeting(people)
    client = enter(sales)
    for _five_minutes_of_four_hours in range(48):
        made_older(client, since=1 / 12, seen=1 / 12)
        assert client.get(f"/meetings/{meeting.pk}/time").status_code == 200
    assert is_in(client)


def test_a_page_is_noted_once_a_minute_and_not_at_every_look(sales, django_assert_num_queries):
    client = enter(sales)
    client.get("/accounts/logout/")
    first = UserSession.objects.get().last_seen_at
    client.get("/accounts/logout/")
    assert UserSession.objects.get().last_seen_at == first
    made_older(client, seen=0.02)
    client.get("/accounts/logout/")
    assert UserSession.objects.get().last_seen_at > first


def test_the_stream_of_a_meeting_ends_with_the_session(sales):
    from django.utils import timezone  # noqa: PLC0415 - the stream looks at the real clock

    now = timezone.now()
    client = enter(sales)
    key = client.session.session_key
    keeper = Doorkeeper()
    assert keeper.signed_in([key], at=now)[key] == sales
    assert keeper.signed_in([key], at=now + 3 * H + dt.timedelta(minutes=1)) == {}
    assert keeper.signed_in([key], at=now)[key] == sales
    sessions.end_all(sales, by=sales, at=now)
    assert keeper.signed_in([key], at=now) == {}


# --- Whose --------------------------------------------------------------------------------------------------


def test_signing_in_gives_another_key_and_a_planted_one_is_worth_nothing(sales):
    planted = Client()
    planted.get("/accounts/login/")
    session = planted.session
    session["planted"] = True
    session.save()
    planted.cookies["sessionid"] = before = session.session_key
    planted.post("/accounts/login/", {"login": "sales", "password": SECRET})
    assert planted.session.session_key != before and is_in(planted)
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


def test_a_new_password_ends_every_other_session(sales):
    here, there = enter(sales), enter(sales, "198.51.100.7")
    new = {
        "oldpassword": SECRET,
        "password1": "another kettle of fish",
        "password2": "another kettle of fish",
    }
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert is_in(here) and not is_in(there)
    assert Activity.objects.filter(code="person.password_changed", actor=sales).count() == 1


def test_one_sees_where_one_is_signed_in_and_ends_one_place(sales):
    here, there = enter(sales), enter(sales, "198.51.100.7", "Mozilla/5.0 (iPhone) Version/18 Safari/604")
    page = here.get("/profile/security/").content.decode()
    assert "Chrome · Windows" in page and "Safari · iPhone" in page and "198.51.100.7" in page
    row = UserSession.objects.get(ip="198.51.100.7")
    assert here.post(f"/profile/security/sessions/{row.pk}/end").status_code == 302
    assert is_in(here) and not is_in(there)
    assert not Session.objects.filter(session_key=row.session_key).exists()


def test_somebody_elses_session_is_not_found(sales, people, signed_in):
    enter(sales)
    row = UserSession.objects.get()
    assert signed_in(people["owner"]).post(f"/profile/security/sessions/{row.pk}/end").status_code == 404


def test_signing_out_everywhere_else_ends_the_listed_and_the_unlisted(sales, signed_in):
    here, there = enter(sales), enter(sales, "198.51.100.7")
    unlisted = signed_in(sales)
    here.post("/profile/security/sessions/end")
    assert is_in(here) and not is_in(there) and not is_in(unlisted)
    assert UserSession.objects.filter(user=sales).count() == 1


def test_an_administrator_ends_all_sessions_of_a_person(sales, people, signed_in):
    there = enter(sales)
    admin = signed_in(people["admin"])
    assert admin.post(f"/people/{sales.pk}/sessions/end").status_code == 302
    assert not is_in(there) and is_in(admin)
    line = Activity.objects.get(code="person.sessions_ended")
    assert (line.actor, line.params) == (people["admin"], {"person": "sales"})
    assert admin.post(f"/people/{people['admin'].pk}/sessions/end").status_code == 302
    assert is_in(admin), "one's own end everywhere but here"


def test_sessions_that_are_over_are_not_listed(sales):
    here = enter(sales)
    gone = enter(sales, "198.51.100.7")
    made_older(gone, seen=4)
    page = here.get("/profile/security/").content.decode()
    assert "198.51.100.7" not in page and UserSession.objects.count() == 1


@pytest.mark.parametrize("claimed", ["203.0.113.9", "203.0.113.9, 10.0.0.1"])
def test_a_claimed_address_is_not_where_one_is(sales, claimed, settings):
    client = enter(sales)
    made_older(client, seen=0.02)
    client.get("/profile/", HTTP_X_FORWARDED_FOR=claimed)
    assert UserSession.objects.get().ip == "127.0.0.1"
    settings.TRUSTED_PROXY = True
    made_older(client, seen=0.02)
    client.get("/profile/", HTTP_X_FORWARDED_FOR=claimed)
    assert UserSession.objects.get().ip == claimed.split(", ")[-1]


def test_a_late_answer_to_an_old_cookie_does_not_take_the_new_one_away(sales):
    late = Client()
    late.cookies["sessionid"] = "d2onn2pjaquku95pilzjzec7gixk8c8k"
    for path in ("/accounts/login/", "/profile/", "/nothing/"):
        assert "sessionid" not in late.get(path).cookies, path
    client = enter(sales)
    assert client.post("/accounts/logout/").cookies["sessionid"].value == ""


# --- What is left behind ------------------------------------------------------------------------------------


def test_pages_of_somebody_signed_in_are_kept_nowhere(sales):
    client = enter(sales)
    for path in ("/", "/profile/", "/departments/", "/nothing/", "/people/"):
        assert "no-store" in client.get(path)["Cache-Control"], path
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache"' and "no-store" in answer["Cache-Control"]
    assert "Clear-Site-Data" not in client.get("/accounts/login/")


def test_the_cookie_is_for_this_server_alone(sales):
    client = Client()
    answer = client.post("/accounts/login/", {"login": "sales", "password": SECRET})
    for name in ("sessionid", "browser"):
        cookie = answer.cookies[name]
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"], name
    assert User.objects.get(pk=sales.pk).last_login
