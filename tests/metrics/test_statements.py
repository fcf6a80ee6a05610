"""Statements foot to the cent, and a planted cent is found; margins, Pareto and quadrants by known figures."""

from decimal import Decimal as D
from fractions import Fraction

import pytest

from metrics import bridges, lifecycle, margins, pareto, statements
from metrics.lifecycle import Standing
from metrics.margins import Earned

INCOME = {
    "FIN_REV": D("7127285.22"), "FIN_COGS_PROD": D("2469072.86"), "FIN_COGS_FRT": D("866866.99"),
    "FIN_COGS_OTH": D("57018.28"), "FIN_GP": D("3734327.09"), "FIN_SURTAX": D("8552.74"),
    "FIN_EXP_SELL": D("1783483.74"), "FIN_EXP_MKT": D("779165.80"), "FIN_EXP_PLAT": D("738150.85"),
    "FIN_EXP_GA": D("267332.07"), "FIN_EXP_RD": D("168353.97"), "FIN_EXP_FIN": D("30291.72"),
    "FIN_OTH": D("15974.10"), "FIN_PBT": D("1492286.95"), "FIN_TAX": D("223843.04"), "FIN_NP": D("1268443.91"),
}  # fmt: skip
CASH = {
    "FIN_CASH_BEG": D("48118079.42"), "FIN_CFO": D("603677.44"), "FIN_CFI": D("-100000"), "FIN_CFF": D(0),
    "FIN_CFX": D("1887.81"), "FIN_CASH_END": D("48623644.67"),
}  # fmt: skip
CENT = D("0.01")


def test_an_income_statement_foots():
    feet = statements.running(statements.INCOME, INCOME)
    assert [foot.about for foot in feet] == ["FIN_GP", "FIN_PBT", "FIN_NP"]
    assert all(foot.foots for foot in feet)


@pytest.mark.parametrize("code", [line.code for line in statements.INCOME if line.kind != "part"])
def test_a_cent_planted_in_any_line_of_the_income_statement_is_found(code):
    feet = statements.running(statements.INCOME, INCOME | {code: INCOME[code] + CENT})
    assert {abs(foot.gap) for foot in feet if not foot.foots} == {CENT}


@pytest.mark.parametrize("code", list(CASH))
def test_a_cent_planted_in_the_cash_flow_is_found(code):
    assert [foot.foots for foot in statements.running(statements.CASH, CASH)] == [True]
    [foot] = statements.running(statements.CASH, CASH | {code: CASH[code] + CENT})
    assert abs(foot.gap) == CENT


@pytest.mark.parametrize("code", list(CASH))
def test_a_sum_with_a_missing_line_is_not_judged(code):
    assert statements.running(statements.CASH, CASH | {code: None}) == []


def test_opening_cash_is_the_closing_cash_before():
    assert statements.carried_over(D(5), D(5))[0].foots
    assert statements.carried_over(D(5), D("4.99"))[0].gap == CENT
    assert statements.carried_over(D(5), None) == statements.carried_over(None, D(5)) == []


def test_a_balance_sheet_foots_by_account_and_as_a_whole():
    amounts = {"FIN_ASSET": D(10), "FIN_LIAB": D(4), "FIN_EQ": D(6)}
    parts = {"FIN_ASSET": {"cash": D(7), "loans": D(3)}, "FIN_LIAB": {"payables": D(4)}, "FIN_EQ": {}}
    assert [foot.about for foot in statements.balance(amounts, parts) if foot.foots] == [
        "FIN_ASSET",
        "FIN_LIAB",
        "BALANCE",
    ]
    off = statements.balance(amounts | {"FIN_EQ": D(6) + CENT}, parts)
    assert [(foot.about, foot.gap) for foot in off if not foot.foots] == [("BALANCE", -CENT)]
    parts["FIN_ASSET"]["cash"] += CENT
    assert [foot.about for foot in statements.balance(amounts, parts) if not foot.foots] == ["FIN_ASSET"]


def test_what_the_lines_did_to_profit_is_the_change_of_profit():
    then = {key: value * 3 / 4 for key, value in INCOME.items()}
    steps = statements.contributions(statements.INCOME, INCOME, then)
    assert sum(value for _key, value in steps) == INCOME["FIN_NP"] - then["FIN_NP"]
    assert dict(steps)["FIN_COGS_PROD"] < 0 < dict(steps)["FIN_OTH"]
    groups = {"FIN_EXP_GA": "fixed", "FIN_EXP_RD": "fixed"}
    folded = statements.folded(steps, groups)
    assert dict(folded)["fixed"] == dict(steps)["FIN_EXP_GA"] + dict(steps)["FIN_EXP_RD"]
    assert sum(value for _key, value in folded) == sum(value for _key, value in steps)
    assert statements.contributions(statements.INCOME, INCOME | {"FIN_TAX": None}, then) is None


# --- Margins ------------------------------------------------------------------------------------------------


def test_rate_and_mix_make_up_the_change_of_the_margin():
    then = {"a": Earned(D(100), D(50)), "b": Earned(D(100), D(10))}
    now = {"a": Earned(D(150), D(90)), "b": Earned(D(50), D(5))}
    found = margins.rate_mix(now, then)
    assert (found.then, found.now) == (Fraction(3, 10), Fraction(19, 40))
    assert (found.rate, found.mix) == (Fraction(3, 40), Fraction(1, 10))
    assert found.then + found.rate + found.mix == found.now


def test_a_new_and_a_gone_category_are_mix():
    then = {"a": Earned(D(100), D(50)), "gone": Earned(D(100), D(10))}
    now = {"a": Earned(D(100), D(50)), "new": Earned(D(100), D(80))}
    found = margins.rate_mix(now, then)
    assert found.rate == 0 and found.then + found.mix == found.now
    assert margins.rate_mix(now, {}) is None and margins.rate_mix({"a": Earned(D(-1), D(0))}, then) is None


# --- Drivers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "orders", "units"),
    [("6142739.53", "7483615.37", (22802, 27318), (32329, 38715)), ("10", "10", (1, 3), (2, 5)),
     ("0.01", "99", (7, 1), (9, 1))],
)  # fmt: skip
def test_three_drivers_make_up_the_change_to_the_cent(then, now, orders, units):
    per_order = tuple(D(unit) / D(order) for unit, order in zip(units, orders, strict=True))
    found = bridges.three_drivers(then=D(then), now=D(now), first=tuple(map(D, orders)), second=per_order)
    assert found.then + sum(found.steps) == found.now and len(found.steps) == 3


def test_one_driver_that_moves_alone_explains_everything():
    found = bridges.three_drivers(then=D(100), now=D(200), first=(D(10), D(20)), second=(D(2), D(2)))
    assert found.steps == (D(100), D(0), D(0))
    found = bridges.three_drivers(then=D(100), now=D(150), first=(D(10), D(10)), second=(D(2), D(2)))
    assert found.steps == (D(0), D(0), D(50))
    assert bridges.three_drivers(then=D(1), now=D(1), first=(D(0), D(1)), second=(D(1), D(1))) is None


# --- Pareto and quadrants -----------------------------------------------------------------------------------


def test_the_classes_of_a_pareto_end_at_80_and_95_percent():
    found = pareto.ranked([("d", D(3)), ("a", D(60)), ("c", D(12)), ("b", D(25)), ("e", D(-4)), ("z", D(0))])
    assert [(one.code, one.grade) for one in found] == [
        ("a", "A"), ("b", "A"), ("c", "B"), ("d", "C"), ("z", "C"), ("e", "C"),
    ]  # fmt: skip
    assert found[1].reached == D("0.85") and found[3].reached == D(1)
    assert pareto.ranked([("a", D(0))]) == []


@pytest.mark.parametrize(
    ("growth", "margin", "cover", "wanted"),
    [("0.1", "0.5", "30", "push"), ("0.1", "0.5", "13", "protect"), ("0.1", "0.2", "13", "fix"),
     ("-0.1", "0.5", "30", "protect"), ("-0.1", "0.2", "30", "clear"), (None, "0.5", "30", ""),
     ("0.1", None, "30", "")],
)  # fmt: skip
def test_growth_and_margin_place_a_category(growth, margin, cover, wanted):
    one = Standing("x", *(None if value is None else D(value) for value in (growth, margin)), D(1), D(cover))
    assert lifecycle.quadrant(one, D("0.3")) == wanted


def test_growth_counts_units_per_day_on_sale():
    assert lifecycle.growth(D(60), D(30), D(30), D(30)) == 1
    assert lifecycle.growth(D(60), D(30), D(30), D(15)) == 0  # it sold out half of the time
    assert lifecycle.growth(D(60), D(30), D(0), D(30)) is None is lifecycle.growth(D(60), D(0), D(3), D(30))
    assert Standing("x", D(7), None, None, None).drawn_growth == 1
