"""Whether the quotes of a delimited file close where they should. Pure but for the file named.

Every quote is checked by its neighbours, in whole blocks; only where that fails is the text walked character by
character, to say at which row and column a quote was left open.
"""

from pathlib import Path

import numpy as np

from metrics.intake.findings import FileRefused, finding

CHUNK = 4 * 1024 * 1024
QUOTE = 34
ENDS = (10, 13)


def require_closed_quotes(path: Path, start: int, delimiter: str) -> None:
    """Raises FileRefused with QUOTE_OPEN or QUOTE_BROKEN at the place where a quoted cell went wrong."""
    if not _regular(path, start, ord(delimiter)):
        _walk(path, start, delimiter)


def _regular(path: Path, start: int, delimiter: int) -> bool:
    opening, previous = True, delimiter
    with path.open("rb") as stream:
        stream.seek(start)
        block = stream.read(CHUNK)
        while block:
            following = stream.read(CHUNK)
            after_end = following[0] if following else 10
            held, opening = _block_regular(block, previous, after_end, delimiter, opening)
            if not held:
                return False
            previous, block = block[-1], following
    return opening


def _block_regular(block, previous, after_end, delimiter, opening):
    """(whether all quotes have proper neighbours, whether the next quote opens)."""
    raw = np.frombuffer(block, dtype=np.uint8)
    at = np.flatnonzero(raw == QUOTE)
    if len(at) == 0:
        return True, opening
    before = np.where(at > 0, raw[np.maximum(at - 1, 0)], previous)
    after = np.where(at < len(raw) - 1, raw[np.minimum(at + 1, len(raw) - 1)], after_end)
    opens = (np.arange(len(at)) % 2 == 0) == opening
    outside = (delimiter, QUOTE, *ENDS)
    good = np.where(opens, np.isin(before, outside), np.isin(after, outside))
    return bool(good.all()), opening ^ (len(at) % 2 == 1)


def _walk(path: Path, start: int, delimiter: str) -> None:
    """The rules of a strict reader: a quote opens only at the start of a cell; after it closes, the cell ends."""
    row, position, state = 1, 1, "start"
    opened = (0, 0, 0)
    with path.open("r", encoding="utf-8", errors="replace", newline="") as stream:
        stream.read(1) if start else None
        last = ""
        while block := stream.read(CHUNK):
            for char in block:
                if state == "quoted":
                    state = "closing" if char == '"' else state
                elif state == "closing" and char == '"':
                    state = "quoted"
                elif char == delimiter:
                    position, state = position + 1, "start"
                elif char in "\r\n":
                    row += 0 if (char == "\n" and last == "\r") else 1
                    position, state = 1, "start"
                elif state == "closing":
                    raise FileRefused(finding("QUOTE_BROKEN", row=opened[0], position=opened[1]))
                elif state == "start" and char == '"':
                    opened, state = (row, position, 0), "quoted"
                else:
                    state = "plain"
                last = char
    if state == "quoted":
        raise FileRefused(finding("QUOTE_OPEN", row=opened[0], position=opened[1]))
