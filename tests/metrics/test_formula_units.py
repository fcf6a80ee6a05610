"""Only like is added to like, and a formula gives what its metric says (B091, B092)."""

import pytest

from metrics.formula import FormulaError, parse
from metrics.formula_units import powers, require_units, written

UNITS = {
    "GMV": "CCY", "USD": "USD", "EUR": "EUR", "ORD": "单", "SESS": "次", "DAYS_": "天", "HOURS": "小时", "RATE": "%",
    "AOV": "CCY/单", "STAGE": "枚举", "INV": "CCY", "TIMES": "倍",
}  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("CCY/单", {"CCY": 1, "单": -1}),
        ("CCY/m³·天", {"CCY": 1, "m³": -1, "天": -1}),
        ("%", {}),
        ("倍", {}),
        ("天/天", {}),
    ],
)
def test_a_unit_is_powers_of_its_parts(unit, expected):
    assert powers(unit) == expected


def test_powers_are_written_as_a_unit_again():
    assert [written(powers(unit)) for unit in ("CCY/单", "CCY/m³·天", "%", "天")] == [
        "CCY/单",
        "CCY/m³·天",
        "%",
        "天",
    ]
    assert written({"单": -1}) == "1/单"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("GMV / ORD", "CCY/单"),
        ("ORD / SESS", "%"),
        ("1 - ORD / SESS", "%"),
        ("GMV / PY(GMV) - 1", "%"),
        ("AVG_POINTS(INV) / GMV * DAYS()", "天"),
        ("GMV * 365 / DAYS() / INV", "次/年"),
        ("IF(ORD > 0, GMV / ORD, 0)", "CCY/单"),
        ("MAX(GMV, INV, 0)", "CCY"),
        ("SUM(GMV, ABS(INV), ROUND(BEG(INV), 2))", "CCY"),
        ("CC(USD) + CC(EUR) + GMV", "CCY"),
        ("USD / EUR * EUR", "USD"),
        ("RATE * GMV", "CCY"),
        ("HOURS / 24", "天"),
        ("AOV * ORD", "CCY"),
        ("TIMES + RATE", "%"),
        ("COALESCE(GMV, 0)", "CCY"),
        ("42", "CCY"),
    ],
)
def test_what_fits_is_taken(text, unit):
    require_units(parse(text), unit, UNITS)


@pytest.mark.parametrize(
    ("text", "unit", "code", "left", "right"),
    [
        ("GMV + ORD", "CCY", "UNIT_MISMATCH", "CCY", "单"),
        ("GMV * 2 + ORD", "CCY", "UNIT_MISMATCH", "CCY", "单"),
        ("GMV / ORD", "CCY", "UNIT_MISMATCH", "CCY/单", "CCY"),
        ("GMV / ORD", "%", "UNIT_MISMATCH", "CCY/单", "%"),
        ("HOURS + DAYS_", "天", "UNIT_MISMATCH", "小时", "天"),
        ("USD + EUR", "USD", "CURRENCY_MIX", "USD", "EUR"),
        ("GMV - USD", "CCY", "CURRENCY_MIX", "CCY", "USD"),
        ("USD / ORD", "EUR/单", "CURRENCY_MIX", "USD/单", "EUR/单"),
        ("IF(ORD > GMV, 1, 2)", "%", "UNIT_MISMATCH", "单", "CCY"),
        ("COALESCE(GMV, ORD)", "CCY", "UNIT_MISMATCH", "CCY", "单"),
        ("STAGE + 1", "枚举", "UNIT_MISMATCH", "STAGE", "枚举"),
    ],
)
def test_what_does_not_fit_is_refused_with_both_units(text, unit, code, left, right):
    with pytest.raises(FormulaError) as refused:
        require_units(parse(text), unit, UNITS)
    error = refused.value
    assert (error.code, error.params["left"], error.params["right"]) == (code, left, right)
