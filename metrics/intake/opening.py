"""Opens an uploaded file, whatever its container, as tables with a header and blocks of rows."""

import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from metrics.intake import encoding, guard, quoting, sheets, table
from metrics.intake.delimited import DelimitedRows
from metrics.intake.expressions import NUMBER
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.headers import Header, find_header
from metrics.intake.kinds import file_kind
from metrics.intake.limits import Limits
from metrics.intake.names import display_name, extension
from metrics.intake.profile import Profile

COMMA_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[. ]?[0-9]{3})*,[0-9]+|-?[0-9]+,[0-9]+")
POINT_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:[, ]?[0-9]{3})*\.[0-9]+|-?[0-9]+\.[0-9]+")
HEAD_ROWS = 60
CHUNK = 1024 * 1024


@dataclass
class Table:
    """One table: its header, and `rows` with `blocks(places)` and `wrong_rows(sheet)`."""

    header: Header
    rows: object
    row_limit: int
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = "."
    date1904: bool = False


@dataclass(frozen=True)
class Opening:
    """What is needed to open a file: the profile, limits and settings, a folder for copies, and a log of findings."""

    profile: Profile
    limits: Limits
    settings: dict
    scratch: Path
    log: FindingLog

    def tables(self, path: Path, file_name: str, sheet: str = ""):
        """The tables of the file, one after the other. Raises FileRefused."""
        kind = kind_of(path, file_name, self.limits)
        if kind == "text":
            yield self.text(path)
        elif kind == "xlsx":
            yield self._sheet(path, sheet or str(self.settings.get("sheet", "")) or self.profile.shape.sheet)
        else:
            for member, copy in members(path, self.limits, self.scratch):
                yield self.text(copy, member)

    def text(self, path, sheet="") -> Table:
        """A delimited text file as a table."""
        source = encoding.as_utf8(path, self.scratch, str(self.settings.get("encoding", "")))
        self.log.add(*(replace(one, sheet=sheet) for one in source.findings))
        head = table.read_head(source.path, source.start, HEAD_ROWS)
        if source.has_quotes:
            quoting.require_closed_quotes(source.path, source.start, head.delimiter)
        header = self.header([(record.row, record.cells) for record in head.records], sheet)
        first = head.records[header.index]
        width = self._checked_width(len(first.cells), sheet)
        rows = DelimitedRows(
            source.path, first.end, head.delimiter, width, first.row + 1, quotes=source.has_quotes
        )
        behind = [record.cells for record in head.records[header.index + 1 :]]
        decimal = decimal_mark(self.profile, self.settings, header, behind, head.delimiter)
        return Table(header, rows, self.limits.text_rows, sheet, source.encoding, head.delimiter, decimal)

    def header(self, rows, sheet) -> Header:
        profile = self.profile
        unknown = profile.shape.unknown_columns
        head = rows[: profile.shape.header_rows]
        return find_header(head, profile.columns, sheet=sheet, unknown=unknown, nearest=profile.name)

    def _checked_width(self, width, sheet) -> int:
        if width > self.limits.columns:
            raise FileRefused(
                finding("TOO_MANY_COLUMNS", sheet=sheet, columns=width, limit=self.limits.columns)
            )
        return width

    def _sheet(self, path, wanted) -> Table:
        """A worksheet as a table: the one asked for, else the one whose header names most columns."""
        package = guard.require_workbook(path, self.limits)
        self.log.add(*package.findings)
        out = self.scratch / "sheet.arrow"
        found, written = sheets.heads(path, self.limits, HEAD_ROWS, out)
        names = [one["name"] for one in found]
        if wanted and wanted not in names:
            raise FileRefused(finding("SHEET_MISSING", value=wanted, sheets=", ".join(names)))
        if not found:
            raise FileRefused(finding("NO_ROWS"))
        fitting = [(one, padded(one), self.header(padded(one), one["name"])) for one in found]
        chosen, rows, header = max(
            fitting, key=lambda one: (one[0]["name"] == wanted, len(one[2].places), bool(one[1]))
        )
        self._note_others(fitting, chosen)
        return self.worksheet(path, package, chosen["name"], rows, header, out, written)

    def worksheet(self, path, package, name, rows, header, out, written=None) -> Table:
        """One worksheet whose header is known, as a table; its cells are written to `out`."""
        if not rows:
            raise FileRefused(finding("NO_ROWS", sheet=name))
        data = sheets.SheetRows(
            path,
            name,
            skip=rows[header.index][0],
            out=out,
            limits=self.limits,
            written=written,
            scan=package.scans.get(dict(package.sheets).get(name, "")),
        )
        self._checked_width(data.answer["width"] + data.answer["left"], name)
        return Table(header, data, self.limits.sheet_rows, name, date1904=package.date1904)

    def _note_others(self, fitting, chosen) -> None:
        """Other sheets that look like the same table were not read, and the reader should know."""
        twins = [one for one, _, header in fitting if one is not chosen and len(header.places) > 1]
        if twins:
            self.log.add(finding("OTHER_SHEETS_IGNORED", sheet=chosen["name"], count=len(twins)))


def kind_of(path, file_name, limits) -> str:
    if display_name(file_name) is None:
        raise FileRefused(finding("BAD_FILE_NAME", value=file_name))
    return file_kind(path, file_name, limits)


def first_rows(path, file_name, limits: Limits, scratch: Path) -> list[list[tuple[str, ...]]]:
    """The first rows of every table of the file, for finding out what it is. Raises FileRefused."""
    kind = kind_of(path, file_name, limits)
    if kind == "xlsx":
        guard.require_workbook(path, limits)
        return [[cells for _, cells in padded(one)] for one in sheets.heads(path, limits, HEAD_ROWS)[0]]
    copies = [path] if kind == "text" else [copy for _, copy in members(path, limits, scratch)]
    found = []
    for copy in copies:
        source = encoding.as_utf8(copy, scratch)
        found.append(
            [record.cells for record in table.read_head(source.path, source.start, HEAD_ROWS).records]
        )
    return found


def padded(sheet: dict) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with their numbers, from column A on; empty rows above the table are no rows of the head."""
    rows = [(number, ("",) * sheet["left"] + tuple(cells)) for number, cells in enumerate(sheet["rows"], 1)]
    return [(number, cells) for number, cells in rows if any(cells)]


def members(path, limits: Limits, scratch: Path):
    """(name, copy) of every text file in a zip. Raises FileRefused for anything else in it."""
    entries = [one for one in guard.require_sane_zip(path, limits) if not one.is_dir()]
    entries = [one for one in entries if not one.filename.startswith("__MACOSX/")]
    other = next((one for one in entries if extension(one.filename) not in ("csv", "tsv", "txt")), None)
    if other is not None or not entries:
        raise FileRefused(finding("ZIP_CONTENT", value=other.filename if other else ""))
    if sum(one.file_size for one in entries) > limits.text_bytes:
        raise FileRefused(
            finding("UNPACKED_TOO_LARGE", size_mib="", limit_mib=f"{limits.text_bytes / 2**20:.0f}")
        )
    for number, entry in enumerate(entries):
        copy = scratch / f"member-{number}"
        try:
            with zipfile.ZipFile(path) as package, package.open(entry) as source, copy.open("wb") as target:
                while block := source.read(CHUNK):
                    target.write(block)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise FileRefused(finding("ZIP_BROKEN", part=entry.filename[:80])) from None
        yield display_name(entry.filename) or str(number + 1), copy


def decimal_mark(profile, settings, header, rows, delimiter) -> str:
    """The decimal mark: as set, as the profile declares, or as the first rows of a semicolon or tab file show.
    "?" where a semicolon file gives no hint: there 1.234 may be either."""
    declared = settings.get("decimal") or profile.shape.decimal
    if declared in (".", ","):
        return declared
    if delimiter not in (";", "\t"):
        return "."
    numbers = [header.places[name] for name in header.places if profile.columns[name].kind == NUMBER]
    cells = [row[place].strip() for row in rows for place in numbers if place < len(row)]
    # Three digits behind one mark could be thousands; they are no evidence.
    telling = [cell for cell in cells if not re.fullmatch(r"-?[0-9]{1,3}[.,][0-9]{3}", cell)]
    commas = sum(1 for cell in telling if COMMA_DECIMAL.fullmatch(cell))
    points = sum(1 for cell in telling if POINT_DECIMAL.fullmatch(cell))
    if commas != points:
        return "," if commas > points else "."
    return "?" if delimiter == ";" else "."
