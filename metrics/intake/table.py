"""Where the table stands in a delimited text file: delimiter, header row, first row of data. Pure but for the file."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from metrics.intake.findings import FileRefused, finding

HEAD_BYTES = 1024 * 1024
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Record:
    """One row of the head of a file: its cells, its row as a spreadsheet counts, and where the next one starts."""

    cells: tuple[str, ...]
    row: int
    end: int


@dataclass(frozen=True)
class Head:
    """The first rows of a file. `complete` says that there is nothing behind them."""

    delimiter: str
    records: tuple[Record, ...]
    complete: bool


def read_head(path: Path, start: int, rows: int = 60, most_bytes: int = HEAD_BYTES) -> Head:
    """The delimiter and the first records. Raises FileRefused."""
    with path.open("rb") as stream:
        stream.seek(start)
        raw = stream.read(most_bytes)
        complete = not stream.read(1)
    if not raw.strip(b'\r\n\t ,;|"'):
        raise FileRefused(finding("NO_ROWS"))
    named, skipped = _named_delimiter(raw)
    delimiter = named or sniff(raw.decode("utf-8", "ignore"))
    records = tuple(_records(raw[skipped:], delimiter, rows, start + skipped, 2 if named else 1))
    return Head(delimiter, records, complete and len(records) < rows)


def _named_delimiter(raw: bytes) -> tuple[str, int]:
    """Excel's first line `sep=;` names the delimiter and is not a row of the table, but has a row number."""
    match = re.match(rb'"?sep=(.)"?(\r\n|\n|\r)', raw)
    return (match[1].decode("ascii", "replace"), match.end()) if match and match[1].isascii() else ("", 0)


def sniff(text: str) -> str:
    """The delimiter that cuts the first lines into the same number (> 1) of cells most often."""
    lines = [line for line in _unquoted(text[:65536]).splitlines() if line.strip()][:40]
    best, best_score = ",", (0, 0)
    for mark in DELIMITERS:
        widths = Counter(line.count(mark) for line in lines if mark in line)
        if widths:
            width, often = widths.most_common(1)[0]
            score = (often, width)
            if score > best_score:
                best, best_score = mark, score
    return best


def _unquoted(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def _records(raw: bytes, delimiter: str, rows: int, offset: int, first_row: int):
    """Rows of bytes with quoting, until the bytes or `rows` end; the last unfinished row is given as it is."""
    at, row = 0, first_row
    mark = delimiter.encode()
    while at < len(raw) and row < first_row + rows:
        cells, at = _record(raw, at, mark)
        yield Record(tuple(cell.decode("utf-8", "replace") for cell in cells), row, offset + at)
        row += 1


def _record(raw: bytes, at: int, mark: bytes):
    cells = []
    plain = re.compile(rb"[^\r\n" + re.escape(mark) + rb"]*")
    while True:
        if raw[at : at + 1] == b'"':
            cell, at = _quoted(raw, at + 1)
            rest = plain.match(raw, at)
            cell, at = cell + rest[0], rest.end()
        else:
            match = plain.match(raw, at)
            cell, at = match[0], match.end()
        cells.append(cell)
        if raw[at : at + 1] == mark:
            at += 1
            continue
        return cells, at + (2 if raw[at : at + 2] == b"\r\n" else 1)


def _quoted(raw: bytes, at: int):
    cell = b""
    while True:
        end = raw.find(b'"', at)
        if end < 0:
            return cell + raw[at:], len(raw)
        cell += raw[at:end]
        if raw[end + 1 : end + 2] != b'"':
            return cell, end + 1
        cell, at = cell + b'"', end + 2
