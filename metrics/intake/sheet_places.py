"""Where some cells stand in the XML of a worksheet, byte by byte, and what they hold. Standard library only."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from metrics.intake.findings import column_position

NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
REFERENCE = re.compile(r"([A-Z]+)(\d+)")
DIGITS = 15  # what a spreadsheet keeps of a number


def plain_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None and sum(one.isdigit() for one in text) <= DIGITS


@dataclass
class _Seen:
    """A wanted cell that is there: its bytes [start, end), and what it holds."""

    start: int
    end: int = -1
    kind: str = "n"
    style: str = ""
    formula: bool = False
    text: list[str] = field(default_factory=list)


class SheetPlaces:
    """Fed with the bytes of one worksheet; afterwards knows the wanted cells, given as (row, column), and where a
    missing one would stand."""

    def __init__(self, wanted: set[tuple[int, int]]):
        self.wanted = wanted
        self.rows = {row for row, _column in wanted}
        self.seen: dict[tuple[int, int], _Seen] = {}
        # (row, column) → where it goes; row → (where the row goes, None) or its self-closed tag (start, end).
        self.gaps: dict[tuple[int, int], int] = {}
        self.row_gaps: dict[int, int] = {}
        self.empty_rows: dict[int, tuple[int, int, str]] = {}
        self.is_plain = True
        self.row = self.column = 0
        self._open: _Seen | None = None
        self._pending: list = []
        self._inside = ""
        self._row_start = -1
        self._row_tag = ""
        self._missing: dict[int, list[int]] = {}
        for row, column in sorted(wanted):
            self._missing.setdefault(row, []).append(column)
        self._parser = expat.ParserCreate()
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._text

    def feed(self, block: bytes) -> None:
        if block[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self.is_plain = False
        self._parser.Parse(block, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def kind(self, place) -> str:
        return self.seen[place].kind if place in self.seen else ""

    def value(self, place) -> str:
        return "".join(self.seen[place].text) if place in self.seen else ""

    def formula(self, place) -> bool:
        return place in self.seen and self.seen[place].formula

    def changes(self, texts: dict[tuple[int, int], str], written) -> list[tuple[int, int, bytes]]:
        """(start, end, new bytes) in the order of the sheet; `written(place, text, style, text before or None)`."""
        pieces: list[tuple[int, int, bytes]] = []
        new_rows: dict[int, list[bytes]] = {}
        for place, text in sorted(texts.items()):
            if (one := self.seen.get(place)) is not None:
                was = "".join(one.text) if one.kind in ("s", "str", "inlineStr") else None
                pieces.append((one.start, one.end, written(place, text, one.style, was)))
            elif place in self.gaps:
                pieces.append((self.gaps[place], self.gaps[place], written(place, text, "", None)))
            else:
                new_rows.setdefault(place[0], []).append(written(place, text, "", None))
        for row, cells in new_rows.items():
            start, end, tag = self.empty_rows.get(row) or (self.row_gaps[row], self.row_gaps[row], "")
            head = tag or f'<row r="{row}">'
            pieces.append((start, end, head.encode() + b"".join(cells) + b"</row>"))
        return sorted(pieces, key=lambda one: (one[0], one[1]))

    # --- What the parser tells ------------------------------------------------------------------------------

    def _declared(self, _version, encoding, _standalone):
        self.is_plain = self.is_plain and (encoding or "utf-8").lower() in ("utf-8", "us-ascii", "ascii")

    def _started(self, tag, attributes):
        at, name = self._parser.CurrentByteIndex, tag.rpartition(":")[2]
        self._close(at)
        if name in ("row", "c") and name != tag:
            self.is_plain = False  # names with a prefix: what is written here would not belong
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            self._row_start, self._row_tag = at, _tag(tag, attributes)
            for row in [one for one in self._missing if one < self.row]:
                self.row_gaps[row] = at
                del self._missing[row]
        elif name == "c":
            self._cell(at, attributes)
        elif self._open is not None:
            self._inside = name
            self._open.formula = self._open.formula or name == "f"

    def _cell(self, at, attributes):
        found = REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = column_position(found[1]) if found else self.column + 1
        for column in [one for one in self._missing.get(self.row, ()) if one < self.column]:
            self.gaps[self.row, column] = at
            self._missing[self.row].remove(column)
        if (self.row, self.column) in self.wanted:
            self._open = _Seen(at, kind=attributes.get("t", "n"), style=attributes.get("s", ""))
            self.seen[self.row, self.column] = self._open
            if self.column in self._missing.get(self.row, ()):
                self._missing[self.row].remove(self.column)

    def _ended(self, tag):
        at, name = self._parser.CurrentByteIndex, tag.rpartition(":")[2]
        if name == "c" and self._open is not None:
            # An open cell ends where whatever comes next begins.
            self._pending, self._open, self._inside = [self._open], None, ""
            return
        self._close(at)
        self._inside = "" if name in ("v", "t", "f") else self._inside
        if name == "row":
            self._end_row(at)
        elif name == "sheetData":
            for row in self._missing:
                self.row_gaps[row] = at
            self._missing = {}

    def _end_row(self, at):
        columns = self._missing.pop(self.row, ())
        if at == self._row_start:
            if columns:
                self.empty_rows[self.row] = (at, -1, self._row_tag)
                self._pending.append(self.row)
            return
        for column in columns:
            self.gaps[self.row, column] = at

    def _close(self, at):
        for one in self._pending:
            if isinstance(one, _Seen):
                one.end = at
            else:
                self.empty_rows[one] = (self.empty_rows[one][0], at, self.empty_rows[one][2])
        self._pending = []

    def _text(self, data):
        if self._open is not None and self._inside in ("v", "t"):
            self._open.text.append(data)


def _tag(name: str, attributes: dict) -> str:
    kept = "".join(f' {key}="{value}"' for key, value in attributes.items() if '"' not in value)
    return f"<{name}{kept}>"


def shared_texts(package, part: str, wanted: set[int]) -> dict[int, str]:
    """The shared texts of a workbook with these numbers."""
    found: dict[int, list[str]] = {}
    state = {"number": -1, "inside": ""}

    def started(tag, _attributes):
        name = tag.rpartition(":")[2]
        state["number"] += name == "si"
        state["inside"] = name

    def ended(_tag):
        state["inside"] = ""

    def text(data):
        if state["inside"] == "t" and state["number"] in wanted:
            found.setdefault(state["number"], []).append(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    with package.open(part) as stream:
        while block := stream.read(1024 * 1024):
            parser.Parse(block, False)
    return {number: "".join(parts) for number, parts in found.items()}
