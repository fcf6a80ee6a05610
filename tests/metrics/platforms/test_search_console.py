"""Search Console: a zip with one file per tab in two languages; only the tab of dates counts, as metrics of its own."""

import datetime as dt
import io
import random
import zipfile
from decimal import Decimal

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
    delimited,
    expected,
    figures,
    found_profile,
    read,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
TABS = {
    "en": ("Dates.csv", ["Date", "Clicks", "Impressions", "CTR", "Position"], "Queries.csv", "Top queries"),
    "zh": ("日期.csv", ["日期", "点击次数", "展示", "点击率", "排名"], "查询数.csv", "热门查询"),
}


def truth(seed=61) -> pd.DataFrame:
    pick = random.Random(seed)
    return pd.DataFrame([{"day": dt.date(2026, 3, day), "clicks": pick.randrange(1, 900), "shown": pick.randrange(900, 30_000)}
                         for day in range(1, 32)])  # fmt: skip


def tab(variant, frame) -> bytes:
    rows = [
        [one.day, one.clicks, one.shown, f"{Decimal(one.clicks) / one.shown:.2%}", "7.4"]
        for one in frame.itertuples()
    ]
    return delimited(rows, header=TABS[variant][1])


def package(variant, frame, *, without=False) -> bytes:
    name, header, queries, label = TABS[variant]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as files:
        if not without:
            files.writestr(name, tab(variant, frame))
        files.writestr(queries, delimited([["lamp", 7, 90, "7.78%", "3.1"]], header=[label, *header[1:]]))
        files.writestr("Filters.csv", delimited([["Search type", "Web"]], header=["Filter", "Value"]))
    return out.getvalue()


@pytest.mark.parametrize("variant", TABS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant):
    frame = truth()
    name = "shop.example-Performance-on-Search-2026-04-01.zip"
    document = submit(tmp_path, name, package(variant, frame), "2026-03", department="marketing")
    assert document["profile"] == "search-console" and document["rows_read"] == 31
    assert figures(document, "2026-03", ["SEARCH_CLICKS", "SEARCH_IMP"]) == expected(
        SEARCH_CLICKS=frame.clicks.sum(), SEARCH_IMP=frame.shown.sum()
    )
    rate = Decimal(int(frame.clicks.sum())) / int(frame.shown.sum())
    assert abs(Decimal(read("SEARCH_CTR", "2026-03")) - rate) < Decimal("1e-12")


def test_a_zip_without_the_tab_of_dates_names_what_it_holds(tmp_path):
    outcome = checked(tmp_path, "s.zip", package("en", truth(), without=True), "search-console", period=MARCH)
    assert list(outcome.finding_counts) == ["MEMBER_MISSING"]
    assert outcome.findings[0].params["members"] == "Queries.csv, Filters.csv"


def test_the_tab_alone_is_taken_and_an_impossible_row_is_named(tmp_path):
    frame = truth()
    frame.loc[2, "clicks"] = 99_999
    outcome = checked(tmp_path, "Dates.csv", tab("en", frame), "search-console", period=MARCH)
    assert told(outcome, "RULE_BROKEN") == [("", 4, "B", "99999")]


@pytest.mark.parametrize("variant", TABS)
def test_it_is_told_from_every_other_shipped_profile(tmp_path, variant):
    assert found_profile(tmp_path, "x.zip", package(variant, truth())) == "search-console"
    assert found_profile(tmp_path, "x.csv", tab(variant, truth())) == "search-console"
