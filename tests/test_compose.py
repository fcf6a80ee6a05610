"""The compose file is one that compose understands, and starts only commands that exist here."""

import re
import shutil
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_it_has_web_worker_one_beat_postgresql_and_redis():
    services = compose()["services"]
    assert set(services) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    beats = [name for name, row in services.items() if "beat" in (row.get("command") or [])]
    assert beats == ["beat"]


def test_its_commands_are_installed():
    for name, service in compose()["services"].items():
        if command := service.get("command"):
            assert command[0] == "python" or shutil.which(command[0], path=str(ROOT / ".venv/bin")), name


def test_its_variables_are_settings_of_the_product():
    known = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M))
    used = set(compose()["services"]["web"]["environment"])
    assert used <= known
    example = {line.split("=")[0] for line in (ROOT / "env.example").read_text().splitlines() if "=" in line}
    assert example <= known | {"POSTGRES_PASSWORD"}
