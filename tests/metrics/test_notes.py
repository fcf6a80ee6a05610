"""Qualitative items: entries with text, link and file, kept by version, late and frozen like every other item."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from metrics import attachments, checklist, kept_files, notes
from metrics.models import Metric, Note, NoteVersion, Review, SourceFile
from metrics.notes import Entry
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
NO_LINK = "The link begins with http:// or https:// and names a host."
HOUR = dt.timedelta(hours=1)
TREND = Entry("trend", "Small kitchens", "Growing by a fifth in Germany.", "https://example.com/report")
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def english(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def review():
    return make.review(meeting_at=make.AT + dt.timedelta(days=8))


def save(people, review, *entries, number=0, by="marketing", at=make.AT, code="MKT", item="M5"):
    department = make.department(code)
    return notes.save(review, department, item, entries, number=number, by=people[by], at=at)


def problems(call, *given, **named) -> dict:
    with pytest.raises(notes.CannotSave) as refusal:
        call(*given, **named)
    return refusal.value.problems


def item(review):
    found = checklist.of(review, make.department("MKT")).items
    return next(one for one in found if one.line.code == "M5")


def test_market_trends_are_the_item_that_words_answer():
    """D2: text and files."""
    assert list(notes.ITEMS) == ["M5"] and notes.title("M5") == "Market trends"


def test_every_save_is_a_version_and_the_same_again_is_none(people, review):
    first = save(people, review, TREND)
    assert save(people, review, TREND, number=1) == first
    rival = Entry("rival", "  A new   rival ", "", "http://example.org")
    second = save(people, review, TREND, rival, number=1)
    assert [(one.number, one.notes.count()) for one in (second, first)] == [(2, 2), (1, 1)]
    assert notes.entries_of(second)[1].title == "A new rival"
    assert [one.params["number"] for one in Activity.objects.filter(code="review.noted").order_by("pk")] == [
        1,
        2,
    ]


def test_who_is_behind_is_told(people, review):
    save(people, review, TREND)
    with pytest.raises(notes.CannotSave) as refusal:
        save(people, review, Entry("other", "Else", "x"), number=0)
    assert refusal.value.is_stale and NoteVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (Entry("trend", " ", "x"), "Give it a title of at most 120 characters."),
        (Entry("trend", "x" * 121, "x"), "Give it a title of at most 120 characters."),
        (Entry("trend", "x", "y" * 4001), "The text takes at most 4000 characters."),
        (Entry("trend", "x"), "Write a text, or add a link or a file."),
        (Entry("trend", "x", link="javascript:alert(1)"), NO_LINK),
        (Entry("trend", "x", link="ftp://example.com"), NO_LINK),
        (Entry("trend", "x", link="https://"), NO_LINK),
        (Entry("trend", "x", link="https://a.example/" + "y" * 1000), NO_LINK),
        (Entry("gossip", "x", "y"), "Choose what it is about."),
    ],
)  # fmt: skip
def test_what_an_entry_does_not_take(people, review, entry, said):
    assert problems(save, people, review, TREND, entry) == {1: [said]}
    assert not NoteVersion.objects.exists()


def test_more_than_twenty_notes_are_not_taken(people, review):
    assert None in problems(save, people, review, *[TREND] * 21)


@pytest.mark.parametrize("name", ["sales", "steward", "ceo", "logistics", "observer"])
def test_nobody_else_writes_them(people, review, name):
    assert problems(save, people, review, TREND, by=name) == {
        None: ["You may not write for this department."]
    }


def test_only_the_item_of_the_department_takes_words(people, review):
    assert problems(save, people, review, TREND, item="M4") == {None: ["The checklist has no such line."]}
    said = problems(save, people, review, TREND, by="sales", code="SAL")
    assert said == {None: ["The checklist has no such line."]}


def test_from_the_freeze_on_they_stay_as_they_are(people, review):
    save(people, review, TREND)
    make.freeze(review, people)
    said = problems(save, people, review, number=1)
    assert said == {None: ["The figures of October 2026 review are frozen."]}


# --- As an item of the checklist -------------------------------------------------------------------------------


def test_notes_answer_the_item_and_their_first_moment_counts(people, review):
    assert (item(review).state, item(review).notes) == ("queued", 0)
    save(people, review, TREND, at=review.due_at)
    save(people, review, TREND, Entry("buyer", "More", "y"), number=1, at=review.due_at + HOUR)
    found = item(review)
    assert (found.state, found.notes, found.done_at, found.is_late) == ("pass", 2, review.due_at, False)


def test_notes_after_the_deadline_are_late_and_emptied_ones_are_no_answer(people, review):
    save(people, review, TREND, at=review.due_at + HOUR)
    assert item(review).is_late
    save(people, review, number=1, at=review.due_at + 2 * HOUR)
    assert (item(review).state, item(review).notes) == ("queued", 0)
    save(people, review, TREND, number=2, at=review.due_at + 3 * HOUR)
    assert item(review).done_at == review.due_at + 3 * HOUR


def test_figures_that_came_first_keep_their_moment(people, review):
    Metric.objects.filter(code__in=("MKT_MKT_YOY", "MKT_PRICE_IDX")).update(is_enabled=True)
    totals = {"MKT_MKT_YOY": "1", "MKT_PRICE_IDX": "1"}
    make.submission("MKT", state="handed_in", handed_in_at=make.AT, totals=totals)
    save(people, review, TREND, at=review.due_at + HOUR)
    assert (item(review).done_at, item(review).is_late) == (make.AT, False)


def test_before_the_freeze_only_the_department_and_data_owners_read_them(people, review):
    save(people, review, TREND)

    def readers():
        return {name for name in people if NoteVersion.objects.visible_to(people[name]).exists()}

    assert readers() == {"marketing", "steward"}
    Review.objects.update(state="frozen")
    assert readers() == set(people) - {"logistics"}


# --- Files -----------------------------------------------------------------------------------------------------


def package(*names) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as found:
        for name in names:
            found.writestr(name, "x" * 40)
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("report.pdf", PDF, ""),
        ("shelf.PNG", b"\x89PNG\r\n\x1a\n0000", ""),
        ("notes.txt", "竞品降价".encode(), ""),
        ("deck.pptx", package("[Content_Types].xml", "ppt/presentation.xml"), ""),
        ("report.pdf", b"MZ\x90", "“report.pdf” is not what its ending says."),
        ("page.txt", b" <script>alert(1)</script>", "“page.txt” is not what its ending says."),
        ("page.html", b"<p>", "“page.html” is of another kind."),
        ("run.exe", b"MZ", "“run.exe” is of another kind."),
        ("drawing.svg", b"<svg/>", "“drawing.svg” is of another kind."),
        ("empty.pdf", b"", "“empty.pdf” is empty."),
        ("deck.docx", package("word/vbaProject.bin"), "“deck.docx” has macros, is protected or damaged"),
        ("deck.docx", b"PK\x03\x04 torn", "“deck.docx” has macros, is protected or damaged"),
    ],
)
def test_what_files_are_taken(people, name, body, said):
    given = SimpleUploadedFile("x", body)
    if not said:
        source = attachments.attach(given, name=name, by=people["marketing"], at=make.AT)
        assert (source.name, source.size) == (name, len(body)) and kept_files.path_of(source).exists()
        return
    with pytest.raises(attachments.CannotAttach) as refusal:
        attachments.attach(given, name=name, by=people["marketing"], at=make.AT)
    assert str(refusal.value).startswith(said) and not SourceFile.objects.exists()


# --- The pages -------------------------------------------------------------------------------------------------


@pytest.fixture
def now(pages_at):
    return pages_at


@pytest.fixture
def current(now):
    return make.review(meeting_at=now + dt.timedelta(days=9))


def form(*entries, number=0, initial=0, **more):
    given = {"note-TOTAL_FORMS": len(entries), "note-INITIAL_FORMS": initial, "number": number}
    for place, one in enumerate(entries):
        given |= {f"note-{place}-{name}": value for name, value in one.items()}
    return given | more


ONE = {"kind": "trend", "title": "Small kitchens", "text": "Growing", "link": "https://example.com/a"}
BLANK = {"kind": "trend", "title": "", "text": "", "link": ""}


def url(review) -> str:
    return f"/submissions/marketing/{review.code}/notes/M5"


def test_by_page_notes_are_written_kept_with_their_file_changed_and_left_out(people, signed_in, current):
    client = signed_in(people["marketing"])
    assert "in words" in client.get("/submissions/").content.decode()
    file = SimpleUploadedFile("../../Report <1>.pdf", PDF)
    assert client.post(url(current), form(ONE | {"file": file}, BLANK)).status_code == 302
    note = Note.objects.get()
    assert (note.file.name, note.file.keep_until.year) == ("Report <1>.pdf", 2029)
    kept = ONE | {"kept": note.pk, "text": "Growing still"}
    assert client.post(url(current), form(kept, BLANK, number=1, initial=1)).status_code == 302
    second = NoteVersion.objects.get(number=2).notes.get()
    assert (second.file, second.text) == (note.file, "Growing still")
    page = client.get(url(current) + "?version=1").content.decode()
    assert "Growing" in page and "Report &lt;1&gt;.pdf" in page
    dropped = kept | {"kept": second.pk, "drop_file": "on"}
    assert client.post(url(current), form(dropped, number=2, initial=1)).status_code == 302
    assert NoteVersion.objects.get(number=3).notes.get().file is None
    third = NoteVersion.objects.get(number=3).notes.get()
    removed = kept | {"kept": third.pk, "remove": "on"}
    assert client.post(url(current), form(removed, number=3, initial=1)).status_code == 302
    assert NoteVersion.objects.get(number=4).notes.count() == 0


def test_a_refused_form_keeps_what_was_typed_and_no_file(people, signed_in, current):
    client = signed_in(people["marketing"])
    bad = ONE | {"link": "javascript:alert(1)", "file": SimpleUploadedFile("a.pdf", PDF)}
    answer = client.post(url(current), form(bad))
    page = answer.content.decode()
    assert answer.status_code == 422 and "names a host" in page and "Small kitchens" in page
    assert 'href="javascript' not in page and not SourceFile.objects.exists()
    answer = client.post(url(current), form(ONE | {"file": SimpleUploadedFile("a.exe", b"MZ")}))
    assert answer.status_code == 422 and "of another kind" in answer.content.decode()
    client.post(url(current), form(ONE))
    assert client.post(url(current), form(ONE | {"text": "Else"}, number=0)).status_code == 409


def test_one_more_entry_keeps_what_was_typed(people, signed_in, current):
    answer = signed_in(people["marketing"]).post(url(current), form(ONE, more="1"))
    page = answer.content.decode()
    assert answer.status_code == 200 and "Small kitchens" in page and "note-1-title" in page
    assert not NoteVersion.objects.exists()


def test_a_file_beyond_the_limit_is_stopped_while_it_comes(people, signed_in, current, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_BYTES", 1000)
    monkeypatch.setattr("metrics.web.notes.MOST_BODY", 1000)
    large = SimpleUploadedFile("a.pdf", PDF + b"x" * 1200)
    answer = signed_in(people["marketing"]).post(url(current), form(ONE | {"file": large}))
    assert answer.status_code == 422 and "is larger than" in answer.content.decode()
    assert not SourceFile.objects.exists()


def test_its_file_is_given_back_as_an_attachment_to_who_may_read_the_note(people, signed_in, current):
    client = signed_in(people["marketing"])
    client.post(url(current), form(ONE | {"file": SimpleUploadedFile("a.pdf", PDF)}))
    address = f"/submissions/notes/{Note.objects.get().pk}/file"
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert (
        answer["Content-Type"] == "application/octet-stream" and "attachment" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(people["steward"]).get(address).status_code == 200
    for name in ("sales", "logistics", "observer"):
        assert signed_in(people[name]).get(address).status_code == 404
        assert signed_in(people[name]).get(url(current)).status_code == 404
        assert signed_in(people[name]).post(url(current), form(ONE)).status_code == 404


def test_the_analysis_shows_them_to_the_data_owner_and_after_the_freeze_to_colleagues(
    people, signed_in, current
):
    notes.save(current, make.department("MKT"), "M5", [TREND], number=0, by=people["marketing"], at=make.AT)
    address = f"/submissions/marketing/{current.code}/analysis"
    page = signed_in(people["marketing"]).get(address).content.decode()
    assert "Small kitchens" in page and 'href="https://example.com/report"' in page and "noopener" in page
    assert "Small kitchens" in signed_in(people["steward"]).get(url(current)).content.decode()
    Review.objects.update(state="frozen")
    assert "Small kitchens" in signed_in(people["sales"]).get(url(current)).content.decode()
    assert signed_in(people["sales"]).post(url(current), form(ONE, number=1)).status_code == 422
    assert signed_in(people["logistics"]).get(url(current)).status_code == 404
