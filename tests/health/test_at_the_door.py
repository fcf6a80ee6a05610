"""Addresses, numbers and lines of requests; errors that keep what was typed; figures (T31, T32, F11, F29)."""

import datetime as dt
import errno
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from reviewhub.health import gauges, processes, pulse
from reviewhub.health.web import broken, requests


def seen(settings, claimed, *, trusted, peer="10.0.0.7") -> str:
    settings.TRUSTED_PROXY = trusted
    found = {}

    def view(request):
        found.update(address=request.META["REMOTE_ADDR"], left="HTTP_X_FORWARDED_FOR" in request.META)
        return HttpResponse()

    extra = {"HTTP_X_FORWARDED_FOR": claimed} if claimed else {}
    requests.ClientAddressMiddleware(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **extra))
    assert not found["left"]
    return found["address"]


@pytest.mark.parametrize(
    ("claimed", "trusted", "address"),
    [
        ("", True, "10.0.0.7"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("203.0.113.9, 198.51.100.2", True, "198.51.100.2"),
        ("127.0.0.1, 2001:db8::1", True, "2001:db8::1"),
        ("203.0.113.9", False, "10.0.0.7"),
        ("nonsense", True, "10.0.0.7"),
        ("203.0.113.9, <script>", True, "10.0.0.7"),
        ("203.0.113.9,", True, "10.0.0.7"),
    ],
)
def test_only_what_our_proxy_saw_is_the_address(settings, claimed, trusted, address):
    """T32"""
    assert seen(settings, claimed, trusted=trusted) == address


@pytest.mark.django_db
def test_every_answer_has_a_number_and_one_line(client, caplog):
    with caplog.at_level(logging.INFO, "reviewhub.requests"):
        answer = client.get("/accounts/login/?next=/secret/")
    [record] = [each for each in caplog.records if each.name == "reviewhub.requests"]
    assert (record.path, record.status, record.route, record.user_id) == (
        "/accounts/login/",
        200,
        "account_login",
        None,
    )
    assert "secret" not in record.getMessage() and record.ms > 0
    assert len(answer["X-Request-ID"]) == 16
    assert (
        client.get("/healthz", headers={"X-Request-ID": "claimed-number"})["X-Request-ID"] != "claimed-number"
    )


@pytest.mark.django_db
def test_the_number_of_our_proxy_is_kept_when_it_is_one(client, settings):
    settings.TRUSTED_PROXY = True
    assert (
        client.get("/healthz", headers={"X-Request-ID": "a-good-number"})["X-Request-ID"] == "a-good-number"
    )
    assert "\n" not in client.get("/healthz", headers={"X-Request-ID": "bad one"})["X-Request-ID"]
    assert client.get("/healthz", headers={"X-Request-ID": "bad one"})["X-Request-ID"] != "bad one"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503),
        (OperationalError("database is locked"), 503),
        (InterfaceError("connection already closed"), 503),
        (OperationalError("database or disk is full"), 507),
        (DatabaseError('could not extend file "base/1": No space left on device'), 507),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OperationalError("no such table: people_user"), 500),
        (OSError(errno.ENOENT, "gone"), 500),
        (ZeroDivisionError(), 500),
        (None, 500),
    ],
)
def test_the_status_says_whose_turn_it_is(error, status):
    assert broken.status_of(error) == status


def page_of(error, request, number="number-1"):
    request.number = number
    try:
        raise error
    except type(error):
        return broken.broken(request)


@pytest.mark.parametrize(("language", "words"), [("en", "Send again"), ("zh-CN", "重新发送")])
def test_what_was_typed_can_be_sent_again(language, words):
    typed = {"title": '"><script>x</script>', "many": ["a", "b"]}
    request = RequestFactory().post("/actions/?page=2", typed, headers={"Accept-Language": language})
    answer = page_of(OperationalError("away"), request)
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10") and words in text and "number-1" in text
    assert 'action="/actions/?page=2"' in text and text.count('type="hidden"') == 3
    assert "&quot;&gt;&lt;script&gt;" in text and "<script>" not in text


def test_passwords_and_files_are_not_kept_and_readers_are_led_home():
    factory = RequestFactory(headers={"Accept-Language": "en"})
    request = factory.post("/accounts/login/", {"login": "a", "password": "the secret"})
    assert "the secret" not in page_of(OperationalError("away"), request).content.decode()
    request = factory.post("/submissions/", {"file": SimpleUploadedFile("a.csv", b"x"), "period": "2010-12"})
    text = page_of(OSError(errno.ENOSPC, "full"), request).content.decode()
    assert "A file has to be chosen again" in text and "<form" not in text
    assert "<form" not in page_of(OperationalError("away"), factory.get("/")).content.decode()


def test_an_error_says_a_number_and_nothing_of_itself(monkeypatch):
    """T31"""
    request = RequestFactory().get("/", headers={"Accept-Language": "en"})
    answer = page_of(ZeroDivisionError("the secret of line 12"), request)
    assert answer.status_code == 500 and b"number-1" in answer.content and b"secret" not in answer.content
    monkeypatch.setattr(broken, "render_to_string", lambda *_: 1 / 0)
    assert page_of(ZeroDivisionError(), request).content == b"500 number-1"


@pytest.mark.django_db
def test_an_exception_anywhere_ends_in_that_page(client, monkeypatch):
    monkeypatch.setattr("reviewhub.health.web.pulse.report", lambda at: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/healthz")
    assert answer.status_code == 500 and answer["X-Request-ID"].encode() in answer.content
    assert b"ZeroDivision" not in answer.content


@pytest.mark.django_db
def test_figures_exist_only_for_those_who_bear_the_token(client, settings):
    for known, sent in (("", "Bearer "), ("right", ""), ("right", "Bearer wrong"), ("right", "Basic right")):
        settings.METRICS_TOKEN = known
        assert client.get("/metrics", headers={"Authorization": sent} if sent else {}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer right"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "reviewhub_database_up 1.0" in text
    assert 'reviewhub_imports{state="queued"} 0.0' in text and "reviewhub_version_info" in text


@pytest.mark.django_db
def test_an_app_may_add_a_figure_and_a_database_that_is_away_is_one(settings, monkeypatch):
    settings.METRICS_TOKEN = "right"
    monkeypatch.setattr(gauges, "_registered", dict(gauges._registered))
    gauges.register("waiting", lambda at: [({"kind": "mail"}, 7)], help="Waiting", labels=("kind",))
    ask = lambda: Client().get("/metrics", headers={"Authorization": "Bearer right"}).content.decode()  # noqa: E731
    assert 'reviewhub_waiting{kind="mail"} 7.0' in ask()

    def away(at):
        raise OperationalError("away")

    gauges.register("waiting", away, help="Waiting")
    assert "reviewhub_database_up 0.0" in ask() and "reviewhub_waiting" not in ask()


@pytest.fixture
def looked_anew(monkeypatch):
    """Nobody has looked for troubles yet."""
    monkeypatch.setattr(processes, "_troubles", (float("-inf"), []))


REDIS, SILENT = "Redis does not answer", "No worker has shown itself"


@pytest.mark.django_db
def test_administrators_are_told_that_redis_is_away_and_others_are_not(
    signed_in, people, settings, looked_anew
):
    """F10"""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    english = {"Accept-Language": "en"}
    page = signed_in(people["admin"]).get("/profile/", headers=english).content.decode()
    assert REDIS in page and SILENT not in page
    page = signed_in(people["owner"]).get("/profile/", headers=english).content.decode()
    assert REDIS not in page


@pytest.mark.django_db
def test_a_worker_that_fell_silent_is_said_and_nothing_where_all_is_well(at, looked_anew, monkeypatch):
    pulse.beat(at=at)
    assert processes.troubles(at=at) == []
    late = at + dt.timedelta(minutes=4)
    assert processes.troubles(at=late) == []  # not looked at again within 15 seconds
    monkeypatch.setattr(processes, "_troubles", (float("-inf"), []))
    [said] = processes.troubles(at=late)
    assert said.startswith(SILENT)
