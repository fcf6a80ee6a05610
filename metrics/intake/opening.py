"""Opens an uploaded file, whatever its container, as tables with a header and blocks of rows."""

import re
from dataclasses import dataclass
from pathlib import Path

from metrics.intake import encoding, quoting, table
from metrics.intake.delimited import DelimitedRows
from metrics.intake.expressions import NUMBER
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.headers import Header, find_header
from metrics.intake.kinds import file_kind
from metrics.intake.limits import Limits
from metrics.intake.names import display_name
from metrics.intake.profile import Profile

COMMA_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[. ]?[0-9]{3})*,[0-9]+")
POINT_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[, ]?[0-9]{3})*\.[0-9]+")
HEAD_ROWS = 60


@dataclass
class Table:
    """One table: its header, and `rows` with `blocks(places)` and `wrong_rows(sheet)`."""

    header: Header
    rows: object
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    date1904: bool = False


def tables(
    path, file_name, profile: Profile, limits: Limits, settings, sheet, scratch: Path, log: FindingLog
):
    """The tables of the file, one after the other. Raises FileRefused; adds warnings to `log`."""
    if display_name(file_name) is None:
        raise FileRefused(finding("BAD_FILE_NAME", value=file_name))
    if file_kind(path, file_name, limits) == "text":
        yield text_table(path, profile, limits, settings, scratch, log)


def first_rows(path, file_name, limits: Limits, scratch: Path) -> list[tuple[str, ...]]:
    """The first rows of the file, for finding out what it is. Raises FileRefused."""
    if display_name(file_name) is None:
        raise FileRefused(finding("BAD_FILE_NAME", value=file_name))
    file_kind(path, file_name, limits)
    source = encoding.as_utf8(path, scratch)
    return [record.cells for record in table.read_head(source.path, source.start, HEAD_ROWS).records]


def no_rows(sheet: str):
    return finding("NO_ROWS", sheet=sheet)


def text_table(path, profile, limits, settings, scratch, log, sheet="") -> Table:
    """A delimited text file as a table."""
    source = encoding.as_utf8(path, scratch, str(settings.get("encoding", "")))
    log.add(*source.findings)
    head = table.read_head(source.path, source.start, HEAD_ROWS)
    if source.has_quotes:
        quoting.require_closed_quotes(source.path, source.start, head.delimiter)
    rows = [(record.row, record.cells) for record in head.records[: profile.shape.header_rows]]
    header = find_header(rows, profile.columns, sheet=sheet, unknown=profile.shape.unknown_columns)
    width = len(head.records[header.index].cells)
    if width > limits.columns:
        raise FileRefused(finding("TOO_MANY_COLUMNS", sheet=sheet, columns=width, limit=limits.columns))
    first = head.records[header.index]
    behind = head.records[header.index + 1 :]
    data = DelimitedRows(
        source.path, first.end, head.delimiter, width, first.row + 1, source.has_quotes, limits.text_rows
    )
    decimal = decimal_mark(profile, settings, header, [record.cells for record in behind], head.delimiter)
    return Table(header, data, sheet, source.encoding, head.delimiter, decimal)


def decimal_mark(profile, settings, header, rows, delimiter) -> str:
    """The decimal mark: as set, as the profile declares, or as the first rows show. "?" where a semicolon file
    gives no hint: there 1.234 may be either."""
    declared = settings.get("decimal") or profile.shape.decimal
    if declared in (".", ","):
        return declared
    numbers = [header.places[n] for n in header.places if profile.columns[n].kind == NUMBER]
    cells = [row[place].strip() for row in rows for place in numbers if place < len(row)]
    # Three digits behind one mark could be thousands; they are no evidence.
    telling = [cell for cell in cells if not re.fullmatch(r"-?[0-9]{1,3}[.,][0-9]{3}", cell)]
    commas = sum(1 for cell in telling if COMMA_DECIMAL.fullmatch(cell))
    points = sum(1 for cell in telling if POINT_DECIMAL.fullmatch(cell))
    if delimiter != ";":
        return "," if commas and not points else "."
    return "," if commas > points else "." if points else "?"
