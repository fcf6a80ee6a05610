"""Bad inputs B037–B055: encodings and the shape of text files."""

from decimal import Decimal

from tests.metrics.intake import packages
from tests.metrics.intake.case import GOOD, HEADERS, case, csv

ZH_HEADER = "月份,平台,区域,销售额,备注"
ZH_ROWS = ("2026-03,Amazon,EU,100.50,德国站新品上架", "2026-03,eBay,EU,20,促销活动带动销售增长")
ZH_TEXT = "\n".join([ZH_HEADER, *ZH_ROWS]) + "\n"
TOTAL = {"SAL_GROSS": Decimal("100.5000")}


def unreadable(id_, name, build, code, **more):
    return case(id_, name, build, code, "unreadable", **more)


def mixed():
    good = "\n".join([ZH_HEADER] + [f"2026-03,Amazon,EU,{i},德国站新品上架" for i in range(499)]) + "\n"
    return good.encode() + "2026-03,Amazon,NA,1,德国站新品上架\n".encode("gb18030")


def note(text, encoding):
    return csv(f"{GOOD},{text}", header=HEADERS + ",Note", encoding=encoding)


SHAPE_CASES = [
    case("B037", "utf-8-with-mark", b"\xef\xbb\xbf" + csv(GOOD), totals=TOTAL),
    case("B038", "gb18030", ZH_TEXT.encode("gb18030"), "ENCODING_GB18030", "warnings"),
    case(
        "B038",
        "gbk-one-word",
        csv(GOOD, header="月份,平台,区域,销售额", encoding="gbk"),
        "ENCODING_GB18030",
        "warnings",
    ),
    case(
        "B039",
        "utf-16-tabs",
        ("\ufeff" + ZH_TEXT.replace(",", "\t")).encode("utf-16-le"),
        file_name="table.txt",
    ),
    case(
        "B040",
        "big5",
        note("臺灣倉庫新品上架，銷售額較上月成長，請確認庫存與運費。", "big5"),
        "ENCODING_GUESSED",
        "warnings",
    ),
    case(
        "B040",
        "shift-jis",
        note("日本の倉庫から発送した商品の売上です。よろしくお願いします。", "shift_jis"),
        "ENCODING_GUESSED",
        "warnings",
    ),
    case(
        "B040",
        "windows-1252",
        note("Café à La Réunion, première étage".replace(",", ""), "cp1252"),
        "ENCODING_GUESSED",
        "warnings",
    ),
    unreadable(
        "B040",
        "undecidable",
        csv(GOOD, header=HEADERS + ",\xff\xfe\xfd\x81", encoding="latin-1"),
        "ENCODING_UNKNOWN",
    ),
    unreadable("B041", "utf-8-then-gbk", mixed, "ENCODING_MIXED", places=(("ENCODING_MIXED", 501, "A"),)),
    unreadable("B042", "nul", csv("2026-03,Amaz\0on,EU,1"), "NUL_BYTE", places=(("NUL_BYTE", 2, "B"),)),
    unreadable(
        "B043",
        "lone-surrogate",
        csv(GOOD) + b"2026-03,eBay,\xed\xa0\x80,1\n",
        "ENCODING_INVALID",
        places=(("ENCODING_INVALID", 3, "C"),),
    ),
    unreadable(
        "B043",
        "cesu-8",
        csv(GOOD) + b"2026-03,eBay,\xed\xa0\xbd\xed\xb8\x80,1\n",
        "ENCODING_INVALID",
        places=(("ENCODING_INVALID", 3, "C"),),
    ),
    case("B044", "sep-line", b"sep=;\n" + csv(GOOD).replace(b",", b";"), totals=TOTAL),
    case("B044", "sep-line-pipe", b"sep=|\r\n" + csv(GOOD, end="\r\n").replace(b",", b"|"), totals=TOTAL),
    case(
        "B045",
        "decimal-comma",
        b"Month;Platform;Region;GMV\n2026-03;Amazon;EU;1.234,56\n2026-03;eBay;EU;7,5\n",
        totals={"SAL_GROSS": Decimal("1242.06")},
    ),
    case(
        "B045",
        "ambiguous",
        b"Month;Platform;Region;GMV\n2026-03;Amazon;EU;1.234\n2026-03;eBay;EU;2.500\n",
        "NUMBER_AMBIGUOUS",
        places=(("NUMBER_AMBIGUOUS", 2, "D"), ("NUMBER_AMBIGUOUS", 3, "D")),
    ),
    unreadable(
        "B046",
        "quote-open",
        csv('2026-03,"Amazon,EU,1', *[GOOD] * 200),
        "QUOTE_OPEN",
        places=(("QUOTE_OPEN", 2, "B"),),
    ),
    unreadable(
        "B046",
        "quote-open-closed-by-the-next",
        csv('2026-03,"Amazon,EU,1', '2026-03,"eBay",EU,2'),
        "QUOTE_BROKEN",
        places=(("QUOTE_BROKEN", 2, "B"),),
    ),
    case(
        "B047",
        "too-many-values",
        csv(*[f"2026-03,Amazon,EU,{i}" for i in range(1)], "2026-03,eBay,EU,2,3", "2026-03,eBay,JP,2"),
        "ROW_LENGTH",
        places=(("ROW_LENGTH", 3, ""),),
    ),
    case(
        "B048",
        "too-few-values",
        csv(GOOD, "", "2026-03,eBay,EU", "2026-03,eBay,JP,x"),
        "ROW_LENGTH NUMBER_FORMAT",
        places=(("ROW_LENGTH", 4, ""), ("NUMBER_FORMAT", 5, "D")),
    ),
    case(
        "B049",
        "line-break-in-quotes",
        csv(GOOD + ',"two\nlines"', "2026-03,eBay,EU,x,", header=HEADERS + ",Note"),
        "NUMBER_FORMAT",
        places=(("NUMBER_FORMAT", 3, "D"),),
    ),
    case("B050", "cr-only", csv(GOOD, end="\r"), totals=TOTAL),
    case(
        "B050",
        "mixed-line-ends",
        csv(GOOD) + b"2026-03,eBay,EU,1\r\n2026-03,eBay,JP,1\r",
        totals={"SAL_GROSS": Decimal("102.5")},
    ),
    case(
        "B051",
        "header-twice",
        "月份,销售额,平台,销售额,区域\n2026-03,1,Amazon,2,EU\n".encode(),
        "HEADER_DUPLICATE",
        places=(("HEADER_DUPLICATE", 1, "D"),),
    ),
    case(
        "B052",
        "header-variants",
        csv(GOOD, header="month,PLATFORM , Region,ＧＭＶ "),
        "HEADER_VARIANT",
        "warnings",
        totals=TOTAL,
    ),
    case("B053", "no-header", csv(GOOD, header="2026-03,eBay,EU,5"), "HEADER_MISSING"),
    case(
        "B054",
        "unknown-and-missing",
        csv(GOOD, header="Month,Platfrom,Region,Amount"),
        "HEADER_UNKNOWN HEADER_REQUIRED",
        places=(("HEADER_UNKNOWN", 1, "B"), ("HEADER_UNKNOWN", 1, "D")),
    ),
    case("B055", "only-header", csv(), "NO_ROWS"),
    case("B055", "only-blank-lines", b"\n\r\n  \n,,,\n", "NO_ROWS"),
    case("B055", "header-and-blank-lines", csv("", ",,,", ""), "NO_ROWS"),
    case("B055", "total-row", csv(GOOD, "合计,,,100.50"), "TOTAL_ROW", "warnings", totals=TOTAL),
    case(
        "B055",
        "total-row-differs",
        csv(GOOD, "合计,,,99"),
        "TOTAL_ROW TOTAL_DIFFERS",
        "warnings",
        totals=TOTAL,
    ),
    case("B055", "title-above-header", csv(GOOD, header="三月销售月报,,,\n,,,\n" + HEADERS), totals=TOTAL),
    case(
        "B055",
        "title-above-header-xlsx",
        lambda: packages.workbook(
            [["三月销售月报"], [], HEADERS.split(","), ["2026-03", "Amazon", "EU", "x"]]
        ),
        "NUMBER_FORMAT",
        file_name="table.xlsx",
        places=(("NUMBER_FORMAT", 4, "D"),),
    ),
]
