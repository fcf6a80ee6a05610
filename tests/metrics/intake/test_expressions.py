"""Expressions over columns are exact, ask each distinct text once, and understand nothing but themselves."""

from decimal import Decimal

import numpy as np
import pytest

from metrics.intake.columns import Days, Exact, Words, sum_by_cell
from metrics.intake.expressions import DAY, NUMBER, TEXT, TRUTH, ExpressionError, parse

NAMES = {"q": NUMBER, "p": NUMBER, "code": TEXT, "other": TEXT, "day": DAY, "sale": TRUTH}


def block():
    return {
        "q": Exact(np.array([3, -2, 0, 5]), 0, np.array([True, True, True, False])),
        "p": Exact(np.array([1050, 99, 1, 0]), 2),
        "code": Words(np.array([0, 1, 2, 0]), ["POST", "C-1", ""]),
        "other": Words(np.array([0, 0, 1, 1]), ["POST", ""]),
        "day": Days(np.array([1, 2, 3, 4]), np.array([True] * 4)),
        "sale": np.array([True, False, True, True]),
    }


def rows(source):
    return parse(source, NAMES)(block()).tolist()


def decimals(source):
    found = parse(source, NAMES)(block())
    return [Decimal(unit).scaleb(-found.scale) for unit in found.units.tolist()]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("q > 0", [True, False, False, False]),
        ("not q > 0 and p <= 0.99", [False, True, True, True]),
        ("p == 10.5 or p == 0", [True, False, False, True]),
        ("startswith(code, 'P', 'C')", [True, True, False, True]),
        ("endswith(lower(code), 'st')", [True, False, False, True]),
        ("contains(code, '-')", [False, True, False, False]),
        ("code in ('POST', 'DOT')", [True, False, False, True]),
        ("upper(code) not in ('POST',)", [False, True, True, False]),
        ("code == 'POST' and code == other", [True, False, False, False]),
        ("code != other", [False, True, False, True]),
        ("blank(code) or blank(q)", [False, False, True, True]),
        ("filled(day) and sale", [True, False, True, True]),
        ("q * p > -2 and q * p < 40", [True, True, True, False]),
    ],
)
def test_conditions_hold_for_the_right_rows(source, expected):
    assert rows(source) == expected


def test_arithmetic_is_exact_in_decimals():
    assert decimals("q * p + 0.1 - 0.3")[:2] == [Decimal("31.30"), Decimal("-2.18")]
    assert decimals("abs(-q)")[:3] == [3, 2, 0]
    assert decimals("case(sale, p, q > 0, 1, -1)") == [Decimal("10.50"), -1, Decimal("0.01"), 0]


def test_products_and_sums_beyond_64_bits_stay_exact():
    big = 10**17 + 7
    values = {"q": Exact(np.array([big, big]), 0), "p": Exact(np.array([big, -big]), 4)}
    product = parse("q * p", NAMES)(values)
    assert product.units.tolist() == [big * big, -big * big]
    assert (parse("q * p + q * p + q", NAMES)(values)).units.tolist()[0] == 2 * big * big + big * 10**4
    cells = np.array([0, 0])
    assert sum_by_cell(product, cells, np.array([True, False]), 1) == [big * big]
    near = Exact(np.array([2**61, 2**61, 2**61]), 0)
    assert sum_by_cell(near, np.zeros(3, dtype=int), np.array([True] * 3), 1) == [3 * 2**61]


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os')",
        "code.__class__",
        "code[0]",
        "q / p",
        "q ** 2",
        "q % 2",
        "1e5 > q",
        "unknown > 1",
        "code > 'A'",
        "code == q",
        "0 < q < 5",
        "q and p",
        "code in other",
        "startswith(code, other)",
        "case(sale, 1)",
        "eval('1')",
        "lambda: 1",
        "f'{code}'",
        "[q for q in (1, 2)]",
        "(q := 1)",
        "None",
        "",
        "q +",
        "+".join("q" * 400),
        "-" * 40 + "q",
        "(" * 3000 + "q" + ")" * 3000,
    ],
)
def test_anything_else_is_an_expression_error(source):
    with pytest.raises(ExpressionError):
        parse(source, NAMES)
