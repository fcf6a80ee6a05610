"""Detectors of slips, by themselves: what they name, what they leave alone, and how they fare on a whole company."""

import numpy as np
import pandas as pd
import pytest

from metrics import slips, units
from metrics.intake.profile import Profile
from reviewhub.demo import reported
from tests import prepared

MONEY = {"M": "money"}
RATES = {"USD": 7.11, "EUR": 7.85}


def table(values, metric="M", start="2026-01-01", slice_=0) -> pd.DataFrame:
    days = pd.date_range(start, periods=len(values))
    return pd.DataFrame({"metric": metric, "slice": slice_, "day": days, "value": [float(v) for v in values]})


def found(past, now, kinds=MONEY, grain="day", rates=RATES):
    past = past if isinstance(past, pd.DataFrame) else table(past)
    now = now if isinstance(now, pd.DataFrame) else table(now, start="2026-03-01")
    return [(one.code, one.currency) for one in slips.slips(past, now, grain=grain, kinds=kinds, rates=rates)]


CALM = [100 + step % 7 for step in range(40)]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (103 / 7.11, [("CURRENCY", "USD")]),
        (103 * 7.11, [("CURRENCY", "USD")]),
        (103 * 7.85, [("CURRENCY", "EUR")]),
        (103 * 100, [("PERCENT", "")]),
        (1.03, [("PERCENT", "")]),
        (0.103, [("THOUSAND", "")]),
        (103 * 10_000, [("WAN", "")]),
        (-103, [("SIGN", "")]),
        (103, []),
        (103 * 3, []),
        (103 * 12, []),
        (103 * 30, []),
        (0, []),
    ],
)
def test_a_figure_that_is_off_by_a_known_factor_is_named(value, code):
    assert found(CALM, [101, value, 104]) == code


def test_a_short_or_an_erratic_past_says_nothing():
    assert found(CALM[:13], [10_300]) == []
    wild = [10.0 ** (step % 4) for step in range(40)]
    assert found(wild, [1_000_000]) == []


def test_a_sale_that_jumps_with_its_pieces_is_no_slip():
    past = pd.concat([table(CALM), table([10] * 40, "U")])
    now = table([710, 101], start="2026-03-01")
    kinds = MONEY | {"U": "count"}
    calm = pd.concat([now, table([71, 10], "U", "2026-03-01")])
    assert found(past, calm, kinds) == []
    assert found(past, pd.concat([now, table([10, 10], "U", "2026-03-01")]), kinds) == [("CURRENCY", "USD")]


def test_two_rates_that_cannot_be_told_apart_are_both_named():
    rng = np.random.default_rng(1)
    past = table(100 * np.exp(rng.normal(0, 0.1, 60)))
    [one] = slips.slips(past, table([740], start="2026-03-10"), grain="day", kinds=MONEY, rates=RATES)
    assert {one.currency, one.also} == {"USD", "EUR"}


def test_a_copied_month_is_told_once_and_a_table_that_never_changes_is_not():
    rng = np.random.default_rng(2)
    months = [rng.integers(50, 150, 20).tolist() for _ in range(3)]
    past = [value for month in months for value in month]
    assert found(table(past), table(months[2], start="2026-03-02")) == [("SAME", "")]
    assert found(table(months[0] * 3), table(months[0], start="2026-03-02")) == []


# --- A whole company ------------------------------------------------------------------------------------------

BACK = {"day": 100, "week": 210, "month": 760}
LOOKED_AT = (
    "sales_daily",
    "orders_daily",
    "web_daily",
    "ads_daily",
    "pnl",
    "balance",
    "spend",
    "logistics_cost",
)


def facts_of(name: str, frame) -> tuple[str, dict, pd.DataFrame]:
    """(grain, kinds, facts) of a table of the demo company, figures in two parts as quotients."""
    profile = Profile.load(name.replace("_", "-"))
    facts = reported.facts(profile, frame)
    dimensions = [one for one in facts if one not in ("metric", "day", "value", "rows")]
    facts["slice"] = facts.groupby(dimensions, dropna=False, observed=True).ngroup()
    is_weight = facts["metric"].str.endswith(units.WEIGHT)
    weights = facts[is_weight].assign(metric=facts["metric"].str.removesuffix(units.WEIGHT))
    by = ["metric", "slice", "day"]
    both = facts[~is_weight].merge(weights[[*by, "value"]], on=by, how="left", suffixes=("", "_of"))
    quotients = both["value"] / both["value_of"].replace(0, np.nan)
    both["value"] = both["value"].astype(float).where(both["value_of"].isna(), quotients)
    kinds = {
        code: "ratio" if one.is_in_parts else {"money": "money", "count": "count"}.get(one.unit, "ratio")
        for code, one in profile.aggregates.items()
        if not one.per and one.how != "top"
    }
    return profile.grain, kinds, both.dropna(subset="value")[[*by, "value"]]


@pytest.fixture(scope="module")
def company():
    handed = prepared.handed_in()
    return {name: facts_of(name, handed.tables[name]) for name in LOOKED_AT}


def months_of(facts, last: int):
    firsts = sorted(facts["day"].dt.to_period("M").dt.to_timestamp().unique())[-last:]
    for first in firsts:
        yield first, first + pd.offsets.MonthBegin(1)


def asked(facts, first, after, grain, kinds):
    now = facts[(facts["day"] >= first) & (facts["day"] < after)]
    past = facts[(facts["day"] < first) & (facts["day"] >= first - pd.Timedelta(days=BACK[grain]))]
    return past, now, lambda shown: slips.slips(past, shown, grain=grain, kinds=kinds, rates=RATES)


@pytest.mark.slow
def test_months_that_are_right_raise_hardly_an_alarm(company):
    figures = alarms = 0
    for grain, kinds, facts in company.values():
        for first, after in months_of(facts, 6):
            _past, now, ask = asked(facts, first, after, grain, kinds)
            figures, alarms = figures + len(now), alarms + len(ask(now))
    print(f"{alarms} false alarms in {figures} figures")
    assert figures > 100_000 and alarms <= 5


PLANTED = {
    "money": [1 / 7.11, 7.11, 100, 0.001, 0.0001, -1],
    "count": [1000, 0.001, 0.0001],
    "ratio": [100, 0.01],
}
NAMED = {1 / 7.11: "CURRENCY", 7.11: "CURRENCY", 100: "PERCENT", 0.01: "PERCENT", 1000: "THOUSAND",
         0.001: "THOUSAND", 0.0001: "WAN", -1: "SIGN"}  # fmt: skip


@pytest.mark.slow
def test_planted_slips_are_found_and_named(company):
    """One slip at a time in each metric of the last two months, in a cell drawn by its weight in the month."""
    rng = np.random.default_rng(20_261_122)
    planted = named = false = 0
    for grain, kinds, facts in company.values():
        for first, after in months_of(facts, 2):
            _past, now, ask = asked(facts, first, after, grain, kinds)
            usual = {(one.metric, one.slice, one.day) for one in ask(now)}
            changed, wanted = now.copy(), {}
            for metric, kind in kinds.items():
                rows = now[(now["metric"] == metric) & (now["value"] > 0)]
                if rows.empty:
                    continue
                share = (rows["value"] / rows["value"].sum()).to_numpy()
                place = rows.index[rng.choice(len(rows), p=share)]
                factor = PLANTED[kind][rng.integers(len(PLANTED[kind]))]
                changed.loc[place, "value"] *= factor
                wanted[metric, now.loc[place, "slice"], now.loc[place, "day"]] = NAMED[factor]
            told = {(one.metric, one.slice, one.day): one.code for one in ask(changed)}
            planted += len(wanted)
            named += sum(told.get(place) == code for place, code in wanted.items())
            false += len(set(told) - set(wanted) - usual)
    print(f"{named} of {planted} found, {false} false")
    assert named / planted >= 0.7 and named / (named + false) >= 0.95
