"""What a definition would have meant: every month that has data, by both definitions, with the real engine (F10)."""

import datetime as dt
from decimal import Decimal as D

import pytest
from django.utils import translation

from metrics import cycles, dictionary, impact
from metrics.dictionary_rows import cells
from metrics.models import Metric, Review
from metrics.periods import Period
from metrics.proposal_checks import open_version
from metrics.web import impact_words
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
ON, START = dt.date(2026, 11, 22), dt.date(2026, 8, 1)


@pytest.fixture(autouse=True)
def _dictionary(at, people):
    dictionary_of_today()


def month(period, gross, refund, orders, **more):
    day = f"{period}-01"
    rows = [("SAL_GROSS", day, gross), ("SAL_REF", day, refund), ("SAL_ORD", day, orders)]
    return figures(rows, period=period, zero=["SAL_DISC"], **more)


def preview(code, user, **changes):
    former = cells(open_version(Metric.objects.get(code=code)))
    return impact.preview(code, former | changes, former=former, start=START, user=user, on=ON)


def test_every_month_is_computed_by_both_definitions(people):
    month("2026-09", 100, 20, 4)
    month("2026-10", 90, 0, 3)
    month("2025-10", 50, 10, 0)
    found = preview("SAL_AOV", people["sales"], formula="SAL_NET / SAL_ORD")
    rows = [(one.period.text, one.before, one.after, one.change) for one in found.months]
    assert rows == [
        ("2026-10", D("30.00"), D("30.00"), D("0.00")),
        ("2026-09", D("25.00"), D("20.00"), D("-5.00")),
        ("2025-10", None, None, None),
    ]
    assert (found.unit, found.moved, found.months[1].ratio) == ("CNY/单", 1, D("-0.2"))
    assert found.months[2].why_after.code == "DIVISION_BY_ZERO"


@pytest.mark.parametrize(("language", "unit"), [("en", "CNY per order"), ("zh-hans", "CNY/单")])
def test_the_unit_is_told_in_words_with_the_currency(people, language, unit):
    month("2026-09", 100, 20, 4)
    with translation.override(language):
        told = impact_words.Told(preview("SAL_AOV", people["sales"], formula="SAL_NET / SAL_ORD"), START)
        assert told.unit == unit


def test_metrics_that_read_it_are_computed_too(people):
    month("2026-09", 100, 20, 4)
    found = preview("SAL_REF", people["steward"], engine="app", formula="SAL_DISC", kind="derived")
    moved = {
        one.definition.code: (one.moved, one.last.before, one.last.after) for one in found.others if one.moved
    }
    assert moved["SAL_NET"] == (1, D("80.00"), D("100.00"))
    assert moved["SAL_REF_RATE"] == (1, D("0.2000"), D("0.0000"))


def test_what_came_from_files_cannot_be_counted_anew(people):
    month("2026-09", 100, 20, 4)
    found = preview("SAL_GROSS", people["sales"], incl_tax="Y")
    assert [(one.before, one.after, one.why_after.code) for one in found.months] == [
        (D("100.00"), None, "FROM_FILES")
    ]
    same = preview("SAL_GROSS", people["sales"], tolerance="2%")
    assert [(one.before, one.after) for one in same.months] == [(D("100.00"), D("100.00"))]


def test_a_review_that_is_frozen_keeps_its_month(people, at):
    month("2026-09", 100, 20, 4)
    month("2026-10", 100, 20, 4)
    for period in ("2026-09", "2026-10"):
        cycles.open_review(Period.parse(period), meeting_at=at, zone=make.zone())
    Review.objects.filter(code="2026-09").update(state="met")
    found = preview("SAL_AOV", people["sales"], formula="SAL_NET / SAL_ORD")
    assert [bool(one.kept_by) for one in found.months] == [False, True]


def test_two_currencies_are_a_reason_not_a_number(people):
    for currency in ("EUR", "USD"):
        figures([("SAL_GROSS", "2026-09-01", 5, {}, currency)], period="2026-09", profile=currency)
    found = preview("SAL_GROSS", people["steward"], tolerance="2%")
    assert [(one.before, one.why_before.code) for one in found.months] == [(None, "CURRENCY_MIX")]


def test_drafts_of_others_are_not_in_it(people):
    month("2026-09", 100, 20, 4, state="draft")
    assert preview("SAL_AOV", people["marketing"], tolerance="2%").months == []
    assert len(preview("SAL_AOV", people["sales"], tolerance="2%").months) == 1


def test_confidential_figures_are_hidden(people):
    figures([("FIN_REV", "2026-09-01", 5)], period="2026-09")
    assert preview("FIN_REV", people["observer"], tolerance="2%").hidden
    assert not preview("FIN_REV", people["finance"], tolerance="2%").hidden


def test_a_new_metric_has_no_former_value(people):
    month("2026-09", 100, 20, 4)
    row = cells(open_version(Metric.objects.get(code="SAL_AOV")))
    row |= {"code": "X_NET", "formula": "SAL_NET / SAL_ORD"}
    found = impact.preview("X_NET", row, former={}, start=START, user=people["sales"], on=ON)
    assert [(one.before, one.after) for one in found.months] == [(None, D("20.00"))]


def test_the_same_queries_for_two_months_and_for_twelve(people, queries):
    for number in (8, 9):
        month(f"2026-{number:02}", 100, 20, 4)
    few = queries(lambda: preview("SAL_AOV", people["sales"], formula="SAL_NET / SAL_ORD"))
    for number in range(1, 8):
        month(f"2026-{number:02}", 100, 20, 4)
    assert queries(lambda: preview("SAL_AOV", people["sales"], formula="SAL_NET / SAL_ORD")) == few


def test_a_formula_does_not_tell_figures_that_its_author_may_not_read(people):
    """C2: the profit stays hidden behind a formula of somebody from sales, proposed or approved."""
    figures([("FIN_REV", "2026-09-01", 500), ("SAL_ORD", "2026-09-01", 4)], period="2026-09")
    assert preview("SAL_AOV", people["sales"], formula="FIN_REV / SAL_ORD").hidden
    row = cells(open_version(Metric.objects.get(code="SAL_AOV"))) | {
        "code": "X_REV",
        "formula": "FIN_REV / SAL_ORD",
    }
    said = {"former": {}, "start": START, "on": ON}
    assert impact.preview("X_REV", row, user=people["sales"], **said).hidden
    assert not impact.preview("X_REV", row, user=people["steward"], **said).hidden


def test_what_is_made_from_confidential_figures_is_confidential(people, at):
    row = cells(open_version(Metric.objects.get(code="SAL_AOV"))) | {
        "code": "X_REV",
        "formula": "FIN_REV / SAL_ORD",
    }
    said = {"effective_from": START, "by": people["steward"], "at": at, "reason": "Why"}
    assert dictionary.first_version(row, **said).metric.confidentiality == 2
    aov = Metric.objects.get(code="SAL_AOV")
    dictionary.next_version(aov, {"formula": "FIN_REV / SAL_ORD"}, **said)
    aov.refresh_from_db()
    assert aov.confidentiality == 2
