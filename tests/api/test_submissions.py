"""Data by API: a file handed over, followed, read back and handed in; and what is refused at the door."""

import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from metrics import importing, kept_files
from metrics.models import ImportJob, SourceFile, Submission
from reviewhub.api.models import KeptAnswer
from reviewhub.people.models import User
from tests import make
from tests.metrics import uploads
from tests.metrics.uploads import csv

pytestmark = pytest.mark.django_db
WARNING = {
    "code": "DATE_GAP",
    "severity": "warning",
    "sheet": "",
    "row": 3,
    "column": "E",
    "header": "Day",
} | {
    "value": "2010-12-25",
    "params": {},
}


def form(content=b"", name="december.csv", **fields):
    given = {"department": "sales", "period": "2010-12"} | fields
    return given | {"file": SimpleUploadedFile(name, content or csv())}


def test_a_file_is_handed_over_followed_read_back_and_handed_in(program, people, at):
    sales = program("sales", "submissions:write")
    answer = sales.post("/submissions", form=form())
    job = ImportJob.objects.get()
    assert (answer.status_code, answer.said["id"], answer.said["state"]) == (202, str(job.pk), "queued")
    assert answer.said["url"] == f"/api/v1/imports/{job.pk}" and answer.said["status"] is None
    importing.run(job.pk, at=at)
    done = sales.get(f"/imports/{job.pk}").said
    version = Submission.objects.get()
    assert (done["state"], done["status"], done["submission"]) == ("done", "accepted", version.pk)
    assert (done["rows_read"], done["rows_used"], done["period"]) == (5, 4, "2010-12")
    Submission.objects.update(findings=[WARNING], findings_total=1)
    found = sales.get(f"/submissions/{version.pk}/findings").said
    assert [one["severity"] for one in found["items"]] == ["warning"] and found["items"][0]["message"]
    refusal = sales.post(f"/submissions/{version.pk}/hand-in")
    assert (refusal.status_code, refusal.said["detail"]) == (
        409,
        "Say that you have read the warnings first.",
    )
    handed = sales.post(f"/submissions/{version.pk}/hand-in", {"accept_warnings": True})
    assert (handed.status_code, handed.said["state"]) == (200, "handed_in")
    assert sales.get(f"/submissions/{version.pk}").said == handed.said
    version.refresh_from_db()
    assert version.handed_in_by == people["sales"] == version.uploaded_by
    assert [one["id"] for one in sales.get("/submissions", state="handed_in").said["items"]] == [version.pk]
    assert sales.get("/submissions", state="draft").said["items"] == []


def test_a_rejected_file_changes_nothing_and_lists_every_finding(program, at):
    sales = program("sales")
    bad = csv([f"{n},X,A,abc,2010-12-01 08:26:00,2.55,1,France" for n in range(60)])
    pk = sales.post("/submissions", form=form(bad, profile="uci-online-retail")).said["id"]
    before = uploads.digest()["metrics_submission"]
    importing.run(pk, at=at)
    assert uploads.digest()["metrics_submission"] == before
    done = sales.get(f"/imports/{pk}").said
    assert (done["status"], done["submission"], done["findings_total"]) == ("rejected", None, 60)
    first = sales.get(f"/imports/{pk}/findings", limit=25).said
    second = sales.get(f"/imports/{pk}/findings", limit=50, cursor=first["next"]).said
    rows = [one["row"] for one in first["items"] + second["items"]]
    assert rows == list(range(2, 62)) and second["next"] is None


def test_a_machine_hands_over_for_its_departments_and_stands_in_the_log(machine, people, at):
    erp = machine(make.department("SAL"), purposes=["submissions:write"])
    pk = erp.post("/submissions", form=form(department="SAL")).said["id"]
    importing.run(pk, at=at)
    version = Submission.objects.get()
    assert version.uploaded_by == User.objects.get(is_machine=True)
    assert erp.get(f"/submissions/{version.pk}").said["uploaded_by"].startswith("machine-")
    elsewhere = erp.post("/submissions", form=form(department="finance"))
    assert (elsewhere.status_code, elsewhere.said["errors"][0]["pointer"]) == (422, "/department")


def test_a_stranger_finds_neither_the_upload_nor_the_version(program, machine, at):
    job = uploads.imported(at=at)
    version = Submission.objects.get()
    strangers = [program("marketing"), program("logistics"), machine(make.department("FIN"))]
    strangers.append(program("sales", departments=[make.department("MKT")]))
    for other in strangers:
        for path in (f"/imports/{job.pk}", f"/imports/{job.pk}/findings", f"/submissions/{version.pk}"):
            assert other.get(path).status_code == 404
        assert other.get(f"/submissions/{version.pk}/findings").status_code == 404
        assert other.post(f"/submissions/{version.pk}/hand-in").status_code == 404
        assert other.get("/submissions").said["items"] == other.get("/imports").said["items"] == []
    version.refresh_from_db()
    assert version.state == "draft"


def test_colleagues_see_a_certified_version_but_not_what_was_found_in_it(program, at):
    version = make.submission(state="certified", certified_at=at)
    marketing = program("marketing")
    assert marketing.get(f"/submissions/{version.pk}").said["state"] == "certified"
    assert marketing.get(f"/submissions/{version.pk}/findings").status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", str(2**63), "9" * 30, "abc", "-1", str(uuid.UUID(int=7))])
def test_a_number_that_is_none_is_not_found(program, pk):
    sales = program("sales")
    assert sales.get(f"/submissions/{pk}").status_code == 404
    assert sales.get(f"/imports/{pk}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "pointer"),
    [
        ({"period": "soon"}, 422, "/period"),
        ({"period": ""}, 422, "/period"),
        ({"department": "nowhere"}, 422, "/department"),
        ({"department": "sal\0es"}, 422, "/department"),
        ({"profile": "nonsense"}, 422, "/profile"),
        ({"settings": "nonsense"}, 422, "/settings"),
        ({"sheet": "x" * 61}, 422, "/sheet"),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, 422, "/file"),
        ({"file": SimpleUploadedFile("page.pdf", b"%PDF-1.7")}, 415, "/file"),
        ({"file": ""}, 422, "/file"),
    ],
)
def test_what_is_refused_at_the_door_says_where(program, fields, status, pointer):
    answer = program("sales").post("/submissions", form=form() | fields)
    assert answer.status_code == status, answer.said
    assert pointer in [one["pointer"] for one in answer.said["errors"]]
    assert not ImportJob.objects.exists() and not SourceFile.objects.exists()


def test_two_files_are_one_too_many(program):
    files = [SimpleUploadedFile(name, csv()) for name in ("a.csv", "b.csv")]
    answer = program("sales").post("/submissions", form=form() | {"file": files})
    assert (answer.status_code, answer.said["code"]) == (400, "ONE_FILE")


def test_a_file_beyond_the_limit_is_refused_while_it_comes_in(program, settings):
    settings.INTAKE_LIMITS = settings.INTAKE_LIMITS | {"csv_bytes": 1000}
    answer = program("sales").post("/submissions", form=form(csv(uploads.ROWS * 10)))
    assert (answer.status_code, answer.said["code"]) == (413, "FILE_TOO_LARGE")
    assert answer.said["findings"][0]["code"] == "FILE_TOO_LARGE"


def test_a_body_that_is_no_form_is_refused(program):
    sales = program("sales")
    kinds = {
        "application/json": b"{}",
        "multipart/form-data": b"x",
        "multipart/form-data; boundary=x": b"--y",
    }
    for kind, body in kinds.items():
        headers = sales.headers | {"Idempotency-Key": str(uuid.uuid4())}
        answer = sales.client.post("/api/v1/submissions", body, content_type=kind, headers=headers)
        assert answer.status_code in (400, 422), kind
        assert answer["Content-Type"] == "application/problem+json"


def test_the_same_key_and_file_are_answered_the_same_and_happen_once(program):
    sales, key = program("sales"), uuid.uuid4()
    first = sales.post("/submissions", form=form(), key=key)
    again = sales.post("/submissions", form=form(), key=key)
    assert (again.status_code, again.said) == (first.status_code, first.said)
    assert ImportJob.objects.count() == SourceFile.objects.count() == 1
    other = sales.post("/submissions", form=form(csv(uploads.ROWS[:2])), key=key)
    assert (other.status_code, other.said["code"]) == (422, "KEY_REUSED")
    assert ImportJob.objects.count() == KeptAnswer.objects.count() == 1


def test_a_page_follows_the_other_without_a_gap(program, at):
    pks = [make.submission(period=f"2026-{month:02}", uploaded_at=at).pk for month in range(1, 8)]
    sales, seen, cursor = program("sales"), [], ""
    while cursor is not None:
        page = sales.get("/submissions", limit=3, cursor=cursor).said
        seen.append([one["id"] for one in page["items"]])
        cursor = page["next"]
    assert seen == [pks[:3:-1], pks[3:0:-1], pks[:1]]


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"cursor": "\0"}, {"limit": 0}, {"limit": 10**9}, {"limit": "abc"}]
)
def test_a_cursor_or_limit_that_is_none_is_refused_with_its_place(program, query):
    answer = program("sales").get("/submissions", **query)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.said["errors"]] == [f"/{name}" for name in query]


def test_the_cursor_of_one_list_is_none_of_another(program, at):
    for month in (1, 2):
        make.submission(period=f"2026-{month:02}", uploaded_at=at)
    sales = program("sales")
    cursor = sales.get("/submissions", limit=1).said["next"]
    assert cursor and sales.get("/imports", cursor=cursor).status_code == 422


def test_a_list_asks_as_little_for_many_as_for_one(program, at, queries):
    sales = program("sales")
    make.submission(period="2026-01", uploaded_at=at, handed_in_at=at)
    few = queries(lambda: sales.get("/submissions"))
    for month in range(2, 12):
        make.submission(period=f"2026-{month:02}", uploaded_at=at)
    assert queries(lambda: sales.get("/submissions")) == few


def test_further_files_of_one_hand_in_are_kept_together(program):
    more = [SimpleUploadedFile(name, csv()) for name in ("second.csv", "third.csv")]
    answer = program("sales").post("/submissions", form=form(profile="uci-online-retail") | {"parts": more})
    assert answer.status_code == 202, answer.said
    with zipfile.ZipFile(kept_files.path_of(SourceFile.objects.get())) as kept:
        assert sorted(kept.namelist()) == ["december.csv", "second.csv", "third.csv"]
