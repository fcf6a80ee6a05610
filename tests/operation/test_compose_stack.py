"""The production set-up as it is written in docker-compose.yml, started for real and asked through its proxy."""

import json
import re
import socket
import time
import uuid
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection

from tests.operation.stack import ROOT, Browser, Stack
from tests.server import Stream, database_url

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.xdist_group("stack")]

PASSWORD = "a password of nine words"
# A proxy that gathers a stream delivers it when the connection ends, minutes later.
UNBUFFERED_S = 10
SETTLE = f"""
from reviewhub.people.models import User
for person in User.objects.filter(username__in=["facilitator", "ceo", "admin"]):
    person.set_password({PASSWORD!r}); person.save()
"""


@pytest.fixture(scope="module")
def fresh_database(django_db_setup):
    """The URL of an empty database on the suite's server."""
    name = f"stack_{uuid.uuid4().hex[:8]}"
    # The URL of the server is known without asking the database, which this fixture may not do.
    server = urlsplit(database_url())
    with closing(psycopg2.connect(server._replace(path="/postgres").geturl())) as link:
        link.autocommit = True
        link.cursor().execute(f"CREATE DATABASE {name}")
        yield server._replace(path=f"/{name}").geturl()
        link.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def stack(fresh_database, tmp_path_factory):
    if connection.vendor != "postgresql":
        pytest.skip("the compose file knows PostgreSQL only")
    stack = Stack(tmp_path_factory.mktemp("stack"), fresh_database, REVIEWHUB_DEMO="1")
    try:
        stack.start("redis")
        prepared = stack.run("migrate")
        assert prepared.returncode == 0, prepared.stderr
        settled = stack.run("web", "python", "manage.py", "shell", "-c", SETTLE)
        assert settled.returncode == 0, settled.stderr
        for service in ("web", "live", "worker", "beat", "proxy"):
            stack.start(service)
        stack.until(lambda: health(stack)["worker"] == "ok", 240, "sign of life of the worker")
        yield stack
    finally:
        stack.close()


def health(stack) -> dict:
    try:
        return json.loads(Browser(stack.url).ask("GET", "/healthz")[2])
    except (OSError, ValueError):
        return {"worker": "down"}


@pytest.fixture
def facilitator(stack):
    browser = Browser(stack.url)
    assert browser.sign_in("facilitator", PASSWORD) == 302
    return browser


def lines(stack, service="web", **wanted) -> list[dict]:
    """The lines of a service's log that say `wanted`; every line must be an object."""
    said = [json.loads(line) for line in stack.log(service).read_text().splitlines() if line.startswith("{")]
    return [line for line in said if all(line.get(name) == value for name, value in wanted.items())]


def test_every_service_becomes_healthy(stack):
    for service in ("proxy", "web", "live", "worker", "beat"):
        stack.until(lambda name=service: stack.is_healthy(name), 240, f"health of {service}")
    assert health(stack) | {"beat_age_s": 0} == {
        "status": "ok",
        "database": "postgresql",
        "worker": "ok",
        "beat_age_s": 0,
        "version": "0.1.0",
    }


def test_redis_asks_for_its_password(stack):
    with closing(socket.create_connection(("127.0.0.1", stack.redis), 5)) as link:
        link.sendall(b"PING\r\n")
        assert link.recv(100).startswith(b"-NOAUTH")


def test_people_sign_in_through_the_proxy_and_pages_are_not_kept(stack, facilitator):
    status, headers, page = facilitator.ask("GET", "/")
    assert status == 200 and "李娜".encode() in page
    assert "no-store" in headers["Cache-Control"] or "no-cache" in headers["Cache-Control"]
    assert "Server" not in headers and "Via" not in headers


def test_static_files_are_kept_for_a_year_and_arrive_compressed(stack, facilitator):
    page = facilitator.ask("GET", "/")[2].decode()
    found = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    status, headers, _body = facilitator.ask("GET", found, Accept_Encoding="br")
    assert (status, headers["Content-Encoding"]) == (200, "br")
    assert "max-age=315360000" in headers["Cache-Control"] and "immutable" in headers["Cache-Control"]


def test_a_stream_arrives_unbuffered(stack, facilitator):
    page = facilitator.ask("GET", "/meetings/")[2].decode()
    numbers = sorted({int(number) for number in re.findall(r'href="/meetings/(\d+)/', page)})
    for meeting in numbers:  # the one that can be started
        asked = time.monotonic()
        stream = Stream(_Proxy(stack), f"/meetings/{meeting}/stream", facilitator.cookies["sessionid"])
        assert stream.answer.status == 200 and "Content-Encoding" not in stream.answer.headers
        assert stream.answer.headers["Cache-Control"] == "no-store"
        state, at = stream.next_at()
        assert at - asked < UNBUFFERED_S
        if state["phase"] == "ready":
            break
    sent = time.monotonic()
    order = {"cmd": "start", "expected_seq": state["seq"], "client_id": str(uuid.uuid4())}
    assert facilitator.order(meeting, **order) == 200
    changed, at = stream.after(state["seq"])
    assert changed["seq"] > state["seq"] and at - sent < UNBUFFERED_S
    live = [line for line in lines(stack, "live") if line.get("path", "").endswith("/stream")]
    pages = [line for line in lines(stack) if line.get("path", "").endswith("/stream")]
    assert pages == [] and live == []  # streams are answered before Django and never reach the pages


class _Proxy:
    def __init__(self, stack):
        self.port = stack.proxy


def test_a_claimed_address_does_not_pass_and_a_claimed_number_neither(stack):
    browser = Browser(stack.url)
    claims = {"X_Forwarded_For": "203.0.113.9", "X_Real_Ip": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    status, headers, _page = browser.ask("GET", "/accounts/login/", X_Request_Id="claimed-number", **claims)
    assert status == 200
    number = headers["X-Request-ID"]
    assert number != "claimed-number"
    [line] = stack.until(lambda: lines(stack, request_id=number), 60, "line of the request")
    assert (line["client"], line["path"], line["status"]) == ("127.0.0.1", "/accounts/login/", 200)
    assert "203.0.113.9" not in stack.log("web").read_text()


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Host": "evil.example", "X_Forwarded_Host": "127.0.0.1"}]
)
def test_a_foreign_host_name_is_refused(stack, headers):
    assert Browser(stack.url).ask("GET", "/accounts/login/", **headers)[0] == 400


def test_too_many_fields_and_too_long_headers_are_refused(stack):
    browser = Browser(stack.url)
    browser.ask("GET", "/accounts/login/")
    assert browser.ask("POST", "/accounts/login/", {f"field{n}": "x" for n in range(2000)})[0] == 400
    assert browser.ask("GET", "/accounts/login/", X_Long="x" * 20_000)[0] in (400, 431)
    assert Browser(stack.url).ask("GET", "/accounts/login/", Cookie="x=" + "y" * 30_000)[0] in (400, 431)


def test_slow_senders_do_not_stop_others(stack):
    """T39: 101 sockets that never finish their request; there are 16 threads behind the proxy."""
    slow = []
    try:
        for number in range(101):
            link = socket.create_connection(("127.0.0.1", stack.proxy), 5)
            head = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            body = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nlogin="
            link.sendall(head + (body if number % 2 else b"X-Slow: "))
            slow.append(link)
        for _ in range(5):
            began = time.monotonic()
            assert Browser(stack.url).ask("GET", "/accounts/login/")[0] == 200
            assert time.monotonic() - began < UNBUFFERED_S
    finally:
        for link in slow:
            link.close()


def test_one_line_of_json_for_each_request_and_no_secret_in_any(stack, facilitator):
    facilitator.ask("GET", "/accounts/password/reset/key/1-abcdefghijk-0123456789/")
    facilitator.ask("GET", "/l/one-time-secret-token/?token=another-secret")
    facilitator.ask("GET", "/sales/?period=2026-10")
    time.sleep(0.3)
    text = stack.log("web").read_text()
    assert all(line.startswith("{") for line in text.splitlines() if line.strip()), text[:2000]
    for secret in (
        "abcdefghijk-0123456789",
        "one-time-secret-token",
        "another-secret",
        PASSWORD,
        "period=2026-10",
    ):
        assert secret not in text
    assert all(
        stack.secret(name) not in text for name in ("secret_key", "database_password", "redis_password")
    )
    [line] = lines(stack, path="/sales/")
    assert {"time", "level", "request_id", "user_id", "status", "ms", "method"} <= set(line)
    assert line["user_id"] and line["ms"] > 0


def test_figures_are_for_those_who_bear_the_token(stack):
    browser = Browser(stack.url)
    assert browser.ask("GET", "/metrics")[0] == 404
    assert browser.ask("GET", "/metrics", Authorization="Bearer wrong")[0] == 404
    token = stack.secret("metrics_token")

    def figures():
        status, headers, text = browser.ask("GET", "/metrics", Authorization=f"Bearer {token}")
        assert status == 200 and headers["Content-Type"].startswith("text/plain")
        return dict(line.rsplit(" ", 1) for line in text.decode().splitlines() if line and line[0] != "#")

    stack.until(lambda: float(figures()["reviewhub_schedules"]) == 1, 30, "first tick of beat")
    figures = figures()
    assert float(figures["reviewhub_database_up"]) == 1
    assert float(figures["reviewhub_tick_age_seconds"]) <= 90
    assert figures['reviewhub_imports{state="queued"}'] == "0.0"
    assert any(name.startswith("reviewhub_worker_age_seconds{") for name in figures)
    answered = [
        float(value)
        for name, value in figures.items()
        if name.startswith("django_http_responses_total_by_status")
    ]
    assert sum(answered) > 5


def test_the_doctor_finds_nothing_broken_but_missing_mail_and_backups(stack):
    asked = stack.run("web", "python", "manage.py", "doctor", "--json")
    found = {each["code"]: each["level"] for each in json.loads(asked.stdout)["findings"]}
    assert found["BACKUP_NONE"] == "mend" and asked.returncode == 1
    assert [code for code, level in found.items() if level == "mend"] == ["BACKUP_NONE"], found
    made = stack.run("web", "python", "manage.py", "backup", "/backups")
    assert made.returncode == 0, made.stderr
    assert stack.run("web", "python", "manage.py", "doctor").returncode == 0


def test_the_work_of_a_task_stands_in_the_log_with_its_number(stack):
    sent = (
        "from reviewhub.celery import app; "
        "app.send_task('metrics.tasks.run_import', ['nonsense'], task_id='wanted-number')"
    )
    assert stack.run("web", "python", "manage.py", "shell", "-c", sent).returncode == 0
    [line, *_] = stack.until(lambda: lines(stack, "worker", task_id="wanted-number"), 10, "line of the task")
    assert line["task"] == "metrics.tasks.run_import" and line["level"] == "ERROR"


def test_the_proxy_is_the_only_door_with_a_name():
    text = (ROOT / "docker/Caddyfile").read_text()
    assert "admin off" in text and "trusted_proxies" not in text
