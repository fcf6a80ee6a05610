"""Notes to points of charts: numbered in drawing, table and list; who wrote one changes it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import marks, point_notes
from metrics.models import Member, Metric, PointNote
from metrics.periods import Period
from metrics.point_notes import CannotNote
from reviewhub.people.models import Activity, Confidentiality
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
DECK = "/boards/deck/?month=2026-10#sal-net"


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()
    Member.objects.create(dimension="country", code="Germany", iso="DE", name_zh="德国", name_en="Germany")
    Member.objects.create(dimension="platform", code="Amazon")


def sold():
    """Net sales of three months."""
    period = OCTOBER
    for value in (500, 700, 900):
        rows = [("SAL_GROSS", period.start.isoformat(), value), ("SAL_ORD", period.start.isoformat(), 10)]
        figures(rows, period=period.text, zero=["SAL_DISC", "SAL_REF"])
        period = period.before()


def note(people, at, text="Holiday week", code="SAL_NET", period=OCTOBER, where=None, person="sales"):
    return point_notes.write(code, period, where or {}, text, by=people[person], at=at)


@pytest.mark.parametrize(
    ("person", "open_to_all", "confidential"),
    [("sales", True, True), ("supply", True, False), ("ceo", True, True), ("logistics", False, False)],
)
def test_who_reads_the_figures_writes_to_their_points(people, person, open_to_all, confidential):
    assert (not point_notes.write_problems("SAL_NET", by=people[person])) == open_to_all
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.CONFIDENTIAL)
    assert (not point_notes.write_problems("SAL_NET", by=people[person])) == confidential


def test_a_note_belongs_to_metric_period_and_slice(people, at):
    note(people, at, "whole")
    note(people, at, "part", where={"country": "Germany", "platform": "Amazon"})
    note(people, at, "orders", code="SAL_ORD")

    def told(where):
        found = point_notes.standing(["SAL_NET", "SAL_AOV"], where)
        return {code: [one.text for one in rows] for code, rows in found.items()}

    assert told({}) == {"SAL_NET": ["whole"]}
    assert told({"platform": "amazon", "country": "DE"}) == {"SAL_NET": ["part"]}
    assert told({"country": "DE"}) == {}


@pytest.mark.parametrize("named", ["DE", "de", "Germany", "德国"])
def test_a_slice_is_kept_by_the_codes_of_its_members_however_the_address_names_them(people, at, named):
    note(people, at, where={"country": named, "platform": ""})
    assert PointNote.objects.get().slice == "country=Germany"
    assert [*point_notes.standing(["SAL_NET"], {"country": "Germany"})] == ["SAL_NET"]


def test_a_member_that_does_not_exist_takes_no_note(people, at):
    with pytest.raises(CannotNote):
        note(people, at, where={"country": "Atlantis"})
    assert not PointNote.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 281])
def test_a_note_has_one_to_280_characters(people, at, text):
    with pytest.raises(CannotNote) as refused:
        note(people, at, text)
    assert len(refused.value.problems) == 1 and not PointNote.objects.exists()
    assert note(people, at, "x" * 280).text == "x" * 280


def test_a_point_takes_twenty_notes_and_room_comes_back(people, at):
    rows = [note(people, at, str(number)) for number in range(20)]
    with pytest.raises(CannotNote):
        note(people, at, "more")
    note(people, at, "elsewhere", period=OCTOBER.before())
    point_notes.remove(rows[0], by=people["sales"], at=at)
    note(people, at, "more")


def test_one_changes_and_removes_one_s_own_note_and_the_log_keeps_all(people, at):
    row = note(people, at)
    for refuse in (
        lambda: point_notes.change(row, "Theirs", by=people["supply"], at=at),
        lambda: point_notes.remove(row, by=people["steward"], at=at),
    ):
        with pytest.raises(CannotNote):
            refuse()
    later = at + dt.timedelta(hours=1)
    point_notes.change(row, "Holiday week", by=people["sales"], at=later)  # the same: nothing new
    assert point_notes.change(row, "Golden week", by=people["sales"], at=later).changed_at == later
    point_notes.remove(row, by=people["sales"], at=later)
    assert point_notes.standing(["SAL_NET"], {}) == {}
    with pytest.raises(CannotNote):
        point_notes.change(row, "Again", by=people["sales"], at=later)
    lines = Activity.objects.filter(code__startswith="review.point_note").order_by("pk")
    assert [(one.code, one.params["text"]) for one in lines] == [
        ("review.point_noted", "Holiday week"),
        ("review.point_note_changed", "Golden week"),
        ("review.point_note_removed", "Golden week"),
    ]


def test_a_marker_stands_at_its_point_in_the_half_where_it_lies():
    half = {"meta": {"role": "ac"}, "x": ["W40", "W41"], "y": [1.0, None], "xaxis": "x", "yaxis": "y"}
    other = half | {"x": ["Sep", "Oct"], "y": [3.0, 4.0], "xaxis": "x2", "yaxis": "y2"}
    before = half | {"meta": {"role": "py"}}
    made = marks.marked({"data": [half, before, other], "layout": {}}, {"W41": "1", "Oct": "2", "W40": "3"})
    found = made["layout"]["annotations"]
    assert [(one["text"], one["x"], one["xref"], one["yref"]) for one in found] == [
        ("3", "W40", "x", "y domain"),
        ("2", "Oct", "x2", "y2 domain"),
    ]
    lines = made["layout"]["shapes"]
    assert [(one["x0"], one["x1"], one["xref"]) for one in lines] == [
        ("W40", "W40", "x"),
        ("Oct", "Oct", "x2"),
    ]
    bare = {"data": [half], "layout": {}}
    assert marks.marked(bare, {"W41": "1"}) == bare  # no value, no point, no mark


def test_the_note_stands_in_drawing_table_and_list_of_every_page_that_shows_the_point(people, signed_in, at):
    sold()
    people["sales"].language = "en"
    people["sales"].save()
    client = signed_in(people["sales"])
    given = {"period": "2026-10", "text": "Golden <week>", "next": DECK}
    answer = client.post("/metrics/SAL_NET/notes", given)
    assert (answer.status_code, answer["Location"]) == (302, DECK)
    note(people, at, "Earlier", period=OCTOBER.before(), person="supply")
    for address in ("/boards/deck/?month=2026-10", "/metrics/SAL_NET/explore/?month=2026-10"):
        page = client.get(address).content.decode()
        assert page.count('class="point-notes"') == 1, address
        assert "Golden &lt;week&gt;" in page and page.count('"name": "note"') == 2
        assert page.index("Earlier") < page.index("Golden &lt;week&gt;")
        assert page.count("/change") == 1  # one's own alone
        assert '<th scope="row" class="nowrap" data-point="Oct 2026"><span class="note-mark">2' in page
    other = client.get("/metrics/SAL_NET/explore/?month=2026-10&country=DE").content.decode()
    assert 'class="point-notes"' not in other


def test_notes_cost_one_query_a_page_however_many_there_are(people, signed_in, at):
    sold()
    client = signed_in(people["sales"])
    client.get("/boards/deck/?month=2026-10")
    counts = []
    for period in (OCTOBER, OCTOBER.before(), OCTOBER.before().before()):
        note(people, at, period=period)
        note(people, at, code="SAL_ORD", period=period)
        with CaptureQueriesContext(connection) as asked:
            client.get("/boards/deck/?month=2026-10")
        counts.append(sum("pointnote" in one["sql"] for one in asked))
    assert counts == [1, 1, 1]


def test_a_refused_note_keeps_what_was_typed(people, signed_in, at):
    client, long = signed_in(people["sales"]), "long " * 60
    answer = client.post("/metrics/SAL_NET/notes", {"period": "2026-10", "text": long, "next": DECK})
    page = answer.content.decode()
    assert answer.status_code == 422 and long in page and 'name="period" value="2026-10"' in page
    assert client.post("/metrics/SAL_NET/notes", {"period": "x", "text": "a"}).status_code == 404
    other = note(people, at, person="supply")
    assert client.post(f"/point-notes/{other.pk}/change", {"text": "Mine"}).status_code == 422
    client.post(f"/point-notes/{other.pk}/remove", {"next": DECK})
    assert PointNote.objects.standing().get().text == "Holiday week"


def test_the_way_back_is_a_page_of_this_site(people, signed_in, at):
    row = note(people, at)
    answer = signed_in(people["sales"]).post(
        f"/point-notes/{row.pk}/change", {"text": "New", "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/boards/" and PointNote.objects.get().text == "New"


def test_a_partner_finds_no_notes(people, signed_in, at):
    row = note(people, at)
    assert not PointNote.objects.visible_to(people["logistics"]).exists()
    client = signed_in(people["logistics"])
    assert client.post("/metrics/SAL_NET/notes", {"period": "2026-10", "text": "a"}).status_code == 404
    assert client.post(f"/point-notes/{row.pk}/remove").status_code == 404
