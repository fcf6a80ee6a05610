"""The real server in a process of its own, on the test database: for streams, browsers and kills."""

import http.client
import json
import os
import queue
import signal
import threading
import time

from django.conf import settings
from django.db import connection
from django.test import Client

from tests import preloaded
from tests.services import free_port, stop, wait_for


def database_url() -> str:
    """The URL of the test database that this process is connected to."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def session_of(user) -> str:
    """The cookie value of a session of `user`, as if they had signed in."""
    client = Client()
    client.force_login(user, backend="reviewhub.people.authentication.SessionBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Server:
    """uvicorn with the whole site. `start` again after `kill` uses the same address."""

    application = "reviewhub.asgi:application"

    def __init__(self, log, **environment):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log, self.process = log, None
        self.environment = os.environ | {"DATABASE_URL": database_url()} | environment

    def start(self):
        command = ["uvicorn", self.application, "--port", str(self.port)]
        words = ["--log-level", "warning", "--timeout-graceful-shutdown", "1"]
        self.process = preloaded.start([*command, *words], self.environment, self.log)
        wait_for(self.port, self.process, "uvicorn", 120)
        return self

    def kill(self):
        """As the kernel kills: nothing is said, nothing is finished."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process:
            stop(self.process)

    def ask(self, method, path, user=None, body=None, **headers):
        """Status, headers and body of one request."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        if user is not None:
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        read = b"" if "text/event-stream" in answer.headers.get("Content-Type", "") else answer.read()
        link.close()
        return answer.status, answer.headers, read


class Stream:
    """An open stream of one session: events as they come, and every byte that came."""

    def __init__(self, server, path, session):
        self.link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self.link.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        self.answer = self.link.getresponse()
        self.bytes, self.seqs = b"", set()
        self.events: queue.Queue = queue.Queue()
        if self.answer.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        name = ""
        try:
            for line in self.answer:
                self.bytes += line
                if line.startswith(b"event: "):
                    name = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    data = json.loads(line[6:])
                    self.seqs |= {data["seq"]} if name == "state" else set()
                    self.events.put((name, data, time.monotonic()))
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass
        self.events.put(("closed", None, time.monotonic()))

    def next(self, name="state", seconds=10):
        """The data of the next event called `name`."""
        return self.next_at(name, seconds)[0]

    def next_at(self, name="state", seconds=10):
        end = time.monotonic() + seconds
        while True:
            got, data, at = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if got == name:
                return data, at

    def after(self, seq: int, seconds=20):
        """(state, when) of the first state beyond `seq`: a hub that has just begun to listen may say one twice."""
        end = time.monotonic() + seconds
        while True:
            state, at = self.next_at(seconds=max(0.01, end - time.monotonic()))
            if state["seq"] > seq:
                return state, at

    def close(self):
        self.link.close()
