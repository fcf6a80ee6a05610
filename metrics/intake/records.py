"""Where each row of a delimited text file begins and ends, byte by byte, in bounded memory. Pure but for the file."""

import re
from collections.abc import Iterator
from pathlib import Path

CHUNK = 4 * 1024 * 1024
# The reader of such files refuses longer rows.
LONGEST = 64 * 1024 * 1024


def records(path: Path, start: int, delimiter: str) -> Iterator[tuple[int, bytes]]:
    """(row as a spreadsheet counts, bytes of the row with its line end), from byte `start` of a UTF-8 file on.

    Raises ValueError for a row that does not end; the reader refuses such a file.
    """
    pattern, row, rest = _record(delimiter), 0, b""
    with path.open("rb") as stream:
        stream.seek(start)
        while True:
            block = stream.read(CHUNK)
            data, at = rest + block, 0
            while at < len(data):
                found = pattern.match(data, at)
                # A row that ends with the block may go on in the next one.
                if found is None or (block and found.end() == len(data)):
                    break
                row, at = row + 1, found.end()
                yield row, found[0]
            rest = data[at:]
            if not block or len(rest) > LONGEST:
                break
    if rest:
        raise ValueError(f"row {row + 1} does not end")


def cells(record: bytes, delimiter: str) -> tuple[list[bytes], bytes]:
    """(the cells of a row as they are written, quotes included; its line end)."""
    body = record.rstrip(b"\r\n") if not record.endswith(b'"') else record
    end = record[len(body) :]
    field = re.compile(_field(delimiter))
    found, at = [], 0
    while True:
        match = field.match(body, at)
        if match is None:
            raise ValueError("a cell does not end")
        found.append(match[0])
        at = match.end() + 1
        if at > len(body):
            return found, end


def unquoted(cell: bytes) -> str:
    """The text of a written cell."""
    text = cell.decode("utf-8", "replace")
    if len(text) > 1 and text[0] == '"':
        inside, _quote, behind = text[1:].rpartition('"')
        return inside.replace('""', '"') + behind
    return text


def quoted(text: str, delimiter: str, *, always: bool = False) -> bytes:
    """`text` as a cell is written."""
    if always or any(one in text for one in (delimiter, '"', "\r", "\n")):
        text = '"' + text.replace('"', '""') + '"'
    return text.encode("utf-8")


def _field(delimiter: str) -> bytes:
    mark = re.escape(delimiter.encode())
    return rb'(?:"(?:[^"]++|"")*+"[^\r\n' + mark + rb']*+|(?!")[^\r\n' + mark + rb"]*+)"


def _record(delimiter: str) -> re.Pattern:
    mark, field = re.escape(delimiter.encode()), _field(delimiter)
    return re.compile(rb"(?=[\s\S])" + field + rb"(?:" + mark + field + rb")*+(?:\r\n|\n|\r|\Z)")
