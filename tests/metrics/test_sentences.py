"""The owner's sentence over a figure: who writes it, which one stands, and that an exception without one says so."""

import datetime as dt

import pytest

from metrics import sentences
from metrics.models import Explanation, Sentence
from metrics.periods import Period
from metrics.sentences import CannotSay
from reviewhub.people.models import Activity
from tests.metrics.figures import dictionary_of_today, figures

OCTOBER = Period.parse("2026-10")
TEXT = "One large order was cancelled, the next one ships in November."


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def collapse():
    """Two years of sales that wobble, and half of them in October 2026."""
    period = OCTOBER
    for back in range(24):
        value = 500 if back == 0 else 1000 + (30 if back % 2 else -30) * (1 if back < 12 else 0)
        rows = [("SAL_GROSS", period.start.isoformat(), value), ("SAL_ORD", period.start.isoformat(), 10)]
        figures(rows, period=period.text, zero=["SAL_DISC", "SAL_REF"])
        period = period.before()


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("sales", True),
        ("steward", True),
        ("supply", False),
        ("ceo", False),
        ("logistics", False),
        ("owner", False),
    ],
)
def test_the_owning_department_and_the_data_owner_write(people, at, person, may):
    assert (not sentences.say_problems("SAL_NET", by=people[person])) == may


def test_the_newest_sentence_stands_and_the_one_before_stays(people, at):
    sentences.say("SAL_NET", OCTOBER, TEXT, by=people["sales"], at=at)
    sentences.say("SAL_NET", OCTOBER, f"  {TEXT} ", by=people["steward"], at=at)  # the same: nothing new
    assert Sentence.objects.count() == 1
    sentences.say(
        "SAL_NET", OCTOBER, f"Corrected: {TEXT}", by=people["steward"], at=at + dt.timedelta(hours=1)
    )
    found = sentences.standing(["SAL_NET", "SAL_ORD"], OCTOBER)
    assert found["SAL_NET"].text.startswith("Corrected") and list(found) == ["SAL_NET"]
    assert found["SAL_NET"].by == people["steward"].display_name and Sentence.objects.count() == 2
    assert sentences.standing(["SAL_NET"], OCTOBER.before()) == {}
    assert Activity.objects.filter(code="review.sentence_written").count() == 2


@pytest.mark.parametrize("text", ["", "short", "x" * 301])
def test_a_sentence_has_ten_to_three_hundred_characters(people, at, text):
    with pytest.raises(CannotSay) as refused:
        sentences.say("SAL_NET", OCTOBER, text, by=people["sales"], at=at)
    assert len(refused.value.problems) == 1 and not Sentence.objects.exists()


def test_the_explanation_that_came_with_the_figures_is_the_same_sentence(people, at):
    made = figures([("SAL_ORD", "2026-10-01", 10)])
    Explanation.objects.create(
        submission=made, key="total:SAL_ORD", sentence=TEXT, written_at=at, written_by=people["sales"]
    )
    assert sentences.standing(["SAL_ORD"], OCTOBER)["SAL_ORD"].text == TEXT
    sentences.say("SAL_ORD", OCTOBER, "Written later, on the deck.", by=people["sales"], at=at)
    assert sentences.standing(["SAL_ORD"], OCTOBER)["SAL_ORD"].text == "Written later, on the deck."


def test_an_exception_says_that_its_sentence_is_missing_until_it_is_written(people, signed_in):
    collapse()
    people["sales"].language = "en"
    people["sales"].save()
    client = signed_in(people["sales"])
    page = client.get("/boards/deck/", {"month": "2026-10"}).content.decode()
    assert page.count('class="block-lacks"') == 2  # net sales, and orders' average value
    answer = client.post("/metrics/SAL_NET/sentence", {"text": TEXT, "board": "deck", "month": "2026-10"})
    assert answer["Location"] == "/boards/deck/?month=2026-10"
    page = client.get("/boards/deck/", {"month": "2026-10"}).content.decode()
    assert page.count('class="block-lacks"') == 1 and f'<p class="chart-message">{TEXT}</p>' in page


def test_a_refused_sentence_keeps_what_was_typed(people, signed_in):
    answer = signed_in(people["sales"]).post(
        "/metrics/SAL_NET/sentence", {"text": "Too few", "month": "2026-10"}
    )
    assert answer.status_code == 422 and "Too few" in answer.content.decode()


def test_who_may_not_write_has_no_form_and_is_refused(people, signed_in):
    collapse()
    client = signed_in(people["ceo"])
    assert "block-sentence" not in client.get("/boards/deck/", {"month": "2026-10"}).content.decode()
    data = {"text": TEXT, "board": "deck", "month": "2026-10"}
    assert client.post("/metrics/SAL_NET/sentence", data).status_code == 422 and not Sentence.objects.exists()
    assert client.post("/metrics/SAL_NET/sentence", data | {"month": "x"}).status_code == 404
