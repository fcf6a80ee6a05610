"""A server that has begun is not walked through by the collector of garbage again."""

import subprocess
import sys

import pytest

ASKED = """
import gc
from reviewhub.{entry} import application
assert callable(application)
print(gc.get_freeze_count() > 100_000, len(gc.get_objects()) < 10_000)
"""


@pytest.mark.parametrize("entry", ["wsgi", "asgi"])
def test_what_a_server_loads_is_out_of_the_collectors_sight(entry, tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", ASKED.format(entry=entry)],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": "/usr/bin",
            "REVIEWHUB_DATA": str(tmp_path),
            "REVIEWHUB_PLAIN_STATIC": "1",
            "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        },
    )
    assert told.stdout.split() == ["True", "True"]
