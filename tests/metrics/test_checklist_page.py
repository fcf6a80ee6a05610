"""The checklist on the data page, comments on cells, more time and the freeze: by page, for who may."""

import datetime as dt

import pytest

from metrics import certification
from metrics.models import Exemption, Extension, Remark
from tests import make
from tests.metrics.figures import dictionary_of_today

pytestmark = pytest.mark.django_db
URL = "/submissions/"


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()


@pytest.fixture
def review(people, now):
    return make.review(meeting_at=now + dt.timedelta(days=9))


@pytest.fixture
def now(pages_at):
    """Pages read the clock: reviews lie around it."""
    return pages_at


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def until(review, **more):
    due = (review.due_at + dt.timedelta(hours=20)).astimezone(dt.timezone(dt.timedelta(hours=8)))
    return {"due_at": f"{due:%Y-%m-%dT%H:%M}", "reason": "The bank is closed"} | more


def test_the_lead_sees_what_is_asked_what_is_in_and_what_is_missing(people, signed_in, review, now):
    totals = dict.fromkeys(("SAL_GROSS", "SAL_DISC", "SAL_REF", "SAL_UNITS"), "1")
    make.submission("SAL", state="handed_in", handed_in_at=now, totals=totals)
    page = text(signed_in(people["sales"]).get(URL))
    assert "3 / 7" in page and "Orders and order value" in page and "Missing: Orders" in page
    assert "Give more time" not in page and "Set an item aside" not in page


def test_a_data_owner_gives_time_and_everybody_of_the_department_reads_why(people, signed_in, review):
    client = signed_in(people["steward"])
    assert "Give more time" in text(client.get(URL, {"department": "sales"}))
    answer = client.post(f"{URL}sales/{review.code}/extend", until(review))
    assert answer.status_code == 302 and answer["Location"] == "/submissions/?department=sales#checklist"
    assert Extension.objects.get().due_at == (review.due_at + dt.timedelta(hours=20)).replace(second=0)
    page = text(signed_in(people["sales"]).get(URL))
    assert "The bank is closed" in page and people["steward"].display_name in page


def test_refused_time_keeps_what_was_typed(people, signed_in, review):
    client = signed_in(people["steward"])
    for typed in ({"due_at": "2020-01-01T09:00"}, {"due_at": "tomorrow"}, {"due_at": "2026-13-40T25:00"}):
        answer = client.post(f"{URL}sales/{review.code}/extend", until(review, **typed))
        assert answer.status_code == 422, typed
        assert "The bank is closed" in text(answer) and typed["due_at"] in text(answer)
    assert not Extension.objects.exists()


def test_items_are_set_aside_and_asked_again(people, signed_in, review):
    client = signed_in(people["steward"])
    assert client.post(f"{URL}sales/{review.code}/exempt", {"item": "S7", "reason": ""}).status_code == 422
    client.post(f"{URL}sales/{review.code}/exempt", {"item": "S7", "reason": "None this year"})
    row = Exemption.objects.get()
    page = text(client.get(URL, {"department": "sales"}))
    assert "None this year" in page and "0 / 6" in page
    assert client.post(f"{URL}exemptions/{row.pk}/end").status_code == 302
    row.refresh_from_db()
    assert row.ended_by == people["steward"]


@pytest.mark.parametrize("name", ["sales", "marketing", "logistics", "facilitator", "observer"])
def test_others_change_nothing_and_strangers_find_nothing(people, signed_in, review, name):
    client = signed_in(people[name])
    row = make.exemption(review, people["steward"])
    reads = 422 if name == "sales" else 404
    assert client.post(f"{URL}sales/{review.code}/extend", until(review)).status_code == reads
    assert client.post(f"{URL}sales/{review.code}/exempt", {"item": "S1", "reason": "x"}).status_code == reads
    assert client.post(f"{URL}exemptions/{row.pk}/end").status_code == reads
    assert client.post(f"/reviews/{review.code}/freeze/sign", {"side": "FIN"}).status_code in (404, 422)
    assert (Extension.objects.count(), Exemption.objects.standing().count()) == (0, 1)
    review.refresh_from_db()
    assert review.state == "open"


def test_another_review_is_one_press_away(people, signed_in, review, now):
    later = make.review("2026-11", meeting_at=now + dt.timedelta(days=40))
    later.period_start, later.period_end = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
    later.save()
    client = signed_in(people["sales"])
    assert "review=2026-11" in text(client.get(URL))
    assert "Nov 2026" in text(client.get(URL, {"review": "2026-11"}))


def test_the_partner_sees_the_own_lines_only(people, signed_in, review):
    page = text(signed_in(people["logistics"]).get(URL))
    assert "Overseas warehouses" in page and "Sales by platform" not in page


def test_comments_on_cells_reach_the_department_and_stand_beside_the_next_version(
    people, signed_in, review, now
):
    row = make.submission("SAL", state="handed_in", handed_in_at=now, handed_in_by=people["sales"])
    client = signed_in(people["steward"])
    form = {"reason": "Two things", "place": ["D7", "row 12", ""], "remark": ["No country", "Twice", ""]}
    assert client.post(f"/certify/{row.pk}/send-back", form).status_code == 302
    assert list(Remark.objects.values_list("row", "column", "text")) == [
        (7, "D", "No country"),
        (12, "", "Twice"),
    ]
    page = text(signed_in(people["sales"]).get(f"{URL}{row.pk}/"))
    assert "Two things" in page and "D7" in page and "No country" in page and "row 12" in page
    draft = make.submission("SAL", number=2)
    assert "What the data owner asked of version 1" in text(client.get(f"{URL}{draft.pk}/"))
    assert certification.asked_for(draft) == row


def test_a_bad_place_is_refused_with_everything_that_was_typed(people, signed_in, review, now):
    row = make.submission("SAL", state="handed_in", handed_in_at=now)
    client = signed_in(people["steward"])
    form = {"reason": "Two things", "place": ["the total", "D8"], "remark": ["Wrong", ""]}
    answer = client.post(f"/certify/{row.pk}/send-back", form)
    assert answer.status_code == 422 and not Remark.objects.exists()
    for said in (
        "“the total” is not a cell",
        "Say what is asked about D8",
        'value="the total"',
        'value="Wrong"',
    ):
        assert said in text(answer), said


def test_remarks_are_for_the_own_department_and_those_who_read_every_draft(people, review, at):
    row = make.submission("SAL", state="handed_in", handed_in_at=at)
    certification.send_back(row, "Why", by=people["steward"], at=at, remarks=[("", "All of it")])
    seen = {name for name, person in people.items() if Remark.objects.visible_to(person).exists()}
    assert seen == {"sales", "steward"}
