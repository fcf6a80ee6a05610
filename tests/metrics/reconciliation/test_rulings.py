"""Deciding a difference: the four ways, four eyes in code and in the database, answers, opening again, precedents."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from metrics import rulings
from metrics.models import Ruling, SideAnswer
from metrics.reconciliation import open_conflicts
from reviewhub.notices.models import Occurrence
from reviewhub.people.models import Activity
from tests import make
from tests.make import AT
from tests.metrics.figures import dictionary_of_today
from tests.metrics.reconciliation.test_differences import booked, sold

pytestmark = pytest.mark.django_db
KEY = "ID69-2026-10"


@pytest.fixture
def review(db):
    dictionary_of_today()
    sold()
    booked(800_000)
    return make.review()


@pytest.fixture
def steward(people):
    return people["steward"]


def decide(review, by, decision="accepted", reason="Shipped in November.", **more):
    return rulings.decide(review, KEY, decision, reason, by=by, at=AT, **more)


@pytest.mark.parametrize("decision", ["accepted", "left", "right", "parked"])
def test_each_way_settles_it_and_is_told_and_logged(review, steward, decision):
    row = decide(review, steward, decision)
    assert (row.left, row.right, row.residual) == ("920000.000000", "800000.000000", "131000.000000")
    assert row.profiles == "|pnl|sales-daily|" and not open_conflicts(review)
    assert Activity.objects.get(code=f"ruling.{decision}").params["reason"] == "Shipped in November."
    assert Occurrence.objects.filter(kind="ruling.made", subject_id=str(row.pk)).count() == 1


def test_a_question_leaves_it_open_and_both_sides_answer(review, steward, people):
    with pytest.raises(rulings.CannotRule):
        decide(review, steward, "asked")
    row = decide(review, steward, "asked", answer_by=AT + dt.timedelta(hours=20))
    assert len(open_conflicts(review)) == 1
    said = rulings.answer(
        row, make.department("FIN"), " Recognised  at delivery. ", by=people["finance"], at=AT
    )
    assert said.text == "Recognised at delivery."
    for who, code in (("marketing", "MKT"), ("marketing", "FIN"), ("steward", "FIN")):
        with pytest.raises(rulings.CannotRule):
            rulings.answer(row, make.department(code), "Mine.", by=people[who], at=AT)
    decide(review, steward, "right")
    with pytest.raises(rulings.CannotRule):
        rulings.answer(row, make.department("SAL"), "Too late.", by=people["sales"], at=AT)
    assert SideAnswer.objects.count() == 1


@pytest.mark.parametrize("column", ["uploaded_by", "handed_in_by"])
def test_nobody_rules_figures_of_an_own_submission(review, people, column):
    owner = people["steward"]
    booked(790_000, number=2, state="handed_in", **{column: owner})
    found = rulings.find(review, KEY)
    assert len(rulings.ruling_problems(review, found, by=owner)) == 1
    with pytest.raises(rulings.CannotRule):
        decide(review, owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ruling(review, owner)
    make.ruling(review, make.user("steward"))  # somebody else


def test_the_database_lets_a_ruling_of_other_tables_through(review, people):
    booked(790_000, number=2, state="handed_in", uploaded_by=people["steward"])
    make.ruling(review, people["steward"], profiles="|spend|")


def test_rulings_and_answers_are_written_once(review, steward, people):
    row = decide(review, steward, "asked", answer_by=AT + dt.timedelta(hours=1))
    rulings.answer(row, make.department("SAL"), "Paid.", by=people["sales"], at=AT)
    with pytest.raises(TypeError):
        row.save()
    for model, change in ((Ruling, {"reason": "Other."}), (SideAnswer, {"text": "Other."})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**change)


def test_it_is_opened_again_by_a_new_row(review, steward):
    decide(review, steward, "left")
    with pytest.raises(rulings.CannotRule):
        decide(review, steward, "right")
    with pytest.raises(rulings.CannotRule):
        rulings.reopen(review, KEY, " ", by=steward, at=AT)
    rulings.reopen(review, KEY, "The ledger was corrected.", by=steward, at=AT)
    assert [one.decision for one in Ruling.objects.order_by("pk")] == ["left", "reopened"]
    assert len(open_conflicts(review)) == 1
    decide(review, steward, "right")


def test_a_standing_ruling_holds_for_later_months_until_one_of_their_own(review, steward):
    earlier = {"period_start": dt.date(2026, 8, 1), "period_end": dt.date(2026, 9, 1)}
    make.ruling(review, steward, decision="right", reach="standing", **earlier)
    assert rulings.find(review, KEY).ruling.period_start == dt.date(2026, 8, 1) and not open_conflicts(review)
    rulings.reopen(review, KEY, "Other this time.", by=steward, at=AT)
    assert len(open_conflicts(review)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "  "},
        {"reason": "x" * 301},
        {"decision": "reopened"},
        {"decision": "won"},
        {"decision": "asked", "answer_by": AT},
        {"reach": "for ever"},
        {"seen": "1/2/3"},
    ],
    ids=str,
)
def test_what_is_missing_or_stale_is_refused(review, steward, change):
    with pytest.raises(rulings.CannotRule) as refused:
        decide(review, steward, **change)
    assert refused.value.is_stale == ("seen" in change) and not Ruling.objects.exists()


def test_only_the_data_owner_decides_and_not_after_the_freeze(review, steward, people):
    with pytest.raises(rulings.CannotRule):
        decide(review, people["finance"])
    review.state = "frozen"
    review.save()
    with pytest.raises(rulings.CannotRule):
        decide(review, steward)


def test_alike_decisions_come_first_where_the_cause_is_the_same(review, steward):
    months = [{"period_start": dt.date(2026, m, 1), "period_end": dt.date(2026, m + 1, 1)} for m in (6, 7, 8)]
    first = make.ruling(review, steward, **months[0])
    second = make.ruling(review, steward, pair="ID73", causes=["TAX_IN_SALES"], **months[1])
    make.ruling(review, steward, pair="ID51", **months[2])
    found = rulings.find(review, KEY)
    assert rulings.precedents(found, ["TAX_IN_SALES"]) == [second, first]
