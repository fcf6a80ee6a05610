"""An upgrade while the version before is running: who reads and writes through it, and what fails.

    python -m tests.faults.upgrade [--sqlite] [--old COMMIT]

The version before is the newest commit that lacks the newest migration; it is taken out of git into a temporary folder,
migrates an empty database and serves it. While pages are read and tasks are moved through it the new version migrates;
then both serve together. Says what failed in each phase; exit status 1 if anything did.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tests import services

ROOT = Path(__file__).parents[2]
PAGES = (
    "/",
    "/actions/",
    "/departments/",
    "/metrics/",
    "/meetings/",
    "/okr/past/",
    "/activity/",
    "/profile/",
)
SETTLE = 5  # seconds in which both serve
PREPARE = """
from django.test import Client
from django.conf import settings
from tests import make
people = make.people()
task = make.action(owner=people["owner"])
client = Client()
client.force_login(people["facilitator"], backend="reviewhub.people.authentication.SessionBackend")
print("READY", client.cookies[settings.SESSION_COOKIE_NAME].value, task.pk)
"""


def git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", ROOT, *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def before() -> str:
    """The commit before the one that brought the newest migration."""
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return git("rev-parse", f"{newest}^")


class Version:
    """One version of the product on the database `url`."""

    def __init__(self, folder: Path, url: str, data: Path):
        self.folder, self.port, self.process = folder, services.free_port(), None
        given = {"DATABASE_URL": url, "REVIEWHUB_DATA": str(data), "REDIS_URL": "", "REVIEWHUB_DEMO": "0"}
        self.environment = os.environ | given | {"REVIEWHUB_PLAIN_STATIC": "1", "DEBUG": "0"}

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        words = [
            "-m",
            "uvicorn",
            "reviewhub.asgi:application",
            "--port",
            str(self.port),
            "--log-level",
            "error",
        ]
        log = (self.folder / "upgrade.log").open("w") if self.folder != ROOT else subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, *words], cwd=self.folder, env=self.environment, stdout=log, stderr=log
        )
        services.wait_for(self.port, self.process, "uvicorn")

    def ask(self, method: str, path: str, cookie: str, body: str = "", token: str = "") -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": token,
        }
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        text = answer.read().decode(errors="replace")
        link.close()
        return answer.status, text


class Visitor(threading.Thread):
    """Reads every page and moves the task to and fro through each version that serves, until told to stop."""

    def __init__(self, session: str, task: str):
        super().__init__(daemon=True)
        self.token = "a" * 32
        self.cookie = f"sessionid={session}; csrftoken={self.token}"
        self.task, self.phase, self.versions, self.stopped = task, "before", {}, False
        self.asked, self.failed = Counter(), []

    def run(self) -> None:
        turn = 0
        while not self.stopped:
            turn += 1
            for name, version in list(self.versions.items()):
                status = ("doing", "todo")[turn % 2]
                self.note(name, version, "POST", f"/actions/{self.task}/status", f"status={status}")
                self.note(name, version, "GET", PAGES[turn % len(PAGES)])

    def note(self, name: str, version: Version, method: str, path: str, body: str = "") -> None:
        began, phase = time.monotonic(), self.phase
        try:
            status, _text = version.ask(method, path, self.cookie, body, self.token)
        except OSError as error:
            status = type(error).__name__
        self.asked[phase, name, method] += 1
        if status not in (200, 302):
            self.failed.append((phase, name, method, path, status, round(time.monotonic() - began, 1)))


def tried(old: Path, url: str, data: Path) -> dict:
    """What was asked and what failed, by phase."""
    earlier, later = Version(old, url, data), Version(ROOT, url, data)
    earlier.manage("migrate", "-v0")
    said = earlier.manage("shell", "-c", PREPARE)
    session, task = next(line for line in said.splitlines() if line.startswith("READY")).split()[1:]
    visitor = Visitor(session, task)
    try:
        earlier.start()
        visitor.versions = {"old": earlier}
        visitor.start()
        time.sleep(SETTLE)
        visitor.phase, began = "migrating", time.monotonic()
        later.manage("migrate", "-v0")
        took = time.monotonic() - began
        visitor.phase = "migrated, old alone"
        later.start()
        visitor.versions, visitor.phase = {"old": earlier, "new": later}, "both"
        time.sleep(SETTLE)
        visitor.stopped = True
        visitor.join(60)
        chain = json.loads(later.manage("verify-activity", "--json"))
    finally:
        for version in (earlier, later):
            if version.process:
                services.stop(version.process)
    counts = {" / ".join(key): number for key, number in sorted(visitor.asked.items())}
    return {"migrating_s": round(took, 1), "asked": counts, "failed": visitor.failed, "chain": chain}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sqlite", action="store_true", help="on SQLite in place of PostgreSQL")
    parser.add_argument("--old", help="the commit of the version before")
    given = parser.parse_args()
    commit = given.old or before()
    with tempfile.TemporaryDirectory(prefix="reviewhub-upgrade-") as name:
        folder = Path(name)
        old, data = folder / "old", folder / "data"
        old.mkdir()
        data.mkdir()
        packed = subprocess.run(
            ["git", "-C", ROOT, "archive", commit], check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", old], input=packed, check=True)
        url = f"sqlite:///{folder / 'upgrade.sqlite3'}" if given.sqlite else services.postgresql()
        found = tried(old, url, data)
    print(json.dumps({"old": commit[:7], "new": git("rev-parse", "--short", "HEAD")} | found, indent=1))
    return 1 if found["failed"] or found["chain"]["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
