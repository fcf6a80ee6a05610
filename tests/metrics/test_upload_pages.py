"""The data pages: upload, live progress, what became of it, and who may see which part."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from metrics import importing
from metrics.models import ImportJob, Review, SourceFile, Submission
from metrics.web import outcome_words, submissions
from reviewhub.people.models import Activity
from tests.metrics import uploads
from tests.metrics.uploads import csv, imported

pytestmark = pytest.mark.django_db
URL = "/submissions/"


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)


@pytest.fixture
def sales(people, signed_in):
    client = signed_in(people["sales"])
    client.cookies["reviewhub_language"] = "en"
    return client


def post(client, content=b"", name="december.csv", *, files=None, **fields):
    given = {"department": "sales", "period": "2010-12"} | fields
    upload = files if files is not None else [SimpleUploadedFile(name, content or csv())]
    return client.post(URL, given | ({"file": upload} if upload else {}))


def text(answer) -> str:
    """The page without its form tokens, which differ each time."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", answer.content.decode())


def test_an_upload_becomes_a_job_then_a_version_that_is_handed_in(
    sales, people, at, django_capture_on_commit_callbacks
):
    answer = post(sales)
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{job.pk}/")
    waiting = sales.get(answer["Location"])
    assert 'hx-trigger="every 1s"' in text(waiting) and "Waiting for a worker" in text(waiting)
    importing.run(job.pk, at=at)
    done = sales.get(answer["Location"])
    assert 'hx-trigger="every 1s"' not in text(done)
    assert "4 of 5 rows used" in text(done) and "Rows with a price of zero" in text(done)
    version = Submission.objects.get()
    assert sales.post(f"/submissions/{version.pk}/hand-in", {"accept": "yes"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.handed_in_by) == ("handed_in", people["sales"])
    page = text(sales.get(f"/submissions/{version.pk}/"))
    assert "Handed in" in page and "£105.30" in page


def test_the_fragment_equals_that_part_of_the_page(sales, at):
    post(sales)
    job = ImportJob.objects.get()
    for outcome in (False, True):
        if outcome:
            importing.run(job.pk, at=at)
        page = text(sales.get(f"/imports/{job.pk}/"))
        part = text(
            sales.get(f"/imports/{job.pk}/", headers={"HX-Request": "true", "HX-Target": "section#import"})
        )
        assert part.strip().startswith('<section id="import"') and part.strip() in page


def test_progress_is_shown_in_words_and_share(sales):
    post(sales)
    ImportJob.objects.update(state="running", stage="checking", done=250, total=1000, attempts=2)
    page = text(sales.get(f"/imports/{ImportJob.objects.get().pk}/"))
    assert 'value="25"' in page and "Checking every row" in page and "this is try 2" in page


def test_findings_are_listed_with_place_value_and_remedy_in_both_languages(people, signed_in, at):
    rows = [*uploads.ROWS, "536500,22139,<b>BAD</b>,<i>many</i>,2010-12-03,x,,France"]
    job = imported(csv(rows), at=at, by=people["sales"])
    client = signed_in(people["sales"])
    client.cookies["reviewhub_language"] = "en"
    english = text(client.get(f"/imports/{job.pk}/"))
    assert "D7 · Quantity" in english and "NUMBER_FORMAT" in english and "nothing changed" in english
    assert "&lt;i&gt;many&lt;/i&gt;" in english and "<i>many" not in english
    client.cookies["reviewhub_language"] = "zh-hans"
    chinese = text(client.get(f"/imports/{job.pk}/"))
    assert "D7 · Quantity" in chinese and "文件未采用" in chinese and "nothing changed" not in chinese


def test_a_thousand_findings_are_paged_and_all_are_counted(sales, people, at):
    rows = [f"5363{n:05},1,X,many,2010-12-03,1,,France" for n in range(1200)]
    job = imported(csv(rows), at=at, by=people["sales"])
    page = text(sales.get(f"/imports/{job.pk}/"))
    assert page.count('<li class="finding">') == outcome_words.FINDINGS_PER_PAGE
    assert "1,200" in page and "200 more were counted" in page
    assert "D1001" in text(sales.get(f"/imports/{job.pk}/?page=20"))
    listed = sales.get(f"/imports/{job.pk}/findings.csv")
    assert len(listed.content.decode("utf-8-sig").splitlines()) == 1001


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("figures.pdf", b"%PDF-1.7", 415, "TYPE_NOT_ACCEPTED"),
        ("figures.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 415, "OLD_XLS"),
        ("figures.xlsx", b"a,b\n1,2\n", 422, "TYPE_MISMATCH"),
        ("nothing.csv", b"\n", 302, ""),
    ],
)
def test_what_is_wrong_at_the_door_is_said_at_once_and_nothing_typed_is_lost(
    sales, name, content, status, code
):
    answer = post(sales, content, name, sheet="Orders 2010", settings="platform=shop")
    assert answer.status_code == status
    if code:
        page = text(answer)
        assert (
            code in page and 'value="2010-12"' in page and "Orders 2010" in page and "platform=shop" in page
        )
        assert not ImportJob.objects.exists() and not SourceFile.objects.exists()


def test_a_file_that_is_too_large_is_413_with_the_form_kept(sales, settings):
    settings.INTAKE_LIMITS = settings.INTAKE_LIMITS | {"csv_bytes": 300, "xlsx_bytes": 200}
    answer = post(sales, csv(), sheet="Orders 2010")
    assert answer.status_code == 413
    assert "FILE_TOO_LARGE" in text(answer) and "Orders 2010" in text(answer)
    assert not SourceFile.objects.exists()


def test_two_files_or_none_are_told_apart(sales):
    pair = [SimpleUploadedFile("a.csv", csv()), SimpleUploadedFile("b.csv", csv())]
    assert (post(sales, files=pair).status_code, ImportJob.objects.count()) == (400, 0)
    six = [SimpleUploadedFile(f"{n}.csv", csv()) for n in range(6)]
    assert "ONE_FILE" in text(post(sales, files=six))
    many = [SimpleUploadedFile(f"{n}.csv", csv()) for n in range(30)]
    assert (post(sales, files=many).status_code, ImportJob.objects.count()) == (400, 0)
    missing = post(sales, files=[])
    assert missing.status_code == 422 and "FILE_MISSING" in text(missing)


def test_an_empty_file_is_refused_in_words(sales):
    answer = post(sales, files=[SimpleUploadedFile("empty.csv", b"")])
    assert answer.status_code == 422 and "FILE_EMPTY" in text(answer)


def test_bad_fields_answer_422_beside_their_cause(sales):
    answer = post(sales, period="2010-13", settings="platform")
    page = text(answer)
    assert answer.status_code == 422
    assert (
        "This is not a period" in page
        and "Write each line as key=value" in page
        and "FORM_INVALID" not in page
    )


def test_a_request_without_its_token_is_refused(people):
    from django.test import Client  # noqa: PLC0415

    client = Client(enforce_csrf_checks=True)
    client.force_login(people["sales"], backend="django.contrib.auth.backends.ModelBackend")
    assert post(client).status_code == 403
    assert not ImportJob.objects.exists()


def test_other_fields_of_a_model_cannot_be_posted(sales, people, at):
    post(sales, state="certified", certified_by=people["steward"].pk, number=99, uploaded_by=people["ceo"].pk)
    version = importing.run(ImportJob.objects.get().pk, at=at).submission
    assert (version.state, version.number, version.uploaded_by) == ("draft", 1, people["sales"])


def test_the_same_file_again_leads_to_the_version_that_is_there(sales, people, at):
    version = imported(at=at, by=people["sales"]).submission
    answer = sales.post(
        URL, {"department": "sales", "period": "2010-12", "file": uploads.uploaded()}, follow=True
    )
    assert answer.redirect_chain == [(f"/submissions/{version.pk}/", 302)]
    assert "already here" in text(answer)


def test_warnings_need_a_tick_and_it_is_kept_who_gave_it(sales, people, at):
    version = imported(at=at, by=people["sales"]).submission
    Submission.objects.update(findings_total=1, findings=[])
    refused = sales.post(f"/submissions/{version.pk}/hand-in")
    assert refused.status_code == 409 and "read the warnings" in text(refused)
    sales.post(f"/submissions/{version.pk}/hand-in", {"accept": "yes"})
    line = Activity.objects.get(code="submission.handed_in")
    assert (line.actor, line.params["warnings_accepted"], line.at.date()) == (
        people["sales"],
        1,
        line.at.date(),
    )


def test_who_sees_what(people, signed_in, at):
    job = imported(at=at, by=people["sales"])
    version, inside = job.submission, f"/submissions/{job.submission_id}/"
    readers = {"sales": 200, "steward": 200}
    for name, person in people.items():
        client = signed_in(person)
        assert client.get(inside).status_code == readers.get(name, 404), name
        assert client.get(f"{inside}file").status_code == readers.get(name, 404), name
        assert client.get(f"/imports/{job.pk}/").status_code == (200 if name == "sales" else 404), name
        assert client.get(f"/imports/{job.pk}/file").status_code == (200 if name == "sales" else 404), name
        assert client.post(f"{inside}hand-in").status_code in ((302,) if name == "sales" else (404, 409)), (
            name
        )
    version.refresh_from_db()
    assert version.handed_in_by == people["sales"]


def test_a_certified_version_shows_colleagues_its_figures_but_not_the_file(people, signed_in, at):
    version = imported(at=at, by=people["sales"]).submission
    Submission.objects.update(state="certified", certified_at=at, certified_by=people["steward"])
    client = signed_in(people["ceo"])
    page = client.get(f"/submissions/{version.pk}/")
    assert page.status_code == 200 and "£105.30" in text(page)
    assert client.get(f"/submissions/{version.pk}/file").status_code == 404
    assert 'id="findings"' not in text(page) and "536365" not in text(page)
    assert signed_in(people["logistics"]).get(f"/submissions/{version.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("sales", 200), ("steward", 200), ("ceo", 404), ("observer", 404)]
)
def test_the_list_is_for_those_who_upload_or_certify(people, signed_in, name, status):
    assert signed_in(people[name]).get(URL).status_code == status


def test_a_steward_reads_every_department_and_uploads_nowhere(people, signed_in, at):
    imported(at=at, by=people["sales"])
    client = signed_in(people["steward"])
    page = text(client.get(f"{URL}?department=sales"))
    assert "v1" in page and 'type="file"' not in page
    assert post(client).status_code == 422
    assert not ImportJob.objects.filter(created_by=people["steward"]).exists()


def test_a_file_comes_back_as_an_attachment_that_no_browser_runs(people, signed_in, at):
    name = '<img src=x onerror=alert(1)>\r\nSet-Cookie: a=b "月报".csv'
    job = imported(csv(), at=at, by=people["sales"], name=name)
    answer = signed_in(people["sales"]).get(f"/imports/{job.pk}/file")
    assert b"".join(answer.streaming_content) == csv()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"] and "Set-Cookie" not in answer.headers
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_the_page_asks_the_same_number_of_questions_for_one_and_for_three(
    sales, people, at, django_assert_max_num_queries
):
    imported(at=at, by=people["sales"])
    sales.get(URL)  # the first visit of a browser is written down
    with django_assert_max_num_queries(32) as one:
        sales.get(URL)
    imported(csv(uploads.ROWS[:2]), at=at, by=people["sales"])
    imported(csv(uploads.ROWS[:3]), at=at, by=people["sales"])
    with django_assert_max_num_queries(len(one.captured_queries)):
        sales.get(URL)


def test_the_due_panel_says_what_the_review_waits_for(sales, people, at, monkeypatch):
    Review.objects.create(
        code="2010-12", title_zh="十二月", title_en="December review", time_zone="Asia/Shanghai",
        period_start=dt.date(2010, 12, 1), period_end=dt.date(2011, 1, 1), meeting_at=at + dt.timedelta(days=9),
        due_at=at + dt.timedelta(days=2), freeze_at=at + dt.timedelta(days=5),
    )  # fmt: skip
    monkeypatch.setattr(submissions.timezone, "now", lambda: at)
    page = text(sales.get(URL))
    assert "December review" in page and 'value="2010-12"' in page and "nothing yet" in page
    imported(at=at, by=people["sales"])
    assert "Draft" in text(sales.get(URL))


def test_every_address_of_these_pages_needs_a_sign_in(client, at):
    job = imported(at=at)
    for name, pk in (
        ("submissions", None),
        ("submission", job.submission_id),
        ("import", job.pk),
        ("import-file", job.pk),
    ):
        address = reverse(name, args=[pk] if pk else [])
        assert client.get(address)["Location"].startswith("/accounts/login/"), name
