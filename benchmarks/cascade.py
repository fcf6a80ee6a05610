"""How long the pages of a large cascade take beside a small one: `python -m benchmarks.cascade`, both databases.

2,000 objectives and key results with 5,000 open tasks, and 50 with 20: map, list of what is to be mended and board of
tasks are asked for in turn. Queries have to be equal, and no page may show more than 200 cards.
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
SIZES = {"small": (50, 20), "large": (2_000, 5_000)}  # objectives and key results, open tasks
DAY = dt.date(2026, 11, 16)


def cycle_of(name: str, nodes: int, tasks: int, people: dict):
    """A cycle with an objective for every four key results, and the tasks spread over the key results."""
    from actions.models import Action  # noqa: PLC0415
    from okr.models import Cycle, KeyResult, Objective  # noqa: PLC0415
    from reviewhub.people.models import Department  # noqa: PLC0415
    from tests import make  # noqa: PLC0415

    homes = list(Department.objects.order_by("pk"))
    owners = list(people.values())
    dates = {"starts_on": dt.date(2026, 10, 1), "ends_on": dt.date(2027, 1, 1)}
    if name == "small":
        dates = {"starts_on": dt.date(2026, 7, 1), "ends_on": dt.date(2026, 10, 1)}
    cycle = Cycle.objects.create(code=name, length="quarter", state="open", **dates)
    aims = max(5, nodes // 5)
    top = Objective.objects.bulk_create(
        Objective(cycle=cycle, title=f"Company {n}", owner=people["ceo"]) for n in range(5)
    )
    carried = KeyResult.objects.bulk_create(
        _result(cycle, n, None, people["ceo"], top[n % 5]) for n in range(15)
    )
    below = Objective.objects.bulk_create(
        Objective(
            cycle=cycle,
            title=f"Objective {n}",
            department=homes[n % len(homes)],
            owner=owners[n % len(owners)],
            parent=carried[n % 15],
        )
        for n in range(aims - 5)
    )
    results = KeyResult.objects.bulk_create(
        _result(
            cycle, n, homes[n % len(homes)], owners[n % len(owners)], (below or top)[n % len(below or top)]
        )
        for n in range(nodes - aims - 15)
    )
    Action.objects.bulk_create(
        Action(
            title=f"Task {n}",
            owner=owners[n % len(owners)],
            department=homes[n % len(homes)],
            result=results[n % len(results)],
            due_on=DAY + dt.timedelta(days=n % 60 - 10),
            original_due_on=DAY + dt.timedelta(days=n % 60 - 10),
            raised_at=make.AT,
        )
        for n in range(tasks)
    )
    return cycle


def _result(cycle, number: int, home, owner, objective):
    from okr.models import KeyResult  # noqa: PLC0415

    return KeyResult(
        cycle=cycle,
        objective=objective,
        department=home,
        title=f"Key result {number} of {home.code if home else 'all'}",
        owner=owner,
        baseline=10 * 10**6,
        target=20 * 10**6,
        unit="shops",
    )


def measure(rounds: int) -> None:
    """Print milliseconds, queries and kB of each page, in this process, on the database of the environment."""
    import django  # noqa: PLC0415 - the environment is set by the parent

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from tests import make  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    people = make.people()
    client = Client(raise_request_exception=True)
    client.force_login(people["ceo"])
    for name, (nodes, tasks) in SIZES.items():
        cycle_of(name, nodes, tasks, people)
    for label, address in {"map": "/okr/{}/", "to mend": "/okr/{}/gaps/", "tasks": "/actions/"}.items():
        found = {name: _asked(client, address.format(name), rounds) for name in SIZES}
        for name, (p50, p95, queries, size, cards) in found.items():
            print(
                f"  {label:8}{name:6}{p50:9.1f}{p95:9.1f} ms{queries:4} queries{size:6.0f} kB{cards:5} cards"
            )
        print(f"  {label:8}p95, large ÷ small: {found['large'][1] / found['small'][1]:.2f}", flush=True)
    for name in SIZES:
        p50, p95, *_rest = _asked(client, f"/okr/{name}/", rounds, changed=name)
        print(f"  map     {name:6}{p50:9.1f}{p95:9.1f} ms, a task changed before each")


def _renamed(name: str, turn: int) -> None:
    from actions.models import Action  # noqa: PLC0415

    row = Action.objects.filter(result__cycle__code=name).order_by("pk")[0]
    row.title = f"Changed {turn}"
    row.save(update_fields=["title"])


def _asked(client, address: str, rounds: int, changed: str = "") -> tuple[float, float, int, float, int]:
    from django.db import connection  # noqa: PLC0415

    client.get(address)
    statements = []

    def count(execute, *rest):
        statements.append(rest[0])
        return execute(*rest)

    with connection.execute_wrapper(count):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    took = []
    for turn in range(rounds):
        if changed:
            _renamed(changed, turn)
        began = time.perf_counter()
        client.get(address)
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    text = answer.content.decode()
    cards = text.count("<article ") or text.count("data-card")
    return took[rounds // 2], took[int(0.95 * rounds)], len(statements), len(answer.content) / 1000, cards


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cascade", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--databases", default="postgresql,sqlite")
    asked = parser.parse_args()
    from tests import services  # noqa: PLC0415 - importing it starts PostgreSQL

    del services
    for database in asked.databases.split(","):
        with tempfile.TemporaryDirectory() as folder:
            sqlite = database == "sqlite"
            environment = os.environ | {
                "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
                "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3" if sqlite else os.environ["DATABASE_URL"],
                "REVIEWHUB_DATA": folder,
                "REVIEWHUB_PLAIN_STATIC": "1",
            }
            print(f"{database}, {asked.rounds} rounds", flush=True)
            code = f"from benchmarks import cascade; cascade.measure({asked.rounds})"
            subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
