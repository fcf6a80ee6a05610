"""`python -m benchmarks.validation`: the product's check of a large file beside its peers, as ratios.

Every contestant runs in a cold process of its own, all in turn, several rounds; medians are printed. Processor time
is that of the work without imports, all threads together. What every one found is compared with a plain csv + re
reference. `--help` lists the parts and sizes; docs/performance.md keeps the figures.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.validation import files, peers, services, tables
from metrics.intake.value_lists import CURRENCIES

PEERS = ["read_csv", "read_text", "polars", "pandera", "great_expectations", "row_loop"]
PARTS = ("check", "workbook", "database", "upload", "pages")


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="rows of the text file (5000000 is the long run)"
    )
    parser.add_argument("--workbook-rows", type=int, default=100_000)
    parser.add_argument("--facts", type=int, default=100_000, help="rows written into the database")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", default="clean,bad", help="which text files are checked")
    parser.add_argument("--peers", default=",".join(PEERS), help="which peers take part, by name")
    parser.add_argument("--parts", default=",".join(PARTS), help="any of " + ", ".join(PARTS))
    parser.add_argument("--folder", type=Path, help="keep the files here; else they are deleted")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory(prefix="validation-") as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(tables.machine(peers.versions(peers.environment())), flush=True)
        for part in asked.parts.split(","):
            globals()[part](asked, folder)


def check(asked, folder: Path) -> None:
    """A text file, clean and with bad cells."""
    for bad in (name == "bad" for name in asked.files.split(",")):
        path = folder / f"lines-{asked.rows}-{'bad' if bad else 'clean'}.csv"
        planted = files.write(path, asked.rows, bad)
        print(f"\n{asked.rows:,} rows × {len(files.COLUMNS)} columns, {planted:,} bad cells", flush=True)
        found = race(asked.peers.split(","), path, asked.rounds)
        truth = peers.peer("row_loop", path, CURRENCIES)
        print(tables.race(found, truth, "read_csv"), flush=True)
        print(tables.targets(found, bad, asked.rows), flush=True)


def workbook(asked, folder: Path) -> None:
    """The same table as a worksheet: guarded, read and checked, beside readers that check nothing."""
    path = folder / f"lines-{asked.workbook_rows}.xlsx"
    files.write_workbook(path, asked.workbook_rows)
    print(f"\n{asked.workbook_rows:,} rows × {len(files.COLUMNS)} columns as a workbook", flush=True)
    found = race(["fastexcel", "read_excel"], path, asked.rounds)
    print(tables.race(found, None, "fastexcel"))
    print(tables.workbook_targets(found), flush=True)


def database(asked, folder: Path) -> None:
    """Observations into PostgreSQL and SQLite."""
    for name in ("postgresql", "sqlite"):
        found = services.ask(name, folder, "database", asked.facts)
        print(f"\n{asked.facts:,} observations into {name}\n{tables.database(found)}", flush=True)


def upload(asked, folder: Path) -> None:
    """From a file handed over to its readable page, on PostgreSQL."""
    path = folder / f"lines-{asked.rows}-clean.csv"
    files.write(path, asked.rows, bad=False)
    found = services.ask("postgresql", folder, "upload", path)
    print(f"\n{asked.rows:,} rows, upload to readable page\n{tables.upload(found)}", flush=True)


def pages(asked, folder: Path) -> None:
    """What an import in the worker does to a page of the web process."""
    path = folder / f"lines-{asked.rows}-clean.csv"
    files.write(path, asked.rows, bad=False)
    found = services.ask("postgresql", folder, "pages", path)
    print(f"\nthe data page while a worker imports {asked.rows:,} rows\n{tables.pages(found)}", flush=True)


def race(names: list[str], path: Path, rounds: int) -> dict[str, dict]:
    """Medians by contestant; the product runs first in every round, then each peer."""
    answers: dict[str, list[dict]] = {}
    for _ in range(rounds):
        answers.setdefault("product", []).append(peers.product(path))
        for name in names:
            answers.setdefault(name, []).append(peers.peer(name, path, CURRENCIES))
    return {name: peers.medians(runs) for name, runs in answers.items()}


if __name__ == "__main__":
    main()
