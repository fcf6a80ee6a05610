"""Every environment variable that the code reads stands in docs/settings.md, and the other way round."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
READ = re.compile(r"""(?:env\.\w+\(|os\.environ(?:\.get)?[\[(])\s*f?["']([A-Z][A-Z0-9_]+)["']""")
OURS = ("reviewhub", "metrics", "meetings", "actions", "okr", "docker")
# Set by us for a process we start, or by others.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "LANG", "LC_ALL", "LC_MESSAGES"}


def read_by_code() -> set[str]:
    files = [path for app in OURS for path in (ROOT / app).rglob("*.py")]
    return {name for path in files for name in READ.findall(path.read_text(encoding="utf-8"))} - NOT_SETTINGS


def documented() -> set[str]:
    rows = (ROOT / "docs/settings.md").read_text(encoding="utf-8").splitlines()
    return {match[1] for row in rows if (match := re.match(r"\| `([A-Z0-9_]+)` \|", row))}


def test_every_variable_is_documented_and_every_documented_one_is_read():
    assert read_by_code() == documented()
