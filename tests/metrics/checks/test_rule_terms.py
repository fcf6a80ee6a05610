"""Rules between metrics: read as the dictionary writes them, with tolerances, and held against two values."""

from decimal import Decimal

import pytest

from metrics import dictionary_csv, dictionary_rows
from metrics.checks.rule_terms import Scope, Tolerance, terms
from metrics.formula import FormulaError

D = Decimal


@pytest.mark.parametrize(
    ("text", "left", "right", "allowed"),
    [
        ("0.01", D(100), D("100.5"), D("0.01")),
        ("", D(1), D(1), D(0)),
        ("0.1%", D(-2000), D(1000), D(2)),
        ("0.5pp", D("0.9"), D("0.8"), D("0.005")),
        ("0.5d", D(30), D(31), D("0.5")),
    ],
)
def test_a_tolerance_is_an_amount_or_a_share_of_the_larger_side(text, left, right, allowed):
    assert Tolerance.parse(text).of(left, right) == allowed


@pytest.mark.parametrize("text", ["a lot", "1,5", "5 %%", "-1"])
def test_a_tolerance_that_is_not_understood_is_refused(text):
    with pytest.raises(ValueError, match="."):
        Tolerance.parse(text)


@pytest.mark.parametrize(
    ("expression", "left", "right", "tolerance", "holds"),
    [
        ("A == B", 100, 100, "0", True),
        ("A == B", 100, "100.01", "0.01", True),
        ("A == B", 100, "100.02", "0.01", False),
        ("A == B", 1000, 999, "0.1%", True),
        ("A == B", 1000, "998.9", "0.1%", False),
        ("A <= B", "100.01", 100, "0.01", True),
        ("A <= B", "100.02", 100, "0.01", False),
        ("A >= B", "99.99", 100, "0.01", True),
        ("A >= B", "99.98", 100, "0.01", False),
        ("A >= B", -1, 0, "0", False),
    ],
)
def test_a_comparison_holds_within_its_tolerance(expression, left, right, tolerance, holds):
    (term,) = terms(expression)
    assert term.holds(D(left), D(right), Tolerance.parse(tolerance)) is holds


def test_sums_over_a_dimension_and_parts_are_read():
    (term,) = terms("SUM(platform: SAL_NET) == SLICE(SAL_ORD, region=eu) * 2")
    assert term.left == ("EACH", "platform", "SAL_NET")
    assert (term.codes, term.dimensions) == ({"SAL_NET", "SAL_ORD"}, {"platform", "region"})


def test_both_halves_of_an_and_must_hold():
    assert [term.left[1] for term in terms("SUM(dept: A) == A and SUM(dept: B) == B")] == ["dept", "dept"]


@pytest.mark.parametrize(
    "expression", ["A + B", "A == B == C", "LEDGER(storage) == A", "a == B", "A == 9**9"]
)
def test_what_is_no_comparison_of_metrics_is_refused(expression):
    with pytest.raises(FormulaError):
        terms(expression)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("platform x day", Scope(("platform",), "day")),
        ("month", Scope((), "month")),
        ("ship cohort", Scope((), "month")),
        ("supplier x month", Scope(("supplier",), "month")),
    ],
)
def test_where_a_rule_is_asked(text, scope):
    assert Scope.parse(text) == scope


def test_of_the_shipped_rules_only_those_are_not_asked_that_need_more_than_metrics():
    refused = []
    rows, _faults = dictionary_csv.read(dictionary_rows.shipped("rules"), dictionary_csv.RULE_COLUMNS)
    for row in rows.values():
        Tolerance.parse(row["tolerance"])
        try:
            terms(row["expression"])
        except FormulaError:
            refused.append(row["rule_id"])
    assert refused == ["ID29", "ID40", "ID46", "ID51", "ID65", "ID66", "ID71", "ID74"]
