"""The demo company: deterministic, complete, and loaded only where nothing can be lost."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from actions.models import Action, BudgetAdjustment
from meetings import logbook
from meetings.models import Meeting
from metrics import (
    control_limits,
    corrected_rows,
    league,
    outliers,
    readings,
    season,
    snapshots,
    tidy_templates,
    working_copies,
)
from metrics.intake.columns import known
from metrics.intake.profile import Profile
from metrics.models import (
    Analysis,
    ImportJob,
    Metric,
    Note,
    Observation,
    Review,
    Signature,
    Slice,
    Submission,
)
from metrics.periods import Period
from reviewhub.demo import campaigns, conflicts, festivals, freezes, market, reported, tables
from reviewhub.demo.amounts import split_weeks
from reviewhub.people.models import Company, User
from tests import demo_identities, make, prepared

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def test_the_market_has_its_promised_breadth():
    goods, baskets = market.sales(AT.date())
    months = {(day.year, day.month) for day in goods["day"]}
    assert len(months) == 26 and max(months) == (2026, 10)
    assert (goods["platform"].nunique(), goods["country"].nunique(), goods["category"].nunique()) == (
        5,
        12,
        8,
    )
    assert len(market.products()) == 200
    assert (goods["discount"] <= goods["gross"]).all() and (
        goods[["units", "gross", "refund"]] >= 0
    ).all().all()
    assert (goods["gross"] % 100 == 0).all() and (baskets["orders"] > 0).all()


def test_the_market_is_the_same_every_time():
    first, second = market.sales(AT.date()), market.sales(AT.date())
    assert first[0].equals(second[0]) and first[1].equals(second[1])


def test_november_sells_more_than_october_and_germany_sends_more_back():
    goods, _baskets = market.sales(AT.date())
    month = (
        goods.assign(month=[day.strftime("%Y-%m") for day in goods["day"]]).groupby("month")["gross"].sum()
    )
    assert month["2025-11"] > 1.2 * month["2025-10"]
    rate = goods.groupby("country")[["refund", "gross"]].sum().eval("refund / gross")
    assert rate.idxmax() == "Germany"


@pytest.fixture(scope="module")
def handed() -> tables.Handed:
    return prepared.handed_in()


def another(handed) -> tables.Handed:
    return tables.Handed(
        {name: frame.copy() for name, frame in handed.tables.items()}, handed.books, handed.stock
    )


def test_the_tables_are_those_of_the_templates_and_keep_the_rules_of_their_profiles(handed):
    assert set(handed.tables) == {one.table for one in tidy_templates.everything()}
    for template in tidy_templates.everything():
        profile, frame = Profile.load(template.profile), handed.tables[template.table]
        columns = reported.columns(profile, frame)
        for rule in profile.rules:
            judged = np.logical_and.reduce(
                [known(columns[name]) for name in rule.holds.names & set(profile.columns)]
            )
            assert (rule.holds(columns) | ~judged).all(), (template.table, rule.text_en)
        keys = [name for name in profile.key if name in frame]
        assert not (keys and frame.duplicated(keys).any()), template.table
        months = reported.month_texts(frame[profile.day])
        assert months.nunique() == 26, template.table


def test_all_53_rules_hold_between_the_tables(handed):
    assert len(demo_identities.RULES) == 53
    assert demo_identities.broken(handed.tables) == {}


@pytest.mark.parametrize("seed", range(12))
def test_planted_conflicts_break_the_rules_they_name_and_no_other(handed, seed):
    changed = another(handed)
    planted, expected = conflicts.plant(changed, seed), {}
    for one in planted:
        for rule in one.rules:
            expected[rule] = sorted({*expected.get(rule, []), *one.months})
    assert demo_identities.broken(changed.tables) == expected
    assert planted == conflicts.plant(another(handed), seed), "the same seed plants the same"


def test_seeds_plant_every_kind_none_one_and_two(handed):
    planted = [conflicts.plant(another(handed), seed) for seed in range(60)]
    assert {one.kind for found in planted for one in found} == set(conflicts.KINDS)
    assert {len(found) for found in planted} == {0, 1, 2}


@pytest.mark.slow
def test_the_company_is_complete_and_its_held_review_is_honest(demo_company):
    assert Company.objects.get().is_demo
    assert set(make.PEOPLE) <= set(User.objects.values_list("username", flat=True))
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert Metric.objects.enabled().count() == 141
    tables = {one.profile for one in tidy_templates.everything()}
    assert Submission.objects.filter(state="certified").count() == 26 * len(tables) == 624
    assert set(Submission.objects.values_list("profile", flat=True)) == tables
    assert Submission.objects.waiting().count() == 1
    assert (
        Observation.objects.values("day").distinct().count()
        == (dt.date(2026, 11, 1) - dt.date(2024, 9, 1)).days
    )
    assert Slice.objects.exclude(country="").values("country").distinct().count() == 12
    states = dict(Review.objects.values_list("code", "state"))
    assert [code for code, state in sorted(states.items()) if state != "closed"] == [
        "2026-09",
        "2026-10",
        "2026-11",
    ]
    assert len(states) == 13 and min(states) == "2025-11"
    deadlines_were_mostly_kept()
    assert list(Meeting.objects.order_by("scheduled_at").values_list("state", flat=True)) == [
        "published",
        "ready",
    ]
    held_review_is_honest()
    newest_versions_have_their_files()
    assert (Analysis.objects.count(), Note.objects.count()) == (2, 3)
    every_metric_answers()


def every_metric_answers():
    """Every metric that is on and comes from files has a figure, and what is derived from several tables agrees."""
    october = Period.parse("2026-10")
    uploaded = Metric.objects.enabled().exclude(versions__engine="app")
    own = {"EXE_ACT_OT", "EXE_KR_ATT", "SAL_LIFECYCLE"}
    for code in sorted(set(uploaded.values_list("code", flat=True)) - own):
        assert readings.reading(code, october, on=AT.date()).value is not None, code
    for code, expected in (
        ("REC_GAP", 0),
        ("SAL_RET_LOG", None),
        ("TEC_SITE_CVR", None),
        ("SC_WH_UNITS", None),
    ):
        value = readings.reading(code, Period.parse("2026-09"), on=AT.date()).value
        assert value is not None and (expected is None or round(value, 6) == expected), code


def newest_versions_have_their_files():
    """Of the last month every table, and the corrected sales: accepted by the same check, with the same totals."""
    jobs = list(ImportJob.objects.select_related("submission", "source"))
    assert len(jobs) == 25 and {job.outcome["status"] for job in jobs} == {"accepted"}
    for job in jobs:
        told = {code: Decimal(value) for code, value in job.outcome["totals"].items()}
        assert told == {code: Decimal(value) for code, value in job.submission.totals.items()}, job.profile
    assert all(working_copies.is_readable(job) for job in jobs)
    spend = next(job for job in jobs if job.profile == "spend")
    assert len(corrected_rows.of(working_copies.of(spend)).shown_rows()) == spend.submission.rows_used


def deadlines_were_mostly_kept():
    """department → (kept, with more time, late, not by the freeze) of the year's reviews whose data was due."""
    steward = User.objects.get(username="steward")
    found = league.records(league.reviews(steward, at=AT), steward, at=AT)
    assert {
        row.department.code: (row.kept, row.count("extended"), row.count("late"), row.count("missing"))
        for row in found
    } == {
        "SAL": (12, 0, 0, 0),
        "MKT": (12, 1, 0, 0),
        "TEC": (12, 1, 0, 0),
        "FIN": (11, 0, 1, 0),
        "SCM": (10, 0, 2, 0),
        "LOG": (10, 0, 1, 1),
    }


def held_review_is_honest():
    """The held meeting has an honest ledger, and its actions moved on."""
    meeting = Meeting.objects.get(state="published")
    _plan, state = logbook.standing(meeting)
    assert sum(state.ledger.values()) == 240 * 60
    actions = Action.objects.filter(review=meeting.review)
    assert actions.count() == 6 and all(action.owner and action.due_on for action in actions)
    assert sorted(actions.values_list("status", flat=True)) == [
        "doing",
        "doing",
        "done",
        "done",
        "todo",
        "todo",
    ]
    assert meeting.captures.count() == 13
    budget = BudgetAdjustment.objects.get(review=meeting.review)
    assert (budget.late_s, budget.lines.count(), budget.approvals.count()) == (0, 4, 2)
    assert [one.number for one in budget.versions.all()] == [0, 1, 2]


@pytest.mark.slow
@pytest.mark.database
def test_a_freeze_that_fails_leaves_the_review_held_and_waiting(demo_company, monkeypatch):
    monkeypatch.setattr(freezes, "_sign", lambda *given, **more: 1 / 0)
    monkeypatch.setattr(freezes.fact_digests, "ahead", lambda: 0)
    with pytest.raises(ZeroDivisionError):
        freezes.create()
    assert (freezes.waiting().code, freezes.waiting().state) == ("2026-09", "met")


@pytest.mark.slow
@pytest.mark.database
def test_its_held_review_is_frozen_by_two_people_and_restated_once(demo_company):
    stands = freezes.create()
    signed = Signature.objects.filter(review=stands.review).order_by("pk")
    assert [(row.number, row.side, row.signed_by.username) for row in signed] == [
        (number, side, name) for number in (1, 2) for side, name in (("FIN", "finance"), ("TEC", "tech"))
    ]
    assert (stands.number, stands.review.state, stands.review.code) == (2, "met", "2026-09")
    assert "SAL_NET" in {one["metric"] for one in stands.changes}
    assert snapshots.differences(stands) == []
    assert freezes.create() is None


@pytest.mark.django_db
def test_demo_does_not_touch_a_database_in_use():
    make.user("owner")
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    with pytest.raises(CommandError, match="not a demo database"):
        call_command("demo", reset=True)
    assert User.objects.count() == 1


def calendar(without: str = "") -> list[season.Promotion]:
    rows = [one for one in festivals.occurrences(2024, 2027) if one["name_en"] != without]
    return [season.Promotion(one["name_en"].casefold(), one["starts_on"], one["ends_on"]) for one in rows]


def test_the_season_is_no_alarm_and_a_missing_one_is(handed):
    """Of 20 months of the totals of the sales table: alarms of the level alone, and of season and calendar.

    Refunds come twelve days after a promotion, so of one that moves they move into another month than its sales.
    """
    profile, frame = Profile.load("sales-daily"), handed.tables["sales_daily"]
    told = reported.totals(profile, reported.facts(profile, frame))
    judged, level, seasonal = alarms(told, calendar())
    assert (judged, len(level), len(seasonal)) == (100, 7, 6)
    assert {month for month, code in level if code == "SAL_GROSS"} == {"2025-11"}
    assert not {code for _month, code in seasonal} & {"SAL_GROSS", "SAL_UNITS"}
    for name, months in (("Easter sale", {"2026-03", "2026-04"}), ("Whitsun week", {"2026-06"})):
        _judged, _level, found = alarms(told, calendar(without=name))
        assert {month for month, code in found if code == "SAL_GROSS"} == months, name
    missing_november(told, calendar())


def alarms(told, calendar) -> tuple[int, set, set]:
    judged, level, seasonal = 0, set(), set()
    for code in told["2025-10"]:
        history = {}
        for month in sorted(told):
            period, value = Period.parse(month), Decimal(told[month][code])
            if expected := season.expected(period, history, calendar):
                judged += 1
                before = [history[one] for one in sorted(history)][-12:]
                if outliers.stands_out(value, before):
                    level.add((month, code))
                if expected.is_outside(value):
                    seasonal.add((month, code))
            history[period] = value
    return judged, level, seasonal


def missing_november(told, calendar):
    """A third November that came to what October was, on two years that both had one."""
    gross = {Period.parse(month): Decimal(totals["SAL_GROSS"]) for month, totals in told.items()}
    october = gross[Period.parse("2026-10")]
    assert not outliers.stands_out(october, [gross[one] for one in sorted(gross)][-12:])
    found = season.expected(Period.parse("2026-11"), gross, calendar)
    assert found.is_outside(october) and october < found.low
    assert found.reference.shared == ("double 11", "black friday and cyber monday")


def test_control_limits_know_weeks_of_promotions_that_moved_and_miss_one_that_nobody_entered(handed):
    sales = handed.tables["sales_daily"]
    days = sales.groupby(sales["date"].dt.date)["gross"].sum()
    history: dict[Period, Decimal] = {}
    for day, amount in days.items():
        week = Period.containing(day, "week")
        history[week] = history.get(week, Decimal()) + int(amount)

    def outside(calendar) -> list[tuple[str, bool]]:
        weeks = [Period.parse(f"2026-W{one}") for one in (13, 14, 15, 21, 23)]
        found = [(one.text, control_limits.judged(one, history, calendar)) for one in weeks]
        assert all(judged.seasonal for _week, judged in found)
        return [(week, judged.is_up) for week, judged in found if judged.rule == "outside"]

    assert outside(calendar()) == []
    assert outside(calendar(without="Easter sale")) == [
        ("2026-W13", True),
        ("2026-W14", True),
        ("2026-W15", False),
    ]
    assert outside(calendar(without="Whitsun week")) == [("2026-W21", True), ("2026-W23", False)]


@pytest.mark.parametrize(
    ("year", "day"), [(2000, (4, 23)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))]
)
def test_easter_is_where_the_church_has_it(year, day):
    assert campaigns.easter(year) == dt.date(year, *day)


def test_every_promotion_of_the_calendar_moves_sales_orders_and_ads_on_its_days(handed):
    """By country, against the three weeks before without any promotion: at least by half of the lift that it has."""
    sums = [
        handed.tables[table].groupby(["country", "date"])[column].sum().rename(name)
        for table, column, name in (
            ("sales_daily", "units", "units"),
            ("orders_daily", "orders", "orders"),
            ("ads_daily", "console_spend", "ads"),
        )
    ]
    daily = pd.concat(sums, axis=1)
    held = {one["name_en"]: [] for one in festivals.occurrences(2025, 2025)}
    for one in festivals.occurrences(2024, 2026):
        days = pd.date_range(one["starts_on"], one["ends_on"], inclusive="left")
        for country in ("Germany", "United States"):
            usual, known = (
                daily.loc[country],
                campaigns.effects(pd.DatetimeIndex(daily.loc[country].index), country),
            )
            calm = usual[(known["lift"] == 1) & (usual.index < days[0])].tail(21)
            if days[-1] <= usual.index[-1] and len(calm) == 21:
                there = usual.loc[days].mean() / calm.mean()
                held[one["name_en"]].append((country, there))
    assert all(len(found) >= 3 for found in held.values())
    for one in campaigns.CAMPAIGNS:
        for country, there in held[one.name_en]:
            least = 1 + (one.lift - 1) / 2 if not one.countries or country in one.countries else None
            within = (there >= least).all() if least else there["units"] < 1.15
            assert within, (one.name_en, country, there.to_dict())


def test_what_was_bought_in_a_promotion_comes_back_more_often(handed):
    """A quarter more, of weeks that lie in it with all their days."""
    back = handed.tables["returns_cohort"].groupby(["order_week", "country"])["units_returned"].sum()
    sales = handed.tables["sales_daily"]
    sold = sales.groupby([split_weeks(sales["date"]), sales["country"]])["units"].sum()
    share = (back.groupby("order_week").sum() / sold.groupby(level=0).sum()).dropna()
    easter, calm = share.loc["2025-04-14"], share.loc["2025-01-06":"2025-03-03"].mean()
    assert 1.15 < easter / calm < 1.35
