"""A file with 25 errors is right at the second upload, by somebody who sees only the findings (robustness 7-5).

TWENTY_FIVE_SEEDS names other seeds; `python -m tests.twenty_five --seed N` is the command for it.
"""

import io
import json
import os

import pytest
from django.core.management import call_command

from metrics import certification, importing
from metrics.models import Submission
from tests.metrics import wrong_files

pytestmark = pytest.mark.django_db
SEEDS = [int(one) for one in os.environ.get("TWENTY_FIVE_SEEDS", "1,2,3").split(",")]
WHERE = {"department": "sales", "period": "2026-10", "profile": "sales-daily"}


def by_command(name, content, tmp_path) -> dict:
    (tmp_path / name).write_bytes(content)
    out = io.StringIO()
    words = [f"--{key}={value}" for key, value in WHERE.items()]
    try:
        call_command(
            "submit", str(tmp_path / name), *words, "--by=sales", "--json", "--language=en", stdout=out
        )
    except SystemExit:
        pass
    return json.loads(out.getvalue())


def by_api(program, name, content, at) -> dict:
    file = io.BytesIO(content)
    file.name = name
    pk = program.post("/submissions", form=WHERE | {"file": file}).said["id"]
    importing.run(pk, at=at)
    found = program.get(f"/imports/{pk}/findings", limit=200).said["items"]
    return program.get(f"/imports/{pk}").said | {"findings": found}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_second_upload_is_handed_in_and_certified(
    seed, people, at, tmp_path, monkeypatch, record_property
):
    from tests.api import caller  # noqa: PLC0415 - Django's settings come first

    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)
    program = caller.Program(caller.made(people["sales"])[1])

    def upload(rows):
        content = wrong_files.content_of(wrong.name, rows)
        if seed % 2:
            return by_command(wrong.name, content, tmp_path)
        return by_api(program, wrong.name, content, at)

    wrong = wrong_files.planted(seed)
    first = upload(wrong.rows)
    found = {(one["row"], one["column"]) for one in first["findings"] if one["severity"] == "error"}
    record_property("planted", {"seed": seed, "file": wrong.name, "kinds": wrong.kinds, "found": len(found)})
    assert first["status"] == "rejected" and not Submission.objects.exists()
    assert found == wrong.places and len(found) == wrong_files.MANY
    assert all(one["message"] and one["hint"] for one in first["findings"])

    second = upload(wrong_files.mended(wrong.rows, first["findings"]))
    assert second["status"] in ("accepted", "warnings"), second["findings"]
    pk = second["submission"]
    handed = program.post(f"/submissions/{pk}/hand-in", {"accept_warnings": True})
    assert handed.said["state"] == "handed_in"
    version = certification.certify(Submission.objects.get(), by=people["steward"], at=at)
    assert version.state == "certified" and version.number == 1


def test_the_same_seed_plants_the_same_file():
    assert wrong_files.planted(7).content == wrong_files.planted(7).content
    assert wrong_files.planted(7).places != wrong_files.planted(8).places
