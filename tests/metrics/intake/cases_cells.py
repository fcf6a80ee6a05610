"""Bad inputs B056–B083: texts, identifiers, numbers, dates and formulas in cells."""

import datetime as dt
from decimal import Decimal

from tests.metrics.intake import packages
from tests.metrics.intake.case import GOOD, HEADERS, case, column, csv, gmv

XLSX = "table.xlsx"
MARCH = (dt.date(2026, 3, 1), dt.date(2026, 4, 1))
DAILY = "日期,平台店铺,国家,品类,商品销售总额,折扣,退款,运费收入,件数,币种"


def sheet(*rows, header=HEADERS, **how):
    return lambda: packages.workbook([header.split(","), *rows], **how)


def months(*values):
    """A file with these months, one row each, in different slices."""
    places = [(p, r) for r in ("EU", "NA", "JP", "CN") for p in ("Amazon", "eBay", "TikTok Shop")]
    return csv(*(f"{value},{places[i][0]},{places[i][1]},1" for i, value in enumerate(values)))


def daily(*days):
    return csv(*(f"{day},shop-{i},DE,Toys,10,1,,2,3,EUR" for i, day in enumerate(days)), header=DAILY)


def rows_at(code, letter, first, last):
    return tuple((code, row, letter) for row in range(first, last + 1))


def total(text):
    return {"SAL_GROSS": Decimal(text)}


ZERO_WIDTH = "\u200b"
CELL_CASES = [
    case("B056", "region-na", csv("2026-03,Amazon,NA,5"), totals=total("5")),
    case("B057", "leading-zeros", column("SKU", "00123")),
    case("B057", "19-digits-as-text", column("Order ID", "1234567890123456789")),
    case(
        "B057",
        "19-digits-as-number",
        sheet(["2026-03", "Amazon", "EU", 1.5, 1234567890123456789], header=HEADERS + ",Order ID"),
        "ID_PRECISION_LOST",
        file_name=XLSX,
        places=(("ID_PRECISION_LOST", 2, "E"),),
    ),
    case(
        "B058",
        "sku-became-date-csv",
        column("SKU", "4-Mar", "Mar-04", "3月4日"),
        "ID_LOOKS_LIKE_DATE",
        places=rows_at("ID_LOOKS_LIKE_DATE", "E", 2, 4),
    ),
    case(
        "B058",
        "sku-became-date-xlsx",
        sheet(["2026-03", "Amazon", "EU", 1.5, (' s="1"', "<v>46085</v>")], header=HEADERS + ",SKU"),
        "ID_LOOKS_LIKE_DATE",
        file_name=XLSX,
        places=(("ID_LOOKS_LIKE_DATE", 2, "E"),),
    ),
    case("B059", "exponent-id", column("Order ID", "1.12E+17"), "ID_PRECISION_LOST"),
    case("B060", "zero-width", csv(f"2026-03,Amazon,EU{ZERO_WIDTH},1"), "ZERO_WIDTH_REMOVED", "warnings"),
    case(
        "B060",
        "equal-after-cleaning",
        csv("2026-03,Amazon,EU,1", "2026-03,eBay,EU,1", f"2026-03,Amazon,EU{ZERO_WIDTH},1"),
        "ZERO_WIDTH_REMOVED KEY_DUPLICATE",
        places=(("KEY_DUPLICATE", 4, "A"),),
    ),
    case("B061", "right-to-left-mark", column("SKU", "A\u202eB"), "CHAR_FORBIDDEN"),
    case("B062", "full-width", csv("2026-03,Amazon,ＥＵ,1"), totals=total("1")),
    case(
        "B062", "cyrillic", csv("2026-03,Amazon,ЕU,1"), "VALUE_UNKNOWN", places=(("VALUE_UNKNOWN", 2, "C"),)
    ),
    case(
        "B063",
        "key-twice",
        csv(GOOD, "2026-03,eBay,EU,1", "2026-03,Amazon,EU,7"),
        "KEY_DUPLICATE",
        places=(("KEY_DUPLICATE", 4, "A"),),
    ),
    case(
        "B064",
        "unknown-platform",
        csv("2026-03,Amazn,EU,1"),
        "VALUE_UNKNOWN",
        places=(("VALUE_UNKNOWN", 2, "B"),),
    ),
    case(
        "B064",
        "unknown-currency",
        csv("2026-03-01,shop,DE,Toys,10,1,,2,3,EURO", header=DAILY),
        "VALUE_UNKNOWN",
        profile="sales-daily",
        places=(("VALUE_UNKNOWN", 2, "J"),),
    ),
    case("B065", "emoji", column("Note", "上新 👨‍👩‍👧 𝟘"), "ZERO_WIDTH_REMOVED", "warnings"),
    case("B065", "2000-characters", column("Note", "长" * 2000)),
    case("B065", "10000-characters", column("Note", "长" * 10_000), "TEXT_TOO_LONG"),
    case("B065", "combining-storm", column("Note", "Z" + "\u0301" * 200), "CHAR_FORBIDDEN"),
    case(
        "B066",
        "markup-and-code",
        column("Note", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "'; DROP TABLE x"),
    ),
    case(
        "B067", "grouped", gmv("1,234.56", "1'234.56", "1\u00a0234.56", "1 234.56"), totals=total("4938.24")
    ),
    case(
        "B067",
        "wrongly-grouped",
        gmv("12,34.5", "1 234,56", "1,5"),
        "NUMBER_FORMAT",
        places=rows_at("NUMBER_FORMAT", "D", 2, 4),
    ),
    case(
        "B068",
        "units-and-signs",
        gmv("12.5万", "3亿", "1.2k", "￥1,000", "USD 5", "5 EUR", "$7"),
        "NUMBER_UNIT",
        places=rows_at("NUMBER_UNIT", "D", 2, 8),
    ),
    case("B069", "percent", column("Return rate", "12%", "0.12", "3.5 %")),
    case(
        "B069",
        "percent-forgotten",
        column("Return rate", "12"),
        "OUT_OF_RANGE",
        places=(("OUT_OF_RANGE", 2, "E"),),
    ),
    case("B070", "accounting-and-minus", column("Change", '"(1,234)"', "−5", "-7")),
    case("B070", "trailing-minus", column("Change", "5-"), "NUMBER_FORMAT"),
    case("B071", "full-width-digits", gmv("１２３"), "NUMBER_FULLWIDTH", "warnings", totals=total("123")),
    case(
        "B071",
        "other-scripts",
        gmv("١٢٣", "१२३"),
        "NUMBER_FORMAT",
        places=rows_at("NUMBER_FORMAT", "D", 2, 3),
    ),
    case(
        "B072",
        "computer-notations",
        gmv("1_000", "0x10", "1e5", "1e400", "1e1000000"),
        "NUMBER_FORMAT",
        places=rows_at("NUMBER_FORMAT", "D", 2, 6),
    ),
    case(
        "B073",
        "not-numbers",
        gmv("NaN", "inf", "-Infinity", "sNaN"),
        "NUMBER_FORMAT",
        places=rows_at("NUMBER_FORMAT", "D", 2, 5),
    ),
    case("B074", "short-forms", gmv("-0", "+1", "1.", ".5"), totals=total("2.5")),
    case(
        "B075",
        "too-many-digits",
        gmv("12345678901234567890", "0.1234567891", "1" * 15),
        "NUMBER_PRECISION",
        places=rows_at("NUMBER_PRECISION", "D", 2, 4),
    ),
    case("B076", "negative", gmv("-1"), "OUT_OF_RANGE", places=(("OUT_OF_RANGE", 2, "D"),)),
    case("B076", "rate-130-percent", column("Return rate", "130%"), "OUT_OF_RANGE"),
    case("B077", "blank-is-missing", gmv("", "0"), "REQUIRED", places=(("REQUIRED", 2, "D"),)),
    case("B077", "words-for-missing", column("Change", "-", "无", "N/A", "0"), "VALUE_MISSING", "warnings"),
    case("B077", "word-in-required-cell", gmv("-"), "REQUIRED VALUE_MISSING"),
    case(
        "B078",
        "error-values-csv",
        gmv("#DIV/0!", "#REF!", "#N/A"),
        "EXCEL_ERROR",
        places=rows_at("EXCEL_ERROR", "D", 2, 4),
    ),
    case(
        "B078",
        "error-values-xlsx",
        sheet(
            ["2026-03", "Amazon", "EU", (' t="e"', "<f>1/0</f><v>#DIV/0!</v>")],
            ["2026-03", "eBay", "EU", 1.5],
        ),
        "EXCEL_ERROR",
        file_name=XLSX,
        places=(("EXCEL_ERROR", 2, "D"),),
    ),
    case(
        "B079",
        "formula-without-value",
        sheet(
            ["2026-03", "Amazon", "EU", ("", "<f>SUM(A1:A2)</f>")],
            ["2026-03", "eBay", "EU", ("", "<f>1+1</f><v></v>")],
        ),
        "FORMULA_NO_VALUE",
        file_name=XLSX,
        places=rows_at("FORMULA_NO_VALUE", "D", 2, 3),
    ),
    case(
        "B080",
        "other-workbook",
        sheet(
            ["2026-03", "Amazon", "EU", ("", "<f>[1]S!A1</f><v>8.5</v>")],
            extra={"xl/externalLinks/externalLink1.xml": f"{packages.XML}<externalLink/>"},
        ),
        "EXTERNAL_LINK",
        "warnings",
        XLSX,
        totals=total("8.5"),
    ),
    case(
        "B081",
        "day-or-month-first",
        daily("03/04/2026", "13/04/2026"),
        "DATE_AMBIGUOUS",
        profile="sales-daily",
        places=rows_at("DATE_AMBIGUOUS", "A", 2, 3),
    ),
    case(
        "B082",
        "no-such-days",
        daily("2026-02-30", "0000-01-01", "9999-01-01", "1899-12-31", "９999-01-01", "45992", "2026-3-4x"),
        "DATE_INVALID",
        profile="sales-daily",
        places=rows_at("DATE_INVALID", "A", 2, 8),
    ),
    case(
        "B082",
        "serial-in-date-column",
        sheet([46082, "shop", "DE", "Toys", 10, 1, None, 2, 3, "EUR"], header=DAILY),
        file_name=XLSX,
        profile="sales-daily",
        totals=total("10"),
        period=MARCH,
    ),
    case(
        "B082",
        "serial-60",
        sheet([60, "shop", "DE", "Toys", 10, 1, None, 2, 3, "EUR"], header=DAILY),
        "DATE_INVALID",
        file_name=XLSX,
        profile="sales-daily",
        places=(("DATE_INVALID", 2, "A"),),
    ),
    case(
        "B082",
        "days-from-1904",
        sheet([46082 - 1462, "shop", "DE", "Toys", 10, 1, None, 2, 3, "EUR"], header=DAILY, date1904=True),
        file_name=XLSX,
        profile="sales-daily",
        period=MARCH,
    ),
    case(
        "B082",
        "date-cells-from-1904",
        sheet(
            [(' s="1"', f"<v>{46082 - 1462}</v>"), "shop", "DE", "Toys", 10, 1, None, 2, 3, "EUR"],
            header=DAILY,
            date1904=True,
        ),
        file_name=XLSX,
        profile="sales-daily",
        period=MARCH,
    ),
    case(
        "B083",
        "other-months",
        months("2026-03", "2026-02", "2027-03", "2026年4月"),
        "PERIOD_MISMATCH",
        period=MARCH,
        places=rows_at("PERIOD_MISMATCH", "A", 3, 5),
    ),
    case(
        "B083",
        "chinese-month",
        months("2026年3月", "2026年03月份", "2026-3"),
        period=MARCH,
        totals=total("3"),
    ),
]
