"""PostgreSQL crashes under load: 503 that keeps the text, then no error at all (F11, M13)."""

import html
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from tests.faults.servers import Postgres
from tests.operation.installation import ROOT, Installation
from tests.operation.stack import Browser
from tests.ports import free_port
from tests.services import stop, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.xdist_group("postgresql")]

PASSWORD = "a password of nine words"


@pytest.fixture(scope="module")
def postgres():
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def site(postgres, tmp_path_factory):
    """gunicorn as in production, on a cluster that may be crashed; a browser that is signed in."""
    here = Installation(tmp_path_factory.mktemp("site") / "data", postgres.url)
    here.done("prepare")
    here.python(
        "from reviewhub.people.models import User;"
        f"User.objects.create_user('owner', password={PASSWORD!r}, language='en')"
    )
    port = free_port()
    log = here.home / "gunicorn.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "docker/gunicorn.py",
                "-b",
                f"127.0.0.1:{port}",
                "reviewhub.wsgi",
            ],
            cwd=ROOT,
            env=here.environment | {"CONN_MAX_AGE": "60", "PATH": os.environ["PATH"]},
            stdout=out,
            stderr=out,
        )
    try:
        wait_for(port, process, "gunicorn", 60)
        browser = Browser(f"http://127.0.0.1:{port}")
        assert browser.sign_in("owner", PASSWORD) == 302
        yield browser
    finally:
        stop(process)


def test_a_crash_under_load_is_a_503_and_afterwards_nothing(postgres, site):
    answers, ending = [], threading.Event()

    def press():
        mine = Browser(f"http://{site.address}")
        mine.cookies = dict(site.cookies)
        while not ending.is_set():
            answers.append((time.monotonic(), mine.ask("GET", "/profile/")[0]))

    readers = [threading.Thread(target=press) for _ in range(6)]
    for reader in readers:
        reader.start()
    while len(answers) < 30:
        time.sleep(0.05)
    postgres.crash()
    time.sleep(1.5)
    postgres.start()
    back = time.monotonic()
    time.sleep(3)
    ending.set()
    for reader in readers:
        reader.join()
    counted = Counter(status for _at, status in answers)
    assert set(counted) == {200, 503}, counted
    after = [status for at, status in answers if at > back]
    assert set(after[after.index(200) :]) == {200}  # once it answers, nobody meets a dead connection


def test_what_was_typed_is_kept_on_the_page_and_can_be_sent_again(postgres, site):
    page = site.ask("GET", "/profile/")[2].decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    typed = {"language": "en", "time_zone": "Asia/Tokyo", "theme": "dark", "note": "a <long> & careful text"}
    site.cookies["csrftoken"] = site.cookies.get("csrftoken", token)
    postgres.crash()
    status, headers, away = site.ask("POST", "/profile/", typed, Accept_Language="en")
    away = away.decode()
    assert status == 503 and headers["Retry-After"] == "10" and headers["Cache-Control"] == "no-store"
    assert "Your text is kept on this page" in away and "Send again" in away
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', away))
    kept = {name: html.unescape(value) for name, value in kept.items()}
    assert {name: kept[name] for name in typed} == typed and 'action="/profile/"' in away
    login = {"login": "owner", "password": PASSWORD}
    assert PASSWORD not in site.ask("POST", "/accounts/login/", login)[2].decode()
    postgres.start()
    kept.pop("csrfmiddlewaretoken")
    assert site.ask("POST", "/profile/", kept)[0] == 302
    assert "Asia/Tokyo" in site.ask("GET", "/profile/")[2].decode()
