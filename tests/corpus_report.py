"""`python -m tests.corpus_report`: every bad input by every door on both databases, line by line.

`--database sqlite|postgresql` for one of them, `--only B045` for some lines, `--json FILE` for the results; `--write`
renews docs/bad-inputs.md and ends.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

DATABASES = {"postgresql": "", "sqlite": "sqlite"}
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus_report", description=__doc__)
    parser.add_argument("--database", choices=DATABASES)
    parser.add_argument("--only", default="", metavar="NUMBER")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--write", action="store_true", help="write docs/bad-inputs.md and end")
    given = parser.parse_args()
    if given.write:
        return written()
    results, failed = [], 0
    for database in [given.database] if given.database else DATABASES:
        found, wrong, seconds = run(database, given.only)
        results += found
        failed += wrong
        print(f"# {database}: {len(found)} answers, {wrong} wrong, {seconds:.0f} s of processor time\n")
    for one in results:
        came = f"{one['outcome']:<7} {one['result']:<40} {one['words']}"
        print(f"{one['id']:<46} {one['door']:<8} {one['database']:<11} {came}")
    broken = sum(one["http"] >= 500 for one in results)
    halves = sum("digest" in one["why"] for one in results)
    print(f"\n{len(results)} answers · {failed} wrong · HTTP 500: {broken} · half stored: {halves}")
    if given.json:
        Path(given.json).write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    return 1 if failed or not results else 0


def run(database: str, only: str) -> tuple[list[dict], int, float]:
    """(what was answered, how many answers were wrong, processor seconds) on one database."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results.jsonl"
        environment = os.environ | {"TEST_DATABASE_URL": DATABASES[database], "CORPUS_RESULTS": str(out)}
        command = [sys.executable, "-m", "pytest", "tests/metrics/corpus/test_corpus.py", "-q", "--tb=short"]
        command += [
            "-p",
            "tests.metrics.corpus.recording",
            "-k",
            f"answered and {only}" if only else "answered",
        ]
        before = os.times()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        after = os.times()
        if done.returncode not in (0, 1):
            print(done.stdout[-3000:], done.stderr[-3000:], file=sys.stderr)
        lines = out.read_text("utf-8").splitlines() if out.exists() else []
    found = [json.loads(line) for line in lines]
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return found, sum(one["outcome"] != "passed" for one in found), seconds


def written() -> int:
    """The page, made where Django's settings are there."""
    code = "from tests.metrics.corpus import table; table.PAGE.write_text(table.rendered(), 'utf-8')"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "reviewhub.settings",
        "SECRET_KEY": "only for tests",
    }
    with tempfile.TemporaryDirectory() as folder:
        environment["REVIEWHUB_DATA"] = folder
        script = f"import django; django.setup(); {code}"
        return subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
