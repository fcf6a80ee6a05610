"""The compose file is one that compose understands, starts only commands that exist here, and gives nobody too much."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
OURS = {"migrate", "web", "live", "worker", "beat"}
LASTING = {"proxy", "web", "live", "worker", "beat", "postgres", "redis"}


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture
def services():
    return compose()["services"]


def test_it_has_proxy_web_live_worker_one_beat_postgresql_and_redis(services):
    assert set(services) == LASTING | {"migrate"}
    beats = [name for name, row in services.items() if "beat" in (row.get("command") or [])]
    assert beats == ["beat"]
    assert "replicas" not in str(services["beat"]) and "scale" not in services["beat"]


def test_its_commands_are_installed(services):
    for name in OURS:
        command = services[name]["command"]
        assert command[0] == "python" or shutil.which(command[0], path=str(ROOT / ".venv/bin")), name
        assert all((ROOT / word).exists() for word in command if word.startswith("docker/")), name


def test_its_variables_are_settings_of_the_product(services):
    text = (ROOT / "docs/settings.md").read_text()
    known = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", text, re.M))
    for name in OURS:
        used = {each.removesuffix("_FILE") for each in services[name]["environment"]} - {"WORKER_ALIVE"}
        assert used <= known, name
    example = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / "env.example").read_text(), re.M))
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert example <= asked
    assert asked <= known | set(re.findall(r"`([A-Z_]+)`", text))


def test_no_secret_stands_in_the_environment(services):
    for name, service in services.items():
        for variable, value in (service.get("environment") or {}).items():
            secret = re.search("PASSWORD|SECRET|TOKEN", variable)
            assert not secret or (variable.endswith("_FILE") and value.startswith("/run/secrets/")), name
    made = re.search(r"for name in ([a-z_ ]+);", (ROOT / "docker/secrets.sh").read_text())[1].split()
    assert set(made) | {"email_password"} == set(compose()["secrets"])
    assert "secrets" in (ROOT / ".dockerignore").read_text().split()
    assert "secrets/" in (ROOT / ".gitignore").read_text().split()


def test_only_the_proxy_is_reached_from_outside_and_the_databases_by_nobody_else(services):
    assert [name for name, row in services.items() if "ports" in row] == ["proxy"]
    networks = compose()["networks"]
    assert networks["inside"] == networks["front"] == {"internal": True}
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["inside"]
    assert "inside" not in services["proxy"]["networks"]


def test_each_is_watched_limited_and_may_write_only_where_it_must(services):
    for name in LASTING:
        row = services[name]
        assert row["healthcheck"]["test"] and row["mem_limit"] and row["restart"] == "unless-stopped", name
        assert row["logging"]["options"]["max-size"] and row["security_opt"] == ["no-new-privileges:true"], (
            name
        )
    for name in (LASTING | {"migrate"}) - {"postgres"}:
        assert services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"], name
    assert re.findall(r"^USER (\w+)", (ROOT / "Dockerfile").read_text(), re.M) == ["proxy", "reviewhub"]


def test_nothing_starts_before_the_database_is_prepared(services):
    for name in OURS - {"migrate"}:
        waits = services[name]["depends_on"]
        assert waits["migrate"]["condition"] == "service_completed_successfully", name
        assert waits["postgres"]["condition"] == waits["redis"]["condition"] == "service_healthy", name


def test_secrets_are_made_once_and_for_their_owner(tmp_path):
    folder = tmp_path / "docker"
    folder.mkdir()
    shutil.copy(ROOT / "docker/secrets.sh", folder)
    run = ["sh", str(folder / "secrets.sh")]
    subprocess.run(run, check=True, capture_output=True)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == set(compose()["secrets"])
    assert {len(text) for name, text in made.items() if name != "email_password"} == {60}
    assert len(set(made.values())) == len(made) and made["email_password"] == ""
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    subprocess.run(run, check=True, capture_output=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == made
