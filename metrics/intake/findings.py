"""What is wrong with a file, as code and parameters; sentences are made per reader in findings_text. Pure."""

from collections import Counter
from dataclasses import dataclass, field

VALUE_CHARS = 80

# Nothing could be read as a table: the file itself has to be replaced.
UNREADABLE = frozenset(
    """FILE_EMPTY FILE_TOO_LARGE BAD_FILE_NAME TYPE_NOT_ACCEPTED TYPE_MISMATCH PACKED OLD_XLS MACROS ENCRYPTED NOT_XLSX
    HTML_TABLE ZIP_BROKEN UNPACKED_TOO_LARGE TOO_MANY_PARTS TOO_MANY_CELLS CELL_OUT_OF_RANGE XML_DTD XML_BROKEN
    READER_FAILED READER_TIMEOUT SHEET_MISSING ENCODING_UNKNOWN ENCODING_MIXED ENCODING_INVALID NUL_BYTE
    QUOTE_OPEN QUOTE_BROKEN ROW_TOO_LONG TOO_MANY_ROWS TOO_MANY_COLUMNS ZIP_CONTENT PART_MISSING
    TABLE_UNKNOWN LOOKUP_TOO_LARGE MEMBER_MISSING""".split()
)
HTTP_STATUS = {
    "FILE_TOO_LARGE": 413,
    "OLD_XLS": 415,
    "TYPE_NOT_ACCEPTED": 415,
    "PACKED": 415,
    "BAD_FILE_NAME": 400,
}
WARNINGS = frozenset(
    """ENCODING_GB18030 ENCODING_GUESSED HEADER_VARIANT TOTAL_ROW TOTAL_DIFFERS TOTALS_DIFFER ZERO_WIDTH_REMOVED
    NUMBER_FULLWIDTH VALUE_MISSING EMBEDDED_IGNORED EXTERNAL_LINK OTHER_SHEETS_IGNORED TEXT_IN_NUMBER TEXT_IN_DATE
    LOOKUP_MISSING_NOTED LOOKUP_UNUSED CURRENCY_ASSUMED CONTROL_DIFFERS""".split()
)


@dataclass(frozen=True, order=True)
class Finding:
    """One problem. Row as Excel shows it (header row = 1), column as a letter; 0 and "" mean the whole file."""

    sheet: str
    row: int
    position: int
    code: str
    severity: str = field(compare=False, default="error")
    header: str = field(compare=False, default="")
    value: str = field(compare=False, default="")
    params: dict = field(compare=False, default_factory=dict)

    @property
    def column(self) -> str:
        return column_letter(self.position)


def finding(code, *, sheet="", row=0, position=0, header="", value="", **params) -> Finding:
    """A finding with its severity taken from its code and its value cut to what a list can show."""
    severity = "warning" if code in WARNINGS else "error"
    return Finding(sheet, row, position, code, severity, cut(header), cut(value), params)


def cut(value) -> str:
    text = str(value)
    return text if len(text) <= VALUE_CHARS else text[: VALUE_CHARS - 1] + "…"


def column_letter(position: int) -> str:
    """1 → A, 27 → AA; 0 → no column."""
    letters = ""
    while position > 0:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_position(letters: str) -> int:
    """A → 1, AA → 27."""
    position = 0
    for letter in letters:
        position = position * 26 + ord(letter) - 64
    return position


class FileRefused(Exception):
    """The file cannot be read any further; carries the findings that say why."""

    def __init__(self, *findings: Finding):
        super().__init__(", ".join(f.code for f in findings))
        self.findings = findings


class FindingLog:
    """Counts every finding and keeps the first ones by sheet, row and column; errors before warnings."""

    def __init__(self, limit: int):
        self.limit = limit
        self.counts: Counter = Counter()
        self._kept: dict[str, list[Finding]] = {"error": [], "warning": []}

    def add(self, *findings: Finding) -> None:
        for one in findings:
            self.counts[one.code] += 1
            self._keep(one)

    def add_many(self, code: str, total: int, first) -> None:
        """Count `total` findings of one code; `first` holds those that may be listed, in order of rows."""
        if total:
            self.counts[code] += total
        for one in first:
            self._keep(one)

    def _keep(self, one: Finding) -> None:
        kept = self._kept[one.severity]
        kept.append(one)
        if len(kept) >= 8 * self.limit:
            kept.sort(key=_place)
            del kept[self.limit :]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def has_errors(self) -> bool:
        return any(code not in WARNINGS for code in self.counts)

    def listed(self) -> list[Finding]:
        errors = sorted(self._kept["error"], key=_place)[: self.limit]
        warnings = sorted(self._kept["warning"], key=_place)[: self.limit - len(errors)]
        return sorted(errors + warnings, key=_place)


def _place(one: Finding) -> tuple:
    """The order of findings, as Finding itself compares; told once it is sorted several times as fast."""
    return one.sheet, one.row, one.position, one.code
