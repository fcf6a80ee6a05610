"""Keeps so many workers alive: each is forked from here, where everything is imported and no database is open.

`python -m tests.faults.outbox.nursery COUNT WORK`: WORK is `celery` (the worker as `manage.py serve` starts it) or the
name of a loop in controls.py. A worker that dies is replaced at once, as a supervisor does; SIGTERM ends them all.
"""

import ctypes
import os
import signal
import sys

import django

PR_SET_PDEATHSIG = 1
EMBEDDED = ["-q", "worker", "--beat", "--pool", "threads", "--concurrency", "2"]
EMBEDDED += ["--without-mingle", "--without-gossip"]


def work(name: str, number: int) -> None:
    """The life of one worker."""
    if name == "celery":
        from reviewhub.celery import app  # noqa: PLC0415 - imported by the parent before

        options = ["-n", f"worker-{number}", "--schedule", os.environ["REVIEWHUB_DATA"] + f"/beat-{number}"]
        app.start([*EMBEDDED, *options])
    else:
        from tests.faults.outbox import controls  # noqa: PLC0415

        controls.LOOPS[name]()


def prepare() -> None:
    """Import what the workers need."""
    django.setup()
    from reviewhub.celery import app  # noqa: PLC0415 - settings first

    app.loader.import_default_modules()
    import celery.apps.worker  # noqa: F401, PLC0415
    import celery.bin.celery  # noqa: F401, PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests.faults.outbox import apps, controls  # noqa: F401, PLC0415

    apps.preload()
    assert connection.connection is None, "a database handle would be open at fork (M10)"


def fork(name: str, number: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        work(name, number)
    finally:
        os._exit(1)


class Ended(Exception):
    """Somebody asked us to end: waitpid goes on after a signal unless its handler raises."""


def end(*_signal):
    raise Ended


def main(count: int, name: str) -> None:
    prepare()
    signal.signal(signal.SIGTERM, end)
    children: dict[int, int] = {}
    try:
        for number in range(count):
            children[fork(name, number)] = number
        print("ready", flush=True)
        while True:
            pid, _status = os.waitpid(-1, 0)
            number = children.pop(pid)
            children[fork(name, number)] = number
    except Ended:
        for pid in children:
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
