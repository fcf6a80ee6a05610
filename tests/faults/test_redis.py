"""Redis restarts, forgets, hangs or is away, workers are old or stuck: nothing is lost and nobody waits.

F08, F09, F10, F36, F37, T37, M4, M5.
"""

import base64
import json
import os
import pickle
import re
import socket
import time
import uuid
from contextlib import closing

import pytest
import redis as client
from celery import Celery
from django.utils import timezone

from metrics import importing
from metrics.models import ImportJob
from reviewhub.celery import ReviewHub
from reviewhub.health import pulse, waking
from reviewhub.health.models import Heartbeat
from tests.faults.servers import Redis
from tests.metrics import uploads
from tests.operation.stack import Browser
from tests.server import Server, session_of
from tests.worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("redis")]

QUEUE = "reviewhub"
FIRST_SIGNS = re.compile(r"health\.tasks\.beat\[\S+ succeeded.*notices\.tasks\.tick\[\S+ succeeded", re.S)


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path).start()
    yield server
    server.stop()


@pytest.fixture
def worker(redis, tmp_path):
    """`worker()` starts one on this test's Redis; options as the command line knows them."""
    running = []

    def start(app="reviewhub", options="", **environment):
        one = Worker(tmp_path / f"worker{len(running)}.log", REDIS_URL=redis.url, **environment)
        one.app, one.options = app, options
        running.append(one)
        one.start()
        # Its own first signs of life are not the ticks that tests wait for.
        end = time.monotonic() + 30
        while not app.endswith(":old") and not FIRST_SIGNS.search(one.log.read_text()):
            assert time.monotonic() < end, one.log.read_text()
            time.sleep(0.05)
        return one

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def send(redis):
    """`send(task, *arguments)` publishes from a fresh connection."""

    def publish(task, *arguments):
        app = Celery(broker=redis.url, set_as_current=False)
        app.conf.task_default_queue = QUEUE
        app.send_task(task, arguments, ignore_result=True)
        app.close()

    return publish


def ticked(since, seconds=20) -> float:
    """Seconds until a worker carried out a tick after `since`."""
    began = time.monotonic()
    while not Heartbeat.objects.filter(name=pulse.TICK, at__gt=since).exists():
        assert time.monotonic() - began < seconds, "no tick was carried out"
        time.sleep(0.05)
    return time.monotonic() - began


def tick(send) -> float:
    since = timezone.now()
    send("reviewhub.health.tasks.beat")
    return ticked(since)


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_worker_goes_on_after_redis_was_killed_and_started_again(redis, worker, send, pool):
    """F08, M4: within ten seconds, idle or with a task in hand (which ended the worker for good before)."""
    running = worker(app="tests.faults.stuck", options=f"--pool {pool}")
    tick(send)
    send("tests.busy")
    while "tests.busy" not in running.log.read_text().partition(" ready.")[2]:
        time.sleep(0.05)
    redis.kill()
    time.sleep(3)  # long enough for the worker to notice and to begin trying
    redis.start()
    assert tick(send) < 10
    assert running.process.poll() is None and "Unrecoverable" not in running.log.read_text()


def test_uploads_that_redis_forgot_are_read_with_the_next_sweep(redis, worker, people, send):
    """F09, M3: the queue is lost, the rows are not."""
    job = uploads.receive(at=timezone.now(), enqueue=False).job
    send(importing.TASK, str(job.pk))
    link = client.Redis.from_url(redis.url)
    assert link.llen(QUEUE) == 1
    link.flushall()
    worker()
    tick(send)
    job.refresh_from_db()
    assert job.state == ImportJob.State.QUEUED
    send("metrics.tasks.sweep_imports")
    end = time.monotonic() + 30
    while job.state != ImportJob.State.DONE:
        assert time.monotonic() < end and job.state in ("queued", "running")
        time.sleep(0.1)
        job.refresh_from_db()


@pytest.fixture(params=["refuses", "hangs"])
def dead_redis(request):
    """The URL of a Redis that refuses connections, and of one that takes them and never answers."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        if request.param == "hangs":
            door.listen(128)
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


def test_pages_sign_in_and_uploads_work_without_redis(dead_redis, people, tmp_path):
    """F10: no request waits for the broker longer than a second, and the second one does not wait at all."""
    people["sales"].set_password("a password of nine words")
    people["sales"].save()
    server = Server(tmp_path / "server.log", REDIS_URL=dead_redis).start()
    try:
        status, _headers, body = server.ask("GET", "/healthz")
        assert status == 200 and json.loads(body)["worker"] == "down"
        assert server.ask("GET", "/", people["sales"])[0] == 200
        assert signs_in(server)
        took = [upload(server, people["sales"], name) for name in ("2011-01", "2011-02", "2011-03")]
        assert max(took) < 4 and max(took[1:]) < 2, took
    finally:
        server.stop()
    assert ImportJob.objects.filter(state=ImportJob.State.QUEUED).count() == 3
    assert "waits for the sweep" in (tmp_path / "server.log").read_text()


def signs_in(server) -> bool:
    return Browser(server.url).sign_in("sales", "a password of nine words") == 302


def upload(server, person, month) -> float:
    """Hands in a file of its own; the seconds it took."""
    mark = uuid.uuid4().hex
    fields = {"department": "sales", "period": month, "profile": ""}
    token = "a" * 32
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{month}.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{uploads.csv().decode()}{month}\r\n--{mark}--\r\n"
    )
    cookie = f"sessionid={session_of(person)}; csrftoken={token}"
    headers = {
        "Content-Type": f"multipart/form-data; boundary={mark}",
        "X-CSRFToken": token,
        "Cookie": cookie,
    }
    began = time.monotonic()
    status, _headers, body = server.ask("POST", "/submissions/", body="".join(parts).encode(), **headers)
    assert status == 302, body.decode()[:2000]
    return time.monotonic() - began


def test_asking_a_broker_that_is_away_never_raises_and_soon_costs_nothing(dead_redis, monkeypatch):
    app = ReviewHub("probe", broker=dead_redis, set_as_current=False)
    monkeypatch.setattr(waking, "current_app", app)
    monkeypatch.setattr(waking, "_quiet_until", 0.0)
    sent, send = [], app.send_task
    monkeypatch.setattr(
        app, "send_task", lambda *args, **options: (sent.append(args), send(*args, **options))
    )
    assert waking.wake("metrics.tasks.sweep_imports") is False
    assert [waking.wake("metrics.tasks.sweep_imports") for _ in range(100)] == [False] * 100
    assert len(sent) == 1


class Bomb:
    def __reduce__(self):
        return (os.system, (f"touch {self.mark}",))


@pytest.mark.parametrize("kind", ["application/x-python-serialize", "application/x-yaml", "application/json"])
def test_a_message_that_carries_code_is_refused_and_the_worker_lives(redis, worker, send, tmp_path, kind):
    """T37: what Redis holds is not trusted; only JSON is read, and only as JSON."""
    running = worker()
    bomb, mark = Bomb(), tmp_path / "exploded"
    bomb.mark = mark
    plain = {
        "application/x-python-serialize": pickle.dumps(([bomb], {}, {})),
        "application/x-yaml": f"!!python/object/apply:os.system ['touch {mark}']".encode(),
        "application/json": b"{no json",
    }
    number = str(uuid.uuid4())
    message = {
        "body": base64.b64encode(plain[kind]).decode(),
        "content-encoding": "binary" if "python" in kind else "utf-8",
        "content-type": kind,
        "headers": {"lang": "py", "task": "reviewhub.health.tasks.beat", "id": number, "root_id": number},
        "properties": {
            "correlation_id": number,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": number,
        },
    }
    client.Redis.from_url(redis.url).lpush(QUEUE, json.dumps(message))
    assert tick(send) < 10
    assert running.process.poll() is None and not mark.exists()
    assert client.Redis.from_url(redis.url).llen(QUEUE) == 0


def test_work_that_an_old_worker_threw_away_is_found_by_the_sweep(redis, worker, people, send):
    """F36, M5: a worker of another version does not know the task and discards it without a sound."""
    job = uploads.receive(at=timezone.now(), enqueue=False).job
    old = worker(app="tests.faults.strangers:old")
    send(importing.TASK, str(job.pk))
    link, end = client.Redis.from_url(redis.url), time.monotonic() + 20
    while link.llen(QUEUE) or link.hlen("unacked"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "unregistered task" in old.log.read_text() and old.process.poll() is None
    old.stop()
    job.refresh_from_db()
    assert job.state == ImportJob.State.QUEUED
    worker()
    send("metrics.tasks.sweep_imports")
    end = time.monotonic() + 30
    while job.state != ImportJob.State.DONE:
        assert time.monotonic() < end
        time.sleep(0.1)
        job.refresh_from_db()


@pytest.mark.parametrize("task", ["tests.stuck", "tests.deaf"])
def test_a_task_that_never_ends_is_ended_and_the_next_one_runs(worker, send, settings, task):
    """F37: first it is told, then it is killed with its process; the worker starts another."""
    assert (settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT) == (240, 300)
    running = worker(app="tests.faults.stuck", options="--pool prefork")
    tick(send)
    since = timezone.now()
    send(task)
    send("reviewhub.health.tasks.beat")
    assert ticked(since, 40) < 30
    said = running.log.read_text()
    assert running.process.poll() is None and "Soft time limit (1s) exceeded" in said
    assert ("Hard time limit (2s) exceeded" in said) == (task == "tests.deaf")
