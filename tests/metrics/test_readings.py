"""Readings: sums of facts in force, formulas on sums, splits, comparisons, and who sees drafts."""

import datetime as dt
import json
from decimal import Decimal as D

import pytest

from metrics import facts, readings
from metrics.models import Metric, Submission
from metrics.periods import Period
from metrics.reading_document import document
from metrics.reasons import CannotRead
from reviewhub.people.models import Confidentiality
from tests import make
from tests.metrics.figures import dictionary_of_today, figures

DE, FR, UK = ({"platform": "web", "country": name} for name in ("Germany", "France", "United Kingdom"))
OCTOBER = [
    ("SAL_GROSS", "2026-10-01", "100.10", DE),
    ("SAL_GROSS", "2026-10-31", "50.05", FR),
    ("SAL_REF", "2026-10-15", "10.00", DE),
    ("SAL_ORD", "2026-10-01", 3, DE),
    ("SAL_ORD", "2026-10-31", 1, FR),
]
YEAR_BEFORE = [
    ("SAL_GROSS", "2025-10-02", "80.00", DE),
    ("SAL_REF", "2025-10-05", "0.00", DE),
    ("SAL_ORD", "2025-10-02", 2, DE),
]


@pytest.fixture(autouse=True)
def _dictionary(db):
    dictionary_of_today()


def read(code, period, **more):
    return readings.reading(code, Period.parse(period), **more)


def value(code, period, **more):
    return read(code, period, **more).value


def refusal(code, period, **more):
    with pytest.raises(CannotRead) as caught:
        read(code, period, **more)
    return caught.value


# --- Values -------------------------------------------------------------------------------------------------


def test_sums_and_ratios_of_sums_are_exact():
    figures(OCTOBER, zero=["SAL_DISC"])
    assert value("SAL_GROSS", "2026-10") == D("150.15")
    assert value("SAL_NET", "2026-10") == D("140.15")
    aov = read("SAL_AOV", "2026-10")
    assert (aov.value, aov.rounded(aov.value), aov.unit) == (D("37.5375"), D("37.54"), "CNY/单")


def test_half_a_cent_is_rounded_away_from_zero():
    figures([("SAL_GROSS", "2026-10-01", "0.05"), ("SAL_ORD", "2026-10-01", 2)], zero=["SAL_DISC"])
    found = read("SAL_AOV", "2026-10")
    assert (found.value, str(found.rounded(found.value))) == (D("0.025"), "0.03")


def test_a_sum_past_two_to_the_63_is_exact():
    largest = D(2**63 - 1).scaleb(-4)
    figures([("SAL_GROSS", day, largest, DE) for day in ("2026-10-01", "2026-10-02")])
    figures([("SAL_GROSS", "2026-10-01", largest, DE)], profile="other")
    assert value("SAL_GROSS", "2026-10-01..2026-10-02") == largest * 3
    assert value("SAL_GROSS", "2026-10-01") == largest * 2


def test_negative_values_add_up_exactly_too():
    figures([("SAL_GROSS", "2026-10-01", "-0.0001"), ("SAL_GROSS", "2026-10-02", "-429496.7297")])
    assert value("SAL_GROSS", "2026-10") == D("-429496.7298")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-10", "150.15"),
        ("2026-10-01", "100.10"),
        ("2026-W40", "100.10"),
        ("2026-W41", "0"),
        ("2026-Q4", "150.15"),
        ("2026", "150.15"),
        ("2026-10-02..2026-10-31", "50.05"),
    ],
)
def test_every_form_of_period_is_read_from_the_right_store(period, expected):
    figures(OCTOBER)
    assert value("SAL_GROSS", period) == D(expected)


def test_a_partly_covered_period_says_so():
    figures(OCTOBER)
    found = read("SAL_GROSS", "2026")
    assert (found.why.code, found.why.params["days"], found.why.params["of"]) == ("PARTLY_COVERED", 31, 365)


def test_a_division_by_zero_is_no_value_with_a_reason():
    figures([("SAL_GROSS", "2026-10-01", 5)], zero=["SAL_ORD", "SAL_DISC"])
    found = read("SAL_AOV", "2026-10")
    assert (found.value, found.why.code, found.status) == (None, "DIVISION_BY_ZERO", "certified")


def test_a_missing_input_is_no_value_with_a_reason():
    figures([("SAL_GROSS", "2026-10-01", 5)])
    found = read("SAL_GMV", "2026-10")
    assert (found.value, found.why.code, found.why.params["metric"]) == (None, "NO_DATA", "SAL_DISC")
    assert read("SAL_GMV", "2026-09").status == "none"


def test_parts_that_cover_different_days_give_no_value():
    figures([("SAL_GROSS", "2026-10-01", 5)], zero=["SAL_DISC"])
    figures([("SAL_REF", "2026-09-01", 1)], period="2026-09", profile="refunds")
    figures([("SAL_REF", "2026-10-01", 1)], period="2026-10-01..2026-10-15", profile="refunds")
    assert read("SAL_NET", "2026-10").why.code == "UNEVEN"
    assert value("SAL_NET", "2026-10-01..2026-10-15") == 4


def test_a_stock_is_the_last_day_not_a_sum():
    figures(
        [("SC_INV_VAL", "2026-10-01", 9), ("SC_INV_VAL", "2026-10-30", 7, {"category": "a"})]
        + [("SC_INV_VAL", "2026-10-30", 2, {"category": "b"})],
        code="SCM",
    )
    assert value("SC_INV_VAL", "2026-10") == 9
    assert value("SC_INV_VAL", "2026-10-01..2026-10-29") == 9
    assert value("SC_INV_VAL", "2026-10", where={"category": "a"}) == 7


def test_several_currencies_are_refused_in_words():
    figures([("SAL_GROSS", "2026-10-01", 5, DE, "EUR"), ("SAL_GROSS", "2026-10-01", 5, UK, "GBP")])
    refused = refusal("SAL_GROSS", "2026-10")
    assert refused.whys[0].code == "CURRENCY_MIX" and "EUR, GBP" in str(refused) and not refused.is_unusable
    assert read("SAL_GROSS", "2026-10", where={"country": "UK"}).unit == "GBP"


# --- Which version counts -----------------------------------------------------------------------------------


def test_the_certified_version_counts_until_a_newer_one_is_certified():
    figures([("SAL_GROSS", "2026-10-01", 100)])
    figures([("SAL_GROSS", "2026-10-01", 120)], number=2, state="draft")
    figures([("SAL_GROSS", "2026-10-01", 130)], number=3, state="withdrawn")
    assert [(value("SAL_GROSS", "2026-10", status=s)) for s in (None, "certified", "draft")] == [
        100,
        100,
        120,
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["certified", "certified"], "certified"),
        (["certified", "handed_in"], "provisional"),
        (["certified", "draft"], "draft"),
        (["handed_in", "draft"], "draft"),
    ],
)
def test_a_figure_is_worth_the_least_of_its_sources(states, expected):
    for number, state in enumerate(states, start=9):
        figures([("SAL_GROSS", f"2026-{number:02}-01", 5)], period=f"2026-{number:02}", state=state)
    assert read("SAL_GROSS", "2026-09..2026-10").status == expected


def test_only_certified_figures_when_asked():
    figures([("SAL_GROSS", "2026-10-01", 5)], state="draft")
    found = read("SAL_GROSS", "2026-10", status="certified")
    assert (found.value, found.status, found.why.code) == (None, "none", "NO_DATA")


def test_a_young_cohort_is_provisional_until_it_is_ripe():
    figures([("SAL_RET_UNITS", "2026-10-20", 1), ("SAL_UNITS", "2026-10-01", 10)])
    days = readings.Definitions.on(dt.date(2026, 10, 1))["SAL_RET_RATE"].maturity_days
    ripe = dt.date(2026, 11, 1) + dt.timedelta(days)
    statuses = [read("SAL_RET_RATE", "2026-10", on=on).status for on in (None, ripe - dt.timedelta(1), ripe)]
    assert statuses == ["certified", "provisional", "certified"]


def test_overlapping_files_of_one_profile_are_not_counted_twice():
    figures([("SAL_GROSS", "2026-10-01", 100)])
    figures([("SAL_GROSS", "2026-10-01", 100)], period="2026-10-01..2026-10-07", state="draft")
    assert value("SAL_GROSS", "2026-10") == 100


def test_files_of_different_profiles_add_up():
    figures([("SAL_GROSS", "2026-10-01", 100)])
    figures([("SAL_GROSS", "2026-10-01", 11)], profile="amazon")
    assert value("SAL_GROSS", "2026-10") == 111


# --- Splits -------------------------------------------------------------------------------------------------


def test_rows_by_country_add_up_to_the_whole():
    figures(OCTOBER, zero=["SAL_DISC"])
    found = read("SAL_GMV", "2026-10", by=["country"])
    assert [(row.key, row.value) for row in found.rows] == [
        ({"country": "Germany"}, D("100.10")),
        ({"country": "France"}, D("50.05")),
    ]
    assert sum(row.value for row in found.rows) == found.value


def test_a_region_is_all_of_its_countries():
    figures(OCTOBER + [("SAL_GROSS", "2026-10-01", 7, {"platform": "web", "country": "US"})])
    found = read("SAL_GROSS", "2026-10", by=["region"])
    assert [(row.key["region"], row.value) for row in found.rows] == [
        ("Europe", D("150.15")),
        ("North America", 7),
    ]
    assert value("SAL_GROSS", "2026-10", where={"region": "欧洲"}) == D("150.15")


@pytest.mark.parametrize("name", ["DE", "de", "Germany", "德国"])
def test_a_country_goes_by_code_and_by_either_name(name):
    figures(OCTOBER)
    assert value("SAL_GROSS", "2026-10", where={"country": name}) == D("100.10")


def test_several_members_mean_any_of_them():
    figures(OCTOBER + [("SAL_GROSS", "2026-10-01", 7, UK)])
    assert value("SAL_GROSS", "2026-10", where={"country": ["DE", "GB"]}) == D("107.10")


def test_two_dimensions_and_a_grain_together():
    figures(OCTOBER + [("SAL_GROSS", "2026-10-05", 1, DE | {"platform": "amazon"})])
    found = read("SAL_GROSS", "2026-10", by=["platform", "country"], grain="week")
    assert [(*row.key.values(), row.value) for row in found.rows if row.value] == [
        ("2026-10-01..2026-10-04", "web", "Germany", D("100.10")),
        ("2026-W41", "amazon", "Germany", D(1)),
        ("2026-10-26..2026-10-31", "web", "France", D("50.05")),
    ]


@pytest.mark.parametrize(
    ("grain", "rows"), [("day", 31), ("week", 5), ("month", 1), ("quarter", 1), ("year", 1)]
)
def test_rows_of_a_grain_add_up_to_the_whole(grain, rows):
    figures(OCTOBER)
    found = read("SAL_GROSS", "2026-10", grain=grain)
    assert len(found.rows) == rows and sum(row.value for row in found.rows) == D("150.15")


def test_orders_do_not_add_up_over_categories():
    figures([("SAL_ORD", "2026-10-01", 3, {"category": "toys"})])
    for more in ({"by": ["category"]}, {"where": {"category": "toys"}}):
        refused = refusal("SAL_AOV", "2026-10", **more)
        assert (
            refused.whys[0].code == "NOT_ADDITIVE" and "SAL_ORD" in str(refused) and not refused.is_unusable
        )


def test_what_was_not_handed_in_by_country_has_no_value_by_country():
    figures([("SAL_GROSS", "2026-10-01", 5, DE), ("SAL_ORD", "2026-10-01", 2)], zero=["SAL_DISC"])
    assert value("SAL_AOV", "2026-10") == D("2.5")
    assert read("SAL_AOV", "2026-10", where={"country": "DE"}).why.code == "NOT_SPLIT"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"by": ["moon"]}, "UNKNOWN_DIMENSION"),
        ({"where": {"country": "Germny"}}, "UNKNOWN_MEMBER_NEAR"),
        ({"where": {"country": "Atlantis"}}, "UNKNOWN_MEMBER"),
        ({"compare": ["moon"]}, "UNKNOWN_COMPARISON"),
    ],
)
def test_what_nobody_knows_is_unusable(more, code):
    figures(OCTOBER)
    refused = refusal("SAL_GROSS", "2026-10", **more)
    assert refused.whys[0].code == code and refused.is_unusable


def test_an_unknown_metric_is_answered_with_the_nearest_names():
    assert "SAL_ORD" in str(refusal("SAL_ORDS", "2026-10"))


def test_a_share_compares_the_part_with_the_whole():
    figures(OCTOBER + [("SAL_GROSS", "2026-10-05", "49.85", DE | {"platform": "amazon"})], zero=["SAL_DISC"])
    found = read("SAL_PLAT_SHARE", "2026-10", by=["platform"])
    assert (found.value, found.why.code) == (None, "NEEDS_DIMENSION")
    shares = {row.key["platform"]: found.rounded(row.value) for row in found.rows}
    assert shares == {"web": D("0.7376"), "amazon": D("0.2624")}
    assert value("SAL_PLAT_SHARE", "2026-10", where={"platform": "amazon"}) == D("49.85") / D(190)


# --- Comparisons --------------------------------------------------------------------------------------------


def test_a_change_against_the_year_before():
    figures(OCTOBER)
    figures(YEAR_BEFORE, period="2025-10")
    found = read("SAL_GROSS", "2026-10", compare=["py"]).compare["py"]
    assert (found.value, found.change, found.change_ratio, found.comparable) == (
        80,
        D("70.15"),
        D("0.876875"),
        True,
    )


def test_growth_is_computed_from_the_year_before():
    figures(OCTOBER, zero=["SAL_DISC"])
    figures(YEAR_BEFORE, period="2025-10", zero=["SAL_DISC"])
    assert value("SAL_YOY", "2026-10") == D("140.15") / 80 - 1
    found = read("SAL_YOY", "2026-10", compare=["py"])
    assert (found.compare["py"].comparable, found.compare["py"].why.code) == (False, "NO_REFERENCE")


def test_rows_are_compared_too_and_lost_countries_stay_in_sight():
    figures(OCTOBER)
    figures(YEAR_BEFORE + [("SAL_GROSS", "2025-10-03", 9, UK)], period="2025-10")
    found = read("SAL_GROSS", "2026-10", by=["country"], compare=["py"])
    assert {row.key["country"]: (row.value, row.compare["py"].value) for row in found.rows} == {
        "Germany": (D("100.10"), 80),
        "France": (D("50.05"), 0),
        "United Kingdom": (0, 9),
    }
    assert sum(row.compare["py"].change for row in found.rows) == found.compare["py"].change


def test_a_year_that_has_just_begun_is_compared_on_the_same_days():
    figures([("SAL_GROSS", "2026-01-10", 30)], period="2026-01")
    figures([("SAL_GROSS", "2025-01-10", 20), ("SAL_GROSS", "2025-06-01", 500)], period="2025")
    found = read("SAL_GROSS", "2026", compare=["py"]).compare["py"]
    assert (found.value, found.now, found.change, found.comparable) == (20, 30, 10, True)
    assert (found.why.code, found.aligned.then.text) == ("ALIGNED", "2025-01")


def test_periods_without_common_days_are_not_compared():
    figures([("SAL_GROSS", "2026-01-10", 30)], period="2026-01")
    figures([("SAL_GROSS", "2025-12-10", 20)], period="2025-12")
    found = read("SAL_GROSS", "2026", compare=["py"]).compare["py"]
    assert (found.value, found.change, found.comparable, found.why.code) == (
        20,
        None,
        False,
        "NO_COMMON_DAYS",
    )
    assert "2026" in str(found.why)


def test_a_file_that_stops_early_is_compared_only_as_far_as_it_goes():
    days = [f"2026-12-{day:02}" for day in range(1, 10)]
    figures([("SAL_GROSS", day, 10) for day in days], period="2026-12")
    figures([("SAL_GROSS", f"2025-12-{day:02}", 10) for day in range(1, 24)], period="2025-12")
    found = read("SAL_GROSS", "2026-12", compare=["py"]).compare["py"]
    assert (found.value, found.now, found.change, found.why.code) == (90, 90, 0, "ALIGNED_DATA_ENDS")
    assert found.aligned.now.text == "2026-12-01..2026-12-09"


def test_a_quiet_christmas_is_no_hole():
    figures([("SAL_GROSS", f"2026-12-{day:02}", 10) for day in range(1, 24)], period="2026-12")
    figures([("SAL_GROSS", f"2025-12-{day:02}", 10) for day in range(1, 32)], period="2025-12")
    found = read("SAL_GROSS", "2026-12", compare=["py"]).compare["py"]
    assert (found.change, found.comparable, found.why) == (-80, True, None)


def test_a_ratio_changes_in_points_never_in_percent_of_percent():
    for year, refund in (("2026", 30), ("2025", 10)):
        rows = [("SAL_GROSS", f"{year}-10-01", 100), ("SAL_REF", f"{year}-10-01", refund)]
        figures(rows, period=f"{year}-10", zero=["SAL_DISC"])
    found = read("SAL_REF_RATE", "2026-10", compare=["py"])
    assert (found.value, found.compare["py"].change, found.compare["py"].change_ratio) == (
        D("0.3"),
        D("0.2"),
        None,
    )


def test_sales_are_measured_against_their_target():
    figures(OCTOBER, zero=["SAL_DISC"])
    figures([("SAL_TGT", "2026-10-01", 200)], profile="targets")
    found = read("SAL_NET", "2026-10", compare=["target"]).compare["target"]
    assert (found.value, found.change, found.comparable) == (200, D("-59.85"), True)
    assert read("SAL_GROSS", "2026-10", compare=["target"]).compare["target"].why.code == "NO_TARGET"


# --- Who sees what ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("steward", "draft"),
        ("sales", "draft"),
        ("finance", "none"),
        ("ceo", "none"),
        ("admin", "none"),
        ("observer", "none"),
        ("owner", "none"),
        ("facilitator", "none"),
    ],
)
def test_drafts_show_only_to_the_department_and_the_data_owner(people, person, seen):
    figures(OCTOBER, state="draft")
    found = read("SAL_GROSS", "2026-10", user=people[person])
    assert (found.status, found.value) == (seen, D("150.15") if seen == "draft" else None)


def test_everybody_inside_reads_certified_figures(people):
    figures(OCTOBER)
    assert {
        read("SAL_GROSS", "2026-10", user=one).value for one in people.values() if not one.is_partner
    } == {D("150.15")}


def test_to_a_partner_a_metric_that_is_not_shared_does_not_exist(people):
    figures(OCTOBER)
    assert refusal("SAL_GROSS", "2026-10", user=people["logistics"]).whys[0].code == "UNKNOWN_METRIC"
    Metric.objects.filter(code="SAL_GROSS").update(confidentiality=Confidentiality.SHARED)
    assert read("SAL_GROSS", "2026-10", user=people["logistics"]).value is None


def test_confidential_figures_show_to_their_departments_and_the_data_owner(people):
    figures([("FIN_COGS_PROD", "2026-10-01", 5)], code="FIN")
    assert Metric.objects.get(code="FIN_COGS_PROD").confidentiality == Confidentiality.CONFIDENTIAL
    for person in ("finance", "steward"):
        assert read("FIN_COGS_PROD", "2026-10", user=people[person]).value == 5
    for person in ("sales", "observer", "owner", "logistics"):
        assert refusal("FIN_COGS_PROD", "2026-10", user=people[person]).whys[0].code == "UNKNOWN_METRIC"


def test_a_returned_version_counts_for_nobody(people):
    figures(OCTOBER, state="returned")
    assert read("SAL_GROSS", "2026-10", user=people["steward"]).value is None


# --- Queries and the document -------------------------------------------------------------------------------


def test_queries_stay_the_same_whatever_the_number_of_rows(django_assert_num_queries):
    for count in (1, 40):
        Submission.objects.all().delete()
        rows = [
            ("SAL_GROSS", "2026-10-01", n, {"platform": f"p{n}", "country": "Germany"})
            for n in range(1, count + 1)
        ]
        figures(rows, zero=["SAL_DISC", "SAL_REF"])
        with django_assert_num_queries(4):  # definitions, sources, members, sums
            read("SAL_NET", "2026-10", by=["platform"], compare=["py"])


def test_the_document_keeps_its_form():
    made = figures(OCTOBER, zero=["SAL_DISC"])
    told = json.loads(json.dumps(document(read("SAL_NET", "2026-10", by=["country"], compare=["py"]))))
    assert told == {
        "metric": "SAL_NET",
        "version": 1,
        "unit": "CNY",
        "period": "2026-10",
        "status": "certified",
        "value": "140.15",
        "exact": "140.1500",
        "why": None,
        "why_code": None,
        "coverage": {"days": 31, "of": 31},
        "rates": "actual",
        "ripens_on": None,
        "exchanged": [],
        "rows": [
            {
                "key": {"country": name},
                "value": amount,
                "exact": f"{amount}00",
                "status": "certified",
                "ripens_on": None,
                "compare": {"py": told["rows"][0]["compare"]["py"]},
            }
            for name, amount in (("Germany", "90.10"), ("France", "50.05"))
        ],
        "compare": {
            "py": {
                "value": None,
                "change": None,
                "change_pct": None,
                "comparable": False,
                "why": told["compare"]["py"]["why"],
                "why_code": "NO_REFERENCE",
            }
        },
        "passport": {
            "submission": made.pk,
            "submissions": [made.pk],
            "sources": [],
            "rows": 5,
            "snapshot": None,
        },
    }


def test_the_definition_is_the_one_that_held_in_the_period():
    metric = Metric.objects.get(code="SAL_AOV")
    first = metric.versions.get()
    changed = {f.name: getattr(first, f.name) for f in first._meta.fields if f.name not in ("id", "number")}
    changed |= {"effective_from": dt.date(2026, 11, 1), "formula": "(SAL_GMV + SAL_SHIPREV) / SAL_ORD"}
    metric.versions.update(effective_to=dt.date(2026, 11, 1))
    metric.versions.create(number=2, **changed)
    figures([*OCTOBER, ("SAL_SHIPREV", "2026-10-01", 4)], zero=["SAL_DISC"])
    november = [
        (code, day.replace("-10-", "-11-").replace("31", "30"), *rest) for code, day, *rest in OCTOBER
    ]
    figures([*november, ("SAL_SHIPREV", "2026-11-01", 4)], period="2026-11", zero=["SAL_DISC"])
    found = [read("SAL_AOV", month) for month in ("2026-10", "2026-11")]
    assert [(one.definition.number, one.value) for one in found] == [(1, D("37.5375")), (2, D("38.5375"))]


def test_dropped_facts_leave_a_nought_only_where_the_file_said_so():
    made = figures(OCTOBER)
    facts.drop(made)
    assert value("SAL_GROSS", "2026-10") == 0
    assert make.AT.year == 2026 and value("SAL_UNITS", "2026-10") is None


# --- Balances at the beginning, and their mean ----------------------------------------------------------------


def balances(*rows, metric="SC_INV_VAL", **fields):
    """A balance at the end of each month: (month, value)."""
    for period, value_ in rows:
        last = Period.parse(period).last.isoformat()
        figures([(metric, last, value_)], period=period, profile="stock", **fields)


def test_the_mean_balance_counts_the_opening_and_every_month_end():
    balances(("2026-06", 80), ("2026-07", 100), ("2026-08", 110), ("2026-09", 150))
    assert value("SC_INV_AVG", "2026-09") == D(130)
    assert value("SC_INV_AVG", "2026-Q3") == D(110)  # (80 + 100 + 110 + 150) / 4
    assert read("SC_INV_AVG", "2026-09").unit == "CNY"


def test_days_of_inventory_come_from_the_mean_balance():
    balances(("2026-08", 110), ("2026-09", 150))
    figures([("FIN_COGS_PROD", "2026-09-30", 65)], period="2026-09", profile="ledger")
    assert value("SC_DIO", "2026-09") == D(60)
    assert value("SC_TURN", "2026-09").quantize(D("0.0001")) == D("6.0833")


def test_growth_against_the_balance_of_the_beginning():
    figures([("SAL_ORD", "2026-09-30", 1)], period="2026-09", profile="x", zero=["MKT_FOLLOW"])
    assert read("MKT_FOLLOW_GR", "2026-09").value is None
    for month_, followers in (("2026-08", 200), ("2026-09", 250)):
        last = Period.parse(month_).last.isoformat()
        counted_followers(month_, last, followers)
    assert value("MKT_FOLLOW_GR", "2026-09") == D("0.25")


def counted_followers(period, day, count):
    import pandas as pd  # noqa: PLC0415

    made = figures([], period=period, profile="social", totals={"MKT_FOLLOW": "1"})
    line = {
        "metric": "MKT_FOLLOW",
        "day": dt.date.fromisoformat(day),
        "value": count,
        "rows": 1,
        "currency": "",
    }
    facts.store(made, pd.DataFrame([line]))


def test_without_an_opening_balance_there_is_no_mean_but_a_reason():
    balances(("2026-09", 150))
    found = read("SC_INV_AVG", "2026-09")
    assert (found.value, found.why.code, found.why.params["period"]) == (None, "NO_DATA", "2026-08")


def test_an_opening_balance_of_half_a_month_is_not_one():
    figures([("SC_INV_VAL", "2026-08-10", 5)], period="2026-08-01..2026-08-15", profile="stock")
    balances(("2026-09", 150))
    assert read("SC_INV_AVG", "2026-09").why.code == "PARTLY_COVERED"


def test_a_formula_that_doubles_at_every_step_is_read_quickly():
    """T26: fifty definitions of which each names the next one twice."""
    from metrics.definitions import Definition, Definitions  # noqa: PLC0415

    like = Definitions.on(dt.date(2026, 10, 1))["SAL_AOV"]
    texts = {f"X_{n}": f"PY(X_{n + 1}) + PP(X_{n + 1})" for n in range(49)} | {"X_49": "SAL_NET"}
    made = {
        code: Definition(**{**like.__dict__, "code": code, "formula": text, "engine": "app"})
        for code, text in texts.items()
    }
    assert len(Definitions(made).shifts("X_0")) < 20
