"""Amazon Ads reports: XLSX with serial dates and CSV with words, headers that drift, windows that are kept apart."""

import datetime as dt
import io
import random
import zipfile

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
    delimited,
    exact,
    expected,
    figures,
    found_profile,
    money,
    submit,
    told,
    workbook,
)

pytestmark = pytest.mark.django_db
FEBRUARY = (dt.date(2026, 2, 1), dt.date(2026, 3, 1))
HEADERS = {
    "inr": ["Date", "Portfolio name", "Currency", "Campaign Name", "Impressions", "Clicks", "Click-Thru Rate (CTR)", "Spend",
            "14 Day Total Sales (₹)", "Total Advertising Cost of Sales (ACoS) ", "14 Day Total Orders (#)", "14 Day Total Units (#)"],
    "usd": ["Start Date", "End Date", "Currency", "Campaign Name", "Impressions", "Clicks", "Click-Thru Rate (CTR)", "Spend",
            "7 Day Total Sales ", "Total Advertising Cost of Sales (ACOS) ", "7 Day Total Orders (#)", "7 Day Total Units (#)"],
    "cn": ["日期", "广告组合名称", "货币", "广告活动名称", "展示量", "点击量", "点击率 (CTR)", "花费",
           "7天总销售额", "广告投入产出比 (ACOS) 总计", "7天总订单数(#)", "7天总销售量(#)"],
}  # fmt: skip
CODE = {"inr": "INR", "usd": "USD", "cn": "CNY"}
CODES = ["MKT_SPEND_AD", "MKT_IMP", "MKT_CLK", "MKT_AD_ORD", "MKT_AD_SALES", "MKT_PLAT_SALES"]


def truth(seed=13) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for day in range(1, 29):
        for campaign in range(3):
            orders = pick.randrange(0, 5)
            rows.append({"day": dt.date(2026, 2, day), "campaign": f"SP {campaign}", "impressions": pick.randrange(900, 9000),
                         "clicks": pick.randrange(1, 90), "spend": money(pick, 1, 90), "orders": orders,
                         "sales": money(pick, 10, 2000) * (orders > 0)})  # fmt: skip
    return pd.DataFrame(rows)


def file(variant, kind, frame) -> bytes:
    rows = []
    for one in frame.itertuples():
        ends = one.day if variant == "usd" else ""
        acos = "" if not one.sales else float(one.spend / one.sales)
        if kind == "csv":
            day = f"{one.day:%b} {one.day.day}, {one.day.year}"
            sign = {"inr": "Rs.", "usd": "$", "cn": "￥"}[variant]
            cells = [day, day if variant == "usd" else "", CODE[variant], one.campaign, f"{one.impressions:,}", one.clicks,
                     "1.66%", f"{sign}{one.spend:,}", f"{sign}{one.sales:,}", f"{acos:.2%}" if acos else "", one.orders, 1]  # fmt: skip
        else:
            cells = [one.day, ends, CODE[variant], one.campaign, one.impressions, one.clicks, 0.0166, float(one.spend),
                     float(one.sales), acos or None, one.orders, 1]  # fmt: skip
        rows.append(cells)
    if kind == "csv":
        return delimited(rows, header=HEADERS[variant], encoding="utf-8-sig")
    formats = {
        0: "MMM dd, yyyy",
        1: "MMM dd, yyyy",
        6: "0.0000%",
        7: "₹ #,##0.00",
        8: "₹ #,##0.00",
        9: "0.0000%",
    }
    return workbook({"Sponsored Products Advertised p": [HEADERS[variant], *rows]}, formats=formats)


def computed(frame) -> dict:
    return expected(
        MKT_SPEND_AD=exact(frame.spend), MKT_IMP=frame.impressions.sum(), MKT_CLK=frame.clicks.sum(),
        MKT_AD_ORD=frame.orders.sum(), MKT_AD_SALES=exact(frame.sales), MKT_PLAT_SALES=exact(frame.sales),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("variant", HEADERS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant, kind):
    frame = truth()
    name = f"Sponsored Products Advertised product report.{kind}"
    document = submit(tmp_path, name, file(variant, kind, frame), "2026-02", department="marketing")
    assert document["profile"] == "amazon-ads"
    assert figures(document, "2026-02", CODES) == computed(frame)
    assert figures(document, "2026-02-05", ["MKT_CLK"]) == expected(
        MKT_CLK=frame[frame.day == dt.date(2026, 2, 5)].clicks.sum()
    )


@pytest.mark.parametrize("variant", HEADERS)
def test_currency_and_attribution_window_are_kept_beside_the_figures(tmp_path, variant):
    outcome = checked(tmp_path, "ads.csv", file(variant, "csv", truth()), "amazon-ads", period=FEBRUARY)
    assert set(outcome.facts.currency) == {CODE[variant]}
    assert set(outcome.facts.attribution) == {"14d" if variant == "inr" else "7d"}


def test_without_a_currency_column_header_and_sign_say_it(tmp_path):
    content = file("inr", "xlsx", truth())
    outcome = checked(tmp_path, "ads.xlsx", content, "amazon-ads", period=FEBRUARY)
    assert set(outcome.facts.currency) == {"INR"}
    lines = file("inr", "csv", truth()).decode("utf-8-sig").replace("Currency", "Note")
    outcome = checked(tmp_path, "ads.csv", lines.encode(), "amazon-ads", period=FEBRUARY)
    assert set(outcome.facts.currency) == {"INR"} and outcome.finding_counts == {}


def test_two_attribution_windows_are_never_added(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.csv", file("inr", "csv", truth()))
        package.writestr("b.csv", file("usd", "csv", truth()))
    outcome = checked(tmp_path, "ads.zip", out.getvalue(), "amazon-ads", period=FEBRUARY)
    assert outcome.status == "rejected" and list(outcome.finding_counts) == ["WINDOWS_MIXED"]


def test_a_row_about_two_months_and_a_text_among_numbers_are_named(tmp_path):
    frame = truth()
    content = file("usd", "csv", frame).replace(
        b'"Feb 28, 2026","Feb 28, 2026"', b'"Feb 28, 2026","Mar 1, 2026"', 1
    )
    outcome = checked(tmp_path, "ads.csv", content, "amazon-ads", period=(FEBRUARY[0], dt.date(2026, 4, 1)))
    assert told(outcome, "SPAN_OF_MONTHS") == [("", 83, "B", "Mar 1, 2026")]
    damaged = file("usd", "csv", frame).replace(b"$%s" % str(frame.spend[0]).encode(), b"n.n.", 1)
    outcome = checked(tmp_path, "ads.csv", damaged, "amazon-ads", period=FEBRUARY)
    assert told(outcome, "NUMBER_FORMAT") == [("", 2, "H", "n.n.")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("variant", HEADERS)
def test_it_is_told_from_every_other_shipped_profile(tmp_path, variant, kind):
    assert found_profile(tmp_path, f"x.{kind}", file(variant, kind, truth())) == "amazon-ads"


def test_dates_of_a_1904_workbook_are_the_same_days(tmp_path):
    frame = truth()
    rows = [[one.day, "", "USD", one.campaign, one.impressions, one.clicks, 0.01, float(one.spend), float(one.sales), None,
             one.orders, 1] for one in frame.itertuples()]  # fmt: skip
    content = workbook({"Report": [HEADERS["inr"], *rows]}, formats={0: "yyyy-mm-dd"}, date1904=True)
    outcome = checked(tmp_path, "ads.xlsx", content, "amazon-ads", period=FEBRUARY)
    assert outcome.totals["MKT_SPEND_AD"] == exact(frame.spend)
    clicks = outcome.facts[outcome.facts.metric == "MKT_CLK"].groupby("day").value.sum()
    assert dict(clicks) == dict(frame.groupby("day").clicks.sum())
