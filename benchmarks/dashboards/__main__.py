"""`python -m benchmarks.dashboards`: what every board reads, from roll-ups, from raw rows, and in DuckDB over Parquet.

A demo company of ten million facts is made on first use (`--folder` keeps it). Every board of the product is asked for
as a page; what it loads is recorded and asked again of each store in turn. All answers have to be equal.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboards", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rows", type=int, default=10_000_000, help="facts of the company that is made")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--raw-rounds", type=int, default=1, help="rounds of the slow contestant")
    parser.add_argument("--folder", type=Path, help="where the company is kept and found again; else deleted")
    parser.add_argument("--boards", default="", help="only pages with one of these in their address")
    parser.add_argument("--without-duckdb", action="store_true")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="dashboards-") as scratch:
        folder = (asked.folder or Path(scratch)).resolve() / asked.database
        folder.mkdir(parents=True, exist_ok=True)
        prepare(asked, folder)
        run(asked, folder)


def prepare(asked, folder: Path) -> None:
    """Settings of a database of its own, with the company in it. A DATABASE_URL that is set names a database to use."""
    url = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/reviewhub.sqlite3")
    if asked.database == "postgresql" and "DATABASE_URL" not in os.environ:
        url = own_postgresql(folder / "server")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
        "DATABASE_URL": url,
        "REVIEWHUB_DATA": str(folder),
        "REVIEWHUB_PLAIN_STATIC": "1",
    }
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from reviewhub.people.models import User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        make_company(asked.rows)


def own_postgresql(home: Path) -> str:
    """A server that ends with this process; its data stay in `home`."""
    arguments, sys.argv = sys.argv, ["-h"]  # importing the module would start one for tests
    from tests import services  # noqa: PLC0415

    sys.argv = arguments
    return services.postgresql(home)


def make_company(rows: int) -> None:
    from reviewhub.demo import company  # noqa: PLC0415
    from reviewhub.management.commands.demo import tidy  # noqa: PLC0415

    begun = time.perf_counter()
    company.create(
        at=dt.datetime.now(dt.UTC), rows=rows, tell=lambda line: print(line, file=sys.stderr, flush=True)
    )
    tidy()
    print(f"company made in {time.perf_counter() - begun:.0f} s", flush=True)


def run(asked, folder: Path) -> None:
    from benchmarks.dashboards import pages, questions, tables  # noqa: PLC0415
    from benchmarks.validation.tables import machine  # noqa: PLC0415
    from metrics.models import Observation, RollUp, Summary  # noqa: PLC0415

    found = pages.asked([one for one in asked.boards.split(",") if one])
    stored = (
        f"{model.objects.count():,} {name}"
        for model, name in ((Observation, "facts"), (RollUp, "roll-ups"), (Summary, "rows of summaries"))
    )
    print(machine(f"{asked.database}, {', '.join(stored)}"))
    duck = {} if asked.without_duckdb else in_duckdb(asked, folder, found)
    print(tables.HEAD, flush=True)
    for page in found:
        ours = pages.timed(lambda page=page: questions.from_summaries(page.questions), asked.rounds)
        raw = pages.timed(lambda page=page: questions.from_raw_rows(page.questions), asked.raw_rounds)
        theirs = duck.get(page.address)
        others = [raw[1], *([theirs[1]] if theirs else [])]
        equal = all(
            questions.same(question, mine, other)
            for answers in others
            for question, mine, other in zip(page.questions, ours[1], answers, strict=True)
        )
        print(tables.line(page, ours[0], raw[0], theirs[0] if theirs else [], equal=equal), flush=True)
        if not equal:
            raise SystemExit(f"{page.address}: the answers differ")


def in_duckdb(asked, folder: Path, found) -> dict:
    from benchmarks.dashboards import questions  # noqa: PLC0415
    from benchmarks.validation import peers  # noqa: PLC0415

    facts, slices = questions.write_parquet(folder)
    names = f"read_parquet('{facts}')", f"read_parquet('{slices}')"
    every = [(page.address, one) for page in found for one in page.questions]
    given = {
        "rounds": asked.rounds,
        "questions": [questions.statements(one, "duckdb", *names) for _page, one in every],
    }
    command = [str(peers.environment()), str(Path(__file__).with_name("peer.py"))]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    told = json.loads(done.stdout)
    print(f"DuckDB {told['version']} over Parquet, {facts.stat().st_size / 1e6:.0f} MB")
    answers: dict[str, tuple[list, list]] = {}
    for (address, one), answer in zip(every, told["answers"], strict=True):
        times, own = answers.setdefault(address, ([0.0] * asked.rounds, []))
        times[:] = map(sum, zip(times, answer["times"], strict=True))
        own.append(questions.gathered(zip(questions.units_of(one), answer["rows"], strict=True)))
    return answers


if __name__ == "__main__":
    main()
