"""Finds the Chromium of the browser tests, and installs it where it is missing: `python -m tests.chromium`."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PACKAGES = ["chromium", "fonts-noto-cjk", "libatomic1"]
# Where the packages are unpacked for somebody who may not install them.
UNPACKED = Path(sys.prefix) / "chromium"

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{root}/usr/share/fonts</dir><cachedir>{root}/fonts-cache</cachedir></fontconfig>
"""
START = """#!/bin/sh
export LD_LIBRARY_PATH="{libraries}" FONTCONFIG_FILE="{root}/fonts.conf"
exec "{root}/usr/lib/chromium/chromium" "$@"
"""


def executable() -> str | None:
    """The path of an installed Chromium, or None where Playwright brings its own."""
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return str(UNPACKED / "start") if (UNPACKED / "start").exists() else None


def ensure() -> None:
    """Install Chromium: Debian's packages as root, the same ones unpacked beside the venv for everybody else.

    On another system Playwright's own build.
    """
    if executable():
        return
    if not shutil.which("apt-get"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    elif os.getuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
        subprocess.run(install, check=True, env=environment, stdout=subprocess.DEVNULL)
    else:
        unpack(UNPACKED)


def unpack(root: Path) -> None:
    """Chromium and the libraries that this machine lacks, unpacked into `root` without being installed."""
    state, cache = root / "apt/state", root / "apt/cache"
    for folder in (state / "lists/partial", cache / "archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "-qq", "-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}"]
    apt += ["-o", "Dir::State::status=/var/lib/dpkg/status", "-o", "Debug::NoLocking=1"]
    subprocess.run([*apt, "update"], check=True)
    wanted = ["install", "-y", "--download-only", "--no-install-recommends", *PACKAGES]
    subprocess.run([*apt, *wanted], check=True, stdout=subprocess.DEVNULL)
    for package in sorted((cache / "archives").glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    shutil.rmtree(root / "apt")
    libraries = {str(path.parent) for path in root.rglob("*") if re.search(r"\.so(\.\d+)*$", path.name)}
    (root / "fonts.conf").write_text(FONTS.format(root=root))
    start = root / "start"
    start.write_text(START.format(root=root, libraries=":".join(sorted(libraries))))
    start.chmod(0o755)


if __name__ == "__main__":
    ensure()
