"""A real Celery worker in a process of its own, on the test database and the run's Redis."""

import os
import time
import uuid
from pathlib import Path

from tests import preloaded
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
        command = ["celery", "-A", self.app, "worker", "-n", uuid.uuid4().hex, *options.split()]
        self.process = preloaded.start(command, self.environment, self.log)
        end = time.monotonic() + seconds
        while not self.log.exists() or " ready." not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self.process:
            stop(self.process)
