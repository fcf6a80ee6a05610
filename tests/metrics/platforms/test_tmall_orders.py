"""Taobao and Tmall order exports: GB18030 or UTF-8, headers with blanks, two forms of dates, amounts in 万."""

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
    money,
    submit,
    told,
)

pytestmark = pytest.mark.django_db
FEBRUARY = (dt.date(2026, 2, 1), dt.date(2026, 3, 1))
HEADER = ["订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"]
STAMP = {
    "gb18030": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "utf-8": lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M}",
}


def truth(seed=41) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for number in range(90):
        total, paid = money(pick, 10, 900), pick.random() < 0.8
        refund = pick.choice([Decimal(0)] * 3 + [total]) if paid else Decimal(0)
        at = dt.datetime(2026, 2, pick.randrange(1, 28), pick.randrange(24), pick.randrange(60))
        rows.append(
            {"order": f"{8_000_000_000 + number}", "total": total, "paid": paid, "refund": refund, "at": at}
        )
    return pd.DataFrame(rows)


def file(encoding, frame, *, end="\r\n") -> bytes:
    stamp = STAMP[encoding]
    rows = [
        [one.order, one.total, one.total - one.refund if one.paid else "0", "上海", stamp(one.at),
         stamp(one.at + dt.timedelta(minutes=3)) if one.paid else "", one.refund]
        for one in frame.itertuples()
    ]  # fmt: skip
    return delimited(rows, header=HEADER, end=end, encoding=encoding)


def computed(frame) -> dict:
    kept = frame[frame.paid]
    return expected(
        SAL_GROSS=exact(kept.total), SAL_REF=exact(kept.refund), SAL_NET=exact(kept.total) - exact(kept.refund), SAL_ORD=len(kept)
    )  # fmt: skip


@pytest.mark.parametrize("encoding", STAMP)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_readings_equal_what_pandas_adds_up(tmp_path, encoding, end):
    frame = truth()
    document = submit(tmp_path, "ExportOrderList.csv", file(encoding, frame, end=end), "2026-02")
    assert document["profile"] == "tmall-orders" and document["findings_total"] == 0
    assert figures(document, "2026-02", ["SAL_GROSS", "SAL_REF", "SAL_NET", "SAL_ORD"]) == computed(frame)
    assert document["rows_excluded"] == {"unpaid": int((~frame.paid).sum())}


def test_amounts_with_signs_and_in_ten_thousands_are_read_exactly(tmp_path):
    rows = [["1", "￥1.2万", "￥12,000", "北京", "2026-02-01 10:00:00", "2026-02-01 10:01:00", "0"],
            ["2", "0.05亿", "¥5000000.00", "北京", "2026-02-02 10:00:00", "2026-02-02 10:01:00", "1,000元"]]  # fmt: skip
    content = delimited(rows, header=HEADER, encoding="gb18030")
    outcome = checked(tmp_path, "t.csv", content, "tmall-orders", period=FEBRUARY)
    assert (outcome.totals["SAL_GROSS"], outcome.totals["SAL_REF"]) == (Decimal(5_012_000), Decimal(1000))


def test_what_buyers_paid_is_shown_beside_and_never_added_to_sales(tmp_path):
    frame = truth()
    outcome = checked(tmp_path, "t.csv", file("gb18030", frame), "tmall-orders", period=FEBRUARY)
    kept = frame[frame.paid]
    assert outcome.counts["paid_by_buyers"] == exact(kept.total) - exact(kept.refund)


def test_an_order_that_stands_twice_and_an_identifier_that_excel_rounded_are_named(tmp_path):
    frame = truth()
    frame.loc[7, "order"] = frame.order[3]
    frame.loc[9, "order"] = "8.00E+09"
    outcome = checked(tmp_path, "t.csv", file("gb18030", frame), "tmall-orders", period=FEBRUARY)
    assert told(outcome, "ID_PRECISION_LOST") == [("", 11, "A", "8.00E+09")]
    (twice,) = [one for one in outcome.findings if one.code == "KEY_DUPLICATE"]
    assert (twice.row, twice.params["first"]) == (9, 5)
    assert "第 9 行" in text(twice, "zh")[0]


@pytest.mark.parametrize("encoding", STAMP)
def test_it_is_told_from_every_other_shipped_profile(tmp_path, encoding):
    assert found_profile(tmp_path, "订单.csv", file(encoding, truth())) == "tmall-orders"
