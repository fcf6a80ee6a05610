"""Files that people read and nobody computes with: judged before they are kept, given back as they came."""

import datetime as dt
from pathlib import Path

from django.utils.translation import gettext as _

from metrics import intake, kept_files
from metrics.intake.findings import FileRefused
from metrics.intake.guard import require_sane_zip
from metrics.intake.limits import Limits
from metrics.intake.names import extension
from metrics.models import SourceFile

MOST_BYTES = 20_000_000
# ending → how such a file begins; the office formats are packages, judged by their directory.
BEGINS = {
    "pdf": b"%PDF-",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "docx": b"PK\x03\x04",
    "pptx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}
PACKAGES = ("docx", "pptx", "xlsx")
TEXTS = ("txt", "csv")
ACCEPTED = (*BEGINS, *TEXTS)


class CannotAttach(Exception):
    """The file was not kept; the sentence says why, in the reader's language."""


def attach(file, *, name: str, by, at: dt.datetime) -> SourceFile:
    """Keep `file` and return its row, saved: for a month, until something keeps it longer. Raises CannotAttach."""
    shown = intake.display_name(name)
    if shown is None:
        raise CannotAttach(_("This file name cannot be shown."))
    try:
        source = kept_files.keep(file, name=shown, limit=MOST_BYTES, by=by, at=at)
    except kept_files.FileTooLarge:
        raise CannotAttach(too_large(shown)) from None
    except kept_files.DiskFull:
        raise CannotAttach(_("The server has no room for the file; tell an administrator.")) from None
    if why := refusal(kept_files.path_of(source), shown):
        kept_files.discard(source)
        raise CannotAttach(why)
    source.save()
    return source


def too_large(name: str) -> str:
    return _("“%(name)s” is larger than %(most)s MB.") % {"name": name[:80], "most": MOST_BYTES // 1_000_000}


def refusal(path: Path, name: str) -> str:
    """Why a file is not taken: its ending, or content that does not keep what the ending promises; "" for none."""
    ending, said = extension(name), {"name": name[:80], "accepted": ", ".join(ACCEPTED)}
    if ending not in ACCEPTED:
        return _("“%(name)s” is of another kind. Taken are: %(accepted)s.") % said
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if not head:
        return _("“%(name)s” is empty.") % said
    is_right = _is_text(head) if ending in TEXTS else head.startswith(BEGINS[ending])
    if not is_right:
        return _("“%(name)s” is not what its ending says.") % said
    if ending in PACKAGES and not _is_sane(path):
        return (
            _("“%(name)s” has macros, is protected or damaged; save it as a plain document or as PDF.") % said
        )
    return ""


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and not head.lstrip()[:1] == b"<"


def _is_sane(path: Path) -> bool:
    try:
        entries = require_sane_zip(path, Limits())
    except FileRefused:
        return False
    return not any(one.filename.lower().endswith("vbaproject.bin") for one in entries)
