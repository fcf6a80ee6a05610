"""The rows of a query written as CSV, no more of them than an upload may have. Pure."""

import csv
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from metrics.feeding.fetched import Failed


def written(path: Path, header: list[str], rows: Iterable[tuple], *, most_rows: int, most_bytes: int) -> int:
    """Write header and rows to `path`; how many rows. Failed for too many, or a value that is no cell."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(header)
        for row in rows:
            count += 1
            lines.writerow([cell(value) for value in row])
            if count > most_rows or out.tell() > most_bytes:
                raise Failed("TOO_MANY_ROWS", limit=most_rows)
    return count


def cell(value) -> str:
    """A value of a database as a cell: exact, and the same in every language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes | memoryview):
        raise Failed("NO_CELL")
    return str(value)
