"""Bad inputs B001–B034: containers, file kinds and file names."""

import bz2
import gzip
import lzma

from metrics.intake import Limits
from tests.metrics.intake import packages
from tests.metrics.intake.case import GOOD, HEADERS, case, csv

MIB = 1024 * 1024
HEADER_ROW = HEADERS.split(",")
GOOD_ROW = ["2026-03", "Amazon", "EU", 100.5]
XLSX = "table.xlsx"
ENTITY = '<?xml version="1.0"?><!DOCTYPE r [{}]><worksheet {}><sheetData/></worksheet>'
LAUGHS = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def good_workbook(**how):
    return packages.workbook([HEADER_ROW, GOOD_ROW], **how)


def with_part(name, content):
    return lambda: good_workbook(extra={name: content})


def corner_cell():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = f"{packages.XML}<worksheet {packages.NAMESPACE}><sheetData>{cells}</sheetData></worksheet>"
    return packages.workbook(sheet=sheet)


def xxe(part="xl/worksheets/sheet1.xml"):
    doctype = ENTITY.format('<!ENTITY x SYSTEM "file:///etc/passwd">', packages.NAMESPACE)
    return with_part(part, doctype)


def unreadable(id_, name, build, code, file_name=XLSX, **more):
    return case(id_, name, build, code, "unreadable", file_name, **more)


CONTAINER_CASES = [
    unreadable("B001", "empty-csv", b"", "FILE_EMPTY", "table.csv"),
    unreadable("B001", "empty-xlsx", b"", "FILE_EMPTY"),
    unreadable(
        "B002",
        "one-byte-too-many",
        lambda: csv(*[GOOD] * 60_000)[: MIB + 1],
        "FILE_TOO_LARGE",
        "table.csv",
        limits=Limits(text_bytes=MIB),
        http_status=413,
    ),
    unreadable(
        "B003", "bomb", lambda: packages.with_huge_sheet(b" " * MIB, 1024), "UNPACKED_TOO_LARGE", seconds=0.5
    ),
    unreadable(
        "B004",
        "empty-rows",
        lambda: packages.with_huge_sheet(b"<row/>" * 100_000, 1000),
        "UNPACKED_TOO_LARGE",
        seconds=0.5,
    ),
    unreadable(
        "B004",
        "empty-rows-below-the-unpacked-limit",
        lambda: packages.with_huge_sheet(b"<row/>" * 100_000, 50),
        "TOO_MANY_ROWS",
        seconds=0.5,
    ),
    unreadable("B005", "corner-cell", corner_cell, "CELL_OUT_OF_RANGE", seconds=0.5),
    unreadable(
        "B006",
        "many-parts",
        lambda: packages.raw_zip([(f"xl/p{i}.xml", b"", 0, 0) for i in range(60_000)]),
        "TOO_MANY_PARTS",
        seconds=0.5,
    ),
    case(
        "B007",
        "workbook-in-workbook",
        with_part("xl/embeddings/inner.xlsx", packages.workbook()),
        "EMBEDDED_IGNORED",
        "warnings",
        XLSX,
    ),
    unreadable(
        "B008",
        "size-is-a-lie",
        lambda: packages.with_huge_sheet(b" " * MIB, 1024, declared=1000),
        "ZIP_BROKEN",
        seconds=0.5,
    ),
    unreadable("B009", "overlapping-entries", packages.overlapping, "ZIP_BROKEN", seconds=0.5),
    unreadable(
        "B009",
        "overlapping-entries-beyond-the-limit",
        packages.overlapping,
        "UNPACKED_TOO_LARGE",
        limits=Limits(unpacked_bytes=64 * MIB),
    ),
    unreadable(
        "B010",
        "one-row-too-many-csv",
        lambda: csv(*[GOOD] * 51),
        "TOO_MANY_ROWS",
        "table.csv",
        limits=Limits(text_rows=50),
    ),
    unreadable(
        "B010",
        "one-row-too-many-xlsx",
        lambda: packages.workbook([HEADER_ROW] + [GOOD_ROW] * 51),
        "TOO_MANY_ROWS",
        limits=Limits(sheet_rows=50),
    ),
    unreadable(
        "B011", "201-columns-csv", lambda: csv(header=HEADERS + ",x" * 197), "TOO_MANY_COLUMNS", "table.csv"
    ),
    unreadable(
        "B011", "201-columns-xlsx", lambda: packages.workbook([HEADER_ROW + ["x"] * 197]), "TOO_MANY_COLUMNS"
    ),
    case(
        "B012",
        "long-cell",
        lambda: csv(GOOD + "," + "x" * 40_000, header=HEADERS + ",Note"),
        "CELL_TOO_LONG",
        places=(("CELL_TOO_LONG", 2, "E"),),
    ),
    unreadable("B013", "xxe-sheet", xxe(), "XML_DTD"),
    unreadable("B013", "xxe-workbook", xxe("xl/workbook.xml"), "XML_DTD"),
    unreadable(
        "B014",
        "laughs-shared-strings",
        with_part("xl/sharedStrings.xml", ENTITY.format(LAUGHS, "")),
        "XML_DTD",
    ),
    unreadable("B014", "laughs-styles", with_part("xl/styles.xml", ENTITY.format(LAUGHS, "")), "XML_DTD"),
    unreadable(
        "B014", "laughs-properties", with_part("docProps/core.xml", ENTITY.format(LAUGHS, "")), "XML_DTD"
    ),
    unreadable(
        "B015",
        "doctype-in-utf-16",
        with_part("xl/worksheets/sheet1.xml", ENTITY.format("", packages.NAMESPACE).encode("utf-16")),
        "XML_DTD",
    ),
    unreadable(
        "B015",
        "doctype-in-utf-7",
        with_part(
            "xl/worksheets/sheet1.xml",
            b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4-<worksheet/>',
        ),
        "XML_BROKEN",
    ),
    unreadable("B016", "truncated", lambda: good_workbook()[:-400], "NOT_XLSX"),
    unreadable("B017", "old-xls", OLE + b"\0" * 4096, "OLD_XLS", "table.xls", http_status=415),
    unreadable("B017", "old-xls-renamed", OLE + b"\0" * 4096, "OLD_XLS", http_status=415),
    unreadable("B018", "xlsm", good_workbook, "MACROS", "table.xlsm"),
    unreadable("B018", "macros-in-xlsx", with_part("xl/vbaProject.bin", b"\0" * 100), "MACROS"),
    unreadable("B019", "xlsb", b"PK\x03\x04rest", "TYPE_NOT_ACCEPTED", "table.xlsb", http_status=415),
    unreadable("B019", "ods", b"PK\x03\x04rest", "TYPE_NOT_ACCEPTED", "table.ods", http_status=415),
    unreadable("B019", "numbers", b"PK\x03\x04rest", "TYPE_NOT_ACCEPTED", "table.numbers", http_status=415),
    unreadable("B019", "et", b"PK\x03\x04rest", "TYPE_NOT_ACCEPTED", "table.et", http_status=415),
    unreadable(
        "B019",
        "ods-renamed",
        lambda: packages.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "TYPE_NOT_ACCEPTED",
        http_status=415,
    ),
    unreadable("B019", "gzip", lambda: gzip.compress(csv(GOOD)), "PACKED", "table.csv.gz", http_status=415),
    unreadable(
        "B019", "gzip-named-csv", lambda: gzip.compress(csv(GOOD)), "PACKED", "table.csv", http_status=415
    ),
    unreadable("B019", "gzip-named-xlsx", lambda: gzip.compress(good_workbook()), "PACKED", http_status=415),
    unreadable(
        "B019", "gzip-named-zip", lambda: gzip.compress(csv(GOOD)), "PACKED", "table.zip", http_status=415
    ),
    unreadable(
        "B019", "gzip-bomb", lambda: gzip.compress(bytes(64 * MIB)), "PACKED", "table.gz", http_status=415
    ),
    unreadable("B019", "bzip2", lambda: bz2.compress(csv(GOOD)), "PACKED", "table.csv.bz2", http_status=415),
    unreadable("B019", "xz", lambda: lzma.compress(csv(GOOD)), "PACKED", "table.csv.xz", http_status=415),
    unreadable("B019", "rar-named-csv", b"Rar!\x1a\x07\x01\x00", "PACKED", "table.csv", http_status=415),
    unreadable("B019", "7-zip-named-csv", b"7z\xbc\xaf\x27\x1c", "PACKED", "table.csv", http_status=415),
    unreadable("B019", "csv-named-gz", csv(GOOD), "TYPE_NOT_ACCEPTED", "table.csv.gz", http_status=415),
    unreadable("B020", "password", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
    unreadable("B021", "png-renamed", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "NOT_XLSX"),
    unreadable(
        "B022", "web-page-xls", b"<html><table><tr><td>1</td></tr></table></html>", "HTML_TABLE", "t.xls"
    ),
    unreadable("B022", "web-page-xlsx", b"\r\n<!DOCTYPE html><table></table>", "HTML_TABLE"),
    case(
        "B023",
        "web-page-named-csv",
        b"<html><script>alert(1)</script>\n<body>\n</html>\n",
        "HEADER_UNKNOWN HEADER_REQUIRED",
    ),
    unreadable("B024", "pdf-and-zip", lambda: b"%PDF-1.7\n" + good_workbook(), "NOT_XLSX"),
    unreadable("B025", "docx-renamed", lambda: good_workbook(main_type=DOCX), "NOT_XLSX"),
    unreadable("B026", "csv-named-xlsx", csv(GOOD), "TYPE_MISMATCH"),
    unreadable("B026", "xlsx-named-csv", good_workbook, "TYPE_MISMATCH", "table.csv"),
    case(
        "B027",
        "scanner-test-text",
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*\n",
        "HEADER_UNKNOWN HEADER_REQUIRED",
    ),
    case("B028", "path-in-name", csv(GOOD), file_name="../../etc/passwd.csv"),
    unreadable("B029", "two-dots", csv(GOOD), "BAD_FILE_NAME", "..", http_status=400),
    unreadable("B029", "no-name", csv(GOOD), "BAD_FILE_NAME", "", http_status=400),
    case("B030", "nul-and-line-break-in-name", csv(GOOD), file_name="a\0\r\nSet-Cookie: x=1.csv"),
    unreadable(
        "B031", "right-to-left-name", csv(GOOD), "TYPE_NOT_ACCEPTED", "invoice\u202exslx.exe", http_status=415
    ),
    case("B032", "long-name", csv(GOOD), file_name="销" * 300 + ".csv"),
    case("B033", "device-name", lambda: good_workbook(), file_name="CON.xlsx"),
    unreadable("B033", "dot-name", csv(GOOD), "TYPE_NOT_ACCEPTED", ".htaccess", http_status=415),
    case("B033", "slashes-both-ways", csv(GOOD), file_name="a/b\\c.csv"),
    case("B034", "tags-in-name", csv(GOOD), file_name="<img src=x onerror=alert(1)>.csv"),
]
