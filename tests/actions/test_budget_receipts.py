"""Whose money a published adjustment moves confirms that it is there, each department once, by its lead."""

import datetime as dt

import pytest
from django.utils import translation

from actions import budget, budget_receipts
from actions.budget_lines import Typed
from actions.models import BudgetReceipt
from reviewhub import budget_cards
from reviewhub.people.models import Activity
from tests import make
from tests.make import AT

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def english(people):
    for person in people.values():
        person.language = "en"
        person.save()
    with translation.override("en"):
        yield


@pytest.fixture
def clock(people):
    review = make.review(meeting_at=AT)
    return budget.open_clock(review, ended_at=AT, by=people["facilitator"], at=AT)


@pytest.fixture
def published(clock, people):
    """Marketing gives 200,000 to Supply chain; Finance's reserve gives Marketing 100."""
    typed = [
        Typed("MKT/FB-US", "SCM/EU-wh", "20万", "D-44", ""),
        Typed("FIN/reserve", "MKT/TikTok-DE", "100", "", ""),
    ]
    return budget.publish(clock, typed, version=clock.version, by=people["finance"], at=LATER)


def state(adjustment) -> list[tuple[str, bool]]:
    return [(one.department.code, one.receipt is not None) for one in budget_receipts.standings(adjustment)]


def test_every_department_whose_money_moves_confirms_but_for_finance_which_published(people, published):
    assert state(published) == [("MKT", False), ("SCM", False)]
    row = budget_receipts.confirm(published, make.department("MKT"), by=people["marketing"], at=LATER)
    again = budget_receipts.confirm(published, make.department("MKT"), by=people["marketing"], at=LATER)
    assert (row, BudgetReceipt.objects.count()) == (again, 1)
    assert state(published) == [("MKT", True), ("SCM", False)]
    [line] = Activity.objects.filter(code="budget.received")
    assert line.params == {
        "review": "2026-10",
        "department": "MKT",
    }  # no amounts: the log is read more widely


def test_nobody_else_confirms_and_nothing_before_it_is_published(people, clock, published):
    supply = make.department("SCM")
    for name in ("marketing", "finance", "ceo", "facilitator", "sales", "logistics", "owner"):
        assert not budget_receipts.may_confirm(published, supply, by=people[name]), name
        with pytest.raises(budget_receipts.CannotConfirm):
            budget_receipts.confirm(published, supply, by=people[name], at=LATER)
    other = make.review(code="2026-09", meeting_at=AT)
    draft = budget.open_clock(other, ended_at=AT, by=people["facilitator"], at=AT)
    assert budget_receipts.standings(draft) == []


def test_leads_are_asked_at_home_until_they_have_confirmed(people, published):
    def asked(name):
        return [card.note for card in budget_cards.to_confirm(people[name])]

    assert asked("supply") == ["Confirm that Supply chain has it."]
    assert asked("marketing") == ["Confirm that Marketing has it."]
    assert asked("finance") == asked("sales") == asked("ceo") == asked("logistics") == []
    budget_receipts.confirm(published, make.department("SCM"), by=people["supply"], at=LATER)
    assert asked("supply") == [] and asked("marketing") != []


def test_the_page_shows_who_has_confirmed_and_strangers_find_nothing(people, published, signed_in):
    path = "/reviews/2026-10/budget/"
    client = signed_in(people["supply"])
    assert "Confirm receipt" in client.get(path).text
    assert client.post(f"{path}confirm/marketing").status_code == 404
    assert client.post(f"{path}confirm/supply-chain").status_code == 302
    page = client.get(path).text
    assert "Received by" in page and people["supply"].display_name in page and "Confirm receipt" not in page
    for name in ("sales", "tech", "observer", "logistics", "ceo", "finance"):
        assert signed_in(people[name]).post(f"{path}confirm/marketing").status_code == 404, name
    assert BudgetReceipt.objects.count() == 1
