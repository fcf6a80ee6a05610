"""The curl lines of docs/api.md, run as they stand there against the real site."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from metrics import importing
from metrics.models import ImportJob, Metric, Submission
from reviewhub.people.models import Confidentiality
from tests import make
from tests.api import caller
from tests.metrics.figures import dictionary_of_today
from tests.metrics.uploads import csv

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
COMMANDS = [
    command.replace("\\\n", " ")
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S)
    for command in re.findall(r"^curl (?:.*\\\n)*.*$", block, re.M)
]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_every_example_runs_as_it_stands(server, tmp_path, monkeypatch):
    people = make.people()
    make.rhythm()
    dictionary_of_today()
    Metric.objects.update(confidentiality=Confidentiality.INTERNAL)
    action = make.action(owner=people["sales"])
    (tmp_path / "december.csv").write_bytes(csv())
    (tmp_path / "uuidgen").write_text("#!/bin/sh\nexec python3 -c 'import uuid; print(uuid.uuid4())'\n")
    (tmp_path / "uuidgen").chmod(0o755)
    values = {
        "API": f"{server.url}/api/v1",
        "TOKEN": caller.made(people["sales"])[1],
        "ACTION": str(action.pk),
        "PATH": f"{tmp_path}:/usr/bin:/bin",
    }
    said = []
    for command in COMMANDS:
        if job := ImportJob.objects.first():
            values["ID"] = str(job.pk)
            if job.outcome is None and "$ID" in command:
                importing.run(job.pk, at=make.AT)
        if version := Submission.objects.first():
            values["SUBMISSION"] = str(version.pk)
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=values, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        said.append(json.loads(done.stdout))
        assert "code" not in said[-1] or said[-1].get("status") != said[-1].get("code"), command
        assert not isinstance(said[-1].get("status"), int), (command, said[-1])
    assert len(COMMANDS) == 11
    assert Submission.objects.get().state == "handed_in"
    action.refresh_from_db()
    assert (action.status, str(action.due_on)) == ("done", "2099-12-20")
