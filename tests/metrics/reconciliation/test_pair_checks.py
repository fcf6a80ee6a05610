"""The rules between departments as checks: asked of both sides, switched on where a pair needs it; cards at home."""

import datetime as dt
import itertools

import pytest

from metrics import pair_checks
from metrics.checks import runs
from metrics.models import CheckRun, Metric
from reviewhub import reconciliation_cards
from reviewhub.people.models import Activity
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today, figures
from tests.metrics.reconciliation.test_differences import booked, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(db):
    dictionary_of_today()
    return make.review(meeting_at=AT + dt.timedelta(days=10))


def run(review):
    """The checks of what stands handed in, each run a minute after the one before: the last one is shown."""
    moments = (AT + dt.timedelta(minutes=CheckRun.objects.count() + number) for number in itertools.count())
    found = runs.ask(review, at=AT)
    pair_checks.run(found.pk, at=next(moments))
    pair_checks.run_waiting(clock=lambda: next(moments))
    return {check.code: check for check in runs.results(CheckRun.objects.shown(review))}


def test_metrics_of_a_pair_are_switched_on_when_both_sides_are_in(review):
    assert not Metric.objects.get(code="FIN_EXP_MKT").is_enabled
    zero = ["MKT_SPEND_SOC", "MKT_SPEND_KOL", "MKT_SPEND_OTH"]
    figures([("MKT_SPEND_AD", "2026-10-05", 100_000)], code="MKT", profile="spend", zero=zero)
    assert run(review)["ID73"].state == "na"
    assert not Metric.objects.get(code="FIN_EXP_MKT").is_enabled, "the ledger is not in yet"
    figures([("FIN_EXP_MKT", "2026-10-01", 95_000)], code="FIN", profile="pnl")
    assert run(review)["ID73"].state == "warning"
    assert Metric.objects.get(code="FIN_EXP_MKT").is_enabled
    assert (
        Activity.objects.get(code="metric.switched_on", params__code="FIN_EXP_MKT").params["pair"] == "ID73"
    )


def test_an_input_of_a_template_is_asked_and_not_missing(review):
    figures([("SC_WH_STOR", "2026-10-01", 50_000)], code="LOG", profile="logistics-cost")
    booked(0, counts={"ledger_storage": "50000.00"})
    assert (run(review)["ID51"].state, run(review)["ID51"].asked) == ("passed", 1)


def test_the_data_owner_sees_what_is_open_on_the_home_page_until_it_is_decided(review, people):
    sold()
    booked(800_000)
    run(review)
    [card] = reconciliation_cards.open_ones(people["steward"], at=AT)
    assert (card.state, card.due_at, card.url) == (
        "fail",
        review.freeze_at,
        "/reconciliation/?review=2026-10",
    )
    assert reconciliation_cards.open_ones(people["finance"], at=AT) == []
    question = make.ruling(review, people["steward"], decision="asked", answer_by=AT + dt.timedelta(days=2))
    assert len(reconciliation_cards.open_ones(people["steward"], at=AT)) == 1
    [asked] = reconciliation_cards.asked(people["finance"], at=AT)
    assert asked.due_at == question.answer_by and not reconciliation_cards.asked(people["marketing"], at=AT)
    make.ruling(review, people["steward"], decision="right", decided_at=AT + dt.timedelta(hours=1))
    assert reconciliation_cards.open_ones(people["steward"], at=AT) == []
    assert reconciliation_cards.asked(people["finance"], at=AT) == []
