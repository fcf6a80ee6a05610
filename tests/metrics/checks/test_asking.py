"""Checks over real facts: what holds, what does not and where, and what could not be asked."""

import datetime as dt

import pytest

from metrics.checks.asking import checks
from metrics.checks.results import Check, Place
from metrics.models import Metric
from metrics.periods import Period
from tests.make import promotion
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")


@pytest.fixture(autouse=True)
def dictionary(db):
    dictionary_of_today()


def asked(period=OCTOBER, **more) -> dict[str, Check]:
    return {check.code: check for check in checks(period, **more)}


def part(platform="web", country="Germany", category="kitchen"):
    return {"platform": platform, "country": country, "category": category}


def month_of_sales(**changes) -> list[tuple]:
    """Each day of October: three orders on Amazon and two on the own store, net of a refund each Thursday."""
    rows = []
    for number in range(1, 32):
        day = f"2026-10-{number:02d}"
        for platform, orders in (("amazon", 3), ("web", 2)):
            gross = orders * 50
            rows += [
                ("SAL_GROSS", day, changes.get((day, platform), gross), part(platform)),
                ("SAL_DISC", day, 5, part(platform)),
                ("SAL_REF", day, 10 if number % 7 == 1 else 0, part(platform)),
                ("SAL_ORD", day, orders, {"platform": platform, "country": "Germany"}),
                ("SAL_UNITS", day, orders + 1, part(platform)),
            ]
    return rows


def test_a_month_that_agrees_with_itself_passes_at_every_place():
    figures(month_of_sales())
    found = asked()
    states = {
        code: (found[code].state, found[code].asked) for code in ("ID01", "ID03", "ID06", "ID10", "ID11")
    }
    assert states == {
        "ID01": ("passed", 62),  # 31 days × 2 platforms
        "ID03": ("passed", 2),
        "ID06": ("passed", 1),
        "ID10": ("passed", 62),
        "ID11": ("passed", 2),
    }
    assert found["SAL_GROSS:complete(day,platform)"].state == "passed"
    assert found["SAL_GROSS:complete(day,platform)"].asked == 62


def test_fewer_units_than_orders_fail_where_they_are():
    rows = [
        ("SAL_ORD", "2026-10-03", 7, {"platform": "web", "country": "Germany"}),
        ("SAL_ORD", "2026-10-04", 2, {"platform": "web", "country": "Germany"}),
        ("SAL_UNITS", "2026-10-03", 5, part()),
        ("SAL_UNITS", "2026-10-04", 2, part()),
    ]
    figures(rows)
    check = asked()["ID10"]
    assert (check.state, check.asked, check.held, check.departments) == ("failed", 2, 1, ["SAL"])
    assert check.places == [Place("2026-10-03", {"platform": "web"}, "5", "7")]


def test_refunds_above_half_are_a_warning_not_a_failure():
    figures(
        [("SAL_GROSS", "2026-10-03", 100, part()), ("SAL_REF", "2026-10-03", 60, part())], zero=["SAL_DISC"]
    )
    check = asked()["ID11"]
    assert (check.state, check.places) == ("warning", [Place("2026-10", {"platform": "web"}, "60", "50")])


def test_what_has_no_country_is_missing_from_the_sum_of_regions():
    """ID07: regions do not add up where a country is not known."""
    rows = [("SAL_GROSS", "2026-10-03", 1000, part()), ("SAL_GROSS", "2026-10-04", 50, part(country=""))]
    figures(rows, zero=["SAL_DISC", "SAL_REF"])
    check = asked()["SAL_GROSS:sum_eq(region)"]
    assert (check.state, check.places) == ("failed", [Place("2026-10", {}, "1000", "1050")])


def test_missing_days_of_a_platform_are_listed_and_a_platform_of_last_month_is_missed():
    rows = [
        row
        for row in month_of_sales()
        if not (row[1] in ("2026-10-12", "2026-10-13") and row[3]["platform"] == "web")
    ]
    figures(rows)
    september = [("SAL_GROSS", "2026-09-30", 10, part("ebay"))]
    figures(september, period="2026-09")
    check = asked()["SAL_GROSS:complete(day,platform)"]
    assert (check.state, check.asked, check.asked - check.held) == ("failed", 93, 33)
    assert Place("2026-10-12", {"platform": "web"}) in check.places
    assert Place("2026-10-01", {"platform": "ebay"}) in check.places


def test_what_was_not_handed_in_fails_where_it_is_required_and_is_never_called_passed():
    figures(month_of_sales())
    found = asked()
    assert found["SAL_SHIPREV:required_if(dependent_enabled)"].state == "failed"
    assert found["FIN_REV:required"].state == "failed"
    assert (found["ID60"].state, found["ID60"].why["code"]) == ("na", "NO_DATA")
    assert (found["ID40"].state, found["ID40"].why["code"]) == ("na", "NEEDS_INPUT")
    assert {check.state for check in found.values() if not check.asked} == {"na"}


def test_a_rule_waits_for_metrics_that_are_switched_off():
    figures(month_of_sales())
    Metric.objects.filter(code="SAL_UNITS").update(is_enabled=False)
    check = asked()["ID10"]
    assert (check.state, check.why) == ("na", {"code": "METRIC_OFF", "params": {"metric": "SAL_UNITS"}})


def test_the_profit_and_loss_account_foots_or_says_by_how_much():
    """ID60, ID62 on Finance's own figures, to the hundredth."""
    month_end = "2026-10-31"
    lines = [
        ("FIN_REV", 1000), ("FIN_COGS_PROD", 400), ("FIN_COGS_FRT", 100), ("FIN_COGS_OTH", 0),
        ("FIN_ASSET", 900), ("FIN_LIAB", 500), ("FIN_EQ", "399.98"),
    ]  # fmt: skip
    figures([(code, month_end, value) for code, value in lines], code="FIN")
    found = asked()
    assert found["ID60"].state == "passed"
    assert (found["ID62"].state, found["ID62"].places) == ("failed", [Place("2026-10", {}, "900", "899.98")])
    assert found["ID62"].departments == ["FIN"]


def weeks(last: int) -> list[tuple]:
    """Gross sales of one Wednesday in each of the ten weeks before 2026-10-12, and `last` in that week."""
    first = dt.date(2026, 8, 5)
    days = [(first + dt.timedelta(weeks=n), 1000 + 10 * (n % 3)) for n in range(10)] + [
        (dt.date(2026, 10, 14), last),
        (dt.date(2026, 10, 21), 1010),
        (dt.date(2026, 10, 28), 1010),
    ]
    return [("SAL_GROSS", day.isoformat(), value, part()) for day, value in days]


@pytest.mark.parametrize(("last", "state"), [(1035, "passed"), (2000, "warning"), (0, "warning")])
def test_a_week_far_from_the_eight_before_it_is_a_warning(last, state):
    for month in ("2026-08", "2026-09", "2026-10"):
        rows = [row for row in weeks(last) if row[1].startswith(month)]
        figures(rows, period=month)
    check = asked()["SAL_GROSS:outlier(z3.5,8w)"]
    assert check.state == state
    if state == "warning":
        assert [(place.period, place.left) for place in check.places] == [("2026-W42", str(last))]


def daily_sales(changed: dict[str, int]) -> list[tuple]:
    """Gross sales of each day from August to October, high on weekends and a little other each week; `changed` replaces
    days."""
    first, rows = dt.date(2026, 8, 1), []
    for number in range(92):
        day = first + dt.timedelta(days=number)
        usual = (200 if day.weekday() > 4 else 100) + day.isocalendar().week % 4
        rows.append(("SAL_GROSS", day.isoformat(), changed.get(day.isoformat(), usual), part()))
    return rows


def handed_in(rows, months, **fields):
    for month in months:
        figures([row for row in rows if row[1].startswith(month)], period=month, **fields)


# 28 September is a Monday: that week has three days in September. So is 26 October: six days in October.
@pytest.mark.parametrize(
    ("changed", "month", "far"),
    [
        ({}, "2026-10", []),
        ({}, "2026-09", []),
        # What happened in the days of September stands in September's figures, at the same days as in other weeks …
        ({"2026-09-29": 900}, "2026-09", [("2026-09-28..2026-09-30", "1100", "306")]),
        # … and in October's, which have the whole week.
        ({"2026-09-29": 900}, "2026-10", [("2026-W40", "1700", "914")]),
        ({"2026-10-02": 900}, "2026-09", []),
        ({"2026-10-02": 900}, "2026-10", [("2026-W40", "1700", "914")]),
        ({"2026-10-31": 1500}, "2026-10", [("2026-10-26..2026-10-31", "2000", "712")]),
        ({"2026-10-26": 0, "2026-10-28": 1000}, "2026-10", [("2026-10-26..2026-10-31", "1500", "712")]),
        ({"2026-10-14": 900}, "2026-10", [("2026-W42", "1712", "914")]),
    ],
)
def test_a_week_that_spans_two_months_is_judged_in_both(changed, month, far):
    handed_in(daily_sales(changed), ("2026-08", "2026-09", "2026-10"))
    check = asked(Period.parse(month))["SAL_GROSS:outlier(z3.5,8w)"]
    assert [(place.period, place.left, place.right) for place in check.places] == far
    assert check.asked == {"2026-09": 4, "2026-10": 5}[month]


def weeks_with_a_sale(figure: int) -> list[tuple]:
    """Gross sales of each Wednesday for 87 weeks; 2,000 in the third week of April 2025, `figure` a week less than a
    year later."""
    first = dt.date(2024, 9, 4)
    high = {dt.date(2025, 4, 16): 2000, dt.date(2026, 4, 8): figure}
    days = [first + dt.timedelta(weeks=n) for n in range(87)]
    return [("SAL_GROSS", day.isoformat(), high.get(day, 1000 + 10 * (day.day % 3)), part()) for day in days]


@pytest.mark.parametrize(
    ("in_calendar", "figure", "far"),
    [
        (True, 2000, []),
        (False, 2000, ["2026-W15"]),
        (True, 3500, ["2026-W15"]),
        (False, 1010, []),
    ],
)
def test_a_week_that_the_promotion_calendar_explains_is_no_outlier(people, in_calendar, figure, far):
    rows = weeks_with_a_sale(figure)
    for month in sorted({row[1][:7] for row in rows}):
        figures([row for row in rows if row[1].startswith(month)], period=month)
    if in_calendar:
        for first, last in (("2025-04-14", "2025-04-20"), ("2026-04-06", "2026-04-12")):
            promotion(people["admin"], first=first, last=last, name="Spring sale")
    check = asked(Period.parse("2026-04"))["SAL_GROSS:outlier(z3.5,8w)"]
    assert [place.period for place in check.places] == far
    assert check.state == ("warning" if far else "passed")


def test_drafts_are_checked_before_anybody_certifies_them():
    figures(month_of_sales(), state="handed_in", number=2)
    assert asked(status="draft")["ID10"].state == "passed"


def test_the_answer_is_kept_and_read_again_without_loss():
    figures(month_of_sales())
    for check in asked().values():
        assert Check.of(check.document()) == check
