"""eBay order reports with summary lines and a footer; Wayfair orders with dates that stand for none."""

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
OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 11, 1))
EBAY = {
    "us": ["Sales Record Number", "Order Number", "Buyer Username", "Ship To Country", "Item Number", "Item Title", "Quantity",
           "Sold For", "Shipping And Handling", "Seller Collected Tax", "eBay Collected Tax", "Total Price", "Payment Method",
           "Sale Date", "Paid On Date"],
    "de": ["Verkaufsprotokollnummer", "Bestellnummer", "Nutzername des Käufers", "Lieferland", "Artikelnummer",
           "Angebotstitel", "Anzahl", "Verkauft für", "Verpackung und Versand", "Vom Verkäufer eingezogene Steuer",
           "Von eBay eingezogene Steuer", "Gesamtpreis", "Zahlungsmethode", "Verkauft am", "Zahlungsdatum"],
}  # fmt: skip
MONEY = {"us": lambda v: f"AU ${v:,.2f}", "de": lambda v: f"EUR {german(v)}"}
STAMP = {"us": lambda d: f"{d:%b-%d-%y}", "de": lambda d: f"{d.day}-Okt-{d:%y}"}
FOOTER = {"us": ["{},record(s) downloaded,", "Seller ID : lamps_and_more"],
          "de": ["{},Datensätze heruntergeladen,", "Verkäufer-ID : lamps_and_more"]}  # fmt: skip
CODES = ["SAL_GROSS", "SAL_SHIPREV", "SAL_TAX", "SAL_ORD", "SAL_UNITS"]


def truth(seed=37) -> list[dict]:
    pick = random.Random(seed)
    return [
        {"order": f"12-{n:05d}-99", "day": dt.date(2026, 10, pick.randrange(1, 32)), "paid": pick.random() < 0.9,
         "items": [(pick.randrange(1, 3), money(pick, 5, 1500)) for _ in range(pick.choice([1, 1, 1, 2, 3]))],
         "shipping": pick.choice([Decimal(0), Decimal("7.95")]), "tax": money(pick, 1, 9)}
        for n in range(50)
    ]  # fmt: skip


def ebay(variant, orders, *, wide=False) -> bytes:
    number, stamp, rows = MONEY[variant], STAMP[variant], []
    for record, one in enumerate(orders, 100):
        paid = stamp(one["day"]) if one["paid"] else ""
        goods = sum((n * price for n, price in one["items"]), Decimal(0))
        total = number(goods + one["shipping"] + one["tax"])
        head = [record, one["order"], "buyer1", "Australia"]
        tail = [
            number(one["shipping"]),
            number(Decimal(0)),
            number(one["tax"]),
            total,
            "Credit card",
            stamp(one["day"]),
            paid,
        ]
        if len(one["items"]) > 1:
            quantity = sum(n for n, _ in one["items"])
            rows.append([*head, "", "", quantity, number(goods), *tail])
        for place, (quantity, price) in enumerate(one["items"]):
            own = (
                [number(price), *tail]
                if len(one["items"]) == 1
                else [number(price), "", "", "", "", "", "", ""]
            )
            rows.append([record, one["order"], "buyer1", "Australia" if len(one["items"]) == 1 else "", f"29{record}{place}",
                         "Lamp, white", quantity, *own])  # fmt: skip
    width = len(EBAY[variant])
    blank = "," * (width - 1)
    after = [line.format(len(orders)) for line in FOOTER[variant]]
    after = [line + "," * (width - 1 - line.count(",")) for line in after] if wide else after
    padded = [[""] * width, *rows]
    return delimited(
        padded,
        header=EBAY[variant],
        quoted=True,
        before=[blank if wide else ""],
        after=["", *after],
        encoding="utf-8-sig",
    )


def computed(orders) -> dict:
    kept = pd.DataFrame([one for one in orders if one["paid"]])
    lines = [line for items in kept["items"] for line in items]
    return expected(
        SAL_GROSS=sum((n * price for n, price in lines), Decimal(0)), SAL_SHIPREV=exact(kept.shipping), SAL_TAX=exact(kept.tax),
        SAL_ORD=len(kept), SAL_UNITS=sum(n for n, _ in lines),
    )  # fmt: skip


@pytest.mark.parametrize("wide", [False, True], ids=["short-footer", "padded-footer"])
@pytest.mark.parametrize("variant", EBAY)
def test_readings_equal_what_pandas_adds_up(tmp_path, variant, wide):
    orders = truth()
    document = submit(
        tmp_path, "eBay-OrdersReport-Nov-01-2026.csv", ebay(variant, orders, wide=wide), "2026-10"
    )
    assert document["profile"] == "ebay-orders" and document["findings_total"] == 0
    assert document["rows_excluded"]["footer"] == 2
    assert figures(document, "2026-10", CODES) == computed(orders)


@pytest.mark.parametrize(("variant", "code"), [("us", "AUD"), ("de", "EUR")])
def test_the_currency_is_the_one_beside_the_price(tmp_path, variant, code):
    outcome = checked(tmp_path, "e.csv", ebay(variant, truth()), "ebay-orders", period=OCTOBER)
    assert set(outcome.facts.currency) == {code} and outcome.counts["stated"] == outcome.counts["computed"]


def test_a_damaged_price_is_named_by_the_row_of_the_file(tmp_path):
    lines = ebay("us", truth()).decode("utf-8-sig").split("\n")
    place = next(n for n, line in enumerate(lines) if '"AU $' in line)
    lines[place] = lines[place].replace('"AU $', '"AU $ x', 1)
    outcome = checked(tmp_path, "e.csv", "\n".join(lines).encode(), "ebay-orders", period=OCTOBER)
    (one,) = told(outcome, "NUMBER_FORMAT")
    assert one[1:3] == (place + 1, "H")


@pytest.mark.parametrize("variant", EBAY)
def test_ebay_is_told_from_every_other_shipped_profile(tmp_path, variant):
    assert found_profile(tmp_path, "x.csv", ebay(variant, truth())) == "ebay-orders"


WAYFAIR = (
    "Warehouse Name,Store Name,PO Number,PO Date,Must Ship By,Backorder Date,Order Status,Item Number,Item Name,Quantity,"
    "Wholesale Price,Ship Method,Carrier Name,Ship To Name,Ship To Country,PO Date & Time,Registered Timestamp"
).split(",")


def wayfair(frame, end="\r\n", encoding="utf-8-sig") -> bytes:
    rows = [["Main", "Wayfair", one.order, f"{one.day:%m/%d/%Y}", f"{one.day:%m/%d/%Y}", "01/01/1900", one.status, "LAMP1", "Lamp",
             one.quantity, one.price, "Ground", "UPS", "A. Customer", "United States", f"{one.day} 21:44:31.61321 +00:00", ""]
            for one in frame.itertuples()]  # fmt: skip
    return delimited(rows, header=WAYFAIR, end=end, encoding=encoding)


@pytest.mark.parametrize(("end", "encoding"), [("\r\n", "utf-8-sig"), ("\n", "utf-8")])
def test_wayfair_readings_equal_what_pandas_adds_up(tmp_path, end, encoding):
    pick = random.Random(43)
    frame = pd.DataFrame([{"order": f"CS{n // 2:08d}", "day": dt.date(2026, 10, 1 + n % 12), "quantity": pick.randrange(1, 5),
                           "status": pick.choice(["Shipped"] * 4 + ["Cancelled"]), "price": money(pick, 20, 400)} for n in range(60)])  # fmt: skip
    document = submit(tmp_path, "orders.csv", wayfair(frame, end, encoding), "2026-10")
    kept = frame[frame.status == "Shipped"]
    assert document["profile"] == "wayfair-orders" and document["findings_total"] == 0
    assert document["rows_excluded"] == {"cancelled": len(frame) - len(kept)}
    assert figures(document, "2026-10", ["SAL_GROSS", "SAL_ORD", "SAL_UNITS"]) == expected(
        SAL_GROSS=exact(kept.quantity * kept.price),
        SAL_ORD=kept.order.nunique(),
        SAL_UNITS=kept.quantity.sum(),
    )


def test_a_wayfair_order_without_a_date_is_named(tmp_path):
    frame = pd.DataFrame(
        [
            {
                "order": "CS1",
                "day": dt.date(1900, 1, 1),
                "quantity": 1,
                "status": "Shipped",
                "price": Decimal(5),
            }
        ]
    )
    outcome = checked(tmp_path, "w.csv", wayfair(frame), "wayfair-orders", period=OCTOBER)
    assert told(outcome, "REQUIRED") == [("", 2, "D", "")]
    assert found_profile(tmp_path, "w.csv", wayfair(frame)) == "wayfair-orders"


@pytest.mark.parametrize("given", ["dollars", "US", "$"])
def test_a_currency_that_is_no_code_is_refused_before_anything_is_read(tmp_path, given):
    frame = pd.DataFrame(
        [{"order": "CS1", "day": dt.date(2026, 10, 1), "quantity": 1, "status": "", "price": Decimal(5)}]
    )
    outcome = checked(
        tmp_path, "w.csv", wayfair(frame), "wayfair-orders", period=OCTOBER, settings={"currency": given}
    )
    assert outcome.status == "rejected" and list(outcome.finding_counts) == ["CURRENCY_INVALID"]
    outcome = checked(
        tmp_path, "w.csv", wayfair(frame), "wayfair-orders", period=OCTOBER, settings={"currency": "cad"}
    )
    assert set(outcome.facts.currency) == {"CAD"}
