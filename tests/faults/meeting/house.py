"""The processes that a meeting stands on, each of which can be killed and is started again as by its supervisor."""

import datetime as dt
import os
import time
from pathlib import Path

import psycopg2
from django.db import connection

from tests.edge import EdgeClock, EdgeSite
from tests.worker import Worker

BACK_S = 0.5  # what a supervisor takes to start a process again


class House:
    """Pages, streams, worker, Redis and database of one story. `redis` and `postgres` as in tests.faults.servers."""

    def __init__(self, folder: Path, redis=None, postgres=None):
        self.clock = EdgeClock(folder / "clock", dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC))
        self.redis, self.postgres = redis, postgres
        os.environ["REDIS_URL"] = redis.url if redis else ""
        self.web, self.live = EdgeSite(folder / "web.log"), EdgeSite(folder / "live.log")
        self.worker = Worker(folder / "worker.log") if redis else None
        self.running = [each for each in (self.web, self.live, self.worker) if each]

    def start(self) -> "House":
        for each in self.running:
            each.start()
        return self

    def stop(self) -> None:
        for each in self.running:
            each.stop()

    def settle(self) -> None:
        """This process's own connection may have gone with the database."""
        if connection.vendor == "postgresql":
            connection.close()

    # --- Faults: each returns when what it killed is there again ---------------------------------------------------

    def kill_live(self) -> None:
        self._again(self.live)

    def kill_web(self) -> None:
        self._again(self.web)

    def kill_worker(self) -> None:
        self.worker.process.kill()
        self.worker.process.wait()
        self.worker.log.write_text("")
        time.sleep(BACK_S)
        self.worker.start()

    def kill_redis(self) -> None:
        self.redis.kill()
        time.sleep(2 * BACK_S)
        self.redis.start()

    def kill_database(self) -> None:
        self.postgres.crash()
        time.sleep(2 * BACK_S)
        self.postgres.start()

    def cut_database(self) -> None:
        """Every connection to the database is ended."""
        given = connection.settings_dict
        link = psycopg2.connect(
            host=given["HOST"], port=given["PORT"], user=given["USER"], dbname=given["NAME"]
        )
        with link, link.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        link.close()

    def faults(self) -> dict:
        """Name → what does it; `browser` is done by the story itself."""
        found = {"live process": self.kill_live, "web": self.kill_web, "facilitator's browser": "browser"}
        if self.redis:
            found |= {"worker": self.kill_worker, "Redis": self.kill_redis}
        if self.postgres:
            found["database"] = self.kill_database
        elif connection.vendor == "postgresql":
            found["database"] = self.cut_database
        return found

    def _again(self, server) -> None:
        server.kill()
        time.sleep(BACK_S)
        server.start()
