"""Roll-ups: week and month sums, closings of stocks, built with the hand-in and touched by nothing else."""

import datetime as dt
from decimal import Decimal as D

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import facts, readings, summaries
from metrics.desk import Desk
from metrics.models import Observation, RollUp, Submission, Summary
from metrics.periods import Period
from metrics.sums import Sums
from tests.metrics.figures import dictionary_of_today, figures, year_of_sales

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def value(code, period, **more):
    return readings.reading(code, Period.parse(period), **more).value


def stock(*days, **fields):
    rows = [("SC_INV_VAL", f"2026-{day}", amount, {"category": name}) for day, name, amount in days]
    return figures(rows, code="SCM", **fields)


def test_a_stock_closes_each_week_and_month_with_its_last_day():
    stock(
        ("10-05", "a", 1),
        ("10-30", "a", 7),
        ("10-30", "b", 2),
        ("11-01", "a", 5),
        period="2026-10-01..2026-11-01",
    )
    found = RollUp.objects.filter(grain__in="wm").values_list(
        "grain", "period_key", "slice__category", "value"
    )
    assert set(found) == {
        ("w", 202641, "a", 10_000),
        ("w", 202644, "a", 50_000),
        ("m", 202610, "a", 70_000),
        ("m", 202610, "b", 20_000),
        ("m", 202611, "a", 50_000),
    }
    assert [value("SC_INV_VAL", one) for one in ("2026-10", "2026-W41", "2026-W44")] == [9, 1, 5]


def test_of_two_hand_ins_in_one_month_the_later_one_closes_it():
    stock(("10-05", "a", 1), period="2026-W41")
    stock(("10-12", "a", 4), period="2026-W42")
    assert value("SC_INV_VAL", "2026-10") == 4
    assert value("SC_INV_VAL", "2026-10-05..2026-10-11") == 1


def two_years():
    """A figure every third day, so that no file looks cut short."""
    days = pd.date_range("2023-10-01", "2026-10-31", freq="3D")
    kinds = {"SAL_GROSS": 9, "SAL_REF": 2, "SAL_ORD": 3}
    rows = [(code, day.date().isoformat(), amount) for day in days for code, amount in kinds.items()]
    figures(rows, period="2023-10-01..2026-10-31", zero=["SAL_DISC"])
    rows = [(code, day.date().isoformat(), 7) for day in days for code in ("SC_INV_VAL", "MKT_FOLLOW")]
    figures(rows, period="2023-10-01..2026-10-31", code="SCM")


@pytest.mark.parametrize(
    ("code", "periods"),
    [
        (code, ("2026-Q3", "2026-10", "2026-W41"))
        for code in ("SAL_GROSS", "SAL_NET", "SAL_AOV", "SAL_YOY", "SC_INV_VAL")
    ]
    + [(code, ("2026-Q3", "2026-10")) for code in ("SC_INV_AVG", "MKT_FOLLOW_GR")],
)
def test_whole_periods_are_read_from_roll_ups_alone(code, periods):
    two_years()
    for period in periods:
        with CaptureQueriesContext(connection) as asked:
            found = readings.reading(code, Period.parse(period), compare=["py", "pp"])
        assert found.value is not None and found.compare["py"].comparable, (code, period)
        assert not [one["sql"] for one in asked if Observation._meta.db_table in one["sql"]]


def test_months_and_weeks_and_stocks_and_flows_are_one_query():
    two_years()
    months = list(Period.parse("2026-Q3").split("month"))
    weeks = [Period.parse(f"2026-W{week}") for week in range(35, 44)]
    codes = ("SAL_AOV", "SC_INV_VAL", "SAL_YOY")
    desk = Desk(codes, [*months, *weeks])
    with CaptureQueriesContext(connection) as asked:
        evaluation = desk.evaluation(codes, [*months, *weeks])
        values = [evaluation.figure(code, one).value for code in codes for one in (*months, *weeks)]
    assert len(asked) == 1 and None not in values


def everything():
    return dict(RollUp.objects.values_list("pk", "value"))


def test_a_hand_in_writes_its_own_roll_ups_and_touches_no_other_row():
    year_of_sales(3, last="2026-09")
    before = everything()
    made = figures(
        [("SAL_GROSS", "2026-10-05", 5), ("SAL_GROSS", "2026-10-06", 6), ("SAL_REF", "2026-10-05", 1)]
    )
    after = everything()
    assert {pk: after[pk] for pk in before} == before
    new = RollUp.objects.filter(pk__in=after.keys() - before.keys())
    assert set(new.values_list("submission", flat=True)) == {made.pk}
    assert sorted(new.values_list("metric", "grain", "period_key", "value")) == [
        ("SAL_GROSS", "M", 202610, 110_000),
        ("SAL_GROSS", "W", 202641, 110_000),
        ("SAL_REF", "M", 202610, 10_000),
        ("SAL_REF", "W", 202641, 10_000),
    ]


def test_a_correction_and_its_undo_leave_the_roll_ups_of_every_other_version_alone():
    first = figures([("SAL_GROSS", "2026-10-05", 5)])
    other = figures([("SAL_GROSS", "2026-09-05", 9)], period="2026-09")
    before = everything()
    second = figures([("SAL_GROSS", "2026-10-05", 8)], number=2)
    assert value("SAL_GROSS", "2026-10") == 8
    with CaptureQueriesContext(connection) as asked:
        facts.drop(second)
        second.state = "withdrawn"
        second.save()
    assert everything() == before and value("SAL_GROSS", "2026-10") == D(5)
    written = [one["sql"] for one in asked if RollUp._meta.db_table in one["sql"]]
    assert len(written) == 1 and str(second.pk) in written[0]
    assert {first.pk, other.pk} == set(RollUp.objects.values_list("submission", flat=True))


def test_sums_of_roll_ups_equal_the_days_for_random_rows():
    """Each unit against pandas on the same rows: weeks over a year's end, leap day, stocks and flows."""
    days = pd.date_range("2023-12-20", "2024-03-10")
    rows = [("SAL_GROSS", day.date().isoformat(), (place * 37) % 101) for place, day in enumerate(days)]
    figures(rows, period="2023-12-20..2024-03-10")
    frame = pd.Series([row[2] for row in rows], index=days)
    for text in ("2023-W52", "2024-W01", "2024-W09", "2024-02", "2024-01-01..2024-02-29"):
        period = Period.parse(text)
        inside = frame[(frame.index >= pd.Timestamp(period.start)) & (frame.index < pd.Timestamp(period.end))]
        assert value("SAL_GROSS", text) == int(inside.sum()), text


# --- Cohorts, months ----------------------------------------------------------------------------------------


def test_a_cohort_is_provisional_until_it_is_mature_and_says_when():
    figures([("SAL_RET_UNITS", "2026-10-05", 3), ("SAL_UNITS", "2026-10-05", 10)], period="2026-10")
    asked = {"period": Period.parse("2026-10")}
    young = readings.reading("SAL_RET_RATE", **asked, on=dt.date(2026, 11, 22))
    assert young.ripens_on is not None and young.status == "provisional"
    old = readings.reading("SAL_RET_RATE", **asked, on=young.ripens_on)
    assert (old.ripens_on, old.status) == (None, "certified")


def test_what_is_handed_in_by_month_has_no_weeks():
    figures([("FIN_REV", "2026-10-01", 310)], profile="pnl", code="FIN")
    assert value("FIN_REV", "2026-10") == 310
    for period in ("2026-W41", "2026-10-01..2026-10-10"):
        found = readings.reading("FIN_REV", Period.parse(period))
        assert (found.value, found.why.code) == (None, "WHOLE_MONTHS")


# --- Summaries ----------------------------------------------------------------------------------------------

SOLD = [
    ("SAL_GROSS", "2026-10-05", 5, {"platform": "web", "country": "Germany", "category": "a", "sku": "a1"}),
    ("SAL_GROSS", "2026-10-05", 6, {"platform": "web", "country": "Germany", "category": "a", "sku": "a2"}),
    ("SAL_GROSS", "2026-10-06", 7, {"platform": "web", "country": "France", "category": "b", "sku": "b1"}),
    ("SAL_GROSS", "2026-10-31", 8, {"platform": "app", "country": "France", "category": "b", "sku": "b1"}),
]


def summed(level, grain, *dimensions):
    names = [one if one in summaries.NAMED else f"other__{one}" for one in dimensions]
    rows = Summary.objects.filter(level=level, grain=grain)
    return set(rows.values_list("period_key", *(f"slice__{one}" for one in names), "value", "rows"))


def test_a_hand_in_is_summed_by_platform_by_product_and_without_products():
    figures(SOLD)
    assert summed("p", "M", "platform", "country") == {
        (202610, "web", "", 180_000, 3),
        (202610, "app", "", 80_000, 1),
    }
    assert summed("p", "D", "platform") == {
        (20261005, "web", 110_000, 2),
        (20261006, "web", 70_000, 1),
        (20261031, "app", 80_000, 1),
    }
    assert summed("k", "M", "category", "sku") == {
        (202610, "a", "a1", 50_000, 1),
        (202610, "a", "a2", 60_000, 1),
        (202610, "b", "b1", 150_000, 2),
    }
    assert summed("s", "W", "platform", "country", "category") == {
        (202641, "web", "Germany", "a", 110_000, 2),
        (202641, "web", "France", "b", 70_000, 1),
        (202644, "app", "France", "b", 80_000, 1),
    }


def test_the_smallest_summary_answers_and_all_of_them_say_the_same():
    figures(SOLD)
    levels = {(): "p", ("platform",): "p", ("category",): "k", ("country",): "s", ("country", "sku"): ""}
    for columns, level in levels.items():
        sums = Sums(columns)
        assert sums.level == level
        with CaptureQueriesContext(connection) as asked:
            sums.load(["SAL_GROSS"], [Period.parse("2026-10")], sources=[Submission.objects.get().pk])
        assert sum(one.value for one in sums.every("SAL_GROSS")) == 260_000, columns
        assert any("metrics_rollup" in one["sql"] for one in asked) == (not level)


@pytest.mark.parametrize(
    "columns", [(), ("platform",), ("category", "sku"), ("country",), ("country", "sku")]
)
def test_days_that_make_no_week_or_month_are_the_same_from_every_level(columns):
    figures(SOLD)
    for text, expected in (("2026-10-05..2026-10-06", 180_000), ("2026-10-06..2026-10-31", 150_000)):
        sums = Sums(columns)
        sums.load(["SAL_GROSS"], [Period.parse(text)], sources=[Submission.objects.get().pk])
        assert sum(one.value for one in sums.of("SAL_GROSS", Period.parse(text))) == expected
        assert {fact.day for fact in sums.every("SAL_GROSS")} <= {
            dt.date(2026, 10, day) for day in (5, 6, 31)
        }


def test_a_hand_in_writes_as_many_rows_on_top_of_much_as_on_top_of_nothing():
    """What it costs does not grow with what is stored: rows written, and rows of others touched (none)."""
    counts = []
    for months in (1, 12):
        RollUp.objects.all().delete()
        Summary.objects.all().delete()
        Observation.objects.all().delete()
        Submission.objects.all().delete()
        year_of_sales(months, last="2026-09")
        before = {model: dict(model.objects.values_list("pk", "value")) for model in (RollUp, Summary)}
        made = figures(SOLD)
        for model, kept in before.items():
            after = dict(model.objects.values_list("pk", "value"))
            assert {pk: after.get(pk) for pk in kept} == kept
            own = model.objects.filter(pk__in=after.keys() - kept.keys())
            assert set(own.values_list("submission", flat=True)) == {made.pk}
            counts.append(own.count())
    # By week 4 slices and by month 4; by platform 2 + 2 and 3 days, by product 4 + 3, without products 3 + 3.
    assert counts == [8, 20, 8, 20]


def test_the_text_of_a_slice_tells_its_members_whatever_they_are_named():
    for members in (
        {},
        {"platform": "web", "sku": "a|b"},
        {"category": "\\", "channel": "x=y|z\\|", "rate_currency": "USD"},
        {"sku": "two\nlines", "warehouse": "仓库"},
    ):
        assert summaries.members_of(summaries.key_of(members)) == members


@pytest.mark.parametrize("member", ["a|b", "a\\", "x=y", "|"])
def test_figures_find_members_with_signs_in_them(member):
    figures([("SAL_GROSS", "2026-10-05", 5, {"category": member, "sku": "1"})])
    sums = Sums(("category",))
    sums.load(["SAL_GROSS"], [Period.parse("2026-10")], sources=[Submission.objects.get().pk])
    assert {fact.members for fact in sums.every("SAL_GROSS")} == {(member,)}


def test_what_is_dropped_leaves_no_summary():
    first, second = figures(SOLD), figures(SOLD, period="2026-10", number=2)
    facts.drop(first)
    assert set(Summary.objects.values_list("submission", flat=True)) == {second.pk}
