"""Commands answer unusable arguments as one document."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    "arguments",
    [
        ["reading", "SAL_GMV", "--json"],
        ["reading", "SAL_GMV", "--period", "2011-01", "--grain", "hour", "--json"],
        ["agenda-fit", "--budget", "many", "--json"],
        ["submit", "--json"],
    ],
)
def test_arguments_that_cannot_be_read_are_one_json_document(arguments, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"},
        capture_output=True,
        text=True,
    )
    document = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (2, "unusable")
    assert document["problems"][0] and "Traceback" not in done.stderr
