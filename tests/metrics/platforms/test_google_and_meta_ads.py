"""Google Ads with title, range and totals in two encodings; Meta Ads with its currency in a header."""

import datetime as dt
import random
from decimal import Decimal

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
    delimited,
    exact,
    expected,
    figures,
    found_profile,
    german,
    money,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
FEBRUARY = (dt.date(2026, 2, 1), dt.date(2026, 3, 1))
HEADERS = {
    "en": ["Campaign status", "Campaign", "Budget", "Currency code", "Impr.", "Clicks", "CTR", "Cost", "Conversions",
           "Conv. value", "Search impr. share"],
    "de": ["Kampagnenstatus", "Kampagne", "Budget", "Währungscode", "Impr.", "Klicks", "CTR", "Kosten", "Conversions",
           "Conv.-Wert", "Anteil an mögl. Impr."],
    "cn": ["广告系列状态", "广告系列", "预算", "货币代码", "展示次数", "点击次数", "点击率", "费用", "转化次数", "转化价值", "搜索展示份额"],
}  # fmt: skip
RANGE = {
    "en": "1 February 2026 - 28 February 2026",
    "de": "1. Februar 2026 – 28. Februar 2026",
    "cn": "2026年2月1日 - 2026年2月28日",
}
TITLE = {"en": "Campaign report", "de": "Kampagnenbericht", "cn": "广告系列报告"}
TOTAL = {"en": ["Total: Campaigns", "Total: Account", "Total: Search", "Total: Display"],
         "de": ["Gesamt: Kampagnen", "Gesamt: Konto"], "cn": ["总计：广告系列", "总计：帐号"]}  # fmt: skip
CODES = ["MKT_SPEND_AD", "MKT_IMP", "MKT_CLK", "MKT_PLAT_SALES"]


def truth(seed=47, days=False) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for number in range(40):
        rows.append({"campaign": f"Brand {number}", "impressions": pick.randrange(0, 20_000), "clicks": pick.randrange(0, 900),
                     "cost": money(pick, 1, 3000), "value": money(pick, 1, 900), "day": dt.date(2026, 2, 1 + number % 28)})  # fmt: skip
    return pd.DataFrame(rows)


def google(variant, encoding, frame, *, days=False, wrong=0) -> bytes:
    cost = german if variant == "de" else (lambda v: f"{v:.2f}")
    whole = (lambda v: f"{v:,}".replace(",", ".")) if variant == "de" else (lambda v: f"{v:,}")
    rows = [
        ["Enabled", one.campaign, "200.00", "CNY", whole(one.impressions), whole(one.clicks), "2.05%", cost(one.cost), cost(Decimal(2)),
         cost(one.value), "< 10%"] + ([f"{one.day}"] if days else []) for one in frame.itertuples()
    ]  # fmt: skip
    for number, label in enumerate(TOTAL[variant]):
        shown = (
            [whole(frame.impressions.sum() + wrong), whole(frame.clicks.sum())] if number == 0 else ["7", "7"]
        )
        spent = (
            [cost(exact(frame.cost)), cost(Decimal(80)), cost(exact(frame.value))]
            if number == 0
            else ["7", "7", "7"]
        )
        rows.append([label, " --", " --", "CNY", *shown, "2%", *spent, " --"] + ([" --"] if days else []))
    mark = "\t" if encoding == "utf-16" else ","
    header = HEADERS[variant] + ([{"en": "Day", "de": "Tag", "cn": "天"}[variant]] if days else [])
    return delimited(
        rows, header=header, mark=mark, before=[TITLE[variant], RANGE[variant]], encoding=encoding
    )


def computed(frame) -> dict:
    return expected(
        MKT_SPEND_AD=exact(frame.cost), MKT_IMP=frame.impressions.sum(), MKT_CLK=frame.clicks.sum(), MKT_PLAT_SALES=exact(frame.value)
    )  # fmt: skip


@pytest.mark.parametrize("days", [False, True], ids=["range", "by-day"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("variant", HEADERS)
def test_google_readings_equal_what_pandas_adds_up(tmp_path, variant, encoding, days):
    frame = truth()
    content = google(variant, encoding, frame, days=days)
    document = submit(tmp_path, f"{TITLE[variant]}.csv", content, "2026-02", department="marketing")
    assert (
        document["profile"] == ("google-ads-by-day" if days else "google-ads")
        and document["findings_total"] == 0
    )
    assert figures(document, "2026-02", CODES) == computed(frame)
    assert document["rows_excluded"] == {"total_row": 1, "other_totals": len(TOTAL[variant]) - 1}


def test_a_google_total_that_is_not_the_sum_of_its_rows_is_told(tmp_path):
    outcome = checked(
        tmp_path, "g.csv", google("en", "utf-16", truth(), wrong=1), "google-ads", period=FEBRUARY
    )
    assert outcome.finding_counts == {"TOTAL_DIFFERS": 1} and outcome.findings[0].header == "Impr."


def test_a_range_outside_the_period_is_refused(tmp_path):
    march = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
    outcome = checked(tmp_path, "g.csv", google("en", "utf-8", truth()), "google-ads", period=march)
    assert list(outcome.finding_counts) == ["RANGE_OUTSIDE"]
    assert outcome.findings[0].params == {"first": "2026-02-01", "last": "2026-02-28"}


META = {
    "en": ["Reporting starts", "Reporting ends", "Campaign name", "Campaign delivery", "Amount spent (USD)", "Impressions",
           "Link clicks", "Purchases", "Purchases conversion value"],
    "fr": ["Début des rapports", "Fin des rapports", "Nom de la campagne", "Diffusion", "Montant dépensé (EUR)", "Impressions",
           "Clics sur un lien", "Achats", "Valeur de conversion des achats"],
}  # fmt: skip


def meta(variant, frame, *, total=True) -> bytes:
    french = variant == "fr"
    number = (lambda v: german(v).replace(".", "\u202f")) if french else (lambda v: f"{v:.2f}")
    day = (lambda d: f"{d:%d/%m/%Y}") if french else str
    rows = [[day(one.day), day(one.day), one.campaign, "active", number(one.cost), one.impressions, one.clicks, 1, number(one.value)]
            for one in frame.itertuples()]  # fmt: skip
    if total:
        rows.append(
            [
                day(frame.day.min()),
                day(frame.day.max()),
                "",
                "",
                number(exact(frame.cost)),
                frame.impressions.sum(),
                "",
                "",
                "",
            ]
        )
    return delimited(rows, header=META[variant], mark=";" if french else ",", encoding="utf-8-sig")


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("variant", META)
def test_meta_readings_equal_what_pandas_adds_up(tmp_path, variant, total):
    frame = truth(53)
    document = submit(
        tmp_path, "Campaigns-Feb.csv", meta(variant, frame, total=total), "2026-02", department="marketing"
    )
    assert document["profile"] == "meta-ads"
    assert figures(document, "2026-02", CODES) == computed(frame)
    assert document["rows_excluded"] == ({"total": 1} if total else {})


@pytest.mark.parametrize(("variant", "code"), [("en", "USD"), ("fr", "EUR")])
def test_the_currency_of_meta_ads_stands_in_a_header(tmp_path, variant, code):
    outcome = checked(tmp_path, "m.csv", meta(variant, truth()), "meta-ads", period=FEBRUARY)
    assert set(outcome.facts.currency) == {code}


def test_a_row_of_two_months_is_refused_and_an_empty_export_is_taken(tmp_path):
    frame = truth()
    content = meta("en", frame, total=False).replace(b"2026-02-01,2026-02-01", b"2026-01-31,2026-02-01", 1)
    both = (dt.date(2026, 1, 1), FEBRUARY[1])
    outcome = checked(tmp_path, "m.csv", content, "meta-ads", period=both)
    assert told(outcome, "SPAN_OF_MONTHS") == [("", 2, "B", "2026-02-01")]
    nothing = delimited([["No data available."]], header=META["en"])
    outcome = checked(tmp_path, "m.csv", nothing, "meta-ads", period=FEBRUARY)
    assert (
        outcome.status == "accepted" and outcome.rows_excluded == {"nothing": 1} and len(outcome.facts) == 0
    )


def test_each_is_told_from_every_other_shipped_profile(tmp_path):
    for variant in HEADERS:
        assert found_profile(tmp_path, "x.csv", google(variant, "utf-16", truth())) == "google-ads"
    for variant in META:
        assert found_profile(tmp_path, "x.csv", meta(variant, truth())) == "meta-ads"
