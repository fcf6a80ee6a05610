"""Secrets of sources by name: the environment or a file holds them, the database and the pages never."""

import os
import re
from pathlib import Path

from django.conf import settings

from metrics.feeding.fetched import Failed

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
LARGEST = 10_000


def value(name: str) -> str:
    """The secret called `name`: SOURCE_SECRET_<name> of the environment, or the file <name> in SOURCE_SECRETS_DIR."""
    if not NAME.fullmatch(name):
        raise Failed("SECRET_NAME", name=name[:60])
    if found := os.environ.get(f"SOURCE_SECRET_{name}", ""):
        return found.strip()
    folder = settings.SOURCE_SECRETS_DIR
    try:
        text = (Path(folder) / name).read_text(encoding="utf-8")[:LARGEST] if folder else ""
    except (OSError, ValueError):
        text = ""
    if not text.strip():
        raise Failed("SECRET_MISSING", name=name)
    return text.strip()
