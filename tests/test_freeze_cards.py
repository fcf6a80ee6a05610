"""Home cards of frozen figures: to sign, to read, restated after one read them."""

import datetime as dt

import pytest
from django.utils import translation

from meetings import questions
from metrics import cycles, freezing, sightings
from reviewhub import freeze_cards
from tests import make
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.test_freezing import MENDED, OCTOBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(people):
    dictionary_of_today()
    found = make.review(meeting_at=make.AT + dt.timedelta(days=5))
    cycles.pin(found)
    figures(OCTOBER, zero=["SAL_DISC", "SAL_REF"])
    with translation.override("en"):
        yield found


def keys(person) -> list[str]:
    return [card.key.partition("-")[0] for card in freeze_cards.due(person, at=make.AT)]


def test_each_side_is_asked_to_sign_until_it_has(people, review):
    assert {name: keys(people[name]) for name in ("finance", "tech", "steward", "sales", "ceo")} == {
        "finance": ["sign"],
        "tech": ["sign"],
        "steward": ["sign"],
        "sales": [],
        "ceo": [],
    }
    make.checked(review)
    seen = freezing.standing(review).fingerprint
    freezing.sign(review, "FIN", seen=seen, by=people["finance"], at=make.AT)
    assert (keys(people["finance"]), keys(people["tech"]), keys(people["steward"])) == (
        [],
        ["sign"],
        ["sign"],
    )


def test_the_pre_read_waits_for_those_who_come_until_they_begin(people, review):
    make.freeze(review, people)
    assert (keys(people["ceo"]), keys(people["sales"]), keys(people["observer"])) == (
        ["preread"],
        ["preread"],
        [],
    )
    questions.receive(review, "sales", by=people["ceo"], at=make.AT, is_read=False)
    assert keys(people["ceo"]) == []


def test_a_restatement_waits_for_those_who_saw_the_old_figures(people, review):
    make.freeze(review, people)
    sightings.note(review, by=people["observer"], at=make.AT)
    freezing.restate(review, "Booked twice", by=people["steward"], at=make.AT)
    figures(MENDED, number=2, zero=["SAL_DISC", "SAL_REF"])
    make.freeze(review, people)
    assert (keys(people["observer"]), keys(people["hr"])) == (["restated"], [])
    sightings.note(review, by=people["observer"], at=make.AT)
    assert keys(people["observer"]) == []
