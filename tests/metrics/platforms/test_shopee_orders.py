"""Shopee order exports: every cell a text, headers in decomposed Unicode, amounts of the order on every line."""

import datetime as dt
import random
import unicodedata
from decimal import Decimal

import pandas as pd
import pytest

from tests.metrics.platforms.handing import (
    checked,
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
JANUARY = (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
COLUMNS = {
    "vi": {"order": "Mã đơn hàng", "status": "Trạng Thái Đơn Hàng", "at": "Ngày đặt hàng", "price": "Giá ưu đãi",
           "quantity": "Số lượng", "returned": "Số lượng sản phẩm được hoàn trả", "line": "Tổng giá bán (sản phẩm)",
           "total": "Tổng giá trị đơn hàng (VND)", "voucher": "Mã giảm giá của Shop",
           "freight": "Phí vận chuyển mà người mua trả", "fixed": "Phí cố định", "service": "Phí Dịch Vụ",
           "payment": "Phí thanh toán"},
    "en": {"order": "Order ID", "status": "Order Status", "at": "Order Creation Date", "price": "Deal Price",
           "quantity": "Quantity", "returned": "Returned quantity", "line": "Product Subtotal", "total": "Grand Total",
           "voucher": "Seller Voucher", "freight": "Buyer Paid Shipping Fee", "fixed": "Commission Fee",
           "service": "Service Fee", "payment": "Transaction Fee"},
}  # fmt: skip
STATUS = {"vi": ("Hoàn thành", "Đã hủy", "Chờ thanh toán"), "en": ("Completed", "Cancelled", "Unpaid")}
SET = {"vi": [], "en": ["--set=currency=MYR"]}
CODES = ["SAL_GROSS", "SAL_DISC", "SAL_REF", "SAL_SHIPREV", "SAL_ORD", "SAL_UNITS", "SAL_PLATFEE"]


def truth(seed=23) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for number in range(70):
        status = pick.choices((0, 1, 2), weights=(8, 2, 1))[0]
        order = {"order": f"2301{number:04d}ABC", "status": status, "voucher": pick.choice([Decimal(0), Decimal(5000)]),
                 "freight": money(pick, 100, 300), "fixed": money(pick, 40, 90), "service": money(pick, 10, 50),
                 "payment": money(pick, 10, 30), "total": money(pick, 900, 9000),
                 "at": dt.datetime(2026, 1, pick.randrange(1, 32), pick.randrange(24), 3)}  # fmt: skip
        for line in range(pick.randrange(1, 4)):
            quantity, price = pick.randrange(1, 4), money(pick, 1000, 9000)
            returned = quantity if status == 0 and pick.random() < 0.1 else 0
            rows.append(
                order
                | {
                    "line_no": line,
                    "quantity": quantity,
                    "price": price,
                    "line": price * quantity,
                    "returned": returned,
                }
            )
    return pd.DataFrame(rows)


def file(variant, frame, *, form="NFD") -> bytes:
    names = list(COLUMNS[variant])
    header = [unicodedata.normalize(form, COLUMNS[variant][name]) for name in names] + ["Tên sản phẩm"]
    rows = [
        [_text(variant, name, one[name]) for name in names] + ["Đèn bàn"] for one in frame.to_dict("records")
    ]
    return workbook({"orders": [header, *rows]})


def _text(variant, name, value) -> str:
    if name == "status":
        return STATUS[variant][value]
    return (
        f"{value:%Y-%m-%d %H:%M}"
        if name == "at"
        else f"{value:.2f}"
        if isinstance(value, Decimal)
        else str(value)
    )


def computed(frame) -> dict:
    kept = frame[frame.status == 0]
    first = kept.drop_duplicates("order")
    return expected(
        SAL_GROSS=exact(kept.line), SAL_DISC=exact(first.voucher), SAL_REF=exact(kept.returned * kept.price),
        SAL_SHIPREV=exact(first.freight), SAL_ORD=len(first), SAL_UNITS=kept.quantity.sum(),
        SAL_PLATFEE=exact(first.fixed) + exact(first.service) + exact(first.payment),
    )  # fmt: skip


@pytest.mark.parametrize("variant", COLUMNS)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant):
    frame = truth()
    name = "Order.all.20260101_20260131.xlsx"
    document = submit(tmp_path, name, file(variant, frame), "2026-01", *SET[variant])
    assert document["profile"] == "shopee-orders" and document["findings_total"] == 0
    assert figures(document, "2026-01", CODES) == computed(frame)
    assert document["rows_excluded"] == {
        "cancelled": int((frame.status == 1).sum()),
        "unpaid": int((frame.status == 2).sum()),
    }


def test_the_currency_stands_in_a_header_and_is_asked_for_where_none_does(tmp_path):
    outcome = checked(tmp_path, "o.xlsx", file("vi", truth()), "shopee-orders", period=JANUARY)
    assert set(outcome.facts.currency) == {"VND"}
    outcome = checked(tmp_path, "o.xlsx", file("en", truth()), "shopee-orders", period=JANUARY)
    assert list(outcome.finding_counts) == ["CURRENCY_MISSING"]


def test_amounts_of_one_order_that_differ_between_its_lines_are_listed(tmp_path):
    frame = truth()
    at = int(frame.index[(frame.line_no == 1) & (frame.status == 0)][0])
    frame.loc[at, "freight"] = Decimal("123.45")
    outcome = checked(tmp_path, "o.xlsx", file("vi", frame), "shopee-orders", period=JANUARY)
    assert told(outcome, "ORDER_VALUE_DIFFERS") == [("orders", at + 2, "J", "123.45")]
    assert outcome.findings[0].params["key"] == frame.order[at]


@pytest.mark.parametrize("variant", COLUMNS)
def test_it_is_told_from_every_other_shipped_profile(tmp_path, variant):
    assert found_profile(tmp_path, "export.xlsx", file(variant, truth())) == "shopee-orders"
