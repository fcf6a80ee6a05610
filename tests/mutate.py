"""`python -m tests.mutate --seed N`: right files of every template and platform, damaged at random.

The same seed damages the same way. `--files 2000` how many, `--database sqlite|postgresql` where; both when left out.
"""

import argparse
import os
import subprocess
import sys

from tests.corpus_report import DATABASES, ROOT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--database", choices=DATABASES)
    given = parser.parse_args()
    status = 0
    for database in [given.database] if given.database else DATABASES:
        environment = os.environ | {"TEST_DATABASE_URL": DATABASES[database]}
        environment |= {"MUTATION_SEED": str(given.seed), "MUTATION_FILES": str(given.files)}
        command = [sys.executable, "-m", "pytest", "tests/metrics/test_mutations.py", "-q", "--tb=short"]
        command += ["-p", "tests.metrics.planted_report"]
        status |= subprocess.run(command, cwd=ROOT, env=environment).returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
