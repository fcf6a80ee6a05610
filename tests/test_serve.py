"""`manage.py serve` on a fresh machine: pages, worker and beat from one process, and nothing left after Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.services import free_port

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


class Served:
    """A running `manage.py serve` in a data folder of its own, as `make run` starts it."""

    def __init__(self, data: Path, port: int, **environment):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.url = f"http://127.0.0.1:{port}"
        self.log = data / "serve.log"
        data.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(port)],
                cwd=ROOT,
                env=kept | {"REVIEWHUB_DATA": str(data), "REVIEWHUB_DEMO": "0"} | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def health(self) -> dict | None:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            return None

    def until(self, wanted, seconds: float, what: str):
        """Poll until `wanted(health)` is true; the log is in the failure."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            health = self.health()
            if health and wanted(health):
                return health
            time.sleep(0.1)
        raise AssertionError(f"no {what} in {seconds} s\n{self.log.read_text()}")

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture
def served(tmp_path):
    running = []

    def start(**environment):
        running.append(Served(tmp_path / "data", free_port(), **environment))
        return running[-1]

    yield start
    for each in running:
        family = each.family() if each.process.poll() is None else []
        for process in [each.process, *family]:
            if process.is_running() if isinstance(process, psutil.Process) else process.poll() is None:
                process.kill()


def test_one_command_serves_pages_worker_and_beat_and_one_ctrl_c_stops_them(served):
    server = served()
    first = server.until(lambda health: True, 60, "/healthz")
    assert (first["status"], first["database"]) == ("ok", "sqlite")
    ready = server.until(lambda health: health["worker"] == "ok", 60, "sign of life of the worker")
    assert ready["beat_age_s"] < 60
    family = server.family()
    assert any("celery" in " ".join(process.cmdline()) for process in family)
    assert server.stop() == 0
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def test_a_killed_worker_is_started_again(served):
    server = served()
    server.until(lambda health: health["worker"] == "ok", 90, "sign of life of the worker")
    workers = [process for process in server.family() if "celery" in " ".join(process.cmdline())]
    workers[0].kill()
    end = time.monotonic() + 30
    while not [
        each
        for each in server.family()
        if each.pid != workers[0].pid and "celery" in " ".join(each.cmdline())
    ]:
        assert time.monotonic() < end, server.log.read_text()
        time.sleep(0.1)


def test_the_worker_ends_with_a_killed_server(served):
    server = served()
    server.until(lambda health: True, 60, "/healthz")
    end = time.monotonic() + 30
    while not (family := server.family()):
        assert time.monotonic() < end
        time.sleep(0.05)
    server.process.kill()
    _gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []


def test_an_empty_installation_says_how_somebody_may_sign_in(served):
    server = served()
    server.until(lambda health: True, 60, "/healthz")
    assert "createsuperuser" in server.log.read_text()


def test_a_taken_port_is_refused_in_words(served, tmp_path):
    server = served()
    server.until(lambda health: True, 60, "/healthz")
    port = server.url.rsplit(":", 1)[1]
    second = Served(tmp_path / "second", int(port))
    assert second.process.wait(60) == 2
    assert "cannot be used" in second.log.read_text() and "Traceback" not in second.log.read_text()
