"""Amazon business reports in three languages and two shapes: exact figures, and mixed decimal marks are told apart."""

import datetime as dt
import random
from decimal import Decimal

import pandas as pd
import pytest

from metrics.intake import text
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
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
HEADERS = {
    "us": [
        "(Parent) ASIN", "(Child) ASIN", "Title", "SKU", "Sessions - Total", "Sessions - Total - B2B",
        "Page Views - Total", "Featured Offer (Buy Box) Percentage", "Units Ordered", "Units Ordered - B2B",
        "Unit Session Percentage", "Ordered Product Sales", "Ordered Product Sales - B2B", "Total Order Items",
    ],
    "de": [
        "(Übergeordnete) ASIN", "(Untergeordnete) ASIN", "Titel", "SKU", "Sitzungen – Summe", "Sitzungen – Summe – B2B",
        "Seitenaufrufe – Summe", "Prozentsatz der Featured Offer", "Bestellte Einheiten", "Bestellte Einheiten – B2B",
        "Prozentsatz Einheiten pro Sitzung", "Durch bestellte Produkte erzielter Umsatz",
        "Durch bestellte Produkte erzielter Umsatz – B2B", "Zahl der Bestellposten",
    ],
    "cn": [
        "（父）ASIN", "（子）ASIN", "标题", "SKU", "会话数 - 总计", "会话数 - 总计 - B2B", "页面浏览量 - 总计",
        "推荐报价（推荐报价展示位）百分比", "已订购商品数量", "已订购商品数量 - B2B", "商品会话百分比",
        "已订购商品销售额", "已订购商品销售额 - B2B", "订单商品总数",
    ],
}  # fmt: skip
MONEY = {"us": lambda v: f"${v:,.2f}", "de": lambda v: f"{german(v)}\u00a0€", "cn": lambda v: f"￥{v:,.2f}"}
NAMES = {
    "us": "BusinessReport-3-30-26.csv",
    "de": "BusinessReport-30.03.26.csv",
    "cn": "BusinessReport-3-31-26.csv",
}
CURRENCY = {"us": "USD", "de": "EUR", "cn": "JPY"}


def truth(seed=7) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for number in range(40):
        units = pick.randrange(0, 1800)
        rows.append(
            {"asin": f"B0{number:08d}", "sessions": pick.randrange(900, 30_000), "views": pick.randrange(1000, 60_000),
             "units": units, "sales": money(pick, 1, 9000) * (units > 0), "items": pick.randrange(0, 1500)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def file(variant: str, frame: pd.DataFrame) -> bytes:
    written = MONEY[variant]
    rows = [
        [f"P{one.asin}", one.asin, "Lamp, 40 cm", f"SKU-{one.asin[-3:]}", f"{one.sessions:,}", "12",
         f"{one.views:,}", "97.50%", f"{one.units:,}", "3", "16.40%", written(one.sales), written(Decimal("9.99")),
         f"{one.items:,}"]
        for one in frame.itertuples()
    ]  # fmt: skip
    return delimited(rows, header=HEADERS[variant], quoted=True, encoding="utf-8-sig")


@pytest.mark.parametrize("variant", HEADERS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant):
    frame = truth()
    document = submit(tmp_path, NAMES[variant], file(variant, frame), "2026-03")
    assert document["profile"] == "amazon-business-report"
    assert figures(document, "2026-03", ["SAL_GROSS", "SAL_GMV", "SAL_UNITS", "MKT_SESS"]) == expected(
        SAL_GROSS=exact(frame.sales),
        SAL_GMV=exact(frame.sales),
        SAL_UNITS=frame.units.sum(),
        MKT_SESS=frame.sessions.sum(),
    )


@pytest.mark.parametrize("variant", HEADERS)
def test_the_currency_is_that_of_the_sign_and_a_shared_sign_is_told(tmp_path, variant):
    outcome = checked(
        tmp_path, NAMES[variant], file(variant, truth()), "amazon-business-report", period=MARCH
    )
    assert set(outcome.facts["currency"]) == {CURRENCY[variant]}
    assert outcome.finding_counts == ({} if variant == "de" else {"CURRENCY_ASSUMED": 1})
    pounds = checked(
        tmp_path, NAMES[variant], file(variant, truth()), "amazon-business-report", period=MARCH,
        settings={"currency": "CAD"},
    )  # fmt: skip
    assert (
        set(pounds.facts["currency"]) == {"EUR" if variant == "de" else "CAD"} and pounds.finding_counts == {}
    )


def test_european_sales_are_freed_of_vat_when_the_rate_is_set(tmp_path):
    frame = pd.DataFrame(
        [{"asin": "B1", "sessions": 10, "views": 1, "units": 1, "sales": Decimal("8575.10"), "items": 1}]
    )
    outcome = checked(
        tmp_path,
        NAMES["de"],
        file("de", frame),
        "amazon-business-report",
        period=MARCH,
        settings={"vat": "19"},
    )
    assert outcome.totals["SAL_GROSS"].quantize(Decimal("0.01")) == Decimal("7205.97")
    assert outcome.counts["sales_as_stated"] == Decimal("8575.10")


def test_order_items_are_counted_beside_but_are_no_orders(tmp_path):
    frame = truth()
    outcome = checked(tmp_path, NAMES["us"], file("us", frame), "amazon-business-report", period=MARCH)
    assert outcome.counts["order_items"] == frame["items"].sum() and "SAL_ORD" not in outcome.totals


def test_a_file_older_than_the_period_and_a_period_of_two_months_are_refused(tmp_path):
    content = file("us", truth())
    late = (dt.date(2026, 5, 1), dt.date(2026, 6, 1))
    outcome = checked(tmp_path, NAMES["us"], content, "amazon-business-report", period=late)
    assert told(outcome, "FILE_OLDER_THAN_PERIOD") == [("", 0, "", NAMES["us"])]
    two = (dt.date(2026, 3, 1), dt.date(2026, 5, 1))
    outcome = checked(tmp_path, NAMES["us"], content, "amazon-business-report", period=two)
    assert list(outcome.finding_counts) == ["PERIOD_TOO_LONG"]


def test_a_damaged_cell_is_named_with_row_column_and_words(tmp_path):
    lines = file("de", truth()).decode("utf-8-sig").splitlines()
    lines[5] = lines[5].replace('€"', 'EURO?"', 1)
    outcome = checked(
        tmp_path, NAMES["de"], "\n".join(lines).encode(), "amazon-business-report", period=MARCH
    )
    (one,) = [f for f in outcome.findings if f.severity == "error" and f.column == "L"]
    assert (one.code, one.row, one.header) == (
        "NUMBER_FORMAT",
        6,
        "Durch bestellte Produkte erzielter Umsatz",
    )
    assert one.value in text(one, "en")[0] and one.value in text(one, "zh")[0]


BY_DATE = {
    "us": (["Date", "Ordered Product Sales", "Units Ordered", "Total Order Items", "Page Views - Total", "Sessions - Total"],
           lambda d: f"{d.month}/{d.day}/{d:%y}"),
    "de": (["Datum", "Durch bestellte Produkte erzielter Umsatz", "Bestellte Einheiten", "Zahl der Bestellposten",
            "Seitenaufrufe – Summe", "Sitzungen – Summe"], lambda d: f"{d:%d.%m.%y}"),
    "cn": (["日期", "已订购商品销售额", "已订购商品数量", "订单商品总数", "页面浏览量 - 总计", "会话数 - 总计"],
           lambda d: f"{d.year}/{d.month}/{d.day}"),
}  # fmt: skip


@pytest.mark.parametrize("variant", BY_DATE)
def test_the_report_by_date_gives_every_day(tmp_path, variant):
    pick = random.Random(11)
    header, written = BY_DATE[variant]
    days = pd.DataFrame(
        {"day": [dt.date(2026, 3, day) for day in range(1, 32)], "sales": [money(pick, 1, 20_000) for _ in range(31)],
         "units": [pick.randrange(1000, 5000) for _ in range(31)], "sessions": [pick.randrange(9000, 90_000) for _ in range(31)]}
    )  # fmt: skip
    rows = [
        [written(one.day), MONEY[variant](one.sales), f"{one.units:,}", "7", "1,234", f"{one.sessions:,}"]
        for one in days.itertuples()
    ]
    content = delimited(rows, header=header, quoted=True, encoding="utf-8-sig")
    document = submit(tmp_path, NAMES[variant], content, "2026-03")
    assert document["profile"] == "amazon-business-report-by-date"
    assert figures(document, "2026-03", ["SAL_GROSS", "MKT_SESS"]) == expected(
        SAL_GROSS=exact(days.sales), MKT_SESS=days.sessions.sum()
    )
    assert figures(document, "2026-03-09", ["SAL_GROSS", "SAL_UNITS"]) == expected(
        SAL_GROSS=days.sales[8], SAL_UNITS=days.units[8]
    )


@pytest.mark.parametrize("variant", HEADERS)
def test_it_is_told_from_every_other_shipped_profile_even_under_another_name(tmp_path, variant):
    assert found_profile(tmp_path, "export.csv", file(variant, truth())) == "amazon-business-report"
