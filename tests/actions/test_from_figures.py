"""From an exception straight to a task: figure, month and finding are filled in, owner and date are asked for."""

import re

import pytest

from actions import from_figures, suggested
from actions.followup import CannotRaise
from actions.models import Action
from metrics.models import Metric
from metrics.periods import Period
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
FORM = "/boards/deck/sal-net/task?month=2026-10"


@pytest.fixture(autouse=True)
def _dictionary(people):
    dictionary_of_today()
    for person in people.values():
        person.language = "en"
        person.save()


def collapsed():
    """A year and a half of steady sales, and half of them in October 2026."""
    period = OCTOBER
    for back in range(24):
        value = 500 if back == 0 else 1000 + (30 if back % 2 else -30) * (1 if back < 12 else 0)
        rows = [("SAL_GROSS", period.start.isoformat(), value), ("SAL_ORD", period.start.isoformat(), 10)]
        figures(rows, period=period.text, zero=["SAL_DISC", "SAL_REF"])
        period = period.before()


def raised(people, by="ceo", title="Find out why sales fell", **given):
    asked = {"owner": str(people["sales"].pk), "due": "2026-12-01"} | given
    return from_figures.raise_from("SAL_NET", OCTOBER, title, **asked, by=people[by], at=make.AT)


def test_a_task_knows_its_metric_its_review_and_the_department_that_owns_the_metric(people):
    review = make.review()
    row = raised(people)
    assert (row.metric.code, row.review, row.department.code) == ("SAL_NET", review, "SAL")
    assert (row.owner, row.due_on.isoformat(), row.raised_by) == (
        people["sales"],
        "2026-12-01",
        people["ceo"],
    )
    assert from_figures.already("SAL_NET", OCTOBER, reader=people["supply"]) == [row]
    assert from_figures.already("SAL_ORD", OCTOBER, reader=people["supply"]) == []
    assert from_figures.already("SAL_NET", OCTOBER, reader=people["logistics"]) == []


@pytest.mark.parametrize(
    "wrong", [{"owner": ""}, {"owner": "999999"}, {"due": "2001-01-01"}, {"due": "soon"}, {"title": " "}]
)
def test_without_somebody_a_day_to_come_or_words_no_task_is_made(people, wrong):
    with pytest.raises(CannotRaise) as refusal:
        raised(people, **wrong)
    assert len(refusal.value.problems) == 1 and not Action.objects.exists()


def test_who_leads_the_department_is_filled_in_else_who_raises_it(people):
    assert from_figures.owner_of("SAL_NET", by=people["ceo"]) == people["sales"]
    assert from_figures.owner_of("NO_SUCH", by=people["ceo"]) == people["ceo"]


def test_from_the_exception_through_the_form_to_the_task(people, signed_in):
    collapsed()
    make.review()
    client = signed_in(people["ceo"])
    board = client.get("/boards/deck/?month=2026-10").content.decode()
    assert f'href="{FORM}"' in board and "/sal-ord/task" not in board  # orders are as usual
    page = client.get(FORM).content.decode()
    title = re.search(r'name="title"[^>]*>([^<]*)<', page)[1]
    assert title.startswith("Net sales, Oct 2026: Below what is usual:")
    assert f'<option value="{people["sales"].pk}" selected>' in page
    given = {"title": title, "owner": str(people["sales"].pk), "due": "2001-01-01"}
    refused = client.post(FORM, given)
    assert (
        refused.status_code == 422
        and title in refused.content.decode()
        and "2001-01-01" in refused.content.decode()
    )
    answer = client.post(FORM, given | {"due": "2099-01-15"})
    row = Action.objects.get()
    assert answer["Location"] == f"/actions/{row.pk}/" and row.title == title
    assert (
        f'href="/actions/{row.pk}/"' in client.get(FORM).content.decode()
    )  # seen before a second one is made
    made = client.get(f"/actions/{row.pk}/").content.decode()
    assert 'href="/metrics/SAL_NET/explore/?month=2026-10"' in made


def test_where_nothing_is_unusual_there_is_no_such_form(people, signed_in):
    collapsed()
    assert signed_in(people["ceo"]).get("/boards/deck/sal-ord/task?month=2026-10").status_code == 404


def test_partners_and_strangers_find_no_such_form(people, signed_in):
    collapsed()
    row = raised(people)
    Metric.objects.filter(code="SAL_NET").update(confidentiality=Confidentiality.SECRET)
    for person in ("logistics", "supply"):
        client = signed_in(people[person])
        for address in (FORM, "/metrics/SAL_NET/explore/sal-net/task?month=2026-10"):
            assert client.get(address).status_code == 404
            assert client.post(address, {"title": "x"}).status_code == 404
    assert [*Action.objects.all()] == [row]
    seen = signed_in(people["supply"]).get(f"/actions/{row.pk}/").content.decode()
    assert "/metrics/SAL_NET/" not in seen  # a figure that they may not read is not named


def test_days_of_forms_are_iso(people):
    assert [suggested.day_of(text) for text in ("soon", "", "2026-13-01")] == [None] * 3
