"""The points of a trend, ranks and shares."""

from decimal import Decimal as D

from metrics import series
from metrics.periods import Period
from metrics.series import REST, Ranked


def p(text):
    return Period.parse(text)


def test_a_trend_ends_with_the_chosen_month():
    months = series.trend_periods(p("2026-10"), "month")
    assert (len(months), months[0].text, months[-1].text) == (13, "2025-10", "2026-10")
    assert len(series.trend_periods(p("2026-02"), "day")) == 28


def test_a_week_that_runs_into_the_next_month_is_not_over():
    weeks = series.trend_periods(p("2026-10"), "week")
    assert (len(weeks), weeks[-1].text) == (13, "2026-W43")
    assert series.trend_periods(p("2026-05"), "week")[-1].text == "2026-W22"  # May ends on a Sunday


def test_ranks_fold_the_small_and_keep_the_unknown_last():
    rows = [
        Ranked(code, D(value), D(1)) for code, value in (("a", 3), ("", 99), ("b", 5), ("c", 1), ("d", 2))
    ]
    found = series.ranked(rows, top=3)
    assert [(row.code, row.value, row.reference, row.count) for row in found] == [
        ("b", 5, 1, 1),
        ("a", 3, 1, 1),
        (REST, 3, 2, 2),
        ("", 99, 1, 1),
    ]
    assert sum(row.value for row in found) == 110 and sum(row.change for row in found) == 105


def test_a_missing_part_makes_the_rest_missing():
    rows = [Ranked("a", D(3), None), Ranked("b", D(2), D(1)), Ranked("c", D(1), None)]
    assert series.ranked(rows, top=2)[1] == Ranked(REST, D(3), None, 2)


def test_a_share_of_nothing_is_nothing():
    assert series.share(D(1), D(4)) == D("0.25")
    assert series.share(D(1), D(0)) is series.share(None, D(4)) is None
