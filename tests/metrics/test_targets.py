"""Targets and budgets: who sets them, the history that stays, and figures of any period measured against them."""

import datetime as dt
import json
from decimal import Decimal as D

import pytest
from django.core.management import call_command

from metrics import readings, targets
from metrics.models import Metric, Target
from metrics.periods import Period
from metrics.targets import Aimed
from reviewhub.people.models import Activity
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

pytestmark = pytest.mark.django_db
URL = "/metrics/SAL_ORD/targets"


@pytest.fixture(autouse=True)
def _dictionary(db):
    make.company()
    dictionary_of_today()


def aim(code, months: dict, *, by, at=make.AT, **part):
    wanted = {Period.parse(name): None if value is None else D(value) for name, value in months.items()}
    return targets.set_goals(Aimed(code, **part), wanted, by=by, at=at)


def compared(code, period, name="target", **more):
    return readings.reading(code, Period.parse(period), compare=[name], **more).compare[name]


def orders(period="2026-10", **days):
    rows = [("SAL_ORD", f"{period[:7]}-{day[1:]}", count) for day, count in days.items()]
    return figures(rows, period=period)


def test_a_month_is_measured_against_its_target_and_its_budget(people):
    orders(d05=40, d20=50)
    aim("SAL_ORD", {"2026-10": 100}, by=people["sales"])
    aim("SAL_ORD", {"2026-10": 80}, by=people["finance"], scenario="budget")
    target, budget = compared("SAL_ORD", "2026-10"), compared("SAL_ORD", "2026-10", "budget")
    assert (target.value, target.change, target.change_ratio, target.why) == (100, -10, D("-0.1"), None)
    assert (budget.value, budget.change, budget.comparable) == (80, 10, True)


def test_a_rate_differs_from_its_target_in_points(people):
    figures([("SAL_GROSS", "2026-10-01", 100), ("SAL_REF", "2026-10-01", 12)], zero=["SAL_DISC"])
    aim("SAL_REF_RATE", {"2026-10": "0.10"}, by=people["sales"])
    found = compared("SAL_REF_RATE", "2026-10")
    assert (found.value, found.change, found.change_ratio) == (D("0.1"), D("0.02"), None)


@pytest.mark.parametrize(
    ("code", "period", "expected", "why"),  # without a figure a target says why nothing is compared
    [
        ("SAL_ORD", "2026-Q4", 920, "NO_DATA"),
        ("SAL_ORD", "2026-W41", 70, "NO_DATA"),
        ("SAL_ORD", "2026-W44", 66, "NO_DATA"),  # six days of October and one of November
        ("SAL_ORD", "2026-10-01..2026-10-10", 100, "NO_DATA"),
        ("SAL_ORD", "2027-01", None, "NO_TARGET"),
        ("SAL_ORD", "2026-12-30..2027-01-02", None, "TARGET_GAP"),
        ("SC_INV_UNITS", "2026-Q4", 7, "NO_DATA"),  # a stock: the last month
        ("SAL_REF_RATE", "2026-Q4", None, "TARGETS_DIFFER"),
        ("SAL_REF_RATE", "2026-10-01..2026-11-30", D("0.1"), "NO_DATA"),  # the same rate in both months
        ("SAL_UNITS", "2026-10", None, "NO_TARGET"),
    ],
)
def test_the_target_of_any_period_follows_from_those_of_its_months(people, code, period, expected, why):
    by = people["steward"]
    aim("SAL_ORD", {"2026-10": 310, "2026-11": 180, "2026-12": 430}, by=by)
    aim("SC_INV_UNITS", {"2026-10": 9, "2026-11": 8, "2026-12": 7}, by=by)
    aim("SAL_REF_RATE", {"2026-10": "0.1", "2026-11": "0.1", "2026-12": "0.2"}, by=by)
    found = compared(code, period)
    assert (found.value, found.change, found.why.code) == (expected, None, why)


def test_a_target_spread_over_days_says_so(people):
    figures([("SAL_ORD", "2026-10-06", 77)])
    aim("SAL_ORD", {"2026-10": 310}, by=people["sales"])
    found = compared("SAL_ORD", "2026-W41")
    assert (found.value, found.change, found.why.code) == (70, 7, "TARGET_SPREAD")


def test_a_month_that_is_partly_in_is_measured_against_the_share_of_its_days(people):
    figures([("SAL_ORD", "2026-10-06", 110)], period="2026-10-01..2026-10-10")
    aim("SAL_ORD", {"2026-10": 310}, by=people["sales"])
    found = compared("SAL_ORD", "2026-10")
    assert (found.value, found.change, found.why.code) == (100, 10, "ALIGNED")
    assert found.aligned.now.text == "2026-10-01..2026-10-10"


def test_a_part_of_the_company_has_its_own_target(people):
    germany = {"platform": "web", "country": "Germany"}
    figures([("SAL_ORD", "2026-10-06", 5, germany)])
    aim("SAL_ORD", {"2026-10": 4}, by=people["sales"], dimension="country", member="Germany")
    found = readings.reading("SAL_ORD", Period.parse("2026-10"), by=["country"], compare=["target"])
    assert found.compare["target"].why.code == "NO_TARGET"
    assert [(row.key["country"], row.compare["target"].change) for row in found.rows] == [("Germany", 1)]


def test_what_is_handed_in_as_a_target_counts_for_weeks_too():
    figures([("SAL_GROSS", "2026-10-06", 100)], zero=["SAL_DISC", "SAL_REF"])
    figures([("SAL_TGT", "2026-10-01", 310)], profile="budget", code="FIN")
    assert compared("SAL_NET", "2026-10").value == 310
    week = compared("SAL_NET", "2026-W41", "budget")
    assert (week.value, week.change, week.why.code) == (70, 30, "TARGET_SPREAD")


def test_amounts_in_another_currency_than_the_target_are_not_compared(people):
    figures([("SAL_GROSS", "2026-10-06", 100, {}, "GBP")])
    aim("SAL_GROSS", {"2026-10": 90}, by=people["sales"])
    found = compared("SAL_GROSS", "2026-10")
    assert (found.comparable, found.change, found.why.code) == (False, None, "CURRENCY_MIX")


# --- Setting them -------------------------------------------------------------------------------------------


def test_a_change_is_a_new_row_and_the_newest_counts(people):
    later = make.AT + dt.timedelta(days=1)
    assert len(aim("SAL_ORD", {"2026-10": 100, "2026-11": 90}, by=people["sales"])) == 2
    changed = aim("SAL_ORD", {"2026-10": 120, "2026-11": 90}, by=people["finance"], at=later)
    assert [row.value for row in changed] == [120], "what stays the same is no row"
    assert [row.value for row in targets.history(Aimed("SAL_ORD"))] == [120, 90, 100]
    aim("SAL_ORD", {"2026-10": None}, by=people["sales"], at=later)
    assert (compared("SAL_ORD", "2026-10").why.code, Target.objects.count()) == ("NO_TARGET", 4)
    assert Activity.objects.filter(code="target.set").count() == 3


def test_a_row_is_never_changed(people):
    (row,) = aim("SAL_ORD", {"2026-10": 100}, by=people["sales"])
    row.value = 1
    with pytest.raises(TypeError, match="immutable"):
        row.save()


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("sales", True),
        ("finance", True),
        ("steward", True),
        ("marketing", False),
        ("observer", False),
        ("admin", False),
    ],
)
def test_owner_department_finance_and_data_owners_set_targets(people, name, may):
    assert (targets.set_problems("SAL_ORD", by=people[name]) == []) is may
    if not may:
        with pytest.raises(targets.CannotSet):
            aim("SAL_ORD", {"2026-10": 100}, by=people[name])
    assert Target.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "value", "part", "place"),
    [
        ("SAL_ORD", "1.5", {}, "2026-10"),
        ("SAL_ORD", 10**20, {}, "2026-10"),
        ("SAL_ORD", 1, {"dimension": "country", "member": "Atlantis"}, ""),
        ("SAL_ORD", 1, {"dimension": "supplier", "member": "x"}, ""),
        ("NO_SUCH", 1, {}, ""),
    ],
)
def test_what_cannot_be_a_target_is_refused_whole(people, code, value, part, place):
    with pytest.raises(targets.CannotSet) as refused:
        aim(code, {"2026-10": value, "2026-11": 1}, by=people["steward"], **part)
    assert place in refused.value.problems and Target.objects.count() == 0


# --- The page, the command ----------------------------------------------------------------------------------


def test_a_lead_sets_twelve_months_and_finds_them_again(client, people):
    client.force_login(people["sales"])
    url = URL + "?year=2026&scenario=budget"
    answer = client.post(url, {"2026-10": "1,200", "2026-11": "900", "note": "Plan 2026"})
    assert answer.status_code == 302
    assert list(Target.objects.order_by("period_start").values_list("value", "scenario", "note")) == [
        (1200, "budget", "Plan 2026"),
        (900, "budget", "Plan 2026"),
    ]
    page = client.get(answer.url).content.decode()
    assert 'value="1200"' in page and "Plan 2026" in page


def test_a_rate_is_typed_in_percent(client, people):
    client.force_login(people["sales"])
    url = "/metrics/SAL_REF_RATE/targets?year=2026"
    client.post(url, {"2026-10": "12.5 %"})
    assert Target.objects.get().value == 125_000
    assert 'value="12.5"' in client.get(url).content.decode()


def test_words_for_numbers_are_refused_and_kept(client, people):
    client.force_login(people["sales"])
    answer = client.post(URL + "?year=2026", {"2026-10": "many", "2026-11": "NaN", "2026-12": "5"})
    assert answer.status_code == 422 and 'value="many"' in answer.content.decode()
    assert Target.objects.count() == 0


def test_a_reader_sees_the_targets_and_cannot_set_them(client, people):
    client.force_login(people["marketing"])
    assert client.get(URL).status_code == 200
    assert client.post(URL + "?year=2026", {"2026-10": "5"}).status_code == 422
    Metric.objects.filter(code="SAL_ORD").update(confidentiality=2)
    client.force_login(people["observer"])
    assert client.get(URL).status_code == 404
    client.force_login(people["logistics"])
    assert client.get(URL).status_code == 404


def test_the_command_answers_target_and_budget(people, capsys):
    orders(d05=90)
    aim("SAL_ORD", {"2026-10": 100}, by=people["sales"])
    call_command("reading", "SAL_ORD", "--period", "2026-10", "--compare", "target,budget", "--json")
    said = json.loads(capsys.readouterr().out)["compare"]
    assert (said["target"]["value"], said["target"]["change"], said["target"]["comparable"]) == (
        "100",
        "-10",
        True,
    )
    assert (said["budget"]["value"], said["budget"]["why_code"]) == (None, "NO_TARGET")
