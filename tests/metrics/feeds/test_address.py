"""Scheduled downloads from a real HTTP server: asked only for what is new, and never led astray (T23, B120)."""

import datetime as dt
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from metrics import feeds
from metrics.feeding import address
from metrics.models import Feed, ImportJob, Submission
from reviewhub.notices.channels import guard
from tests.metrics.feeds import given
from tests.metrics.uploads import ROWS, csv

pytestmark = pytest.mark.django_db
MEMBER = "/exports/december.csv?shop=1"


class Shop(BaseHTTPRequestHandler):
    """Answers `server.content` with its ETag, or what `server.answer` says."""

    def do_GET(self):
        self.server.asked.append(dict(self.headers) | {"path": self.path})
        if self.server.answer:
            return self.server.answer(self)
        tag = f'"{hashlib.sha256(self.server.content).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(self.server.content)

    def log_message(self, *_about):
        pass


@pytest.fixture
def shop(settings):
    settings.WEBHOOK_LOOPBACK = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.asked, server.answer, server.content = [], None, csv()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def entered(people, shop, path=MEMBER, **config):
    url = f"http://127.0.0.1:{shop.server_port}{path}"
    return given.entered(people, "address", {"url": url} | config)


def test_a_download_becomes_a_version_and_unchanged_data_none(people, shop, monkeypatch):
    monkeypatch.setenv("SOURCE_SECRET_SHOP_KEY", "Bearer hunter2")
    feed = entered(people, shop, secret="SHOP_KEY")
    first = given.pulled(feed)
    assert (first.state, first.files) == ("done", 1) and Submission.objects.count() == 1
    second = given.pulled(feed, given.AT + dt.timedelta(hours=1))
    assert (second.state, second.files) == ("unchanged", 0)
    assert [one.get("If-None-Match") for one in shop.asked] == [None, feed.marks["etag"]]
    assert {one["Authorization"] for one in shop.asked} == {"Bearer hunter2"}
    assert {one["path"] for one in shop.asked} == {MEMBER} and "hunter2" not in str(
        Feed.objects.values_list()
    )
    shop.content = csv(ROWS[:2])
    third = given.pulled(feed, given.AT + dt.timedelta(hours=2))
    assert third.state == "done" and Submission.objects.count() == 2


def test_the_same_bytes_without_a_tag_make_no_new_version(people, shop):
    feed = entered(people, shop)
    given.pulled(feed)
    Feed.objects.update(marks={})
    assert given.pulled(feed, given.AT + dt.timedelta(hours=1)).state == "unchanged"
    assert Submission.objects.count() == ImportJob.objects.count() == 1


def test_a_refused_file_is_asked_for_again(people, shop):
    shop.content = b"nonsense,row\n1,2\n"
    feed = entered(people, shop)
    assert given.pulled(feed).problem["code"] == "REFUSED" and feed.marks == {}


def status(code, **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


@pytest.mark.parametrize(("code", "hopeless"), [(404, 1), (401, 1), (302, 1), (500, 0), (503, 0), (429, 0)])
def test_an_answer_that_is_no_file_says_which(people, shop, code, hopeless):
    shop.answer = status(code, Location="http://127.0.0.1:1/")
    feed = entered(people, shop)
    run = given.pulled(feed)
    assert run.problem == {"code": "ANSWERED", "params": {"status": code, "host": "127.0.0.1"}}
    assert (feed.failures, feed.hopeless, len(shop.asked)) == (1, hopeless, 1)


def test_an_endless_answer_is_cut_off(people, shop, settings):
    settings.INTAKE_LIMITS = settings.INTAKE_LIMITS | {"csv_bytes": 100_000}

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 10_000)
        except OSError:
            pass

    shop.answer = endless
    assert given.pulled(entered(people, shop)).problem["code"] == "TOO_LARGE"


def test_an_answer_that_trickles_is_given_up(people, shop, monkeypatch):
    monkeypatch.setattr(address, "SECONDS", 0.5)
    gone = threading.Event()

    def trickle(handler):
        handler.send_response(200)
        handler.end_headers()
        while not gone.wait(0.1):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return

    shop.answer = trickle
    run = given.pulled(entered(people, shop))
    gone.set()
    assert run.problem["code"] == "ADDRESS_AWAY" and not ImportJob.objects.exists()


def test_an_answer_that_breaks_off_is_no_file(people, shop):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.write(csv())

    shop.answer = half
    run = given.pulled(entered(people, shop))
    assert run.problem["code"] == "ADDRESS_AWAY" and not ImportJob.objects.exists()


FORBIDDEN = [
    "http://data.example.com/x.csv",
    "https://127.0.0.1/x.csv",
    "https://127.1/x.csv",
    "https://0x7f.1/x.csv",
    "https://[::ffff:127.0.0.1]/x.csv",
    "https://169.254.169.254/latest/",
    "https://data.example.com@evil.com/x.csv",
    "https://evil.com#data.example.com/",
    "https://evil.com\\.data.example.com/",
    "https://data.example.com.evil.com/",
    "https://data.example.com:8443/",
    "https://data.example.com/a b",
    "https://data.example.com/\r\nHost: x",
    "https://dätä.example.com/",
    "file:///etc/passwd",
    "ftp://data.example.com/",
    "//data.example.com/",
    "https://",
    "https://[",
    "",
]


@pytest.mark.parametrize("url", FORBIDDEN)
def test_an_address_that_is_not_allowed_is_not_kept(people, settings, url):
    settings.SOURCE_ALLOWED_HOSTS = ["data.example.com"]
    with pytest.raises(feeds.CannotKeep) as refusal:
        given.entered(people, "address", {"url": url})
    assert list(refusal.value.problems) == ["url"]


@pytest.mark.parametrize(
    "url", ["https://data.example.com/x.csv", "https://a.shop.example/x", "https://b.example:8443/x"]
)
def test_an_allowed_one_is(people, settings, url):
    settings.SOURCE_ALLOWED_HOSTS = ["data.example.com", ".shop.example", "b.example:8443"]
    assert given.entered(people, "address", {"url": url}).config == {"url": url}


@pytest.mark.parametrize("found", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "64:ff9b::7f00:1"])
def test_a_name_that_leads_into_a_private_network_is_not_followed(people, settings, monkeypatch, found):
    """The address is checked when it is dialled: a name that changed its mind since then is caught (DNS rebinding)."""
    settings.SOURCE_ALLOWED_HOSTS = ["data.example.com"]
    monkeypatch.setattr(guard, "resolve", lambda host, port, seconds: [(2, 1, 6, "", (found, port))])
    run = given.pulled(given.entered(people, "address", {"url": "https://data.example.com/x.csv"}))
    assert run.problem == {"code": "ADDRESS_PRIVATE", "params": {"host": "data.example.com"}}
