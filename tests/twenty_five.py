"""`python -m tests.twenty_five --seed N`: 25 planted errors, mended in one go by somebody who sees only the findings.

`--seed 1,2,3` tries several; `--database sqlite` (the default) or `postgresql`.
"""

import argparse
import os
import subprocess
import sys

from tests.corpus_report import DATABASES, ROOT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.twenty_five", description=__doc__)
    parser.add_argument("--seed", required=True, metavar="N[,N…]")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    given = parser.parse_args()
    environment = os.environ | {
        "TEST_DATABASE_URL": DATABASES[given.database],
        "TWENTY_FIVE_SEEDS": given.seed,
    }
    command = [sys.executable, "-m", "pytest", "tests/metrics/test_twenty_five.py", "-q", "--tb=short"]
    command += ["-p", "tests.metrics.planted_report", "-k", "second_upload"]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
