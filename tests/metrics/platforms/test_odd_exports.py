"""Exports as they come from abroad: decimal commas beside dots, 万, a currency that stands in the first row only."""

import datetime as dt
from decimal import Decimal

import pytest
import xlsxwriter

from metrics.intake import Profile, check

EBAY = "Sales Record Number,Order Number,Item Number,Quantity,Sold For,Shipping And Handling,Total Price"
EBAY += ",Sale Date,Paid On Date"
OCTOBER = (dt.date(2026, 10, 1), dt.date(2026, 11, 1))


def outcome(tmp_path, profile: str, name: str, content: bytes | None = None, **settings):
    path = tmp_path / "upload"
    if content is not None:
        path.write_bytes(content)
    return check(path, name, Profile.load(profile), period=OCTOBER, settings=settings)


SETTLEMENT = "settlement-id settlement-end-date total-amount currency transaction-type order-id amount-type"
SETTLEMENT += " amount-description amount posted-date sku quantity-purchased"


def test_a_settlement_whose_currency_stands_in_its_summary_row_only(tmp_path):
    rows = [
        SETTLEMENT.split(),
        ["17", "19.10.2026", "1.012,20", "EUR", *[""] * 8],
        ["17", "", "", "", "Order", "302-1", "ItemPrice", "Principal", "1.250,00", "06.10.2026", "K-1", "2"],
        ["17", "", "", "", "Order", "302-1", "ItemFees", "Commission", "-187,50", "06.10.2026", "K-1", ""],
        ["17", "", "", "", "Refund", "302-2", "ItemPrice", "Principal", "-50,30", "07.10.2026", "K-1", ""],
    ]
    content = "\n".join("\t".join(row) for row in rows).encode()
    found = outcome(tmp_path, "amazon-settlement-v2", "17.txt", content)
    assert found.status == "accepted", found.findings
    assert found.totals["AMZS_TOTAL"] == found.totals["AMZS_DECLARED"] == Decimal("1012.2")
    assert set(found.facts["currency"]) - {""} == {"EUR"}


def test_ten_thousands_in_a_shop_s_export(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "upload"))
    sheet = book.add_worksheet("orders")
    header = [
        "Mã đơn hàng",
        "Ngày đặt hàng",
        "Trạng Thái Đơn Hàng",
        "Giá ưu đãi",
        "Số lượng",
        "Returned quantity",
    ]
    header += ["Tổng giá bán (sản phẩm)", "Tổng giá trị đơn hàng (VND)", "Phí vận chuyển mà người mua trả"]
    sheet.write_row(0, 0, header)
    sheet.write_row(
        1, 0, ["23A", "2026-10-03 00:03", "Hoàn thành", "101000", "1", "0", "10.1万", "11.6万", "1.5万"]
    )
    book.close()
    found = outcome(tmp_path, "shopee-orders", "Order.all.20261001_20261031.xlsx")
    assert (found.totals["SAL_GROSS"], found.totals["SAL_SHIPREV"]) == (101_000, 15_000), found.findings


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("AU $3,000.00", 3000),
        ("EUR 90,00", 90),
        ("$43.00", 43),
        ("EUR 1.090,50", Decimal("1090.5")),
        ("EUR 12,5", 12.5),
    ],
)
def test_each_country_writes_its_own_decimal_mark_in_one_column_of_an_order_report(tmp_path, typed, expected):
    row = '{},12-{},55{},1,"{}",AU $0.00,,Oct-05-26,Oct-05-26'
    rows = [row.format(101, 1, 1, "AU $1,250.00"), row.format(102, 2, 2, typed)]
    content = "\n".join([EBAY, *rows, ""]).encode()
    found = outcome(tmp_path, "ebay-orders", "eBay-OrdersReport.csv", content)
    assert found.totals.get("SAL_GROSS") == 1250 + Decimal(str(expected)), found.findings


def test_a_comma_that_may_part_thousands_is_asked_about_and_never_guessed(tmp_path):
    content = f'{EBAY}\n101,12-1,551,1,"AU $1,250",AU $0.00,,Oct-05-26,Oct-05-26\n'.encode()
    found = outcome(tmp_path, "ebay-orders", "eBay-OrdersReport.csv", content)
    assert "NUMBER_AMBIGUOUS" in found.finding_counts and not found.totals
