"""A real Celery worker in a process of its own, on the test database and the run's Redis."""

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

from django.conf import settings

from tests.server import database_url
from tests.services import stop


class Worker:
    """`celery -A reviewhub worker`; `start` returns when it takes work, `stop` ends it by its own pid.

    `app` and `options` may be set before `start`: another application, more words of the command line.
    """

    app, options = "reviewhub", ""

    def __init__(self, log: Path, **environment):
        self.log, self.process = log, None
        self.environment = os.environ | {"DATABASE_URL": database_url()} | environment

    def start(self, seconds: float = 60) -> "Worker":
        options = (
            f"--pool threads --concurrency 1 --without-mingle --without-gossip --loglevel INFO {self.options}"
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    self.app,
                    "worker",
                    "-n",
                    uuid.uuid4().hex,
                    *options.split(),
                ],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + seconds
        while " ready." not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process:
            stop(self.process)
