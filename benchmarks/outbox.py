"""How long planning, telling and packing take: `python -m benchmarks.outbox [--subjects 10000]`, both databases.

Starts its own PostgreSQL; nothing is sent. One kind, one subject and one recipient each, everything due at once (F39).
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def measure(subjects: int) -> None:
    """Print the seconds for each step, in this process, on the database of the environment."""
    import django  # noqa: PLC0415 - the environment is set by the parent

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from reviewhub.notices import expanding, kinds, packing, planning  # noqa: PLC0415
    from reviewhub.people.models import Company, User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    Company.objects.create(name="远帆", name_en="Farsail")
    User.objects.bulk_create(User(username=f"u{n}", email=f"u{n}@example.com") for n in range(subjects))
    due = now()
    kinds._kinds.clear()
    kinds.register(
        kinds.Kind(
            code="bench",
            label="",
            note="",
            subjects=lambda since, until: User.objects.order_by("pk"),
            plans=lambda user, since, until: [kinds.Plan("once", due)],
            recipients=lambda occurrence: User.objects.filter(pk=occurrence.subject_id),
            render=lambda occurrence, user: kinds.Content(title="x"),
            latest=lambda occurrence: occurrence.due_at,
        )
    )
    steps = {
        "plan": planning.plan,
        "plan again": planning.plan,
        "tell": expanding.expand,
        "pack": packing.pack,
    }
    queries = []

    def count(execute, *rest):
        queries.append(1)
        return execute(*rest)

    for name, step in steps.items():
        queries.clear()
        began = time.perf_counter()
        with connection.execute_wrapper(count):
            step(clock=now)
        print(f"  {name}: {time.perf_counter() - began:.2f} s, {len(queries)} queries", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outbox")
    parser.add_argument("--subjects", type=int, default=10_000)
    asked = parser.parse_args()
    from tests import services  # noqa: F401, PLC0415 - importing it starts PostgreSQL

    for database in ("postgresql", "sqlite"):
        with tempfile.TemporaryDirectory() as folder:
            url = (
                os.environ["DATABASE_URL"]
                if database == "postgresql"
                else f"sqlite:///{folder}/bench.sqlite3"
            )
            environment = os.environ | {
                "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
                "DATABASE_URL": url,
                "REVIEWHUB_DATA": folder,
            }
            print(f"{database}, {asked.subjects} subjects", flush=True)
            code = f"from benchmarks import outbox; outbox.measure({asked.subjects})"
            subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
