"""Judges a packed file before any parser opens it: its directory, its sizes, its XML. Standard library only.

The directory is counted from the last bytes before it is read; parts are unpacked as streams and never kept. What a
deliberate forgery gets past these checks meets the limits of the child process that reads the workbook.
"""

import re
import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from metrics.intake.findings import FileRefused, Finding, finding
from metrics.intake.limits import MIB, Limits
from metrics.intake.sheet_scan import SheetScan

END = b"PK\x05\x06"
CHUNK = 1024 * 1024
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Package:
    """A workbook that may be opened: warnings, and per sheet part what the reader would not tell."""

    findings: list[Finding] = field(default_factory=list)
    scans: dict[str, SheetScan] = field(default_factory=dict)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    date1904: bool = False


def require_sane_zip(path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """The directory of the package. Raises FileRefused."""
    parts = _declared_parts(path)
    if parts > limits.parts:
        raise FileRefused(finding("TOO_MANY_PARTS", parts=parts, limit=limits.parts))
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, UnicodeError):
        raise FileRefused(finding("ZIP_BROKEN", part="")) from None
    if len(entries) > limits.parts:
        raise FileRefused(finding("TOO_MANY_PARTS", parts=len(entries), limit=limits.parts))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise _too_large(unpacked, limits)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(finding("ENCRYPTED"))
    _require_apart(entries, path.stat().st_size)
    return entries


def require_workbook(path: Path, limits: Limits, meanwhile: Callable[[], object] = bool) -> Package:
    """A workbook without macros, DOCTYPEs, and cells outside the limits. Raises FileRefused.

    `meanwhile` is called when all is judged but the parts with cells, which are the largest and come last.
    """
    entries = require_sane_zip(path, limits)
    names = {entry.filename for entry in entries}
    found = Package()
    try:
        with zipfile.ZipFile(path) as package:
            _require_type(package, names)
            found.date1904, found.sheets = _sheets(package, names)
            for entry in entries:
                if not _has_cells(entry):
                    _judge(package, entry, limits, found)
            meanwhile()
            for entry in filter(_has_cells, entries):
                _judge(package, entry, limits, found)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, struct.error) as error:
        part = re.search(r"'([^']{1,80})'", str(error))
        raise FileRefused(finding("ZIP_BROKEN", part=part[1] if part else "")) from None
    if any(name.startswith("xl/embeddings/") for name in names):
        found.findings.append(finding("EMBEDDED_IGNORED"))
    if any(name.startswith("xl/externalLinks/") for name in names):
        found.findings.append(finding("EXTERNAL_LINK"))
    return found


def _declared_parts(path: Path) -> int:
    """The number of entries that the end of the directory declares, without reading the directory."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise FileRefused(finding("NOT_XLSX", why="directory"))
    (parts,) = struct.unpack("<H", tail[at + 10 : at + 12])
    (directory,) = struct.unpack("<L", tail[at + 12 : at + 16])
    # The count may lie, or be 65,535 for "see the 64-bit record"; the directory's size tells too, at 46 bytes and
    # a name for each entry.
    return max(parts, min(directory, size) // 1024)


def _require_apart(entries, size) -> None:
    """Entries whose packed bytes overlap unpack to far more than they take."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end or entry.header_offset + 30 + entry.compress_size > size:
            raise FileRefused(finding("ZIP_BROKEN", part=entry.filename[:80]))
        end = entry.header_offset + 30 + entry.compress_size


def _too_large(unpacked: int, limits: Limits) -> FileRefused:
    sizes = {"size_mib": f"{unpacked / MIB:.0f}", "limit_mib": f"{limits.unpacked_bytes / MIB:.0f}"}
    return FileRefused(finding("UNPACKED_TOO_LARGE", **sizes))


def _require_type(package, names) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused(finding("MACROS"))
    if "mimetype" in names:
        raise FileRefused(finding("TYPE_NOT_ACCEPTED", ending="ods", accepted="csv, tsv, txt, xlsx, zip"))
    if "[Content_Types].xml" not in names:
        raise FileRefused(finding("NOT_XLSX", why="content types"))
    types = []
    _parse(
        package,
        "[Content_Types].xml",
        lambda tag, attributes: types.append(attributes.get("ContentType", "")),
    )
    if any("macroEnabled" in one for one in types):
        raise FileRefused(finding("MACROS"))
    if any("sheet.binary" in one for one in types):
        raise FileRefused(finding("TYPE_NOT_ACCEPTED", ending="xlsb", accepted="csv, tsv, txt, xlsx, zip"))
    if MAIN not in types or "xl/workbook.xml" not in names:
        raise FileRefused(finding("NOT_XLSX", why="workbook"))


def _sheets(package, names) -> tuple[bool, list[tuple[str, str]]]:
    """(whether days count from 1904, sheet names with the parts that hold them)."""
    listed, flags, targets = [], [], {}

    def workbook(tag, attributes):
        if tag.endswith("sheet") and "name" in attributes:
            listed.append(
                (attributes["name"], next((v for k, v in attributes.items() if k.endswith(":id")), ""))
            )
        if tag.endswith("workbookPr"):
            flags.append(attributes.get("date1904", "0") in ("1", "true"))

    _parse(package, "xl/workbook.xml", workbook)
    if "xl/_rels/workbook.xml.rels" in names:
        _parse(
            package,
            "xl/_rels/workbook.xml.rels",
            lambda tag, attributes: targets.update({attributes.get("Id", ""): attributes.get("Target", "")}),
        )
    parts = [(name, targets.get(identifier, "")) for name, identifier in listed]
    full = [(name, part.lstrip("/") if part.startswith("/") else f"xl/{part}") for name, part in parts]
    return any(flags), full


def _parse(package, name, started) -> None:
    """One small part, whole. A DOCTYPE or broken XML refuses the file."""
    parser = _parser(name)
    parser.StartElementHandler = started
    with package.open(name) as stream:
        try:
            while block := stream.read(CHUNK):
                parser.Parse(block, False)
                if stream.tell() > 16 * MIB:
                    raise FileRefused(finding("XML_BROKEN", part=name[:80]))
            parser.Parse(b"", True)
        except (xml.parsers.expat.ExpatError, ValueError, LookupError):
            raise FileRefused(finding("XML_BROKEN", part=name[:80])) from None


def _parser(name):
    parser = xml.parsers.expat.ParserCreate()

    def doctype(*_):
        raise FileRefused(finding("XML_DTD", part=name[:80]))

    parser.StartDoctypeDeclHandler = doctype
    return parser


class _RootReached(Exception):
    """The prologue is over: a DOCTYPE cannot come any more."""


def _has_cells(entry) -> bool:
    name = entry.filename.lower()
    return (
        name.startswith("xl/worksheets/")
        and name.endswith((".xml", ".rels", ".vml"))
        and "/_rels/" not in name
    )


def _judge(package, entry, limits: Limits, found: Package) -> None:
    """Unpacks one part as a stream: its prologue, its size against the directory, its cells if it is a sheet."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    scan = SheetScan(limits) if _has_cells(entry) else None
    parser = _prologue_parser(entry.filename) if is_xml else None
    with package.open(entry) as stream:
        while block := stream.read(CHUNK):
            if parser is not None:
                parser = _in_prologue(parser, block, entry.filename)
            if scan is not None:
                scan.feed(block)
    if scan is not None:
        scan.finish()
        found.scans[entry.filename] = scan


def _prologue_parser(name):
    parser = _parser(name)

    def root(*_):
        raise _RootReached

    parser.StartElementHandler = root
    return parser


def _in_prologue(parser, block, name):
    try:
        parser.Parse(block, False)
    except _RootReached:
        return None
    except (xml.parsers.expat.ExpatError, ValueError, LookupError):
        raise FileRefused(finding("XML_BROKEN", part=name[:80])) from None
    return parser
