"""GA4 exports: lines with #, a grand total with one cell more, bounce as a fraction, two languages."""

import datetime as dt
import random
from decimal import Decimal

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
    delimited,
    expected,
    figures,
    found_profile,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
JANUARY = (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
BEFORE = ["# ----------------------------------------", "# Shop (GA4)", "# Free form 1", "# 20260101-20260131",
          "# ----------------------------------------", "# ", ""]  # fmt: skip
HEADERS = {
    "en": ["Session default channel group", "Sessions", "Engaged sessions", "Active users", "Bounce rate"],
    "zh": ["会话默认渠道组", "会话数", "互动会话数", "活跃用户", "跳出率"],
}
DAY, TOTAL = {"en": "Date", "zh": "日期"}, {"en": "Grand total", "zh": "总计"}


def truth(seed=59) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for day in range(1, 32):
        for channel in ("Organic Search", "Paid Search", "Direct"):
            sessions = pick.randrange(10, 900)
            rows.append({"day": dt.date(2026, 1, day), "channel": channel, "sessions": sessions,
                         "engaged": pick.randrange(1, sessions), "users": sessions - 3})  # fmt: skip
    return pd.DataFrame(rows)


def file(variant, frame, *, days=True, wrong=0, without=()) -> bytes:
    header = ([DAY[variant]] if days else []) + HEADERS[variant]
    rows = [([f"{one.day:%Y%m%d}"] if days else []) + [one.channel, one.sessions, one.engaged, one.users,
             f"{1 - Decimal(one.engaged) / one.sessions:.9f}"] for one in frame.itertuples()]  # fmt: skip
    total = ([""] if days else []) + [
        "",
        frame.sessions.sum() + wrong,
        frame.engaged.sum(),
        999,
        "0.27",
        TOTAL[variant],
    ]
    keep = [n for n, name in enumerate(header) if name not in without]
    rows = [[cells[n] for n in keep] for cells in rows]
    total = [total[n] for n in keep] + [total[-1]]
    return delimited([total, *rows], header=[header[n] for n in keep], before=BEFORE)


@pytest.mark.parametrize("days", [True, False], ids=["by-day", "range"])
@pytest.mark.parametrize("variant", HEADERS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant, days):
    frame = truth()
    document = submit(
        tmp_path, "free-form-1.csv", file(variant, frame, days=days), "2026-01", department="marketing"
    )
    assert (
        document["profile"] == ("ga4-export-by-day" if days else "ga4-export")
        and document["findings_total"] == 0
    )
    assert figures(document, "2026-01", ["MKT_SESS", "MKT_ENGSESS"]) == expected(
        MKT_SESS=frame.sessions.sum(), MKT_ENGSESS=frame.engaged.sum()
    )


def test_without_engaged_sessions_they_follow_from_the_bounce_rate(tmp_path):
    frame = truth()
    content = file("en", frame, without=("Engaged sessions",))
    outcome = checked(tmp_path, "f.csv", content, "ga4-export-by-day", period=JANUARY)
    assert outcome.totals["MKT_ENGSESS"] == int(frame.engaged.sum())


def test_a_grand_total_that_is_not_the_sum_is_told_at_its_row(tmp_path):
    outcome = checked(tmp_path, "f.csv", file("en", truth(), wrong=5), "ga4-export-by-day", period=JANUARY)
    assert [(row, column) for _, row, column, _ in told(outcome, "TOTAL_DIFFERS")] == [(9, "C")]


def test_a_longer_row_that_is_no_total_is_refused(tmp_path):
    content = file("en", truth()) + b"20260101,Direct,5,4,3,0.2,extra\n"
    outcome = checked(tmp_path, "f.csv", content, "ga4-export-by-day", period=JANUARY)
    (one,) = [f for f in outcome.findings if f.code == "ROW_LENGTH"]
    assert (one.row, one.params) == (103, {"values": 7, "headers": 6})


def test_a_range_of_another_month_is_refused(tmp_path):
    february = (dt.date(2026, 2, 1), dt.date(2026, 3, 1))
    outcome = checked(tmp_path, "f.csv", file("en", truth(), days=False), "ga4-export", period=february)
    assert list(outcome.finding_counts) == ["RANGE_OUTSIDE"]


@pytest.mark.parametrize("variant", HEADERS)
def test_it_is_told_from_every_other_shipped_profile_and_a_bare_column_of_sessions_is_not_it(
    tmp_path, variant
):
    assert found_profile(tmp_path, "x.csv", file(variant, truth())) == "ga4-export-by-day"
    bare = delimited([["2026-01-01", 5]], header=["Date", "Sessions"])
    assert found_profile(tmp_path, "x.csv", bare) is None
