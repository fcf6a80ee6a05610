"""Amazon settlement V1: a line that sums up, one amount column per kind, settlements that run over a month's end."""

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
JUNE = (dt.date(2026, 6, 1), dt.date(2026, 7, 1))
HEADER = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id "
    "merchant-order-id adjustment-id shipment-id marketplace-name shipment-fee-type shipment-fee-amount order-fee-type "
    "order-fee-amount fulfillment-id posted-date order-item-code merchant-order-item-id merchant-adjustment-item-id sku "
    "quantity-purchased price-type price-amount item-related-fee-type item-related-fee-amount misc-fee-amount "
    "other-fee-amount other-fee-reason-description promotion-id promotion-type promotion-amount direct-payment-type "
    "direct-payment-amount other-amount"
).split()
CODES = [
    "SAL_GROSS",
    "SAL_DISC",
    "SAL_REF",
    "SAL_SHIPREV",
    "SAL_TAX",
    "SAL_ORD",
    "SAL_UNITS",
    "SAL_PLATFEE",
    "MKT_SPEND_AD",
]


def truth(settlement, first: dt.date, days=14, seed=5) -> list[dict]:
    """Lines of one settlement, each with one amount: kind, day, order, amount, units."""
    pick = random.Random(seed)
    lines = []
    for number in range(40):
        at = dt.datetime.combine(first + dt.timedelta(days=pick.randrange(days)), dt.time(22, 7, 19))
        order, is_refund = f"114-{settlement}-{number:05d}", pick.random() < 0.2
        sign, common = (
            (-1 if is_refund else 1),
            {"at": at, "order": order, "transaction": "Refund" if is_refund else "Order"},
        )
        units = 0 if is_refund else pick.randrange(1, 4)
        lines.append(common | {"kind": "Principal", "amount": sign * money(pick, 10, 90), "units": units})
        lines.append(common | {"kind": "Shipping", "amount": sign * Decimal("4.99"), "units": 0})
        lines.append(common | {"kind": "Tax", "amount": sign * money(pick, 1, 5), "units": 0})
        lines.append(common | {"kind": "Commission", "amount": -sign * money(pick, 1, 9), "units": 0})
        if not is_refund:
            lines.append(
                common | {"kind": "FBAPerUnitFulfillmentFee", "amount": -money(pick, 2, 6), "units": 0}
            )
            lines.append(common | {"kind": "Promotion", "amount": -Decimal("1.50"), "units": 0})
    at = dt.datetime.combine(first, dt.time(9, 0))
    lines.append(
        {
            "at": at,
            "order": "",
            "transaction": "ServiceFee",
            "kind": "Cost of Advertising",
            "amount": Decimal("-222.22"),
            "units": 0,
        }
    )
    lines.append(
        {
            "at": at,
            "order": "",
            "transaction": "Storage Fee",
            "kind": "other",
            "amount": Decimal("-33.33"),
            "units": 0,
        }
    )
    return [one | {"settlement": settlement, "first": first} for one in lines]


def file(lines, mark="dot", wrong=Decimal(0)) -> bytes:
    number = (lambda v: f"{v:.2f}") if mark == "dot" else german
    rows = []
    total = sum((one["amount"] for one in lines), Decimal(0)) + wrong
    stamp = f"{lines[0]['first']}T22:07:19+00:00"
    rows.append({"settlement-id": lines[0]["settlement"], "settlement-start-date": stamp, "settlement-end-date": stamp,
                 "deposit-date": stamp, "total-amount": number(total), "currency": "USD" if mark == "dot" else "EUR"})  # fmt: skip
    for one in lines:
        cells = {"settlement-id": one["settlement"], "transaction-type": one["transaction"], "order-id": one["order"],
                 "posted-date": f"{one['at']:%Y-%m-%dT%H:%M:%S}+00:00", "sku": "SKU-1"}  # fmt: skip
        amount = number(one["amount"])
        if one["kind"] in ("Principal", "Shipping", "Tax"):
            cells |= {"price-type": one["kind"], "price-amount": amount}
            cells |= {"quantity-purchased": one["units"]} if one["units"] else {}
        elif one["kind"] == "Promotion":
            cells |= {"promotion-type": "Principal", "promotion-amount": amount}
        elif one["kind"] == "other":
            cells |= {"other-amount": amount}
        else:
            cells |= {"item-related-fee-type": one["kind"], "item-related-fee-amount": amount}
        rows.append(cells)
    return delimited(
        [[one.get(name, "") for name in HEADER] for one in rows], header=HEADER, mark="\t", encoding="ascii"
    )


def computed(lines) -> dict:
    frame = pd.DataFrame(lines)
    june = frame[(frame["at"] >= "2026-06-01") & (frame["at"] < "2026-07-01")]
    sale, refund = june[june.transaction == "Order"], june[june.transaction == "Refund"]
    fees = june[june.kind.isin(["Commission", "FBAPerUnitFulfillmentFee", "other"])]
    return expected(
        SAL_GROSS=exact(sale[sale.kind == "Principal"].amount), SAL_DISC=-exact(sale[sale.kind == "Promotion"].amount),
        SAL_REF=-exact(refund[refund.kind == "Principal"].amount), SAL_SHIPREV=exact(june[june.kind == "Shipping"].amount),
        SAL_TAX=exact(june[june.kind == "Tax"].amount), SAL_ORD=sale.order.nunique(), SAL_UNITS=sale.units.sum(),
        SAL_PLATFEE=-exact(fees.amount), MKT_SPEND_AD=-exact(june[june.kind == "Cost of Advertising"].amount),
    )  # fmt: skip


def zipped(**files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(f"{name}.txt", content)
    return out.getvalue()


@pytest.mark.parametrize("mark", ["dot", "comma"])
def test_readings_equal_what_pandas_adds_up(tmp_path, mark):
    lines = truth("11", dt.date(2026, 6, 3))
    document = submit(tmp_path, "12345678901.txt", file(lines, mark), "2026-06")
    assert document["profile"] == "amazon-settlement-v1" and document["findings_total"] == 0
    assert document["rows_excluded"] == {"summary": 1}
    assert figures(document, "2026-06", CODES) == computed(lines)


def test_settlements_that_cross_the_month_are_handed_in_together_and_cut_at_its_ends(tmp_path):
    may, june, july = (
        truth(n, dt.date(2026, m, d), seed=m) for n, m, d in (("1", 5, 25), ("2", 6, 8), ("3", 6, 22))
    )
    content = zipped(a=file(may), b=file(june), c=file(july))
    document = submit(tmp_path, "june.zip", content, "2026-06")
    outside = [one for one in may + july if not dt.date(2026, 6, 1) <= one["at"].date() < dt.date(2026, 7, 1)]
    assert document["rows_excluded"] == {"summary": 3, "other_period": len(outside)} and outside
    assert figures(document, "2026-06", CODES) == computed(may + june + july)


def test_a_settlement_whose_lines_do_not_add_up_is_refused_with_the_difference(tmp_path):
    lines = truth("11", dt.date(2026, 6, 3))
    outcome = checked(
        tmp_path, "s.txt", file(lines, wrong=Decimal("0.05")), "amazon-settlement-v1", period=JUNE
    )
    assert (outcome.status, outcome.finding_counts) == (
        "rejected",
        {"CONTROL_BROKEN": 1},
    ) and outcome.findings[0].params["difference"] == "0.0500"


def test_the_same_settlement_twice_is_asked_about(tmp_path):
    content = file(truth("11", dt.date(2026, 6, 3)))
    outcome = checked(tmp_path, "s.zip", zipped(a=content, b=content), "amazon-settlement-v1", period=JUNE)
    assert list(outcome.finding_counts) == ["KEYS_SHARED"] and outcome.findings[0].params["same"] == 1


def test_a_file_of_another_month_and_a_line_without_its_day_are_refused(tmp_path):
    lines = truth("11", dt.date(2026, 6, 3))
    july = (dt.date(2026, 8, 1), dt.date(2026, 9, 1))
    outcome = checked(tmp_path, "s.txt", file(lines), "amazon-settlement-v1", period=july)
    assert list(outcome.finding_counts) == ["NO_ROWS_IN_PERIOD"]
    content = file(lines).replace(f"{lines[0]['at']:%Y-%m-%dT%H:%M:%S}+00:00".encode(), b"yesterday", 1)
    outcome = checked(tmp_path, "s.txt", content, "amazon-settlement-v1", period=JUNE)
    assert told(outcome, "DATE_INVALID") == [("", 3, "R", "yesterday")]


def test_it_is_told_from_every_other_shipped_profile(tmp_path):
    assert found_profile(tmp_path, "x.txt", file(truth("11", dt.date(2026, 6, 3)))) == "amazon-settlement-v1"
