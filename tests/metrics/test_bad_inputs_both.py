"""Every bad file through the upload form and the command, on the database of this run: answered, never half in."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command

from metrics import importing, known_profiles, reception
from metrics.models import ImportJob, Submission
from tests.metrics import uploads
from tests.metrics.intake.bad_inputs import CASES
from tests.metrics.intake.case import MONTHLY, TEST_PROFILE

pytestmark = pytest.mark.django_db
EXIT = {"accepted": 0, "warnings": 0, "rejected": 1, "unreadable": 2}
IMPOSSIBLE_AT_A_FORM = {"BAD_FILE_NAME"}  # Django drops a part with such a name: no file arrives


@pytest.fixture(params=CASES, ids=lambda case: case.test_id)
def case(request, at, monkeypatch):
    if request.param.profile == MONTHLY:
        known_profiles.save(MONTHLY, TEST_PROFILE, by=None, at=at)
    monkeypatch.setattr(reception, "limits", lambda: request.param.limits)
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)
    return request.param


def period_of(case) -> str:
    if case.period is None:
        return "1970-01-01..2100-12-31"
    first, after = case.period
    return f"{first}..{after - dt.timedelta(days=1)}"


def named(case) -> io.BytesIO:
    """The file under the name that a hostile client may send; a browser escapes line breaks in names."""
    file = io.BytesIO(case.build())
    file.name = case.file_name.replace("\r", "%0D").replace("\n", "%0A")
    return file


def require_all_or_nothing(case, before):
    """A usable file is one version; any other left every table of figures as it was."""
    if case.expected_status in ("accepted", "warnings"):
        assert Submission.objects.count() == 1
    else:
        assert uploads.digest() == before


def test_the_form_answers_it(case, people, signed_in, at):
    client = signed_in(people["sales"])
    client.cookies["reviewhub_language"] = "zh-hans"
    before = uploads.digest()
    answer = client.post(
        "/submissions/",
        {
            "department": "sales",
            "period": period_of(case),
            "profile": case.profile,
            "sheet": "",
            **({"file": named(case)} if case.file_name else {}),
        },
    )
    job = ImportJob.objects.first()
    if job is None:
        page = answer.content.decode()
        expected = {"FILE_MISSING"} if case.expected_codes <= IMPOSSIBLE_AT_A_FORM else case.expected_codes
        status = 422 if expected == {"FILE_MISSING"} else case.http_status
        assert answer.status_code == status
        assert all(code in page for code in expected)
        assert uploads.digest() == before
        return
    assert answer.status_code == 302
    job = importing.run(job.pk, at=at)
    assert set(job.outcome["finding_counts"]) == case.expected_codes
    assert (job.state, job.outcome["status"]) == ("done", case.expected_status)
    page = client.get(f"/imports/{job.pk}/")
    assert page.status_code == 200
    first = [one["code"] for one in job.outcome["findings"][:50]]
    assert all(code in page.content.decode() for code in first)
    require_all_or_nothing(case, before)


def named_file(case, folder):
    """The case as a file on disk; None for a name that no file can have."""
    name = case.file_name
    if (
        not name
        or name in (".", "..")
        or set(name) & set("/\0")
        or len(name.encode("utf-8", "replace")) > 255
    ):
        return None
    path = folder / name
    path.write_bytes(case.build())
    return path


def test_the_command_answers_it(case, people, at, tmp_path):
    path = named_file(case, tmp_path)
    if path is None:
        return
    before, out, status = uploads.digest(), io.StringIO(), 0
    try:
        call_command(
            "submit", str(path), f"--period={period_of(case)}", "--department=sales", f"--profile={case.profile}",
            "--by=sales", "--json", stdout=out,
        )  # fmt: skip
    except SystemExit as end:
        status = end.code
    document = json.loads(out.getvalue())
    assert (document["status"], status) == (case.expected_status, EXIT[case.expected_status])
    assert {one["code"] for one in document["findings"]} == case.expected_codes
    assert all(one["message"] and one["hint"] for one in document["findings"])
    assert {(one["code"], one["row"], one["column"]) for one in document["findings"]} >= {
        (code, row or None, column) for code, row, column in case.places
    }
    require_all_or_nothing(case, before)
