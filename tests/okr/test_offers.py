"""Offers from above, proposals from below: both consents make the key result, every step stays, strangers get 404."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okr import offers
from okr.models import Contribution, KeyResult, Offer, OfferStep, six
from okr.negotiation import ABOVE, BELOW, Terms
from okr.offers import Wish
from okr.setting import CannotSet
from reviewhub import offer_cards
from reviewhub.people.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
OFFERS = "/okr/2026-Q4/offers/"
DAY = make.AT.date().replace(month=12, day=20)


@pytest.fixture
def company(people):
    """The company's objective and its key result; below it one of Sales."""
    objective, sold = make.cascade(people)
    top = KeyResult.objects.create(
        cycle=objective.cycle, objective=objective, title="Sales +30 %", owner=people["ceo"]
    )
    with translation.override("en"):
        yield top, sold


def offered(people, top, **more):
    wish = Wish(top, make.department("MKT"), title="Repeat purchases", unit="%", baseline=Decimal(21), **more)
    return offers.propose(top.cycle, wish, ABOVE, "all of Europe", by=people["ceo"], at=make.AT)


def test_an_offer_is_countered_accepted_and_makes_the_key_result_with_the_last_terms(people, company):
    top, _sold = company
    offer = offered(people, top, terms=Terms(Decimal(30), DAY, 40))
    assert offered(people, top, terms=Terms(Decimal(30), DAY, 40)) == offer
    assert [one.pk for one in offers.waiting(people["marketing"])] == [offer.pk]
    assert offers.waiting(people["ceo"]) == offers.waiting(people["sales"]) == []
    card = offer_cards.due(people["marketing"], at=make.AT)[0]
    assert (card.title, card.url, card.due_at, card.urgent) == (
        "Key result on offer: Repeat purchases",
        f"{OFFERS}{offer.pk}/",
        make.AT + dt.timedelta(days=7),
        False,
    )
    with pytest.raises(CannotSet, match="Somebody of the side that was asked accepts this, not who asked."):
        offers.take(offer, "accept", by=people["ceo"], at=make.AT)
    with pytest.raises(CannotSet, match="Change the target, the day or the weight; or accept it."):
        offers.take(offer, "counter", "x", Terms(Decimal(30), DAY, 40), by=people["marketing"], at=make.AT)
    counter = Terms(Decimal(24), DAY, 40)
    offers.take(offer, "counter", " two people  left ", counter, by=people["marketing"], at=make.AT)
    assert [one.pk for one in offers.waiting(people["ceo"])] == [offer.pk] and not KeyResult.objects.filter(
        title="Repeat purchases"
    )
    offers.take(offer, "comment", "fair", by=people["ceo"], at=make.AT)
    made = offers.take(offer, "accept", by=people["ceo"], at=make.AT).result
    assert (made.parent, made.department, made.owner) == (top, make.department("MKT"), people["marketing"])
    assert (six(made.baseline), six(made.target), made.unit, made.due_on, made.weight) == (
        21,
        24,
        "%",
        DAY,
        40,
    )
    said = [(one.kind, one.side, one.by, one.words) for one in OfferStep.objects.order_by("number")]
    assert said == [
        ("propose", "above", people["ceo"], "all of Europe"),
        ("counter", "below", people["marketing"], "two people left"),
        ("comment", "above", people["ceo"], "fair"),
        ("accept", "above", people["ceo"], ""),
    ]
    with pytest.raises(CannotSet, match="This was settled in the meantime."):
        offers.take(offer, "decline", "no", by=people["marketing"], at=make.AT)
    codes = (
        Activity.objects.filter(code__startswith="okr.offer").order_by("id").values_list("code", flat=True)
    )
    assert list(codes) == [f"okr.offer_{kind}" for kind, *_rest in said]
    for statement in ("UPDATE okr_offerstep SET words = 'x'", "DELETE FROM okr_offerstep"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_key_result_that_stands_is_linked_by_both_consents_with_the_terms_that_were_agreed(people, company):
    top, sold = company
    wish = Wish(top, make.department("SAL"), result=sold, terms=Terms(Decimal(25)))
    with pytest.raises(CannotSet, match="Propose for yourself or for the department you lead."):
        offers.propose(top.cycle, wish, BELOW, by=people["ceo"], at=make.AT)
    helping = offers.propose(top.cycle, wish, BELOW, by=people["sales"], at=make.AT)
    assert not Contribution.objects.exists()
    offers.take(helping, "accept", by=people["ceo"], at=make.AT)
    link = Contribution.objects.get()
    assert (link.giver, link.receiver, link.asked_by, link.accepted_by) == (
        sold,
        top,
        people["sales"],
        people["ceo"],
    )
    sold.refresh_from_db()
    assert (sold.objective_id, six(sold.target), six(sold.baseline)) == (top.objective_id, 25, 10)
    loose = KeyResult.objects.create(cycle=top.cycle, title="Stores", department=make.department("SAL"))
    wish = Wish(top, make.department("SAL"), result=loose)
    below = offers.propose(top.cycle, wish, BELOW, by=people["sales"], at=make.AT)
    offers.take(below, "accept", by=people["ceo"], at=make.AT)
    loose.refresh_from_db()
    assert loose.parent == top and Contribution.objects.count() == 1


PRESS = st.tuples(
    st.sampled_from(["accept", "counter", "decline", "withdraw"]),
    st.sampled_from(["ceo", "marketing", "sales", "owner"]),
    st.integers(20, 22),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PRESS, max_size=8))
def test_no_sequence_of_presses_leaves_a_key_result_without_both_consents(people, company, presses):
    top, _sold = company
    Offer.objects.open().update(state=Offer.State.WITHDRAWN)
    before = KeyResult.objects.count()
    offer = offered(people, top, terms=Terms(Decimal(20)))
    for kind, name, target in presses:
        with suppress(CannotSet):
            offers.take(offer, kind, "why", Terms(Decimal(target)), by=people[name], at=make.AT)
    offer.refresh_from_db()
    agreed = offer.state == Offer.State.AGREED
    assert (KeyResult.objects.count() - before, offer.result is not None) == (int(agreed), agreed)
    speakers = {"above": people["ceo"].pk, "below": people["marketing"].pk}
    steps = list(offer.steps.all())
    assert all(one.by_id == speakers[one.side] for one in steps)
    if agreed:
        assert steps[-1].kind == "accept" and steps[-2].side != steps[-1].side
        assert offer.result.target == steps[-2].target


@pytest.mark.parametrize(
    ("language", "waits", "counter", "agreed"),
    [
        ("en", "No offer waits for your word.", "Offer other terms", "Wanted by both sides"),
        ("zh-hans", "没有等你答复的提议。", "提出其他条件", "双方都已同意"),
    ],
)
def test_offering_and_answering_on_the_pages(
    people, company, signed_in, pages_at, language, waits, counter, agreed
):
    top, _sold = company
    for person in people.values():
        person.language = language
        person.save()
    wish = {"who": f"down-P{people['marketing'].pk}", "serves": f"K{top.pk}", "target": "30"}
    ceo = signed_in(people["ceo"])
    assert ceo.post(f"{OFFERS}new/", wish).status_code == 422 and not Offer.objects.exists()
    sent = ceo.post(f"{OFFERS}new/", wish | {"title": "Repeat"})
    offer = Offer.objects.get()
    page = f"{OFFERS}{offer.pk}/"
    assert sent["Location"] == page and waits in ceo.get(OFFERS).content.decode()
    assert offer.title in ceo.get(f"/okr/2026-Q4/results/{top.pk}/").content.decode()
    assert ceo.post(f"{page}accept").status_code == 422
    marketing = signed_in(people["marketing"])
    assert counter in marketing.get(page).content.decode()
    home = marketing.get("/").content.decode()
    assert page in home and waits not in marketing.get(OFFERS).content.decode()
    without = marketing.post(f"{page}counter", {"target": "25", "words": " "})
    assert without.status_code == 422 and 'value="25"' in without.content.decode()
    assert marketing.post(f"{page}counter", {"target": "25", "words": "less people"})["Location"] == page
    for stranger in ("sales", "tech", "logistics", "scribe"):
        reader = signed_in(people[stranger])
        assert [reader.get(page).status_code, reader.post(f"{page}accept").status_code] == [404, 404]
    assert OFFERS not in signed_in(people["logistics"]).get("/").content.decode()
    ceo = signed_in(people["ceo"])
    assert ceo.post(f"{page}accept")["Location"] == page
    shown = ceo.get(page).content.decode()
    assert "less people" in shown and f"/okr/2026-Q4/results/{Offer.objects.get().result_id}/" in shown
    assert agreed in ceo.get(OFFERS).content.decode()
    assert ceo.post(f"{page}propose").status_code == 404
