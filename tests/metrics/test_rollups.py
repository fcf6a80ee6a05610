"""Roll-ups: week and month sums, closings of stocks, built with the hand-in and touched by nothing else."""

import datetime as dt
from decimal import Decimal as D

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import facts, readings
from metrics.desk import Desk
from metrics.models import Observation, RollUp
from metrics.periods import Period
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
