"""Starts `manage.py serve` as `make run` does, in a data folder of its own."""

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

ROOT = Path(__file__).parent.parent


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
