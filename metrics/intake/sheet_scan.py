"""Looks over the bytes of a worksheet for what its reader would not tell. Standard library only.

Counts rows and cells against the limits, finds cells outside them, error values, formulas without a saved result
and overlong texts. It searches; it does not parse: a sheet written to escape it is read under the child's limits.
"""

import re

from metrics.intake.findings import FileRefused, column_letter, finding
from metrics.intake.limits import Limits

TAIL = 40_000
KEPT = 10_000
HEADROOM = 1_000
FORMULA = re.compile(
    rb"<c r=\"([A-Z]+\d+)\"[^>]*><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>", re.DOTALL
)
ERROR = re.compile(
    rb"<c r=\"([A-Z]+\d+)\"[^>]*\bt=\"e\"[^>]*>(?:<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?<v>([^<]{1,20})</v>"
)


class SheetScan:
    """Fed with the blocks of one worksheet; refuses what lies outside the limits."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.rows = self.cells = 0
        self.errors: dict[str, str] = {}
        self.unsaved: set[str] = set()
        self._outside = _outside(limits)
        self._rest = b""

    def feed(self, block: bytes) -> None:
        data = self._rest + block
        # Cut behind the last whole cell, so that none is seen in halves or twice.
        cut = max(data.rfind(b"</c>") + 4, data.rfind(b"/>") + 2, 2)
        if cut <= 4 and len(data) < TAIL:
            self._rest = data
            return
        self._look(data[:cut])
        self._rest = data[cut:][-TAIL:]

    def finish(self) -> None:
        self._look(self._rest)

    def _look(self, data: bytes) -> None:
        self.rows += data.count(b"<row")
        self.cells += data.count(b"<c ")
        if (stray := self._outside.search(data)) is not None:
            raise FileRefused(self._out_of_range(stray[1].decode()))
        if self.rows > self.limits.sheet_rows + HEADROOM:
            raise FileRefused(finding("TOO_MANY_ROWS", limit=self.limits.sheet_rows))
        if self.cells > self.limits.cells:
            raise FileRefused(finding("TOO_MANY_CELLS", limit=self.limits.cells))
        if b't="e"' in data and len(self.errors) < KEPT:
            self.errors.update(
                (ref.decode(), value.decode("utf-8", "replace")) for ref, value in ERROR.findall(data)
            )
        if b"<f" in data and len(self.unsaved) < KEPT:
            self.unsaved.update(ref.decode() for ref in FORMULA.findall(data))

    def _out_of_range(self, reference: str):
        limits = self.limits
        digits = re.search(r"\d+", reference)
        within = digits and int(digits[0]) <= limits.sheet_rows + HEADROOM
        if within and reference[:1].isalpha() and len(re.match("[A-Z]+", reference)[0]) < 3:
            letters = re.match("[A-Z]+", reference)[0]
            position = sum((ord(x) - 64) * 26**i for i, x in enumerate(reversed(letters)))
            return finding("TOO_MANY_COLUMNS", columns=position, limit=limits.columns)
        return finding("CELL_OUT_OF_RANGE", value=reference, columns=limits.columns, rows=limits.sheet_rows)


def _outside(limits: Limits):
    """A search for references of cells beyond the limits, built from the limits."""
    last = column_letter(limits.columns)
    letters = [rb"[A-Z]{%d,7}" % (len(last) + 1)]
    for place, letter in enumerate(last):
        if letter != "Z":
            rest = rb"[A-Z]" * (len(last) - place - 1)
            letters.append(last[:place].encode() + rb"[%c-Z]" % (ord(letter) + 1) + rest)
    beyond_columns = rb"(?:" + rb"|".join(letters) + rb")\d{1,9}"
    row_digits = len(str(limits.sheet_rows + HEADROOM))
    beyond_rows = rb"[A-Z]{1,7}\d{%d,9}" % (row_digits + 1)
    # A search that begins with letters runs fast; what nearly every cell is, is passed over first.
    usual = rb"[A-%c]\d{1,%d}[\"']" % (b"Z" if len(last) > 1 else last.encode(), row_digits)
    begin = rb"r=[\"'](?!" + usual + rb")(?<=\sr=[\"'])"
    return re.compile(begin + rb"(" + beyond_columns + rb"|" + beyond_rows + rb")[\"']")
