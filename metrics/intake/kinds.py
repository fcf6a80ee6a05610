"""What kind of file was uploaded, by its first bytes and its name. Pure but for the file named."""

from pathlib import Path

from metrics.intake.findings import FileRefused, finding
from metrics.intake.limits import MIB, Limits
from metrics.intake.names import ACCEPTED, extension

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
# Packed in a way that is not read, whatever the name says; nothing of it is unpacked.
PACKED = {
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf": "7-Zip",
}
BINARY = (
    b"\x89PNG",
    b"%PDF",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ",
    b"PAR1",
)
WEB_PAGE = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<div", b"<?xml")
SHEET_NAMES = ("xls", "xlsx", "xlsm", "xlsb", "xltx", "xlt", "ods", "et", "numbers")


def file_kind(path: Path, file_name: str, limits: Limits) -> str:
    """ "text", "xlsx" or "zip". Raises FileRefused for anything else."""
    ending, size = extension(file_name), path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(4096)
    if size == 0:
        raise FileRefused(finding("FILE_EMPTY"))
    if packed := _packed(head):
        raise FileRefused(finding("PACKED", packed=packed))
    if head.startswith(OLE):
        raise FileRefused(finding("ENCRYPTED" if _is_encrypted(path) else "OLD_XLS"))
    if ending == "xls" and _is_web_page(head):
        raise FileRefused(finding("HTML_TABLE"))
    if ending in ("xlsm", "xltm"):
        raise FileRefused(finding("MACROS"))
    if ending not in ACCEPTED and ending != "xls":
        raise FileRefused(finding("TYPE_NOT_ACCEPTED", ending=ending[:20], accepted=", ".join(ACCEPTED)))
    zipped = head.startswith((ZIP, EMPTY_ZIP))
    limit = limits.sheet_bytes if ending == "xlsx" else limits.text_bytes
    if size > limit:
        raise FileRefused(
            finding("FILE_TOO_LARGE", size=size, limit=limit, size_mib=_mib(size), limit_mib=_mib(limit))
        )
    if ending in ("xlsx", "xls"):
        return _sheet(head, zipped, ending)
    if ending == "zip":
        if not zipped:
            raise FileRefused(finding("ZIP_BROKEN", part=""))
        return "zip"
    if zipped:
        raise FileRefused(finding("TYPE_MISMATCH", content="xlsx", ending=ending))
    if head.startswith(BINARY):
        raise FileRefused(finding("TYPE_MISMATCH", content="binary", ending=ending))
    return "text"


def _packed(head: bytes) -> str:
    """What the file is packed with; "" where it is not, or is a zip."""
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return "bzip2"
    return next((name for begin, name in PACKED.items() if head.startswith(begin)), "")


def _sheet(head: bytes, zipped: bool, ending: str) -> str:
    if zipped and ending == "xlsx":
        return "xlsx"
    if zipped:
        raise FileRefused(finding("TYPE_MISMATCH", content="xlsx", ending=ending))
    if _is_web_page(head):
        raise FileRefused(finding("HTML_TABLE"))
    if head.startswith(BINARY) or b"\0" in head:
        raise FileRefused(finding("NOT_XLSX", why="content"))
    raise FileRefused(finding("TYPE_MISMATCH", content="csv", ending=ending))


def _is_encrypted(path: Path) -> bool:
    """An encrypted workbook is an OLE container with a stream of this name, written in UTF-16."""
    with path.open("rb") as stream:
        return "EncryptedPackage".encode("utf-16-le") in stream.read(8 * MIB)


def _is_web_page(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(WEB_PAGE)


def _mib(size: int) -> str:
    return f"{size / MIB:.1f}"
