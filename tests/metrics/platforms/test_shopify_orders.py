"""Shopify order exports: money on the first line of an order only, two stores with equal numbers, true overlaps."""

import datetime as dt
import io
import random
import zipfile
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
HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Billing Name,Shipping Country,Notes,Note Attributes,Cancelled at,"
    "Refunded Amount,Vendor,Id,Tags,Source"
).split(",")
MAY = (dt.date(2026, 5, 1), dt.date(2026, 6, 1))
CODES = ["SAL_GROSS", "SAL_DISC", "SAL_GMV", "SAL_REF", "SAL_SHIPREV", "SAL_TAX", "SAL_ORD", "SAL_UNITS"]


def orders(seed=3, first=1001, count=60) -> list[dict]:
    pick = random.Random(seed)
    found = []
    for number in range(count):
        lines = [(pick.randrange(1, 4), money(pick, 5, 80)) for _ in range(pick.randrange(1, 4))]
        gross = sum((n * price for n, price in lines), Decimal(0))
        discount = pick.choice([Decimal(0), Decimal("4.50"), Decimal("10")])
        discount = min(discount, gross)
        status = pick.choice(["paid"] * 6 + ["refunded", "partially_refunded", "pending", "voided"])
        refunded = {"refunded": gross - discount, "partially_refunded": Decimal("3.25")}.get(
            status, Decimal(0)
        )
        found.append(
            {"name": f"#{first + number}", "status": status, "day": dt.date(2026, 5, pick.randrange(1, 32)),
             "subtotal": gross - discount, "discount": discount, "shipping": pick.choice([Decimal(0), Decimal("5.90")]),
             "tax": money(pick, 1, 9), "refunded": refunded, "lines": lines, "country": pick.choice(["DE", "US"]),
             "cancelled": status == "voided", "currency": "EUR"}
        )  # fmt: skip
    return found


def file(listed) -> bytes:
    rows = []
    for one in listed:
        stamp = f"{one['day']} 23:38:49 +0200"
        paid = "" if one["status"] in ("pending", "voided") else stamp
        for number, (quantity, price) in enumerate(one["lines"]):
            first = number == 0
            cells = dict.fromkeys(HEADER, "")
            cells |= {"Name": one["name"], "Email": "a@example.com", "Created at": stamp, "Lineitem quantity": quantity,
                      "Lineitem name": "Lamp, white", "Lineitem price": price}  # fmt: skip
            if first:
                cells |= {
                    "Financial Status": one["status"], "Paid at": paid, "Currency": one["currency"],
                    "Subtotal": one["subtotal"], "Shipping": one["shipping"], "Taxes": one["tax"],
                    "Total": one["subtotal"] + one["shipping"] + one["tax"], "Discount Amount": one["discount"],
                    "Refunded Amount": one["refunded"], "Shipping Country": one["country"],
                    "Cancelled at": stamp if one["cancelled"] else "", "Notes": "leave at\r\nthe door",
                }  # fmt: skip
            rows.append([cells[name] for name in HEADER])
    return delimited(rows, header=HEADER)


def computed(listed) -> dict:
    frame = pd.DataFrame(listed)
    kept = frame[~frame.status.isin(["pending", "voided"]) & ~frame.cancelled]
    return expected(
        SAL_GROSS=exact(kept.subtotal) + exact(kept.discount), SAL_DISC=exact(kept.discount), SAL_GMV=exact(kept.subtotal),
        SAL_REF=exact(kept.refunded), SAL_SHIPREV=exact(kept.shipping), SAL_TAX=exact(kept.tax), SAL_ORD=len(kept),
        SAL_UNITS=sum(n for lines in kept.lines for n, _ in lines),
    )  # fmt: skip


def zipped(**files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(f"{name}.csv", content)
    return out.getvalue()


def test_readings_equal_what_pandas_adds_up(tmp_path):
    listed = orders()
    document = submit(tmp_path, "orders_export_1.csv", file(listed), "2026-05")
    assert document["profile"] == "shopify-orders" and document["findings_total"] == 0
    assert figures(document, "2026-05", CODES) == computed(listed)


def test_lines_below_the_first_take_status_and_country_from_it(tmp_path):
    listed = orders()
    document = submit(tmp_path, "orders_export_1.csv", file(listed), "2026-05")
    lost = sum(len(one["lines"]) for one in listed if one["status"] == "voided")
    unpaid = sum(len(one["lines"]) for one in listed if one["status"] == "pending")
    assert document["rows_excluded"] == {"cancelled": lost, "unpaid": unpaid}
    german = [one for one in listed if one["country"] == "DE" and one["status"] not in ("pending", "voided")]
    outcome = checked(tmp_path, "orders_export_1.csv", file(listed), "shopify-orders", period=MAY)
    units = outcome.facts[(outcome.facts.metric == "SAL_UNITS") & (outcome.facts.country == "DE")]
    assert units.value.sum() == sum(n for one in german for n, _ in one["lines"])


def test_equal_order_numbers_of_two_files_are_asked_about_with_evidence(tmp_path):
    ours, theirs = orders(3), orders(4)
    asked = submit(tmp_path, "orders_export.zip", zipped(a=file(ours), b=file(theirs)), "2026-05")
    assert asked["status"] == "rejected" and [one["code"] for one in asked["findings"]] == ["KEYS_SHARED"]
    assert (
        "share 60 keys (#1001, #1002, #1003); 0 of them have exactly the same rows"
        in asked["findings"][0]["message"]
    )
    stores = submit(
        tmp_path, "orders_export.zip", zipped(a=file(ours), b=file(theirs)), "2026-05", "--set=shared=stores"
    )
    assert figures(stores, "2026-05", CODES) == computed(ours + theirs)


def test_an_overlap_of_two_exports_is_left_out_when_it_is_called_one(tmp_path):
    listed = orders(5)
    content = zipped(a=file(listed[:40]), b=file(listed[25:]))
    asked = submit(tmp_path, "orders_export.zip", content, "2026-05")
    assert (
        "share 15 keys" in asked["findings"][0]["message"] and "15 of them" in asked["findings"][0]["message"]
    )
    same = submit(tmp_path, "orders_export.zip", content, "2026-05", "--set=shared=same")
    assert figures(same, "2026-05", CODES) == computed(listed)
    assert same["rows_excluded"]["overlap"] == sum(len(one["lines"]) for one in listed[25:40])


def test_a_changed_header_and_a_damaged_cell_are_named(tmp_path):
    lines = file(orders()).decode().split("\n")
    changed = "\n".join([lines[0].replace("Subtotal", "Sub total amount"), *lines[1:]]).encode()
    outcome = checked(tmp_path, "orders_export_1.csv", changed, "shopify-orders", period=MAY)
    (one,) = outcome.findings
    assert (one.code, one.row) == ("HEADER_REQUIRED", 1) and "Subtotal" in text(one, "zh")[0]
    damaged = file(orders()).replace(b",EUR,", b",EURO,", 1)
    outcome = checked(tmp_path, "orders_export_1.csv", damaged, "shopify-orders", period=MAY)
    assert told(outcome, "VALUE_UNKNOWN")[0] == ("", 2, "H", "EURO")


def test_it_is_told_from_every_other_shipped_profile(tmp_path):
    assert found_profile(tmp_path, "shop.csv", file(orders())) == "shopify-orders"
