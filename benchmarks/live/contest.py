"""The contestants: each serves one round of orders to all readers and says what it cost."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings

from benchmarks.live import room
from meetings import framing, logbook, screens
from tests.ports import free_port
from tests.services import stop, wait_for

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
POLL_S = 2.0


@dataclass(frozen=True)
class Measured:
    """Milliseconds from publishing to each reader, sorted; `cpu_s` of the server while orders went out."""

    latencies: list[float]
    missing: int
    connect_s: float
    kb_a_viewer: float
    cpu_s: float
    seconds: float


def bare(meeting, sessions, count, folder) -> Measured:
    frame = folder / "frame"
    reader = meeting.facilitator
    shown = screens.standing(meeting)
    document = screens.document(
        shown, screens.visible_captures(meeting, reader), reader=reader, at=logbook.instant()
    )
    frame.write_bytes(framing.event("state", document))
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, HERE / "bare.py", str(port), frame], stdin=subprocess.PIPE, text=True
    )
    wait_for(port, server, "the bare broadcast")

    def orders():
        published, begun = {}, time.monotonic()
        for turn in range(count):
            time.sleep(max(0.0, begun + turn - time.monotonic()))
            published[number := document["seq"] + 1 + turn] = time.monotonic()
            print(number, file=server.stdin, flush=True)
        return published

    try:
        return _round("stream", port, meeting, sessions, [server], orders)
    finally:
        stop(server)


def product(meeting, sessions, count, folder) -> Measured:
    with _uvicorn(folder) as (port, server):
        return _round("stream", port, meeting, sessions, [server], lambda: room.orders(meeting, count))


def polling(meeting, sessions, count, folder) -> Measured:
    """Pages as in production: gunicorn, two processes with eight threads each."""
    port = free_port()
    command = ["gunicorn", "--config", "docker/gunicorn.py", "--bind", f"127.0.0.1:{port}", "reviewhub.wsgi"]
    with (folder / "gunicorn.log").open("ab") as log:
        server = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for(port, server, "gunicorn")
        return _round("poll", port, meeting, sessions, [server], lambda: room.orders(meeting, count))
    finally:
        stop(server)


@contextlib.contextmanager
def _uvicorn(folder):
    port = free_port()
    command = ["uvicorn", "reviewhub.asgi:application", "--port", str(port), "--no-access-log"]
    words = ["--log-level", "warning", "--timeout-graceful-shutdown", "1", "--backlog", "4096"]
    with (folder / "uvicorn.log").open("ab") as log:
        environment = os.environ | {"CONN_MAX_AGE": "0"}
        server = subprocess.Popen(
            [sys.executable, "-m", *command, *words], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        wait_for(port, server, "uvicorn")
        yield port, server
    finally:
        stop(server)


def _round(how, port, meeting, sessions, servers, orders) -> Measured:
    path = f"/meetings/{meeting.pk}/{'state' if how == 'poll' else 'stream'}"
    _warm(port, path, sessions[0])
    family = [one for server in servers for one in _family(server.pid)]
    before = sum(one.memory_info().rss for one in family)
    words = [how, str(port), path, str(POLL_S), str(len(sessions))]
    readers = subprocess.Popen(
        [sys.executable, HERE / "readers.py", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        cookies = (f"{settings.SESSION_COOKIE_NAME}={one}\n" for one in sessions)
        readers.stdin.write("".join(cookies))
        readers.stdin.flush()
        ready = json.loads(readers.stdout.readline())
        grown = sum(one.memory_info().rss for one in family) - before
        begun, cpu = time.monotonic(), _cpu(family)
        published = orders()
        time.sleep(2 * POLL_S if how == "poll" else 1.0)  # what is under way arrives
        cpu, seconds = _cpu(family) - cpu, time.monotonic() - begun
        readers.stdin.close()
        had = json.loads(readers.stdout.readline())["had"]
    finally:
        stop(readers)
    found = sorted((at - when) * 1e3 for seq, when in published.items() for at in had.get(str(seq), ()))
    missing = len(sessions) * len(published) - len(found)
    return Measured(found, missing, ready["ready_s"], grown / len(sessions) / 1e3, cpu, seconds)


def _warm(port, path, session) -> None:
    """What the first request of a process loads is no memory of a viewer."""
    from urllib.request import Request, urlopen  # noqa: PLC0415

    asked = Request(
        f"http://127.0.0.1:{port}{path}", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    )
    with urlopen(asked, timeout=60) as answer:
        while not re.search(rb'"seq"', answer.readline()):
            pass


def _family(pid: int) -> list[psutil.Process]:
    own = psutil.Process(pid)
    return [own, *own.children(recursive=True)]


def _cpu(family) -> float:
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)
