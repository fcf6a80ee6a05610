"""Both commands of the README in an empty Debian, as root and as a plain user: `python -m tests.fresh_machine`.

Needs root, debootstrap and unshare. `--root FOLDER` keeps and reuses the empty system; `--only run` leaves `make test`
out.
Prints how long each took; ends with 1 when one failed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.ports import free_port

HERE = Path(__file__).parent.parent
PACKAGES = "python3,python3-venv,make,ca-certificates"
HOMES = {"root": "/root", "plain": "/home/plain"}
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def bootstrap(root: Path, release: str) -> None:
    """An empty Debian with python3, python3-venv and make, and nothing else; its name server and trust are ours."""
    if not (root / "usr/bin/make").exists():
        build = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", release, root]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")  # as the installer of any machine writes it
    shutil.copy(CERTIFICATES, str(root) + CERTIFICATES)
    if not (root / "home/plain").exists():
        subprocess.run(["chroot", root, "useradd", "-m", "plain"], check=True)


def inside(root: Path, user: str, script: str, **options) -> subprocess.Popen:
    """`script` as `user` in the system, in namespaces of its own: what it started ends with it."""
    kept = [f"export PIP_CERT={CERTIFICATES}", f"cd {HOMES[user]}/reviewhub"]
    mounts = f"mount -t proc proc {root}/proc; mount --rbind /dev {root}/dev; mount --rbind /sys {root}/sys; "
    shell = f"{mounts}exec chroot {root} su - {user} -c '{'; '.join([*kept, script])}'"
    return subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", shell], **options
    )


def lay_out(root: Path, user: str, shared: Path) -> None:
    """The committed project, as a clone would bring it, in the user's home, with the shared data beside it."""
    home = Path(str(root) + HOMES[user])
    shutil.rmtree(home / "reviewhub", ignore_errors=True)
    (home / "reviewhub").mkdir(parents=True)
    archive = subprocess.Popen(["git", "archive", "HEAD"], cwd=HERE, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", home / "reviewhub"], stdin=archive.stdout, check=True)
    if shared.exists():
        shutil.copytree(shared.resolve(), home / "shared", dirs_exist_ok=True)
    owned = [name for name in ("reviewhub", "shared") if (home / name).exists()]
    for name in owned:
        subprocess.run(["chroot", root, "chown", "-R", f"{user}:", f"{HOMES[user]}/{name}"], check=True)


def runs(root: Path, user: str, log) -> float:
    """Seconds until `make run` answers with a living worker; it is stopped again."""
    port, began = free_port(), time.monotonic()
    process = inside(root, user, f"exec make run PORT={port}", stdout=log, stderr=log)
    try:
        while time.monotonic() < began + 600:
            if process.poll() is not None:
                raise SystemExit(f"make run ended with status {process.returncode} as {user}")
            if health(port).get("worker") == "ok":
                return time.monotonic() - began
            time.sleep(0.2)
        raise SystemExit(f"make run did not answer in 600 s as {user}")
    finally:
        process.kill()  # and with it everything in its namespace
        process.wait()


def health(port: int) -> dict:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return json.load(answer)
    except OSError:
        return {}


def tests(root: Path, user: str, log) -> float:
    """Seconds that `make test` took; SystemExit when it failed."""
    began = time.monotonic()
    status = inside(root, user, "make test", stdout=log, stderr=log).wait()
    if status:
        raise SystemExit(f"make test ended with status {status} as {user}: see {log.name}")
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="where the empty system stands, or will stand")
    parser.add_argument("--release", default="bookworm")
    parser.add_argument("--user", choices=HOMES, help="only as this user")
    parser.add_argument("--only", choices=["run", "test"])
    parser.add_argument("--shared", type=Path, default=HERE.parent / "shared")
    asked = parser.parse_args()
    if os.getuid():
        sys.exit("A new root file system needs root.")
    root = asked.root or Path(tempfile.mkdtemp(prefix="reviewhub-fresh-"))
    bootstrap(root, asked.release)
    for user in [asked.user] if asked.user else HOMES:
        lay_out(root, user, asked.shared)
        with open(root.with_name(f"{root.name}-{user}.log"), "wb") as log:
            if asked.only != "test":
                print(f"{user}: make run, from nothing {runs(root, user, log):.0f} s", flush=True)
                print(f"{user}: make run, again {runs(root, user, log):.0f} s", flush=True)
            if asked.only != "run":
                print(f"{user}: make test {tests(root, user, log):.0f} s", flush=True)


if __name__ == "__main__":
    main()
