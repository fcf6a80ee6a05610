"""One combination of database, workers and faults: messages in, killed workers, and the judgement at the end."""

import collections
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from reviewhub.notices.crashpoints import POINTS
from tests.ports import free_port
from tests.services import stop

ROOT = Path(__file__).parent.parent.parent.parent
LEASE_S, DOUBT_S, PAUSE_S = 2, 3, 2.5
REDIS_WORKER = ["-m", "celery", "-A", "reviewhub", "worker", "--pool", "prefork", "--concurrency", "2"]
REDIS_WORKER += ["--without-mingle", "--without-gossip"]
# Besides what kills a child at a crash point, a whole worker dies now and then.
WHOLE_WORKER_EVERY_S = 40


@dataclass(frozen=True)
class Combination:
    """`worker`: redis, embedded, or a loop of controls.py; `kills`: how likely at each crash point; `packed`: begin
    with the deliveries made."""

    database: str
    worker: str
    messages: int
    kills: float = 0.02
    pauses: float = 0.0
    flushing: str = ""
    points: tuple[str, ...] = ()
    packed: bool = False
    seconds: float = 1200

    @property
    def crash(self) -> str:
        wishes = []
        for point in self.points or POINTS:
            # A tick plans every kind: as likely as elsewhere, hardly one would come to the sending.
            rare = 0.1 if point == "planned" else 1
            wishes += [f"{point}:{self.kills * rare}"] * bool(self.kills)
            wishes += [f"{point}:{self.pauses * rare}:pause:{PAUSE_S}"] * bool(self.pauses)
        return ",".join(wishes)

    @property
    def faults(self) -> str:
        said = [f"kill {self.kills:.0%}"] * bool(self.kills) + [f"pause {self.pauses:.0%}"] * bool(
            self.pauses
        )
        return " + ".join(said + [self.flushing.upper() + " 2 s"] * bool(self.flushing))


@dataclass
class Installation:
    """A database that is migrated, a broker, a mail server, a data folder."""

    folder: Path
    database_url: str
    redis_url: str
    worker: str
    port: int = field(default_factory=free_port)

    @property
    def log(self) -> Path:
        return self.folder / "faults.log"

    @property
    def sink(self) -> Path:
        return self.folder / "accepted.txt"

    def environment(self, crash: str = "") -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.outbox.settings",
            "REVIEWHUB_DATA": str(self.folder),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": "" if self.worker == "embedded" else self.redis_url,
            "SECRET_KEY": "only for tests, and long enough to be one: 0123456789abcdefghij",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.port),
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "MAIL_PER_SECOND": "0",
            "MAIL_DOMAIN": "reviewhub.test",
            "LOG_LEVEL": "CRITICAL",
            "TESTING": "1",
            "REVIEWHUB_SHORT": f"lease:{LEASE_S},doubt:{DOUBT_S}",
            "REVIEWHUB_CRASH": crash,
            "FAULTS_LOG": str(self.log),
            "FAULTS_DUE_AT": self.due_at,
        }

    def __post_init__(self):
        self.due_at = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)).isoformat()
        self.log.touch()
        self.sink.touch()

    def started(self, module: str, *words: str, crash: str = "") -> subprocess.Popen:
        """A process of ours that says `ready`."""
        with (self.folder / "output.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=ROOT,
                env=self.environment(crash),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        said = process.stdout.readline()
        if said != b"ready\n":
            raise RuntimeError(f"{module} said {said!r}\n{(self.folder / 'output.log').read_text()[-2000:]}")
        return process


class Field:
    """The process that knows the database; it commits no faults."""

    def __init__(self, installation: Installation):
        self.installation, self.process = installation, installation.started(f"{__package__}.field")

    def ask(self, *words: object):
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{words}\n{(self.installation.folder / 'output.log').read_text()[-2000:]}")
        return json.loads(line)


def run(combination: Combination, installation: Installation) -> dict:
    """Everything of one combination, to the judgement."""
    field = Field(installation)
    sink = installation.started(f"{__package__}.sink", str(installation.port), str(installation.sink))
    try:
        field.ask("seed", combination.messages)
        if combination.packed:
            field.ask("pack")
        with workers(combination, installation):
            found = field.ask("watch", combination.seconds, combination.flushing)
        found |= field.ask("judge", installation.sink)
    finally:
        stop(sink)
        stop(field.process)
    told = collections.Counter(installation.log.read_text().splitlines())
    for what in ("kill", "pause"):
        points = {line.split()[1]: count for line, count in sorted(told.items()) if line.startswith(what)}
        found |= {f"{what}s": sum(points.values()), f"{what}s_at": points}
    shown = {"database": combination.database, "worker": combination.worker, "faults": combination.faults}
    return shown | {"asked": combination.messages, "wrong": wrong(combination.messages, found)} | found


def wrong(messages: int, found: dict) -> list[str]:
    """What breaks the promise (robustness §6.5), in words; empty when it is kept."""
    zero = ("lost_silently", "duplicates_unplanned", "leases_left", "not_final", "messages_without_delivery")
    problems = [f"{name} = {found[name]}" for name in (*zero, "open", "accepted_unknown") if found.get(name)]
    for name in ("occurrences", "messages", "deliveries"):
        if found[name] != messages:
            problems.append(f"{name} = {found[name]} of {messages}")
    if found["delivered"] + found.get("in_doubt_not_delivered", 0) != messages:
        problems.append("delivered and in doubt do not add up")
    return problems


@contextlib.contextmanager
def workers(combination: Combination, installation: Installation):
    """Several of them, replaced when they die; ended with the block."""
    if combination.worker == "redis":
        with redis_workers(combination, installation):
            yield
        return
    what = "celery" if combination.worker == "embedded" else combination.worker
    count = "3" if combination.worker == "embedded" else "4"
    nursery = installation.started(f"{__package__}.nursery", count, what, crash=combination.crash)
    try:
        yield
    finally:
        stop(nursery)


@contextlib.contextmanager
def redis_workers(combination: Combination, installation: Installation):
    """Two `celery -A reviewhub worker` with two children each: a crash point kills a child, we kill a whole worker."""
    ended = threading.Event()
    running: dict[int, subprocess.Popen] = {}

    def begin(number: int) -> None:
        with (installation.folder / "output.log").open("ab") as log:
            running[number] = subprocess.Popen(
                [sys.executable, *REDIS_WORKER, "-n", f"worker-{number}@%h"],
                cwd=ROOT,
                env=installation.environment(combination.crash),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def watch() -> None:
        killed = time.monotonic()
        while not ended.wait(0.1):
            for number, process in list(running.items()):
                if process.poll() is not None:
                    begin(number)
            if combination.kills and time.monotonic() - killed > WHOLE_WORKER_EVERY_S:
                killed = time.monotonic()
                kill_family(running[int(killed) % 2])
                with installation.log.open("a") as log:
                    log.write("kill whole_worker\n")

    for number in range(2):
        begin(number)
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        for process in running.values():
            kill_family(process)


def kill_family(process: subprocess.Popen) -> None:
    """As the machine's power goes: the worker and its children at once."""
    import psutil  # noqa: PLC0415

    with contextlib.suppress(psutil.NoSuchProcess):
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait()
