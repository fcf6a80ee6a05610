"""The table of experience §4, row by row: 295 minutes fitted into 240."""

from datetime import datetime

import pytest

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
