"""FBA inventory without a day in the file, and FBA returns."""

import datetime as dt
import random

import pandas as pd
import pytest

from metrics.intake import text
from tests.metrics.figures import dictionary_of_today
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
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
STOCK = (
    "sku,fnsku,asin,product-name,condition,your-price,mfn-listing-exists,mfn-fulfillable-quantity,afn-listing-exists,"
    "afn-warehouse-quantity,afn-fulfillable-quantity,afn-unsellable-quantity,afn-reserved-quantity,afn-total-quantity,"
    "per-unit-volume,afn-inbound-working-quantity,afn-inbound-shipped-quantity,afn-inbound-receiving-quantity"
).split(",")
RETURNS = (
    "return-date,order-id,sku,asin,fnsku,product-name,quantity,fulfillment-center-id,detailed-disposition,reason,status,"
    "license-plate-number,customer-comments"
).split(",")


def stock(seed=19) -> pd.DataFrame:
    pick = random.Random(seed)
    return pd.DataFrame([{"sku": f"SKU-{n:03d}", "good": pick.randrange(500), "bad": pick.randrange(9), "reserved": pick.randrange(40),
                          "coming": pick.randrange(99)} for n in range(80)])  # fmt: skip


def stock_file(frame) -> bytes:
    rows = [
        [one.sku, f"X{one.sku}", f"B0{one.sku}", "Lampe Café “Été”", "New", "19.90", "No", "", "Yes", one.good + one.bad,
         one.good, one.bad, one.reserved, one.good + one.bad + one.reserved + one.coming, "0.01", 0, one.coming, ""]
        for one in frame.itertuples()
    ]  # fmt: skip
    return delimited(rows, header=STOCK, quoted=True, encoding="cp1252")


def test_stock_is_read_for_the_day_that_is_given(tmp_path):
    dictionary_of_today()  # it says that stocks count by their closing, which is kept at hand-in
    frame = stock()
    document = submit(
        tmp_path, "50012019.csv", stock_file(frame), "2026-03", "--set=snapshot=2026-03-31", department="SCM"
    )
    assert document["profile"] == "amazon-fba-inventory" and document["findings_total"] == 0
    total = (frame.good + frame.bad + frame.reserved + frame.coming).sum()
    assert figures(document, "2026-03", ["SC_INV_UNITS"]) == expected(SC_INV_UNITS=total)
    one_day = submit(tmp_path, "50012020.csv", stock_file(frame.head(9)), "2026-04-30", department="SCM")
    first = frame.head(9)
    total = (first.good + first.bad + first.reserved + first.coming).sum()
    assert figures(one_day, "2026-04-30", ["SC_INV_UNITS"]) == expected(SC_INV_UNITS=total)


def test_without_a_day_the_file_is_refused_in_words(tmp_path):
    outcome = checked(tmp_path, "i.csv", stock_file(stock()), "amazon-fba-inventory", period=MARCH)
    assert outcome.status == "rejected" and list(outcome.finding_counts) == ["DAY_NEEDED"]
    assert (
        "snapshot=2026-03-31" in text(outcome.findings[0], "en")[1]
        and "snapshot" in text(outcome.findings[0], "zh")[1]
    )
    other = checked(
        tmp_path,
        "i.csv",
        stock_file(stock()),
        "amazon-fba-inventory",
        period=MARCH,
        settings={"snapshot": "2026-04-02"},
    )
    assert list(other.finding_counts) == ["PERIOD_MISMATCH"]


def test_stock_by_status_is_shown_beside_and_a_fraction_is_named(tmp_path):
    frame, given = stock(), {"snapshot": "2026-03-31"}
    outcome = checked(
        tmp_path, "i.csv", stock_file(frame), "amazon-fba-inventory", period=MARCH, settings=given
    )
    shown = {name: outcome.counts[name] for name in ("sellable", "reserved", "unsellable", "in_transit")}
    assert shown == {"sellable": frame.good.sum(), "reserved": frame.reserved.sum(), "unsellable": frame.bad.sum(),
                     "in_transit": frame.coming.sum()}  # fmt: skip
    lines = stock_file(frame).decode("cp1252").split("\n")
    cells = lines[4].split('","')
    lines[4] = '","'.join([*cells[:10], "1.5", *cells[11:]])
    outcome = checked(
        tmp_path,
        "i.csv",
        "\n".join(lines).encode("cp1252"),
        "amazon-fba-inventory",
        period=MARCH,
        settings=given,
    )
    assert told(outcome, "NUMBER_PRECISION") == [("", 5, "K", "1.5")]


def test_returned_units_are_read_by_the_day_of_the_return(tmp_path):
    pick = random.Random(29)
    frame = pd.DataFrame([{"day": dt.date(2026, 3, pick.randrange(1, 32)), "units": pick.randrange(1, 3),
                           "reason": pick.choice(["DEFECTIVE", "UNWANTED_ITEM"])} for _ in range(60)])  # fmt: skip
    rows = [[f"{one.day}T07:14:25+00:00", f"302-{n:07d}", "SKU-1", "B01", "X01", "Lamp", one.units, "LEJ1", "SELLABLE",
             one.reason, "Unit returned to inventory", f"LPN{n}", "Très bien, merci"] for n, one in enumerate(frame.itertuples())]  # fmt: skip
    content = delimited(rows, header=RETURNS)
    document = submit(tmp_path, "returns.csv", content, "2026-03")
    assert document["profile"] == "amazon-fba-returns"
    assert figures(document, "2026-03", ["SAL_RET_UNITS"]) == expected(SAL_RET_UNITS=frame.units.sum())
    outcome = checked(tmp_path, "r.csv", content, "amazon-fba-returns", period=MARCH)
    found = outcome.facts.groupby("reason").value.sum()
    assert dict(found) == dict(frame.groupby("reason").units.sum())


def test_both_are_told_from_every_other_shipped_profile(tmp_path):
    assert found_profile(tmp_path, "x.csv", stock_file(stock())) == "amazon-fba-inventory"
    assert (
        found_profile(tmp_path, "y.csv", delimited([["2026-03-01"] + ["1"] * 12], header=RETURNS))
        == "amazon-fba-returns"
    )
