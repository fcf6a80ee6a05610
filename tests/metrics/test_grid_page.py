"""The grid's pages: cells with their states, a plain form for one row, comments that are answered (F23, F30, F32)."""

import pytest
from django.urls import reverse

from metrics import certification, importing, working_copies
from metrics.models import CellChange, ImportJob, Remark, WorkingCopy
from metrics.working_copies import Edit
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.test_working_copies import BAD, HEADER, ROWS, UNITS, brought

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet_queue(monkeypatch):
    monkeypatch.setattr(importing, "wake_worker", lambda job_id: None)


@pytest.fixture
def sales(people, signed_in):
    client = signed_in(people["sales"])
    client.cookies["reviewhub_language"] = "en"
    return client


def address(job, part="") -> str:
    return reverse(f"import-grid{part}", args=[job.pk])


def text(answer) -> str:
    return answer.content.decode()


def keep(client, job, *edits, rows=(2, 3, 4)):
    body = {"edits": [vars(one) for one in edits], "rows": list(rows)}
    return client.post(address(job, "-cells"), body, content_type="application/json")


def test_a_refused_file_is_shown_with_its_findings_in_both_languages_and_nothing_is_stored(sales, people):
    job = brought(people, BAD)
    assert address(job) in text(sales.get(f"/imports/{job.pk}/"))
    page = text(sales.get(address(job)))
    assert 'data-place="9" data-name="J2" data-number="0" data-mark="error"' in page
    assert "Gross sales" in page and "商品销售总额" in page and "2026-13-03" in page
    assert '<tr id="row-4"' in page and '<tr id="row-4"' not in text(sales.get(f"{address(job)}?only=found"))
    sales.cookies["reviewhub_language"] = "zh-hans"
    assert "修正" in text(sales.get(address(job)))
    assert not WorkingCopy.objects.exists()


def test_cells_are_kept_refused_and_overtaken_in_one_request(sales, people):
    job, other = brought(people, BAD), make.user("analyst", "SAL")
    working_copies.keep(job, [Edit(4, UNITS, 0, "3")], by=other, at=make.AT)
    answer = keep(sales, job, Edit(2, UNITS, 0, "7"), Edit(3, 0, 0, "2026-14-01"), Edit(4, UNITS, 0, "5"))
    told = {(one["row"], one["place"]): one for one in answer.json()["cells"]}
    assert [one["state"] for one in told.values()] == ["saved", "refused", "conflict"]
    assert told[4, UNITS]["value"] == "3" and other.display_name in told[4, UNITS]["message"]
    assert "“3”" in told[4, UNITS]["message"] and "“5”" in told[4, UNITS]["message"]
    assert "2026-14-01" not in told[3, 0]["value"] and told[3, 0]["message"]
    assert set(answer.json()["marks"]) == {"3:0"} and answer.json()["errors"] == "1"
    assert answer.json()["changed"] == "2"
    page = text(sales.get(address(job)))
    assert 'data-name="J2" data-number="1" data-changed' in page


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"edits": 3}',
        '{"edits": [{"row": "x"}]}',
        '{"edits": [{"row": 1e400, "place": 0, "number": 0, "value": ""}]}',
        '{"edits": [1]}',
        "[" * 5000,
    ],
)
def test_what_is_no_such_document_is_400(sales, people, body):
    answer = sales.post(address(brought(people), "-cells"), body, content_type="application/json")
    assert (answer.status_code, WorkingCopy.objects.count()) == (400, 0)


def test_figures_that_no_database_holds_are_gone_not_a_crash(sales, people):
    answer = keep(
        sales, brought(people), Edit(10**30, 0, 0, "1"), Edit(2, 10**30, 0, "1"), Edit(2, 9, 10**30, "8")
    )
    assert [one["state"] for one in answer.json()["cells"]] == ["gone", "gone", "conflict"]


def test_one_row_is_corrected_by_a_plain_form(sales, people):
    job = brought(people, BAD)
    form = text(sales.get(f"{address(job)}?row=2"))
    assert 'name="cell-9"' in form and 'value="many"' in form
    refused = sales.post(address(job, "-row"), {"row": 2, "do": "save", "cell-9": "several", "cell-4": "1"})
    assert refused.status_code == 422 and "J2:" in text(refused) and 'value="several"' in text(refused)
    done = sales.post(address(job, "-row"), {"row": 2, "do": "save", "cell-9": "7", "number-9": "0"})
    assert (done.status_code, done["Location"]) == (302, f"{address(job)}#row-2")
    assert list(CellChange.objects.values_list("place", "value")) == [(4, "1"), (9, "7")]


def test_rows_are_added_taken_out_and_brought_back_by_form(sales, people):
    job = brought(people)
    added = sales.post(address(job, "-row"), {"do": "add"})
    assert added["Location"] == f"{address(job)}?row=-1#row--1"
    assert "Row +1" in text(sales.get(added["Location"]))
    sales.post(address(job, "-row"), {"do": "remove", "row": "3"})
    page = text(sales.get(f"{address(job)}?row=3"))
    assert 'data-row="3" class="is-removed"' in page and "Bring the row back" in page
    sales.post(address(job, "-row"), {"do": "restore", "row": "3"})
    assert "is-removed" not in text(sales.get(address(job)))
    for nonsense in ({"do": "remove"}, {"do": "fly", "row": "2"}, {}):
        assert sales.post(address(job, "-row"), nonsense).status_code == 400


def test_the_corrected_file_is_checked_and_leads_to_its_import(sales, people, at):
    job = brought(people)
    assert "Nothing is corrected yet" in text(sales.post(address(job, "-check")))
    keep(sales, job, Edit(2, UNITS, 0, "8"))
    assert "Check and make version 2" in text(sales.get(f"/imports/{job.pk}/grid/"))
    answer = sales.post(address(job, "-check"))
    made = ImportJob.objects.exclude(pk=job.pk).get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{made.pk}/")
    assert sales.post(address(job, "-check")).status_code == 409
    assert keep(sales, job, Edit(2, UNITS, 1, "9")).status_code == 409
    page = text(sales.get(address(job)))
    assert "checked already" in page and f"/imports/{made.pk}/" in page and "data-closed" in page


def test_a_comment_on_a_cell_is_read_and_answered_there_and_the_owner_sees_it(sales, people, signed_in, at):
    job = brought(people)
    version = job.submission
    version.state, version.handed_in_at = "handed_in", at
    version.save()
    certification.send_back(
        version, "One figure", by=people["steward"], at=at, remarks=[("J3", "Really four?")]
    )
    remark = Remark.objects.get()
    job.refresh_from_db()
    assert "data-asked" in text(sales.get(address(job)))
    panel = text(sales.get(f"{address(job, '-cell')}?row=3&place=9"))
    assert "Really four?" in panel and f"/submissions/comments/{remark.pk}/answer" in panel
    done = sales.post(
        reverse("remark", args=[remark.pk]), {"answer": "Five; a parcel was late.", "grid": job.pk}
    )
    assert done["Location"] == f"{address(job)}?row=3#row-3"
    assert "Five; a parcel" in text(sales.get(f"/submissions/{version.pk}/"))
    assert Activity.objects.get(code="submission.answered").params["place"] == "J3"
    keep(sales, job, Edit(3, UNITS, 0, "5"))
    sales.post(address(job, "-check"))
    made = importing.run(ImportJob.objects.exclude(pk=job.pk).get().pk, at=at)
    sales.post(f"/submissions/{made.submission.pk}/hand-in", {"accept": "yes"})
    owner = signed_in(people["steward"])
    assert "Five; a parcel" in text(owner.get(f"/certify/?version={made.submission.pk}"))
    assert owner.post(reverse("remark", args=[remark.pk]), {"answer": "x"}).status_code == 404


@pytest.mark.parametrize("answer", ["", "x" * 301])
def test_an_answer_that_says_nothing_or_too_much_is_refused(sales, people, at, answer):
    version = brought(people).submission
    version.state, version.handed_in_at = "handed_in", at
    version.save()
    certification.send_back(version, "One figure", by=people["steward"], at=at, remarks=[("J3", "Really?")])
    sales.post(reverse("remark", args=[Remark.objects.get().pk]), {"answer": answer})
    assert Remark.objects.get().answer == ""


def test_a_panel_exists_for_cells_that_exist(sales, people):
    job = brought(people)
    assert sales.get(f"{address(job, '-cell')}?row=2&place=9").status_code == 200
    for nonsense in ("", "row=2", "row=2&place=44", "row=99&place=9", "row=x&place=y", "row=1&place=9"):
        assert sales.get(f"{address(job, '-cell')}?{nonsense}").status_code == 404


def test_large_files_and_unreadable_ones_say_what_to_do_instead(sales, people):
    many = brought(people, [ROWS[0].replace("kitchen", f"c{n}") for n in range(5001)])
    page = text(sales.get(address(many)))
    assert "Up to 5,000 rows" in page and "cell-grid" not in page
    unreadable = brought(people, [], name="nothing.csv")
    assert sales.get(address(unreadable)).status_code in (200, 404)
    unknown = brought(people, ["1,2"], profile="", name="other.csv")
    assert HEADER and unknown.pk


@pytest.mark.parametrize("name", ["owner", "steward", "supply", "logistics"])
def test_for_everybody_else_there_is_no_grid(people, signed_in, name):
    job = brought(people)
    client = signed_in(people[name])
    assert client.get(address(job)).status_code == 404
    assert client.get(f"{address(job, '-cell')}?row=2&place=9").status_code == 404
    for part in ("-cells", "-row", "-check"):
        assert client.post(address(job, part)).status_code == 404


def test_a_finding_leads_to_its_very_cell_on_the_page_that_shows_it(sales, people):
    job = brought(people, BAD)
    shown = text(sales.get(f"/imports/{job.pk}/"))
    [unit] = [one for one in job.outcome["findings"] if one["column"] == "J"]
    link = f"{address(job)}?at={unit['row']}#at-{unit['row']}-{UNITS}"
    assert f'<a href="{link}">' in shown
    page = text(sales.get(link))
    assert f'id="at-{unit["row"]}-{UNITS}"' in page and 'id="grid-row"' not in page


def test_the_page_of_the_grid_is_the_one_that_holds_the_row_asked_for(sales, people):
    rows = [ROWS[0].replace("2026-11-02", f"2026-11-{day:02d}").replace("DE", f"C{at}") for day in range(1, 31)
            for at in range(8)]  # fmt: skip
    job = brought(people, rows)
    page = text(sales.get(f"{address(job)}?at=205"))
    assert '<tr id="row-205"' in page and '<tr id="row-2"' not in page


def test_who_cannot_correct_sees_places_without_links(people, signed_in):
    job = brought(people, BAD)
    ImportJob.objects.filter(pk=job.pk).update(created_by=people["marketing"])
    client = signed_in(people["marketing"])
    assert f"{address(job)}?at=" not in text(client.get(f"/imports/{job.pk}/"))
