"""A process that has loaded the whole site and does nothing else: servers and workers of tests are forks of it.

Loading takes two seconds of a processor, a fork none. It has no thread, no connection and no request behind it, so that
a fork is what a fresh process is once it has loaded.
"""

import atexit
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
OF_THE_RUNNER = ("PYTEST_", "COV_")  # says nothing to the site


def _site() -> dict[str, str]:
    """The environment as the site sees it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_RUNNER)}


class Forked:
    """A running fork, with as much of a subprocess.Popen as tests use."""

    def __init__(self, parent: "Parent", pid: int):
        self._parent, self.pid, self.returncode = parent, pid, None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._parent.ask(poll=self.pid)
        return self.returncode

    def send_signal(self, wanted: int) -> None:
        if self.poll() is None:  # until it is asked after, its number belongs to no other
            os.kill(self.pid, wanted)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + timeout if timeout else None
        while self.poll() is None:
            if end and time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"fork {self.pid}", timeout)
            time.sleep(0.01)
        return self.returncode


class Parent:
    """The loaded process of this test process, on one database."""

    _own: "dict[str, Parent]" = {}

    def __init__(self, environment: dict[str, str]):
        self.environment, self.lock = environment, threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.preloaded"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.process.stdin.close)  # then it ends, and its forks with it

    def ask(self, **order):
        with self.lock:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the loaded site ended with status {self.process.wait()}")
        return json.loads(answer)


def start(command: list[str], environment: dict[str, str], log: Path) -> Forked | subprocess.Popen:
    """Run `python -m command…`, what it says goes to `log`: a fork if the environment is the usual one, else afresh."""
    given = {name: value for name, value in environment.items() if not name.startswith(OF_THE_RUNNER)}
    if given == _site() | {"DATABASE_URL": given["DATABASE_URL"]}:
        parent = Parent._own.get(given["DATABASE_URL"])
        if not parent or parent.environment != given:
            parent = Parent._own[given["DATABASE_URL"]] = Parent(given)
        return Forked(parent, parent.ask(run=command, log=str(log)))
    with open(log, "ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=out, stderr=out
        )


# --- The loaded process -----------------------------------------------------------------------------------------


def _load() -> None:
    import celery.__main__  # noqa: F401, PLC0415
    import uvicorn.main  # noqa: F401, PLC0415
    from celery.bin import celery as command  # noqa: F401, PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.urls import get_resolver  # noqa: PLC0415

    import reviewhub.asgi  # noqa: F401, PLC0415
    from reviewhub.celery import app  # noqa: PLC0415

    get_resolver().url_patterns  # noqa: B018 - imports every page
    app.loader.import_default_modules()
    assert threading.active_count() == 1 and connection.connection is None, "a fork would share it"


def _be(command: list[str], log: str) -> None:
    """What `python -m command…` is, in this process; never returns."""
    status = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, to in ((0, nothing), (1, out), (2, out)):
            os.dup2(to, number)
        random.seed()
        sys.argv = command
        if command[0] == "uvicorn":
            from uvicorn.main import main  # noqa: PLC0415
        else:
            from celery.__main__ import main  # noqa: PLC0415
        main()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _status(pid: int) -> int | None:
    ended, how = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(how) if ended else None


def serve() -> None:
    """Carry out orders, one line each, until there are no more; then end what still runs."""
    orders, answers = sys.stdin, os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what is printed while loading is no answer
    _load()
    running = set()
    while line := orders.readline():
        order = json.loads(line)
        if "run" in order:
            if not (pid := os.fork()):
                answers.close()
                _be(order["run"], order["log"])
            running.add(pid)
            answers.write(f"{pid}\n")
        else:
            if (status := _status(order["poll"])) is not None:
                running.discard(order["poll"])
            answers.write(json.dumps(status) + "\n")
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    serve()
