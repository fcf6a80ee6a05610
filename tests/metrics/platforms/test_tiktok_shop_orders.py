"""TikTok Shop order exports: a row of descriptions, TABs behind cells, two orders of dates, repeated amounts."""

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
    money,
    submit,
    told,
    workbook,
)

pytestmark = pytest.mark.django_db
MAY = (dt.date(2026, 5, 1), dt.date(2026, 6, 1))
HEADER = (
    "Order ID,Order Status,Order Substatus,Cancelation/Return Type,Normal or Pre-order,SKU ID,Seller SKU,Product Name,"
    "Variation,Quantity,Sku Quantity of return,SKU Unit Original Price,SKU Subtotal Before Discount,SKU Platform Discount,"
    "SKU Seller Discount,SKU Subtotal After Discount,Shipping Fee After Discount,Taxes,Order Amount,Order Refund Amount,"
    "Created Time,Paid Time,Country"
).split(",")
DESCRIPTIONS = ["Platform unique order ID.", "Order main status."] + ["What it is."] * (len(HEADER) - 2)
STAMP = {"dmy": lambda t: f"{t:%d/%m/%Y %H:%M:%S}\t", "us": lambda t: f"{t:%m/%d/%Y %I:%M:%S %p}\t"}
STATUS = {"dmy": ("Completed", "Dibatalkan", "Belum dibayar"), "us": ("Shipped", "Canceled", "Unpaid")}
CODES = ["SAL_GROSS", "SAL_DISC", "SAL_GMV", "SAL_REF", "SAL_SHIPREV", "SAL_TAX", "SAL_ORD", "SAL_UNITS"]


def truth(seed=31) -> pd.DataFrame:
    pick = random.Random(seed)
    rows = []
    for number in range(60):
        status = pick.choices((0, 1, 2), weights=(8, 2, 1))[0]
        order = {"order": f"5763{number:015d}", "status": status, "amount": money(pick, 20, 300),
                 "shipping": pick.choice([Decimal(0), Decimal("3.99")]), "tax": money(pick, 1, 9),
                 "refund": pick.choice([Decimal(0)] * 4 + [Decimal("12.50")]),
                 "at": dt.datetime(2026, 5, pick.randrange(1, 29), pick.randrange(24), 5, 43)}  # fmt: skip
        for _ in range(pick.randrange(1, 4)):
            quantity, price = pick.randrange(1, 4), money(pick, 5, 60)
            rows.append(order | {"quantity": quantity, "price": price, "before": price * quantity,
                                 "seller": pick.choice([Decimal(0), Decimal("2.50")])})  # fmt: skip
    return pd.DataFrame(rows)


def table(variant, frame) -> list[list[str]]:
    sign = "$" if variant == "us" else ""
    rows = []
    for one in frame.to_dict("records"):
        cells = dict.fromkeys(HEADER, "") | {
            "Order ID": f"{one['order']}\t", "Order Status": STATUS[variant][one["status"]], "SKU ID": "17293000\t",
            "Product Name": "Lamp, white", "Quantity": str(one["quantity"]),
            "SKU Subtotal Before Discount": f"{sign}{one['before']}", "SKU Seller Discount": f"{sign}{one['seller']}",
            "SKU Subtotal After Discount": f"{sign}{one['before'] - one['seller']}", "Taxes": f"{sign}{one['tax']}",
            "Shipping Fee After Discount": f"{sign}{one['shipping']}", "Order Amount": f"{sign}{one['amount']}",
            "Order Refund Amount": f"{sign}{one['refund']}", "Created Time": STAMP[variant](one["at"]), "Country": "Malaysia",
        }  # fmt: skip
        rows.append([cells[name] for name in HEADER])
    return [DESCRIPTIONS, *rows]


def file(variant, frame, kind="csv") -> bytes:
    if kind == "xlsx":
        return workbook({"OrderSKUList": [HEADER, *table(variant, frame)]})
    return delimited(table(variant, frame), header=HEADER, quoted=True, encoding="utf-8-sig")


def computed(frame) -> dict:
    kept = frame[frame.status == 0]
    first = kept.drop_duplicates("order")
    return expected(
        SAL_GROSS=exact(kept.before), SAL_DISC=exact(kept.seller), SAL_GMV=exact(kept.before) - exact(kept.seller),
        SAL_REF=exact(first.refund), SAL_SHIPREV=exact(first.shipping), SAL_TAX=exact(first.tax), SAL_ORD=len(first),
        SAL_UNITS=kept.quantity.sum(),
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("variant", STAMP)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant, kind):
    frame = truth()
    more = [] if variant == "us" else ["--set=currency=MYR"]
    document = submit(tmp_path, f"All order-2026-06-01.{kind}", file(variant, frame, kind), "2026-05", *more)
    assert document["profile"] == "tiktok-shop-orders"
    assert figures(document, "2026-05", CODES) == computed(frame)
    left_out = {
        "description": 1,
        "cancelled": int((frame.status == 1).sum()),
        "unpaid": int((frame.status == 2).sum()),
    }
    assert document["rows_excluded"] == left_out and document["rows_read"] == len(frame) + 1


@pytest.mark.parametrize("variant", STAMP)
def test_the_day_is_read_in_the_order_of_its_clock(tmp_path, variant):
    frame = truth()
    outcome = checked(
        tmp_path,
        "a.csv",
        file(variant, frame),
        "tiktok-shop-orders",
        period=MAY,
        settings={"currency": "USD"},
    )
    units = outcome.facts[outcome.facts.metric == "SAL_UNITS"].groupby("day").value.sum()
    kept = frame[frame.status == 0]
    assert dict(units) == dict(kept.groupby(kept["at"].dt.date).quantity.sum())


def test_without_a_currency_in_file_or_setting_it_is_asked_for(tmp_path):
    outcome = checked(tmp_path, "a.csv", file("dmy", truth()), "tiktok-shop-orders", period=MAY)
    assert outcome.status == "rejected" and list(outcome.finding_counts) == ["CURRENCY_MISSING"]


def test_a_day_of_another_month_is_named_with_row_and_column(tmp_path):
    frame = truth()
    frame.loc[4, "at"] = dt.datetime(2026, 6, 3, 1, 2, 3)
    outcome = checked(
        tmp_path, "a.csv", file("dmy", frame), "tiktok-shop-orders", period=MAY, settings={"currency": "MYR"}
    )
    assert told(outcome, "PERIOD_MISMATCH") == [("", 7, "U", "03/06/2026 01:02:03\t")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_is_told_from_every_other_shipped_profile(tmp_path, kind):
    assert found_profile(tmp_path, f"x.{kind}", file("dmy", truth(), kind)) == "tiktok-shop-orders"
