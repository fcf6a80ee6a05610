"""Every answer carries the headers that protect it: pages, files, errors, redirects, streams (T13, T31, T32)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import path

from reviewhub import urls
from reviewhub.ui.headers import HEADERS
from tests import make
from tests.server import Server, session_of
from tests.test_access import address, inner, routes  # noqa: F401 - a fixture

ROOT = Path(__file__).parent.parent
LONG_KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTION = {
    "SECRET_KEY": LONG_KEY,
    "BASE_URL": "https://review.example.com",
    "TRUSTED_PROXY": "1",
    "DEBUG": "0",
}


def wanting(answer) -> list[str]:
    """What an answer lacks."""
    given = {name.lower(): value for name, value in answer.items()}
    lacks = [name for name in HEADERS if name.lower() not in given]
    policy = given.get("content-security-policy", "")
    if "unsafe" in policy or "frame-ancestors 'none'" not in policy or "default-src 'none'" not in policy:
        lacks.append(f"a strict policy: {policy}")
    if re.search(r"(?<![\w.])\*|https?:(?!//)", policy):
        lacks.append(f"a narrow policy: {policy}")
    for name, value in HEADERS.items():
        if name not in ("Content-Security-Policy", "Referrer-Policy") and given.get(name.lower()) != value:
            lacks.append(f"{name}: {given.get(name.lower())}")
    if given.get("referrer-policy") not in ("same-origin", "no-referrer"):
        lacks.append(f"Referrer-Policy: {given.get('referrer-policy')}")
    return lacks


@pytest.mark.slow
@pytest.mark.django_db
def test_every_address_answers_with_all_headers_whoever_asks(inner, people):  # noqa: F811
    anonymous, partner, admin = Client(), Client(), Client(raise_request_exception=False)
    partner.force_login(people["logistics"], backend="django.contrib.auth.backends.ModelBackend")
    admin.force_login(people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    lacking, statuses = {}, set()
    for route in routes():
        if route.name == "meeting-stream":
            continue  # outside Django; below
        for client in (anonymous, partner, admin):
            for method in ("get", "post", "options"):
                answer = getattr(client, method)(address(route, inner))
                statuses.add(answer.status_code)
                if lacks := wanting(answer.headers):
                    lacking[route.name, method, answer.status_code] = lacks
    assert lacking == {}
    assert {200, 302, 404, 405, 410} <= statuses, "the walk met every kind of answer"


def broken(request):
    raise RuntimeError("secret words of the traceback")


class WithBroken:
    """The addresses of the product and one that breaks."""

    handler500 = urls.handler500
    urlpatterns = [path("broken/", broken, name="broken"), *urls.urlpatterns]


@pytest.mark.django_db
def test_errors_have_them_too_and_a_broken_page_says_only_a_number(people, settings, caplog):
    settings.ROOT_URLCONF = WithBroken
    client = Client(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/broken/")
    number = answer["X-Request-ID"]
    page = answer.content.decode()
    assert answer.status_code == 500 and wanting(answer.headers) == []
    assert number in page and "secret words" not in page and "Traceback" not in page
    assert "secret words of the traceback" in caplog.text
    assert wanting(client.get("/", HTTP_HOST="evil.example").headers) == []
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/login/").status_code == 403
    assert wanting(strict.post("/accounts/login/").headers) == []


@pytest.mark.parametrize("evil", [{"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "testserver:99999x"}])
@pytest.mark.django_db
def test_another_host_is_refused_and_a_forwarded_one_ignored(client, evil):
    """B121."""
    assert client.get("/accounts/login/", **evil).status_code == 400
    answer = client.get("/profile/", HTTP_X_FORWARDED_HOST="evil.example")
    assert answer["Location"] == "/accounts/login/?next=/profile/"


@pytest.mark.django_db
def test_over_https_the_browser_is_told_to_stay_there(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, ["^healthz$"]
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    client = Client()
    led = client.get("/departments/")
    assert (led.status_code, led["Location"]) == (301, "https://testserver/departments/")
    assert wanting(led.headers) == []
    assert client.get("/healthz").status_code in (200, 503)
    answer = client.get("/accounts/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_files_and_streams_have_them_as_the_server_sends_them(tmp_path):
    people = make.people()
    meeting = make.meeting(people)
    server = Server(tmp_path / "server.log").start()
    try:
        for where, status in {
            "/static/css/main.css": 200,
            "/static/js/main.js": 200,
            "/static/icons.svg": 200,
            "/static/nothing.css": 404,
            "/healthz": 200,
            f"/meetings/{meeting.pk}/stream": 401,
            "/nothing": 404,
        }.items():
            got, headers, _body = server.ask("GET", where)
            assert (got, wanting(headers)) == (status, []), where
        got, headers, _body = server.ask("GET", f"/meetings/{meeting.pk}/stream", people["sales"])
        assert (got, wanting(headers)) == (200, [])
        cookie = {"Cookie": f"{configured.SESSION_COOKIE_NAME}={session_of(people['sales'])}"}
        got, headers, _body = server.ask("GET", "/static/css/main.css", **cookie)
        assert "no-store" not in headers.get("Cache-Control", ""), "files may be cached"
    finally:
        server.stop()


# --- Start --------------------------------------------------------------------------------------------------


def run(tmp_path, *command, **environment) -> subprocess.CompletedProcess:
    environment = {"PATH": "/usr/bin:/bin", "REVIEWHUB_DATA": str(tmp_path)} | environment
    return subprocess.run(
        [sys.executable, "-W", "default", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.slow
def test_a_production_installation_passes_djangos_own_checks(tmp_path):
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.slow
def test_it_does_not_start_with_the_key_of_a_sample(tmp_path):
    done = run(
        tmp_path, "manage.py", "check", **PRODUCTION | {"SECRET_KEY": "change-me-to-50-random-characters"}
    )
    assert done.returncode != 0 and "SECRET_KEY is still the sample" in done.stderr


@pytest.mark.slow
def test_over_https_cookies_bear_names_that_no_neighbour_can_set(tmp_path):
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS[-1])"
    )
    given = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "reviewhub.settings"}
    said = run(tmp_path, "-c", code, **given).stdout.split()
    assert said == [
        *("__Host-session", "__Host-csrftoken", "True", "True", "31536000", "True", "review.example.com")
    ]
