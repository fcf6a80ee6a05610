"""Looks over the bytes of a worksheet for what its reader would not tell.

Counts rows and cells against the limits, finds cells outside them, error values and formulas without a saved result.
It searches; it does not parse: a sheet written to escape it is read under the child's limits. Where a block is written
as every program writes it, its tags are looked at in arrays, which takes a third of the time of the searches.
"""

import re

import numpy as np

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


WORD = 8
ROW, CELL = (int.from_bytes(head, "little") for head in (b"<row", b"<c r"))
REFERENCE = int.from_bytes(b'r="', "little")
# The second bytes of the tags that a sheet consists of: c, v, f, row, is, t and their ends.
USUAL = np.zeros(256, dtype=bool)
USUAL[list(b"cvfrit/")] = True
QUOTES, ONES, HIGH = (np.uint64(int.from_bytes(bytes([one]) * WORD, "little")) for one in (0x22, 0x01, 0x80))


class SheetScan:
    """Fed with the blocks of one worksheet; refuses what lies outside the limits."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.rows = self.cells = 0
        self.errors: dict[str, str] = {}
        self.unsaved: set[str] = set()
        self._outside = _outside(limits)
        self._last, self._row_digits = column_letter(limits.columns), len(str(limits.sheet_rows + HEADROOM))
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
        tags = _Tags(data)
        self.rows += tags.rows
        self.cells += tags.cells
        if not tags.all_within(self._last, self._row_digits):
            if (stray := self._outside.search(data)) is not None:
                raise FileRefused(self._out_of_range(stray[1].decode()))
        if self.rows > self.limits.sheet_rows + HEADROOM:
            raise FileRefused(finding("TOO_MANY_ROWS", limit=self.limits.sheet_rows))
        if self.cells > self.limits.cells:
            raise FileRefused(finding("TOO_MANY_CELLS", limit=self.limits.cells))
        # A single letter is found, or found missing, many times sooner.
        if b"e" in data and b't="e"' in data and len(self.errors) < KEPT:
            self.errors.update(
                (ref.decode(), value.decode("utf-8", "replace")) for ref, value in ERROR.findall(data)
            )
        if tags.formulas and len(self.unsaved) < KEPT:
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


class _Tags:
    """The tags in a piece of a worksheet: the first four bytes of each, as one number."""

    def __init__(self, data: bytes):
        # Zeros behind the end: what begins there is cut off and equals nothing.
        self._bytes = np.frombuffer(data + bytes(WORD + 8), dtype=np.uint8)
        self._places = np.flatnonzero(self._bytes == ord("<"))
        heads = self._words("<u4", self._places)
        self._second = (heads >> 8).astype(np.uint8)
        self._heads = heads
        self._of_cells = self._second == ord("c")
        cells = heads[self._of_cells]
        self.rows = int(np.count_nonzero(heads == ROW))
        self.cells = int(np.count_nonzero((cells & 0xFFFFFF) == CELL & 0xFFFFFF))
        self.formulas = bool((self._second == ord("f")).any())
        self._is_plain = bool((cells == CELL).all())

    def all_within(self, last: str, row_digits: int) -> bool:
        """Whether every cell lies in the columns to `last` and in rows of so many digits, and all is written in the
        usual way; else somebody has to look closer."""
        usual = USUAL[self._second].all() and not (self._heads >> 16 & 0xFF == ord(":")).any()
        if not (self._is_plain and usual):
            return False
        places = self._places[self._of_cells] + 3
        named = self._words("<u4", places) & 0xFFFFFF == REFERENCE
        if not named.all():
            return False
        words = self._words("<u8", places + 3)
        first, second = words.astype(np.uint8), (words >> 8).astype(np.uint8)
        one = second - np.uint8(ord("0")) <= 9
        if not one.all():
            third = (words >> 16).astype(np.uint8)
            two = (second - np.uint8(ord("A")) < 26) & (third - np.uint8(ord("0")) <= 9)
            pair = first.astype(np.uint16) * 256 + second
            fits = len(last) == 2 and bool((pair[two] <= ord(last[0]) * 256 + ord(last[1])).all())
            if not (fits and (one | two).all()):
                return False
        if len(last) == 1 and (first > ord(last)).any():
            return False
        # The reference ends within a column of one letter and so many digits: a quote is among these bytes. One behind
        # two letters may be a digit shorter, which is looked at closer where it matters.
        ends = words >> 16
        if row_digits < WORD - 2:
            ends &= np.uint64(256**row_digits - 1)
        odd = ends ^ QUOTES
        return bool(((odd - ONES) & ~odd & HIGH).astype(bool).all())

    def _words(self, form: str, places: np.ndarray) -> np.ndarray:
        """The bytes at each place as one number."""
        size = np.dtype(form).itemsize
        count = len(self._bytes) - size + 1
        return np.ndarray(count, dtype=form, buffer=self._bytes, strides=(1,))[places]


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
