"""The table of experience §4, row by row: 295 minutes fitted into 240."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import fitting

NINE = datetime.fromisoformat("2026-10-12T09:00:00+08:00")
# strategy: opening, report+discussion of the five departments, cross, plan, read, break, buffer, Σr, Σd, total
TABLE = """
S0   15  20+40  15+30  15+30  10+20  10+20  40  30   0   0   0  70  140  295
S1   12  16+33  12+25  12+25   8+16   8+16  33  24   0   0   0  56  115  240
S1b  10  15+35  10+25  10+25  10+15  10+15  35  25   0   0   0  55  115  240
S2   10  13+40  10+30  10+30   6+20   6+20  26  19   0   0   0  45  140  240
S3   11  15+30  11+23  11+23   8+15   8+15  40  30   0   0   0  53  106  240
S4    5   7+40   5+30   5+30   4+20   4+20  40  30   0   0   0  25  140  240
S5   15   0+40   0+30   0+30   0+20   0+20  40  30   0   0   0   0  140  225
S6   15   0+40   0+30   0+30   0+20   0+20  40  30  15   0   0   0  140  240
S7   10   3+37   3+27   3+27   2+18   2+18  40  30   0  10  10  13  127  240
S8   15  20+40  15+30  15+30    0+0    0+0  40  30   0   0   5  50  100  240
S9   15  20+40  15+30  15+30  10+20  10+20  40  30   0  10   0  70  140  305
"""
ROWS = [line.replace("+", " ").split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_strategy_gives_its_row_of_the_table(row):
    strategy, *numbers = row
    *minutes, reports, discussions, total = map(int, numbers)
    result = fitting.fitted(fitting.PUBLISHED, 240, strategy)
    assert result == dict(zip(fitting.PART_IDS, minutes, strict=True))
    assert sum(result[part] for part in fitting.REPORTS) == reports
    assert sum(result[part] for part in fitting.DISCUSSIONS) == discussions
    assert sum(result.values()) == total


@pytest.mark.parametrize(
    ("strategy", "percent"),
    [("S1", 82), ("S2", 100), ("S3", 76), ("S4", 100), ("S6", 100), ("S7", 91), ("S8", 71)],
)
def test_the_share_of_discussion_that_is_kept(strategy, percent):
    minutes = fitting.fitted(fitting.PUBLISHED, 240, strategy)
    assert round(fitting.discussion_kept(fitting.PUBLISHED, minutes) * 100) == percent


def test_the_published_template_is_295_minutes_and_never_called_240():
    assert (fitting.PUBLISHED.total, fitting.PUBLISHED.budget) == (295, 240)
    plan = fitting.plan("published", NINE)
    assert (sum(part.planned_s for part in plan.parts), plan.buffer_s, plan.budget_s) == (295 * 60, 0, 14400)


def test_the_default_template_is_the_fitted_default():
    fitted = fitting.fitted(fitting.PUBLISHED, 240, "S7")
    assert dict(fitting.DEFAULT.minutes) | {"BUFFER": fitting.DEFAULT.buffer, "READ": 0} == fitted
    plan = fitting.plan("default-240", NINE)
    assert sum(part.planned_s for part in plan.parts) + plan.buffer_s == plan.budget_s == 14400


def test_weights_and_minimums_of_the_default_plan():
    parts = {part.id: part for part in fitting.plan("default-240", NINE).parts}
    assert [parts[each].minimum_s for each in ("OPEN", "SAL.R", "SAL.D", "BREAK", "XDEP", "PLAN")] == [
        300, 60, 1332, 300, 2400, 1800,
    ]  # fmt: skip
    assert {each for each, part in parts.items() if part.weight == 0} == {"BREAK", "XDEP", "PLAN"}
    assert (parts["TEC.R"].own, parts["TEC.D"].own, parts["OPEN"].own) == ("TEC.D", None, None)


def test_what_cannot_be_fitted_says_how_many_minutes_are_missing():
    with pytest.raises(fitting.Infeasible) as problem:
        fitting.fitted(fitting.PUBLISHED, 200, "S4")
    assert problem.value.missing == 15  # 140 + 70 stay whole, the opening keeps 5


@pytest.mark.parametrize("budget", range(1, 300, 7))
def test_a_proportional_fit_meets_any_budget_to_the_minute(budget):
    assert sum(fitting.fitted(fitting.PUBLISHED, budget, "S1").values()) == min(budget, 295)


def test_a_part_that_would_fall_below_its_minimum_stays_on_it():
    fitted = fitting.fit({"A": 10, "B": 10, "C": 20}, 20, minimum={"A": 9})
    assert fitted == {"A": 9, "B": 4, "C": 7}


def test_a_part_of_twice_the_weight_gives_twice_as_much():
    assert fitting.fit({"A": 30, "B": 30}, 45, weight={"A": 2}) == {"A": 20, "B": 25}
    assert fitting.fit({"A": 30, "B": 30}, 45, weight={"A": 0}) == {"A": 30, "B": 15}


def test_a_day_that_was_fitted_keeps_its_shape_when_it_is_fitted_again():
    assert fitting.fitted(fitting.DEFAULT, 240, "S7") == dict(fitting.DEFAULT.minutes) | {
        "BUFFER": 10,
        "READ": 0,
    }


def test_ties_are_broken_in_the_order_of_the_agenda():
    turned = fitting.Template("own", (("SC.D", 10), ("MKT.D", 10), ("SAL.D", 10)), buffer=0)
    cut = fitting.fitted(turned, 29, "S1")
    assert [cut[part] for part in ("SC.D", "MKT.D", "SAL.D")] == [10, 10, 9]


def test_what_the_facilitator_protects_stays_whole_whatever_the_strategy_would_do():
    own = replace(fitting.PUBLISHED, whole=frozenset({"SAL.R", "OPEN"}), minimum={"MKT.R": 12})
    for strategy in ("S1", "S1b", "S2", "S3", "S5", "S6", "S7", "S8"):
        fitted = fitting.fitted(own, 240, strategy)
        assert (fitted["SAL.R"], fitted["OPEN"]) == (20, 15), strategy
        assert fitted["MKT.R"] >= 12, strategy
    with pytest.raises(fitting.Infeasible) as problem:
        fitting.fitted(own, 240, "S4")
    assert problem.value.missing == 17  # 20 + 15 + 140 + 70 stay whole and the marketing report keeps 12


def test_parts_of_one_s_own_are_fitted_like_the_published_ones():
    own = fitting.Template(
        "own",
        (("OPEN", 10), ("LOG.R", 20), ("LOG.D", 40), ("X1", 30), ("BREAK2", 5)),
        buffer=0,
        kinds={"OPEN": "single", "LOG.R": "report", "LOG.D": "discuss", "X1": "single", "BREAK2": "break"},
    )
    shown = fitting.fitted(own, 90, "S7")
    assert {part: shown[part] for part in ("OPEN", "LOG.R", "LOG.D", "X1", "BREAK", "BREAK2", "BUFFER")} == {
        "OPEN": 9, "LOG.R": 3, "LOG.D": 35, "X1": 28, "BREAK": 0, "BREAK2": 5, "BUFFER": 10,
    }  # fmt: skip
    assert fitting.fitted(own, 90, "S2")["LOG.D"] == 40
    assert fitting.discussion_kept(own, {"LOG.D": 10}) == Fraction(1, 4)


CODES = ("OPEN", "SAL.R", "SAL.D", "FIN.R", "FIN.D", "LOG.R", "LOG.D", "X1", "BREAK", "XDEP", "PLAN")
KINDS = fitting.KIND | {"LOG.R": "report", "LOG.D": "discuss", "X1": "single"}


@st.composite
def agendas(draw):
    """Parts in any order, some to stay whole, some with a minimum of their own."""
    order = draw(st.permutations(CODES))
    chosen = order[: draw(st.integers(1, len(order)))]
    minutes = tuple((code, draw(st.integers(0, 90))) for code in chosen)
    whole = frozenset(draw(st.lists(st.sampled_from(chosen), max_size=3)))
    minimum = {code: draw(st.integers(0, most)) for code, most in minutes if draw(st.booleans())}
    return fitting.Template(
        "own", minutes, draw(st.integers(0, 20)), kinds=KINDS, whole=whole, minimum=minimum
    )


@given(agendas(), st.integers(1, 600), st.sampled_from(list(fitting.STRATEGIES)))
@settings(max_examples=300, deadline=None)
def test_a_fit_meets_the_budget_and_respects_what_is_protected_or_says_what_is_missing(day, budget, strategy):
    before = dict(day.minutes)
    try:
        after = fitting.fitted(day, budget, strategy)
    except fitting.Infeasible as problem:
        assert problem.missing > 0
        wide = fitting.fitted(day, budget + problem.missing, strategy)
        assert sum(wide.values()) == budget + problem.missing or strategy == "S1b"
        return
    assert all(after[code] == before[code] for code in day.whole)
    assert all(after[code] >= min(before[code], least) for code, least in day.minimum.items())
    assert set(after) == set(before) | set(fitting.PART_IDS)
    uncut = sum(fitting.fitted(day, 100_000, strategy).values())
    if strategy in ("S0", "S9"):
        assert sum(after.values()) == uncut
    elif strategy == "S1b":
        assert min(uncut, budget) - 4 <= sum(after.values()) <= max(budget, 0)
    else:
        assert sum(after.values()) == min(uncut, budget)
