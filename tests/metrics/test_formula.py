"""Formulas calculate exactly, say why there is no number, and understand nothing but formulas (B084–B090)."""

import time
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.formula import Formula, FormulaError, parse, require_no_cycle

VALUES = {"SAL_GROSS": D("100.10"), "SAL_DISC": D("0.10"), "SAL_ORD": D(3), "ZERO": D(0), "NONE": None}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("SAL_GROSS - SAL_DISC", "100.00"),
        ("(SAL_GROSS - SAL_DISC) / SAL_ORD", "33.33333333333333333333333333"),
        ("-SAL_DISC * 2 + 0.1 + 0.2", "0.10"),
        ("SUM(SAL_GROSS, SAL_DISC, 1)", "101.20"),
        ("AVG(1, 2)", "1.5"),
        ("MIN(3, 1, 2) + MAX(3, 1, 2)", "4"),
        ("IF(SAL_ORD > 2, 10, 20)", "10"),
        ("IF(ZERO != 0, SAL_GROSS / ZERO, 7)", "7"),
        ("ROUND(SAL_GROSS / SAL_ORD, 2)", "33.37"),
        ("ROUND(2.5)", "2"),
        ("ABS(SAL_DISC - SAL_GROSS)", "100.00"),
        ("COALESCE(NONE, SAL_GROSS / ZERO, 5)", "5"),
    ],
)
def test_a_formula_gives_the_exact_decimal(source, expected):
    assert parse(source)(VALUES).value == D(expected)


def test_a_missing_input_and_a_division_by_zero_are_reasons_not_numbers():
    assert parse("SAL_GROSS + NONE")(VALUES).reason == "MISSING"
    assert parse("SAL_GROSS + NONE")(VALUES).codes == ("NONE",)
    assert parse("SAL_GROSS / ZERO")(VALUES) == parse("SAL_GROSS / (SAL_ORD - 3)")(VALUES)
    assert parse("SAL_GROSS / ZERO")(VALUES).reason == "DIVISION_BY_ZERO"
    assert parse("999999999999999999 * 999999999999999999")({}).reason == "TOO_LARGE"


def test_the_references_of_a_formula_stand_in_order_of_appearance():
    assert parse("B_2 + A_1 * B_2").references == ("B_2", "A_1")


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('id')",
        "@pd.io.common.os.getpid()",
        "().__class__.__base__.__subclasses__()",
        "9**9**9",
        "2^99999",
        "A[0]",
        "A.real",
        "lambda: 1",
        "[x for x in (1,)]",
        "'text'",
        "f'{A}'",
        "A if B else C",
        "A and B",
        "A < B < C",
        "A < B",
        "1e5",
        "0x10",
        "1_000",
        "1j",
        "True",
        "IF(1, 2, 3)",
        "ROUND(A, B)",
        "SUM()",
        "SUM(*A)",
        "ABS(x=1)",
        "sum(A)",
        "SUM",
        "a",
        "(A := 1)",
        "Ａ + 1",
        "A +",
        "",
        "\0",
    ],
)
def test_anything_else_is_refused_as_syntax(source):
    with pytest.raises(FormulaError) as refused:
        parse(source)
    assert refused.value.code == "FORMULA_SYNTAX"


@pytest.mark.parametrize(
    "source", ["(" * 10_000 + "1" + ")" * 10_000, "1" * 1_000_000, "+".join("A" * 300), "-" * 50 + "1"]
)
def test_an_oversized_formula_is_refused_at_once(source):
    began = time.process_time()
    with pytest.raises(FormulaError) as refused:
        parse(source)
    assert refused.value.code == "FORMULA_TOO_LARGE"
    assert time.process_time() - began < 0.05


def test_a_cycle_is_shown_as_the_way_round():
    formulas = {"A": parse("B + 1"), "B": parse("A - 1"), "C": parse("1")}
    with pytest.raises(FormulaError) as refused:
        require_no_cycle(formulas)
    assert (refused.value.code, refused.value.params["way"]) == ("FORMULA_CYCLE", ["A", "B", "A"])
    with pytest.raises(FormulaError):
        require_no_cycle({"A": parse("A")})


def test_a_chain_is_ordered_and_may_be_fifty_deep():
    chain = {f"M_{i}": parse(f"M_{i + 1}") for i in range(50)}
    assert require_no_cycle(chain) == [f"M_{i}" for i in reversed(range(50))]
    with pytest.raises(FormulaError) as refused:
        require_no_cycle({f"M_{i}": parse(f"M_{i + 1}") for i in range(600)})
    assert refused.value.code == "FORMULA_TOO_LARGE"


@given(st.one_of(st.text(max_size=60), st.text("AB1290.+-*/(), <>=SUMIFabs_^'\"[]", max_size=60)))
def test_random_text_is_a_formula_or_a_formula_error(source):
    try:
        formula = parse(source)
    except FormulaError:
        return
    assert isinstance(formula, Formula)
    formula({"A": D(1)})
