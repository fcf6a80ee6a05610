"""Many people upload in the same second: every upload is answered, and equal bytes become one version (M11, B036)."""

import http.client
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.utils import timezone

from metrics import importing
from metrics.models import ImportJob, Submission
from tests.metrics.uploads import HEADER, ROWS, csv
from tests.server import session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT_ONCE = 40


def form_of(fields: dict[str, str], content: bytes) -> tuple[bytes, str]:
    """A multipart body and its type."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    ]
    file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="d.csv"\r\n\r\n'
    return "".join([*parts, file]).encode() + content + f"\r\n--{mark}--\r\n".encode(), mark


class Uploader:
    """A browser without a screen: one session, its form token, any number of posts."""

    def __init__(self, server, user):
        self.port = server.port
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
        page, headers = self.ask("GET", b"")
        self.cookie += "; " + re.search(r"csrftoken=[^;]+", headers["Set-Cookie"])[0]
        self.token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]

    def ask(self, method, body, **headers):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, "/submissions/", body=body, headers={"Cookie": self.cookie} | headers)
        answer = link.getresponse()
        self.status = answer.status
        text = answer.read().decode()
        link.close()
        return text, answer.headers

    def upload(self, content: bytes) -> int:
        fields = {"csrfmiddlewaretoken": self.token, "department": "sales", "period": "2010-12"}
        body, mark = form_of(fields, content)
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kind = f"multipart/form-data; boundary={mark}"
        link.request("POST", "/submissions/", body, {"Cookie": self.cookie, "Content-Type": kind})
        answer = link.getresponse()
        answer.read()
        link.close()
        return answer.status


def run_all_at_once(jobs):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(run_one, jobs))


def run_one(pk):
    from django.db import connection  # noqa: PLC0415 - each thread has its own

    try:
        return importing.run(pk, at=timezone.now())
    finally:
        connection.close()


@pytest.fixture
def uploader(server, people):
    return Uploader(server, people["sales"])


def test_equal_uploads_in_the_same_second_are_one_version(uploader):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = list(pool.map(uploader.upload, [csv()] * AT_ONCE))
    assert statuses == [302] * AT_ONCE
    run_all_at_once(ImportJob.objects.values_list("pk", flat=True))
    assert set(ImportJob.objects.values_list("state", flat=True)) == {"done"}
    assert Submission.objects.count() == 1


def test_different_uploads_in_the_same_second_all_go_in_one_after_the_other(uploader):
    files = [
        f"{HEADER}\n{ROWS[0]}\n{ROWS[3].replace('24', str(number))}\n".encode()
        for number in range(1, AT_ONCE + 1)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(uploader.upload, files)) == {302}
    run_all_at_once(ImportJob.objects.values_list("pk", flat=True))
    numbers = sorted(Submission.objects.values_list("number", flat=True))
    assert numbers == list(range(1, AT_ONCE + 1))
    assert Submission.objects.in_force(drafts=True).count() == 1
