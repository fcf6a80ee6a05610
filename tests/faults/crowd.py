"""Many at once: forty presses of "next" on one meeting, and two hundred uploads at the same moment.

    python -m tests.faults.crowd [--uploads 200] [--presses 40]

Pages as in production (gunicorn, two processes with eight threads), PostgreSQL, Redis and a Celery worker of two. Says
how long the answers took, and whether exactly one press counted and no upload was lost, doubled or left unfinished;
exit status 1 if not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_S = 540


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crowd", description=__doc__)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--presses", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crowd-") as scratch:
        folder = Path(scratch)
        prepare(folder)
        return run(asked, folder)


def prepare(folder: Path) -> None:
    """An empty database of its own and a Redis."""
    said, sys.argv = sys.argv, ["-h"]  # importing the module would start servers for tests
    from tests import services  # noqa: PLC0415

    sys.argv = said
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
        "DATABASE_URL": services.postgresql(),
        "REDIS_URL": services.redis(),
        "REVIEWHUB_DATA": str(folder),
        "REVIEWHUB_PLAIN_STATIC": "1",
    }
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def run(asked, folder: Path) -> int:
    from metrics import dictionary  # noqa: PLC0415
    from tests import make  # noqa: PLC0415
    from tests.ports import free_port  # noqa: PLC0415
    from tests.services import stop, wait_for  # noqa: PLC0415

    people = make.people()
    dictionary.bootstrap(at=make.AT)
    port = free_port()
    words = ["gunicorn", "--config", "docker/gunicorn.py", "--bind", f"127.0.0.1:{port}", "reviewhub.wsgi"]
    worker = ["celery", "-q", "-A", "reviewhub", "worker", "--concurrency", "2"]
    log = (folder / "log").open("ab")
    started = [
        subprocess.Popen([sys.executable, "-m", *each], cwd=ROOT, stdout=log, stderr=log)
        for each in (words, worker)
    ]
    try:
        wait_for(port, started[0], "gunicorn")
        return max(presses(port, people, asked.presses), uploads(port, people, asked.uploads))
    finally:
        for one in started:
            stop(one)


def at_once(count: int, act) -> tuple[list, list[float]]:
    """Call `act(number)` in as many threads, all let go at the same moment: what each gave, and its seconds, sorted."""
    gate, found, took = threading.Barrier(count), [None] * count, [0.0] * count

    def one(number: int) -> None:
        gate.wait()
        begun = time.monotonic()
        found[number] = act(number)
        took[number] = time.monotonic() - begun

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found, sorted(took)


def told(title: str, codes, took: list[float], is_right: bool, more: str) -> int:
    middle, last = took[len(took) // 2], took[-1]
    print(
        f"{title}: {dict(sorted(Counter(codes).items()))}, p50 {middle * 1000:,.0f} ms, slowest {last * 1000:,.0f} ms;"
        f" {more}: {'right' if is_right else 'WRONG'}",
        flush=True,
    )
    return 0 if is_right else 1


def presses(port: int, people: dict, count: int) -> int:
    """One of `count` presses of the same button counts; the log has one line more, without a gap."""
    import requests  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from benchmarks.live import room  # noqa: PLC0415
    from meetings import logbook  # noqa: PLC0415
    from tests import make  # noqa: PLC0415

    at = logbook.instant()
    meeting = make.meeting(people, scheduled_at=at, at=at)
    room.order(meeting, people["facilitator"], "start")
    meeting.refresh_from_db()
    client = Client()
    client.force_login(people["facilitator"], backend="reviewhub.people.authentication.SessionBackend")
    session, token = client.cookies[settings.SESSION_COOKIE_NAME].value, "x" * 32
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: token}
    headers = {"X-CSRFToken": token, "Content-Type": "application/json"}
    where, seq = f"http://127.0.0.1:{port}/meetings/{meeting.pk}/command", meeting.seq

    def press(_number: int) -> int:
        order = {"cmd": "next", "expected_seq": seq, "client_id": str(uuid.uuid4())}
        answer = requests.post(where, data=json.dumps(order), cookies=cookies, headers=headers, timeout=60)
        return answer.status_code

    codes, took = at_once(count, press)
    meeting.refresh_from_db()
    numbers = list(meeting.events.order_by("seq").values_list("seq", flat=True))
    is_right = (
        Counter(codes) == {200: 1, 409: count - 1}
        and meeting.seq == seq + 1
        and numbers == list(range(1, seq + 2))
    )
    return told(f'{count} presses of "next"', codes, took, is_right, "one counted, no gap in the log")


def uploads(port: int, people: dict, count: int) -> int:
    """Every upload is kept, read by a worker and is one version; versions of a department have no gap."""
    import requests  # noqa: PLC0415

    from metrics.models import ImportJob, Submission  # noqa: PLC0415
    from tests.api import caller  # noqa: PLC0415
    from tests.metrics.uploads import HEADER, ROWS  # noqa: PLC0415

    token = caller.made(people["sales"])[1]
    where = f"http://127.0.0.1:{port}/api/v1/submissions"

    def upload(number: int) -> int:
        rows = [*ROWS, f"{600000 + number},85123A,HEART,{number + 1},2010-12-04 08:26:00,2.55,17850.0,France"]
        content = "\n".join([HEADER, *rows, ""]).encode()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
        answer = requests.post(
            where,
            headers=headers,
            data={"department": "sales", "period": "2010-12"},
            files={"file": (f"december-{number}.csv", content)},
            timeout=120,
        )
        return answer.status_code

    begun = time.monotonic()
    codes, took = at_once(count, upload)
    while time.monotonic() - begun < LONGEST_S:
        open_ones = ImportJob.objects.exclude(state="done").count()
        if not open_ones and ImportJob.objects.count() >= codes.count(202):
            break
        time.sleep(0.5)
    seconds = time.monotonic() - begun
    numbers = sorted(Submission.objects.values_list("number", flat=True))
    usable = ImportJob.objects.filter(submission__isnull=False).count()
    is_right = codes.count(202) == count == usable and numbers == list(range(1, count + 1))
    more = f"all read after {seconds:.0f} s, {len(numbers)} versions without a gap"
    return told(f"{count} uploads", codes, took, is_right, more)


if __name__ == "__main__":
    sys.exit(main())
