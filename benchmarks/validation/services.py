"""Runs a part of the benchmark on a database of its own."""

import os
import sys
from pathlib import Path

from benchmarks.validation import peers


def ask(database: str, folder: Path, part: str, given) -> dict:
    """The answer of server.py for one part, on "postgresql" or "sqlite"."""
    from tests import services  # noqa: F401, PLC0415 - importing it starts PostgreSQL

    home = folder / f"{part}-{database}"
    home.mkdir(exist_ok=True)
    url = os.environ["DATABASE_URL"] if database == "postgresql" else f"sqlite:///{home}/bench.sqlite3"
    more = {"DJANGO_SETTINGS_MODULE": "reviewhub.settings", "DATABASE_URL": url, "REVIEWHUB_DATA": str(home)}
    return peers.run([sys.executable, "-m", "benchmarks.validation.server", part, str(given)], **more)
