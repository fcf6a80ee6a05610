"""Opens an uploaded file, whatever its container, as tables with a header and blocks of rows."""

import zipfile
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from metrics.intake import encoding, guard, quoting, ragged, sheets, table
from metrics.intake.decimal_marks import decimal_marks
from metrics.intake.delimited import DelimitedRows
from metrics.intake.findings import FileRefused, FindingLog, finding
from metrics.intake.given_day import stated_range
from metrics.intake.header_names import said_in
from metrics.intake.headers import Header, find_header
from metrics.intake.kinds import file_kind
from metrics.intake.limits import Limits
from metrics.intake.names import display_name, extension
from metrics.intake.profile import Profile
from metrics.intake.row_marks import RowMarks

HEAD_ROWS = 60
CHUNK = 1024 * 1024


@dataclass
class Table:
    """One table: its header, and `rows` with `blocks(places)` and `wrong_rows(sheet)`; `marks` are the decimal marks
    of its number columns."""

    header: Header
    rows: object
    row_limit: int
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    marks: dict[str, str] = field(default_factory=dict)
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
            yield from self._sheets(path, sheet or str(self.settings.get("sheet", "")))
        else:
            for member, copy in members(path, self.limits, self.scratch, self.profile.shape.members):
                yield self.text(copy, member)

    def text(self, path, sheet="") -> Table:
        """A delimited text file as a table."""
        shape = self.profile.shape
        chosen = str(self.settings.get("encoding", ""))
        source = encoding.as_utf8(path, self.scratch, chosen, shape.encodings)
        self.log.add(*(replace(one, sheet=sheet) for one in source.findings))
        head = table.read_head(source.path, source.start, HEAD_ROWS)
        if source.has_quotes:
            quoting.require_closed_quotes(source.path, source.start, head.delimiter)
        header = self.header([(record.row, record.cells) for record in head.records], sheet)
        first = head.records[header.index]
        width = self._checked_width(len(first.cells), sheet)
        known, data, start = RowMarks(shape.skip, header.places), source.path, first.end
        if shape.short_rows == "fill":
            data, start = ragged.filled(data, start, head.delimiter, width, self.scratch, known), 0
        rows = DelimitedRows(data, start, head.delimiter, width, first.row + 1, source.has_quotes, known)
        behind = [record.cells for record in head.records[header.index + 1 :]]
        marks = decimal_marks(self.profile, self.settings, header, behind, head.delimiter)
        return Table(header, rows, self.limits.text_rows, sheet, source.encoding, head.delimiter, marks)

    def header(self, rows, sheet) -> Header:
        profile = self.profile
        unknown = profile.shape.unknown_columns
        head = rows[: profile.shape.header_rows]
        header = find_header(head, profile.columns, sheet=sheet, unknown=unknown, nearest=profile.name)
        above = [cells for _, cells in head[: header.index]]
        for name, one in {"currency": profile.currency, **profile.slices}.items():
            if one is not None and one.preamble:
                header.said[f"#{name}"] = said_in(above, one.preamble)
        if profile.day_source is not None and profile.day_source.how == "period":
            return replace(header, stated=stated_range(above))
        return header

    def _checked_width(self, width, sheet) -> int:
        if width > self.limits.columns:
            raise FileRefused(
                finding("TOO_MANY_COLUMNS", sheet=sheet, columns=width, limit=self.limits.columns)
            )
        return width

    def _sheets(self, path, wanted):
        """Worksheets as tables: the one asked for, else the one whose header names most columns, or every one that
        has the columns where the profile reads all sheets."""
        out = self.scratch / "sheet.arrow"
        package, found, written = sheets.judged_with_heads(path, self.limits, HEAD_ROWS, out)
        self.log.add(*package.findings)
        names = [one["name"] for one in found]
        if wanted and wanted not in names:
            raise FileRefused(finding("SHEET_MISSING", value=wanted, sheets=", ".join(names)))
        wanted = wanted or next((name for name in names if name == self.profile.shape.sheet), "")
        if not found:
            raise FileRefused(finding("NO_ROWS"))
        fitting = [(one, padded(one), self.header(padded(one), one["name"])) for one in found]
        best = max(fitting, key=lambda one: (one[0]["name"] == wanted, len(one[2].places), bool(one[1])))
        chosen = [best]
        if self.profile.shape.sheets == "all" and not wanted:
            chosen = [one for one in fitting if one[1] and _is_whole(one[2])] or chosen
        self._note_others(fitting, chosen)
        for number, (sheet, rows, header) in enumerate(chosen):
            # Each in a file of its own: rows that look alike are read again when all sheets were read.
            own = out if written else self.scratch / f"sheet-{number}.arrow"
            yield self.worksheet(path, package, sheet["name"], rows, header, own, written)

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
        behind = [cells for _, cells in rows[header.index + 1 :]]
        marks = decimal_marks(self.profile, self.settings, header, behind, "")
        return Table(header, data, self.limits.sheet_rows, name, marks=marks, date1904=package.date1904)

    def _note_others(self, fitting, chosen) -> None:
        """Other sheets that look like the same table were not read, and the reader should know."""
        read = [one["name"] for one, _, _ in chosen]
        twins = [one for one, _, header in fitting if one["name"] not in read and len(header.places) > 1]
        if twins:
            self.log.add(finding("OTHER_SHEETS_IGNORED", sheet=read[0], count=len(twins)))


def _is_whole(header: Header) -> bool:
    """Whether a sheet has every column that the profile requires."""
    return bool(header.places) and not any(one.severity == "error" for one in header.findings)


def kind_of(path, file_name, limits) -> str:
    if display_name(file_name) is None:
        raise FileRefused(finding("BAD_FILE_NAME", value=file_name))
    return file_kind(path, file_name, limits)


@dataclass(frozen=True)
class FirstRows:
    """The first rows of one table; `name` is its sheet, or its member of a zip."""

    name: str
    rows: list[tuple[str, ...]]


def first_rows(
    path, file_name, limits: Limits, scratch: Path, expected: tuple[str, ...] = ()
) -> list[FirstRows]:
    """The first rows of every table of the file, for finding out what it is. `expected` are encodings to try where the
    file is not UTF-8 and cannot be told. Raises FileRefused."""
    kind = kind_of(path, file_name, limits)
    if kind == "xlsx":
        _package, found, _written = sheets.judged_with_heads(path, limits, HEAD_ROWS)
        return [FirstRows(one["name"], [cells for _, cells in padded(one)]) for one in found]
    copies = [("", path)] if kind == "text" else list(members(path, limits, scratch))
    found = []
    for name, copy in copies:
        for source in _readings(copy, scratch, expected):
            records = table.read_head(source.path, source.start, HEAD_ROWS).records
            found.append(FirstRows(name, [record.cells for record in records]))
    return found


def _readings(path, scratch, expected):
    """The file as text: as it shows, else in every encoding that a profile expects."""
    try:
        yield encoding.as_utf8(path, scratch)
    except FileRefused as refused:
        told = False
        for name in expected:
            try:
                yield encoding.as_utf8(path, scratch, name)
                told = True
            except FileRefused:
                continue
        if not told:
            raise refused from None


def padded(sheet: dict) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with their numbers, from column A on; empty rows above the table are no rows of the head."""
    rows = [(number, ("",) * sheet["left"] + tuple(cells)) for number, cells in enumerate(sheet["rows"], 1)]
    return [(number, cells) for number, cells in rows if any(cells)]


def members(path, limits: Limits, scratch: Path, wanted: tuple[str, ...] = ()):
    """(name, copy) of every text file in a zip, or of those `wanted` by name. Raises FileRefused for anything else."""
    entries = [one for one in guard.require_sane_zip(path, limits) if not one.is_dir()]
    entries = [one for one in entries if not one.filename.startswith("__MACOSX/")]
    other = next((one for one in entries if extension(one.filename) not in ("csv", "tsv", "txt")), None)
    if other is not None or not entries:
        raise FileRefused(finding("ZIP_CONTENT", value=other.filename if other else ""))
    if wanted:
        names = [one.casefold() for one in wanted]
        chosen = [one for one in entries if (display_name(one.filename) or "").casefold() in names]
        if not chosen:
            listed = ", ".join(display_name(one.filename) or "" for one in entries[:10])
            raise FileRefused(finding("MEMBER_MISSING", value=wanted[0], members=listed))
        entries = chosen
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
