"""Pure. Tables as CSV that a spreadsheet opens without running anything in them."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal

# A cell that a spreadsheet could read as a formula, also behind blanks, quotes or separators (robustness T11).
RISKY = re.compile(r"[\s\"',;|\u00a0\u3000\ufeff]*[=+\-@\t\r\0＝＋－＠]")
BOM = "\ufeff"


def safe(cell) -> str:
    """The text of a cell. Numbers stay numbers, a missing one is empty; text that looks like a formula gets a quote."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, (int, float)):
        return str(cell)
    text = str(cell).replace("\0", "")
    return f"'{text}" if RISKY.match(str(cell)) else text


def csv_bytes(header: Iterable, rows: Iterable[Iterable]) -> bytes:
    """UTF-8 with BOM (Excel needs it for Chinese), CRLF, one header row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode(errors="ignore")  # half a character is none
