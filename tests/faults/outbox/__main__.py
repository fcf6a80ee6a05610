"""`python -m tests.faults.outbox`: the whole matrix, a table, and the figures as JSON.

Starts its own PostgreSQL, Redis, mail server and workers; needs nothing but the test requirements.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATABASES, WORKERS = ("postgresql", "sqlite"), ("redis", "embedded")
COLUMNS = ("database", "worker", "faults", "messages", "kills", "pauses", "delivered", "in_doubt")
COLUMNS += ("in_doubt_not_delivered", "duplicates_after_resend", "duplicates_unplanned", "lost_silently")
COLUMNS += ("leases_left", "seconds")


def arguments():
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.outbox", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--worker", choices=[*WORKERS, "both", "ours"], default="both")
    parser.add_argument("--kills", type=float, default=0.02, help="how likely at each crash point")
    parser.add_argument("--pauses", action="store_true", help="also pauses longer than the lease, at 1 %%")
    parser.add_argument("--flush", action="store_true", help="FLUSHALL on Redis every 2 s")
    parser.add_argument("--controls", action="store_true", help="the negative controls instead")
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    return parser.parse_args()


def combinations(asked):
    from tests.faults.outbox.matrix import Combination  # noqa: PLC0415 - after the servers are up

    databases = DATABASES if asked.database == "both" else [asked.database]
    workers = WORKERS if asked.worker == "both" else [asked.worker]
    if asked.controls:
        from tests.faults.outbox.controls_expected import CONTROLS  # noqa: PLC0415

        return [control.on(database, asked.messages) for database in databases for control in CONTROLS]
    return [
        Combination(
            database,
            worker,
            asked.messages,
            kills=asked.kills,
            pauses=0.01 if asked.pauses else 0.0,
            flushing="flushall" if asked.flush and worker == "redis" else "",
        )
        for database in databases
        for worker in workers
    ]


class Databases:
    """A migrated database of each kind, copied for each combination."""

    def __init__(self, folder: Path):
        self.folder, self.made = folder, {}

    def fresh(self, database: str, number: int) -> str:
        if database not in self.made:
            self.made[database] = self.migrated(database)
        if database == "sqlite":
            copy = self.folder / f"{number}.sqlite3"
            shutil.copy(self.folder / "base.sqlite3", copy)
            return f"sqlite:///{copy}"
        self.execute(f"CREATE DATABASE faults_{number} TEMPLATE faults_base")
        return self.server + f"/faults_{number}"

    def migrated(self, database: str) -> str:
        if database == "sqlite":
            url = f"sqlite:///{self.folder / 'base.sqlite3'}"
        else:
            self.execute("CREATE DATABASE faults_base")
            url = self.server + "/faults_base"
        environment = os.environ | {"DATABASE_URL": url, "REVIEWHUB_DATA": str(self.folder)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], check=True, env=environment)
        return url

    @property
    def server(self) -> str:
        return os.environ["DATABASE_URL"].rsplit("/", 1)[0]

    def execute(self, statement: str) -> None:
        import psycopg2  # noqa: PLC0415 - only where PostgreSQL is asked for

        link = psycopg2.connect(os.environ["DATABASE_URL"])
        link.autocommit = True
        link.cursor().execute(statement)
        link.close()


def table(rows: list[dict]) -> str:
    """The figures for people."""
    shown = [[str(row.get(name, 0)) for name in COLUMNS] for row in rows]
    heads = [name.replace("_", " ") for name in COLUMNS]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in shown])


def main() -> int:
    asked = arguments()
    if asked.database == "sqlite":
        os.environ["TEST_DATABASE_URL"] = "sqlite"
    from tests import services  # noqa: F401, PLC0415 - importing it starts PostgreSQL and Redis
    from tests.faults.outbox.matrix import Installation, run  # noqa: PLC0415

    rows = []
    with tempfile.TemporaryDirectory(prefix="reviewhub-faults-") as name:
        databases = Databases(Path(name))
        for number, combination in enumerate(combinations(asked)):
            folder = Path(name) / f"run-{number}"
            folder.mkdir()
            url = databases.fresh(combination.database, number)
            redis = f"{os.environ['TEST_REDIS_SERVER']}/{number}"
            began = time.monotonic()
            row = run(combination, Installation(folder, url, redis, combination.worker))
            rows.append(row)
            print(f"{time.monotonic() - began:.0f} s", json.dumps(row, ensure_ascii=False), flush=True)
    print("\n" + table(rows))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    return any(not as_expected(row) for row in rows)


def as_expected(row: dict) -> bool:
    """The outbox keeps its promise, a control breaks it as it is known to."""
    from tests.faults.outbox.controls_expected import CONTROLS  # noqa: PLC0415

    for control in CONTROLS:
        if control.worker == row["worker"]:
            return control.fails(row, row["asked"])
    return not row["wrong"]


if __name__ == "__main__":
    sys.exit(main())
