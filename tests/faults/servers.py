"""Redis and PostgreSQL of one test, to be killed and started again on the same port."""

import os
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2

from tests import services
from tests.operation.stack import redis_binary
from tests.ports import free_port
from tests.services import stop, wait_for


class Redis:
    def __init__(self, folder: Path):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        command = [
            redis_binary(),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_for(self.port, self.process, "Redis")
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process:
            stop(self.process)


class Postgres:
    """A cluster of its own beside the suite's; `crash` is `pg_ctl stop -m immediate`."""

    def __init__(self):
        self.url = services.postgresql()
        with closing(psycopg2.connect(self.url)) as link:
            cursor = link.cursor()
            cursor.execute("SELECT current_setting('data_directory')")
            [(self.data,)] = cursor.fetchall()
        self.again = None

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(int((Path(self.data) / "postmaster.pid").read_text().split()[0]))

    def crash(self) -> None:
        master = self._postmaster()
        self.command, self.cwd = master.cmdline(), str(Path(self.data).parent)
        master.send_signal(signal.SIGQUIT)
        end = time.monotonic() + 20
        while master.is_running() and master.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < end, "PostgreSQL does not end"
            time.sleep(0.02)

    def start(self) -> None:
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        self.again = subprocess.Popen(
            self.command,
            cwd=self.cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
            **user,
        )
        end = time.monotonic() + 30
        while True:
            try:
                psycopg2.connect(self.url).close()
                return
            except psycopg2.OperationalError:
                assert time.monotonic() < end, "PostgreSQL does not come back"
                time.sleep(0.05)

    def stop(self) -> None:
        if self.again:
            stop(self.again, signal.SIGINT)
