"""docs/deploy.md names commands, files and variables that exist."""

import re
import shutil
import sys
from pathlib import Path

import yaml
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")


def test_every_command_exists():
    named = set(re.findall(r"manage\.py ([a-z-]+)", TEXT))
    assert {"doctor", "backup", "restore", "prepare", "sweep"} <= named
    assert named <= set(get_commands())


def test_every_service_exists():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = set(re.findall(r"docker compose (?:exec|run)(?: -T| --rm)* ([a-z]+) ", TEXT))
    named |= set(re.search(r"docker compose stop ([a-z ]+)", TEXT)[1].split())
    named |= set(re.findall(r"docker compose logs ([a-z]+)", TEXT))
    assert named and named <= set(services)


def test_every_program_and_file_exists():
    programs = set(re.findall(r"\.venv/bin/([a-z]+)", TEXT)) - {"pip"}
    assert programs == {"python", "gunicorn", "uvicorn", "celery"}
    assert all(Path(sys.executable).with_name(name).exists() for name in programs)
    for name in re.findall(r"docker/[\w.]+|env\.example|requirements/[\w.]+|(?<=\()settings\.md", TEXT):
        assert (ROOT / name).exists() or (ROOT / "docs" / name).exists(), name
    assert shutil.which("sh")


def test_every_variable_is_documented():
    known = (ROOT / "docs/settings.md").read_text()
    for name in re.findall(r"`([A-Z][A-Z_]{3,})(?:=\S*)?`", TEXT):
        assert name.removesuffix("_FILE") in known or name in (
            "WEB",
            "LIVE",
            "HTTP_PORT",
            "HTTPS_PORT",
            "HEALTH_PORT",
        )
