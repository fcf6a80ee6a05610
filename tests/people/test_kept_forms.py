"""What was typed in a form whose session ended before it was sent (B127)."""

import datetime as dt
import html
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from actions.models import BudgetAdjustment
from reviewhub.people import kept_forms
from tests import make
from tests.people.test_sessions import made_older

pytestmark = pytest.mark.django_db
PASSWORD = "horses chew quiet numbers"
PAGE = "/reviews/2026-10/budget/"
TYPED = {
    "from_account": ["MKT/FB-US", "reserve"],
    "to_account": ["MKT/TikTok-DE", "<b>SCM</b>"],
    "amount": ["20万", "7"],
    "decision": ["D-44", ""],
    "note": ["first line\nsecond", ""],
    "version": "0",
    "do": "save",
    "csrfmiddlewaretoken": "CANARYtoken",
}


@pytest.fixture
def finance(people):
    people["finance"].set_password(PASSWORD)
    people["finance"].language = "en"
    people["finance"].save()
    return people["finance"]


@pytest.fixture
def clock(people):
    from actions import budget  # noqa: PLC0415

    at = timezone.now().replace(microsecond=0)
    return budget.open_clock(make.review(meeting_at=at), ended_at=at, by=None, at=at)


def enter(client, person, to="/"):
    data = {"login": person.username, "password": PASSWORD, "next": to}
    return client.post("/accounts/login/", data, headers={"Accept-Language": "en"})


def signed_in(person) -> Client:
    client = Client()
    assert enter(client, person).status_code == 302
    return client


def send(client, data=TYPED, page=PAGE, **headers):
    return client.post(page, data, headers=headers)


@pytest.mark.parametrize("how", ["idle", "twelve hours", "signed out"])
def test_what_was_typed_is_sent_after_signing_in_again(finance, clock, how):
    client = signed_in(finance)
    if how == "signed out":
        client.post("/accounts/logout/")
    else:
        made_older(client, **({"seen": 3.01} if how == "idle" else {"since": 12.01}))
    answer = send(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/again/")
    assert client.get("/again/")["Location"].startswith("/accounts/login/")  # not before somebody signed in
    assert enter(client, finance, "/again/")["Location"] == "/again/"
    page = client.get("/again/").content.decode()
    assert "&lt;b&gt;SCM&lt;/b&gt;" in page and "first line<br>second" in page and "CANARYtoken" not in page
    assert client.get("/again/").status_code == 200  # looking does not take it away
    fields = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    data: dict[str, list] = {}
    for name, value in fields:
        data.setdefault(name, []).append(html.unescape(value))
    assert 'action="/reviews/2026-10/budget/"' in page
    assert client.post(PAGE, data).status_code == 302
    lines = BudgetAdjustment.objects.get().lines.order_by("position")
    assert [(one.from_account, one.to_account, one.note) for one in lines] == [
        ("MKT/FB-US", "MKT/TikTok-DE", "first line second"), ("reserve", "<b>SCM</b>", ""),
    ]  # fmt: skip
    assert client.get("/again/")["Location"] == "/"  # it is sent


def test_a_script_that_sends_leads_the_whole_page_there(finance, clock):
    client = signed_in(finance)
    made_older(client, seen=3.01)
    answer = send(client, **{"HX-Request": "true", "HX-Current-URL": "http://testserver" + PAGE})
    assert answer["HX-Redirect"] == "/accounts/login/?next=/again/"


def test_it_is_for_who_typed_it_alone_and_for_an_hour(finance, clock, people):
    people["sales"].set_password(PASSWORD)
    people["sales"].save()
    client = signed_in(finance)
    made_older(client, seen=3.01)
    send(client)
    enter(client, people["sales"], "/again/")
    assert client.get("/again/")["Location"] == "/" and kept_forms.KEPT not in client.session
    session, at = {}, timezone.now()
    kept_forms.keep(session, "/actions/", [("text", "x")], owner=finance.pk, had_files=False, at=at)
    assert kept_forms.of(session, finance, at=at + dt.timedelta(minutes=59)).fields == [("text", "x")]
    assert kept_forms.of(session, finance, at=at + dt.timedelta(minutes=60)) is None and session == {}


def test_the_query_of_an_address_is_kept_too(finance, clock):
    client = signed_in(finance)
    made_older(client, seen=3.01)
    send(client, page=f"{PAGE}?from=<home>")
    enter(client, finance)
    assert f'action="{PAGE}?from=%3Chome%3E"' in client.get("/again/").content.decode()
    client.post(PAGE, TYPED)
    assert kept_forms.KEPT not in client.session


def test_it_can_be_thrown_away(finance, clock):
    client = signed_in(finance)
    made_older(client, seen=3.01)
    send(client)
    enter(client, finance)
    assert client.post("/again/")["Location"] == "/"
    assert kept_forms.KEPT not in client.session and client.get("/again/")["Location"] == "/"


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/comp/2026-Q4/write/sales/", {"text": "secret pay"}),
        ("/profile/", {"name": "x"}),
        (PAGE, {"note": "x" * 70_000}),
        (PAGE, {"csrfmiddlewaretoken": "x"}),
        (PAGE, {"note": ""}),
        (PAGE, {"note": "kept", "app_password": "open sesame"}),
        ("/notices/hooks/new/", {"address": "https://open.feishu.cn/secret"}),
    ],
    ids=["commission", "profile", "too large", "only a token", "nothing", "a password", "a chat address"],
)
def test_what_is_not_kept_leads_back_to_the_page_itself(finance, clock, page, data):
    client = signed_in(finance)
    made_older(client, seen=3.01)
    assert send(client, data, page)["Location"] == f"/accounts/login/?next={page}"
    assert kept_forms.KEPT not in client.session


def test_a_stranger_leaves_nothing_behind(client, clock):
    assert send(client)["Location"] == f"/accounts/login/?next={PAGE}"
    assert "sessionid" not in client.cookies and not Session.objects.exists()
