"""Totals that miss their parts: which rows a total sums up, and the one figure that would close the gap."""

import datetime as dt
from decimal import Decimal

import pytest

from metrics import total_slips
from metrics.total_slips import Line

MONDAY = dt.date(2026, 10, 5)


def table(*rows) -> list[Line]:
    """(day of the week or None, store, gross); a store or day "合计" makes a total."""
    made = []
    for number, (day, store, gross) in enumerate(rows, start=2):
        total_in = "date" if day == "合计" else "store" if store == "合计" else ""
        on = MONDAY + dt.timedelta(days=day) if isinstance(day, int) else None
        texts = {"store": store} if store and store != "合计" else {}
        made.append(Line(number, on, texts, {"gross": Decimal(gross)}, total_in))
    return made


def told(lines) -> list[tuple]:
    return [
        (one.total.row, one.stated, one.added, one.guess and (one.guess.of, one.guess.code, one.guess.after))
        for one in total_slips.gaps(lines, ["gross"])
    ]


def test_totals_of_each_day_that_fit_are_not_told():
    days = [
        row
        for day in range(5)
        for row in ((day, "amazon", "10.50"), (day, "web", "4.20"), (day, "合计", "14.70"))
    ]
    assert told(table(*days)) == []


def test_a_platform_that_misses_the_total_of_its_day_is_named_with_what_it_should_be():
    lines = table((0, "amazon", "1050"), (0, "web", "420"), (0, "合计", "1470"),
                  (1, "amazon", "105000"), (1, "web", "430"), (1, "合计", "1480"))  # fmt: skip
    assert told(lines) == [(7, 1480, 105430, (5, "PERCENT", Decimal(1050)))]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("10.51", "PERCENT"), ("1.0505", "THOUSAND"), ("0.105", "WAN"), ("-1050.50", "SIGN"), ("1005.50", "SWAPPED"),
     ("105050", "PERCENT"), ("10505000", "WAN")],
)  # fmt: skip
def test_each_mistake_that_is_known_brings_the_figure_back_to_the_cent(typed, code):
    guess = total_slips.culprit(
        {"a": Decimal(typed), "b": Decimal("777.70")}, Decimal("1050.50") - Decimal(typed)
    )
    assert (guess.of, guess.code, guess.after) == ("a", code, Decimal("1050.50"))


def test_a_gap_that_nothing_explains_is_told_without_a_guess():
    lines = table((0, "amazon", "1050"), (0, "web", "420"), (0, "合计", "1470"),
                  (1, "amazon", "1050"), (1, "合计", "1480"))  # fmt: skip
    assert told(lines) == [(6, 1480, 1050, None)]


def test_two_figures_that_would_explain_it_alike_are_no_guess():
    assert total_slips.culprit({"a": Decimal(100), "b": Decimal(100)}, Decimal(-200)) is None


def test_a_row_that_stands_twice_is_the_last_guess():
    guess = total_slips.culprit({2: Decimal(70), 3: Decimal(55), 4: Decimal(70)}, Decimal(-70))
    assert (guess.of, guess.code) == (4, "TWICE")


def test_weeks_below_their_days_are_summed_since_the_last_total():
    week = [(day, "web", f"{100 + day}") for day in range(7)]
    lines = table(
        *week, ("合计", "", "721"), *((day + 7, "web", gross) for day, _, gross in week), ("合计", "", "751")
    )
    [gap] = total_slips.gaps(lines, ["gross"])
    assert (gap.total.row, gap.stated, gap.added, gap.days[0], len(gap.days)) == (
        17,
        751,
        721,
        dt.date(2026, 10, 12),
        7,
    )


def test_totals_on_top_of_their_rows_and_by_store_across_the_table_are_understood():
    above = table(
        (0, "合计", "14"),
        (0, "amazon", "10"),
        (0, "web", "4"),
        (1, "合计", "15"),
        (1, "amazon", "11"),
        (1, "web", "4"),
    )
    assert told(above) == []
    by_store = table((0, "amazon", "10"), (0, "web", "4"), (1, "amazon", "11"), (1, "web", "4"),
                     ("合计", "amazon", "21"), ("合计", "web", "8"), ("合计", "", "29"))  # fmt: skip
    assert told(by_store) == []


def test_a_column_of_rates_never_adds_up_and_says_nothing():
    lines = table(
        (0, "amazon", "4"),
        (0, "web", "6"),
        (0, "合计", "5"),
        (1, "amazon", "3"),
        (1, "web", "5"),
        (1, "合计", "4"),
    )
    assert told(lines) == []


def days(*values) -> dict:
    return {(MONDAY + dt.timedelta(days=at), ("web",)): Decimal(value) for at, value in enumerate(values)}


def weeks(*values) -> dict:
    return {(MONDAY + dt.timedelta(days=7 * at), ("web",)): Decimal(value) for at, value in enumerate(values)}


def test_a_week_and_its_days_that_agree_are_one_figure_told_twice():
    [one] = total_slips.week_gaps(weeks(70, 77), days(*[10] * 7, *[11] * 7))
    assert (one.code, one.stated, one.added) == ("TWICE", 147, 147)


def test_a_day_that_makes_the_week_miss_its_days_is_named():
    [one] = total_slips.week_gaps(weeks(70, 7700), days(*[10] * 7, *[1100] * 6, 11))
    assert (one.code, one.week, one.guess.of, one.guess.code, one.guess.after) == (
        "WEEK", dt.date(2026, 10, 12), dt.date(2026, 10, 18), "PERCENT", 1100)  # fmt: skip


def test_a_week_in_thousands_is_the_guess_itself():
    [one] = total_slips.week_gaps(weeks(70, "7.7"), days(*[10] * 7, *[1100] * 7))
    assert (one.guess.of, one.guess.code, one.guess.after) == (None, "THOUSAND", 7700)


def test_figures_that_are_plainly_something_else_are_not_compared():
    assert total_slips.week_gaps(weeks(700, 900), days(*[10] * 7, *[11] * 7)) == []


@pytest.mark.parametrize(
    ("day", "begin"),
    [("2026-10-01", "2026-10-01"), ("2026-10-04", "2026-10-01"), ("2026-10-05", "2026-10-05"),
     ("2026-10-31", "2026-10-26"), ("2026-11-01", "2026-11-01"), ("2026-11-02", "2026-11-02")],
)  # fmt: skip
def test_a_week_that_spans_two_months_begins_twice(day, begin):
    assert total_slips.week_begin(dt.date.fromisoformat(day)) == dt.date.fromisoformat(begin)


def at_the_end_of_october(stated):
    """Days of 10 each from Monday the 19th to Saturday the 31st, beside a whole week and one that is cut."""
    first = dt.date(2026, 10, 19)
    daily = {(first + dt.timedelta(days=at), ("web",)): Decimal(10) for at in range(13)}
    return {(first, ("web",)): Decimal(70), (dt.date(2026, 10, 26), ("web",)): Decimal(stated)}, daily


def test_a_week_that_the_month_cuts_is_held_against_its_days_in_the_month():
    [one] = total_slips.week_gaps(*at_the_end_of_october("0.06"))
    assert (one.week, one.stated, one.added) == (dt.date(2026, 10, 26), Decimal("0.06"), 60)
    assert (one.guess.of, one.guess.code, one.guess.after) == (None, "THOUSAND", 60)
    [twice] = total_slips.week_gaps(*at_the_end_of_october(60))
    assert (twice.code, twice.stated) == ("TWICE", 130)


def test_a_cut_week_that_holds_the_days_of_both_months_is_no_slip():
    [one] = total_slips.week_gaps(*at_the_end_of_october(70))
    assert (one.code, one.stated, one.added) == ("TWICE", 70, 70)
