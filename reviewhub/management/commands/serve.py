"""Everything of an embedded installation in one process group: web in front, worker and beat watched behind."""

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections
from django.utils import timezone
from django.utils.translation.reloader import translation_file_changed

from metrics import dictionary
from metrics.models import Review
from reviewhub import lifeline, translations
from reviewhub.health import machine
from reviewhub.people import invitations
from reviewhub.people.models import Company, User

WORKER = "-q -A reviewhub worker --beat --pool threads --concurrency 2 --without-mingle --without-gossip"


class Command(BaseCommand):
    help = "Migrate, load the demo company into an empty database, and serve pages, worker and beat until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host, port, **options):
        if not 0 < port < 65536:
            raise CommandError(f"{port} is not a port (1–65535)", returncode=2)
        self.check_free(host, port)
        refuse_far_disk()
        try:
            prepare(self.stdout)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}", returncode=2) from error
        # WhiteNoise hands files out as plain iterators; they are small, and cached by the browser for a year.
        warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
        connections.close_all()  # no database handle may be open when a child starts (robustness M10)
        be_found_at(f"http://{reachable(host)}:{port}")
        self.announce(host, port)
        with watched_worker(self.stderr), demo_being_frozen():
            # Read by the settings of this process only: demo sign-in exists on loopback alone.
            settings.BIND_HOST = host
            server = uvicorn.Server(
                uvicorn.Config(
                    "reviewhub.asgi:application",
                    host=host,
                    port=port,
                    log_level="warning",
                    timeout_graceful_shutdown=3,
                    lifespan="off",
                    server_header=False,
                )
            )
            with contextlib.suppress(KeyboardInterrupt):
                server.run()
        self.stdout.write("Stopped.")

    def check_free(self, host, port):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"{host}:{port} cannot be used: {error.strerror}. Try PORT=8001.", returncode=2
                ) from error

    def announce(self, host, port):
        shown = reachable(host)
        self.stdout.write(f"\nReviewHub  →  http://{shown}:{port}/")
        company = Company.objects.first()
        if company and company.is_demo:
            names = ", ".join(User.objects.active().order_by("id").values_list("username", flat=True))
            self.stdout.write(f"Demo company. The sign-in page lets you enter as: {names}.")
        elif User.objects.exists():
            self.stdout.write("Sign in with your user name.")
        else:
            made = invitations.invite_first(at=timezone.now())
            link = f"http://{shown}:{port}{made.path}"
            self.stdout.write(
                f"Nobody can sign in yet. Become the administrator by this link, which works once:\n{link}"
            )
        self.stdout.write("Ctrl-C stops everything.\n")
        self.stdout.flush()
        connections.close_all()


def refuse_far_disk() -> None:
    """SQLite's locks do not hold on a network file system: two hosts would write at once (F40).

    9p is let through: it is how some containers and virtual machines see their own disk; the doctor mentions it.
    """
    if connection.vendor != "sqlite":
        return
    kind = machine.network_filesystem(Path(connection.settings_dict["NAME"]).parent)
    if kind and kind != "9p":
        raise CommandError(
            f"{settings.DATA_DIR} lies on a network file system ({kind}), where SQLite loses data. "
            "Set REVIEWHUB_DATA to a folder on a local disk, or DATABASE_URL to a PostgreSQL server.",
            returncode=2,
        )


def reachable(host: str) -> str:
    """`host` as this machine's browser asks for it."""
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def be_found_at(address: str) -> None:
    """Links in letters lead to where this server listens, unless the environment names another address."""
    if "BASE_URL" not in os.environ:
        settings.BASE_URL = os.environ["BASE_URL"] = address  # the worker reads the environment


def prepare(stdout) -> None:
    """Bring database, translations and static files up to date; the demo company goes into an empty database."""
    translations.compile_all(settings.LOCALE_PATHS[0])
    # This process may have looked for the words before they were compiled, by it or another one: let it look again.
    translation_file_changed(None, Path("django.mo"))
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    if not User.objects.exists() and os.environ.get("REVIEWHUB_DEMO", "1") != "0":
        stdout.write("Loading the demo company …")
        stdout.flush()
        call_command("demo", stdout=stdout)
    dictionary.ensure(at=timezone.now())


def collect_static() -> None:
    """Copy and hash the static files when any of them changed since the last start."""
    files = sorted(path for path in Path(settings.STATICFILES_DIRS[0]).rglob("*") if path.is_file())
    state = hashlib.sha256()
    for path in files:
        stat = path.stat()
        state.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    stamp = settings.DATA_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == state.hexdigest() and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(state.hexdigest())


@contextlib.contextmanager
def watched_worker(stderr):
    """Run worker and beat as a child; start it again when it dies; end it when the block ends."""
    stop = threading.Event()
    children: list[subprocess.Popen] = []

    def watch():
        wait = 1.0
        while not stop.is_set():
            children[:] = [start_worker()]
            code = children[0].wait()
            if not stop.is_set():
                stderr.write(f"The worker ended with status {code}; starting it again in {wait:.0f} s.")
                stop.wait(wait)
                wait = min(wait * 2, 60)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        for child in children:
            end(child)
        thread.join(5)


@contextlib.contextmanager
def demo_being_frozen():
    """The demo company's held review is frozen while its pages are there already: it takes some twenty seconds."""
    company = Company.objects.first()
    waits = bool(company and company.is_demo) and Review.objects.filter(state="met", snapshots=None).exists()
    connections.close_all()
    children = [start(["manage.py", "demo", "--freeze"], quiet=True)] if waits else []
    try:
        yield
    finally:
        for child in children:
            end(child)


def start(arguments: list[str], *, quiet: bool = False) -> subprocess.Popen:
    """A child in a session of its own, so that Ctrl-C reaches it through us alone."""
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=lifeline.end_with_parent,
        stdout=subprocess.DEVNULL if quiet else None,
    )


def start_worker() -> subprocess.Popen:
    """The Celery worker with beat inside."""
    return start(["-m", "celery", *WORKER.split()])


def end(child: subprocess.Popen) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
