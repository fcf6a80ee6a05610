"""`manage.py serve` on a fresh machine: pages, worker and beat from one process, and nothing left after Ctrl-C."""

import re
import time
from types import SimpleNamespace

import psutil
import pytest
from django.core.management import CommandError, call_command

from reviewhub.management.commands import serve
from tests.ports import free_port
from tests.serving import Served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]


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


def is_worker(process: psutil.Process) -> bool:
    try:
        return "celery" in " ".join(process.cmdline())
    except psutil.Error:  # it ended between being listed and being asked
        return False


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def still_running(family: list[psutil.Process], timeout: float) -> list[psutil.Process]:
    """Those that run on. One that has ended is only a line in a table until process 1 takes notice of it."""
    end = time.monotonic() + timeout
    while running := [one for one in family if is_alive(one)]:
        if time.monotonic() > end:
            return running
        time.sleep(0.05)
    return []


def test_one_command_serves_pages_worker_and_beat_and_one_ctrl_c_stops_them(served, tmp_path):
    server = served()
    first = server.until(lambda health: True, 240, "/healthz")
    assert (first["status"], first["database"]) == ("ok", "sqlite")
    ready = server.until(lambda health: health["worker"] == "ok", 240, "sign of life of the worker")
    assert ready["beat_age_s"] < 60
    family = server.family()
    assert any(is_worker(process) for process in family)
    assert re.search(rf"{server.url}/join/[\w-]{{43}}/", server.log.read_text())
    second = Served(tmp_path / "second", int(server.url.rsplit(":", 1)[1]))
    assert second.process.wait(60) == 2
    assert "cannot be used" in second.log.read_text() and "Traceback" not in second.log.read_text()
    assert server.stop() == 0
    assert still_running(family, timeout=10) == []


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_sqlite_on_a_network_file_system_is_refused_before_anything_is_written(kind, monkeypatch, tmp_path):
    """F40"""
    where = {"NAME": str(tmp_path / "reviewhub.sqlite3")}
    monkeypatch.setattr(serve, "connection", SimpleNamespace(vendor="sqlite", settings_dict=where))
    monkeypatch.setattr(serve.machine, "network_filesystem", {tmp_path: kind}.get)
    with pytest.raises(CommandError, match=rf"network file system \({kind}\)") as refusal:
        call_command("serve", port=free_port())
    assert refusal.value.returncode == 2 and not list(tmp_path.iterdir())


def test_a_killed_worker_is_started_again_and_ends_with_a_killed_server(served):
    server = served()
    server.until(lambda health: health["worker"] == "ok", 240, "sign of life of the worker")
    workers = [process for process in server.family() if is_worker(process)]
    workers[0].kill()
    end = time.monotonic() + 120
    while not [each for each in server.family() if each.pid != workers[0].pid and is_worker(each)]:
        assert time.monotonic() < end, server.log.read_text()
        time.sleep(0.1)
    family = server.family()
    server.process.kill()
    assert still_running(family, timeout=20) == []
