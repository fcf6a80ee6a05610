"""A child of the benchmark with the product's database: `python -m benchmarks.validation.server PART …`, JSON lines.

The parent starts PostgreSQL and names the database; here Django is set up and the parts run. Nothing is measured
that the product does not do: the functions called are those of an upload.
"""

import datetime as dt
import io
import json
import select
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.validation import files

ROUNDS = 5
# Requests of a page before each import.
QUIET = 30


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def in_turn(works: dict, *, before, rounds=ROUNDS) -> dict[str, float]:
    """Median wall seconds by name, and processor seconds of this process by "name, processor"; all take turns, so that
    a busy minute falls on everybody."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, work in works.items():
            before()
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            found.setdefault(f"{name}, processor", []).append(time.process_time() - cpu)
            found.setdefault(name, []).append(time.perf_counter() - wall)
    return {name: statistics.median(values) for name, values in found.items()}


def database(rows: int) -> dict[str, float]:
    """Observations into their table: as the product writes them, as raw as it can be done, and through the ORM."""
    import pandas as pd  # noqa: PLC0415 - after Django
    from django.db import connection  # noqa: PLC0415

    from metrics import facts  # noqa: PLC0415
    from metrics.models import Observation  # noqa: PLC0415

    frame = pd.DataFrame(
        {
            "submission_id": 1,
            "metric": ["SAL_GROSS", "SAL_DISC", "SAL_UNITS", "SAL_REF"] * (rows // 4),
            "day": pd.to_datetime("2026-03-01")
            + pd.to_timedelta([n // 4 % 31 for n in range(rows)], unit="D"),
            "slice_id": [n // 124 for n in range(rows)],
            "currency": "EUR",
            "value": range(1_000_000, 1_000_000 + rows),
            "rows": 1,
        }
    )
    # In the order of the key, as sums of a submission come.
    frame = frame.sort_values(["submission_id", "metric", "day", "slice_id"], ignore_index=True)
    table, names = Observation._meta.db_table, ", ".join(f'"{name}"' for name in frame.columns)
    text = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d")).to_csv(index=False, header=False)

    def empty():
        with connection.cursor() as cursor:
            verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
            cursor.execute(f'{verb} "{table}"')

    def raw():
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN WITH (FORMAT csv)', io.StringIO(text))

    def orm():
        records = frame.to_dict("records")
        Observation.objects.bulk_create((Observation(**one) for one in records), batch_size=10_000)

    works = {"product": lambda: facts.write(Observation, frame), "bulk_create": orm}
    if connection.vendor == "postgresql":
        works["raw COPY"] = raw
    return in_turn(works, before=empty)


def upload(path: Path) -> dict[str, float]:
    """From the file handed over to the readable page of its version, beside a COPY of the same text unchecked."""
    from django.db import connection  # noqa: PLC0415

    client, hand_over = _company()
    columns = ", ".join(f'"{name}" text' for name in files.COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw_lines")
        cursor.execute(f"CREATE TABLE raw_lines ({columns})")

    copies = []

    def empty():
        copies.append(another(path, len(copies) + 1))
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE raw_lines")

    def copy():
        with connection.cursor() as cursor, path.open("rb") as stream:
            cursor.copy_expert("COPY raw_lines FROM STDIN WITH (FORMAT csv, HEADER)", stream)

    def product():
        from metrics import importing  # noqa: PLC0415

        job = importing.run(hand_over(copies[-1]).job.pk, at=now())
        if job.submission is None:
            raise SystemExit(f"refused: {job.outcome['finding_counts']}")
        answer = client.get(f"/submissions/{job.submission.pk}/")
        if answer.status_code != 200:
            raise SystemExit(f"the page answers {answer.status_code}")

    return in_turn({"product": product, "raw COPY": copy}, before=empty)


def pages(path: Path) -> dict[str, float]:
    """p50 and p95 in ms of a page of this (web) process, alone and while a worker process imports the file.

    Both are asked for before and during every import, so that they show equally many versions. The first import is
    not counted: in it the worker loads what it needs.
    """
    client, hand_over = _company()

    def ask() -> float:
        began = time.perf_counter()
        if client.get("/submissions/").status_code != 200:
            raise SystemExit("the page does not answer")
        return 1000 * (time.perf_counter() - began)

    worker = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "work"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    quiet: list[list[float]] = []
    busy: list[list[float]] = []
    for number in range(1, ROUNDS + 2):
        quiet.append([ask() for _ in range(QUIET)])
        print(hand_over(another(path, number)).job.pk, file=worker.stdin, flush=True)
        busy.append([])
        while not select.select([worker.stdout], [], [], 0)[0]:
            busy[-1].append(ask())
        if (state := worker.stdout.readline().strip()) != "done":
            raise SystemExit(f"the worker failed: {state}")
    worker.stdin.close()
    worker.wait()
    found = {}
    for name, rounds in (("quiet", quiet), ("busy", busy)):
        times = [one for several in rounds[1:] for one in several]
        found |= {
            f"{name} p50": statistics.median(times),
            f"{name} p95": statistics.quantiles(times, n=20)[18],
        }
    return found


def work() -> None:
    """What a worker does: the jobs named on its input, one after the other; their states go to its output."""
    from metrics import importing  # noqa: PLC0415

    for line in sys.stdin:
        print(importing.run(line.strip(), at=now()).state, flush=True)


def _company():
    """A signed-in client of a company that knows the profile, and how a file is handed over."""
    from django.test import Client  # noqa: PLC0415

    from benchmarks.validation import product  # noqa: PLC0415
    from metrics import importing, known_profiles  # noqa: PLC0415
    from metrics.periods import Period  # noqa: PLC0415
    from reviewhub.people.models import User  # noqa: PLC0415
    from tests import make  # noqa: PLC0415

    # Several parts may run on one database.
    person = User.objects.filter(username="sales").first()
    if person is None:
        make.company()
        person = make.people()["sales"]
    spec = product.PROFILE.read_text(encoding="utf-8")
    known_profiles.save("order-lines", spec, by=None, at=now())
    client = Client(headers={"host": "localhost"})
    client.force_login(person)

    def hand_over(copy: Path):
        return importing.receive(
            copy, name=copy.name, department=make.department("SAL"), period=Period.parse("2026-03"),
            profile="order-lines", by=None, at=now(), enqueue=False,
        )  # fmt: skip

    return client, hand_over


def another(path: Path, number: int) -> Path:
    """The file with blank lines at its end: the same bytes would not be imported twice."""
    copy = path.with_name("upload.csv")
    shutil.copy(path, copy)
    with copy.open("ab") as stream:
        stream.write(b"\n" * number)
    return copy


def main(part: str, *given: str) -> None:
    import django  # noqa: PLC0415 - the environment is set by the parent

    django.setup()
    if part == "work":
        return work()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    parts = {"database": lambda n: database(int(n)), "upload": lambda p: upload(Path(p))}
    parts["pages"] = lambda p: pages(Path(p))
    print(json.dumps(parts[part](*given)))


if __name__ == "__main__":
    main(*sys.argv[1:])
