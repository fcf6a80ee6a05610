"""The files people hand over: kept under random names, recognised by their bytes, deleted when their time is over."""

import datetime as dt
import errno
import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.core.files.storage import default_storage

from metrics.models import SourceFile

BLOCK = 1 << 20
# A refused file helps to mend it for a month; a used one proves figures for three years.
KEEP_REFUSED = dt.timedelta(days=30)
KEEP_USED = dt.timedelta(days=1096)
INCOMING = "incoming"


class FileTooLarge(Exception):
    """More bytes came than the installation takes; nothing was kept."""

    def __init__(self, limit: int):
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


class DiskFull(Exception):
    """There is no room for the file; nothing was kept."""


def blocks(file) -> Iterable[bytes]:
    """The bytes of a path or of an uploaded file, block by block."""
    if hasattr(file, "chunks"):
        yield from file.chunks(BLOCK)
        return
    with Path(file).open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def keep(file, *, name: str, limit: int, by, at: dt.datetime) -> SourceFile:
    """Write `file` below the data directory and return its row, not saved yet. `name` is for people only.

    Raises FileTooLarge as soon as more than `limit` bytes came, DiskFull, and OSError for an unreadable path.
    """
    key = uuid.uuid4()
    incoming = Path(default_storage.path(f"{INCOMING}/{key}"))
    incoming.parent.mkdir(parents=True, exist_ok=True)
    place = f"source/{at:%Y/%m}/{key}"
    target = Path(default_storage.path(place))
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        digest, size = _written(file, incoming, limit)
        os.replace(incoming, target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull from error
        raise
    finally:
        incoming.unlink(missing_ok=True)
    return SourceFile(
        id=key,
        sha256=digest,
        name=name,
        size=size,
        content=place,
        uploaded_at=at,
        uploaded_by=by,
        keep_until=(at + KEEP_REFUSED).date(),
    )


def _written(file, target: Path, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        for block in blocks(file):
            size += len(block)
            if size > limit:
                raise FileTooLarge(limit)
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def path_of(source: SourceFile) -> Path:
    return Path(default_storage.path(source.content.name))


def discard(source: SourceFile) -> None:
    """Remove the bytes of a file whose row was never saved."""
    path_of(source).unlink(missing_ok=True)


def keep_longer(source: SourceFile, *, at: dt.datetime) -> None:
    """The file stands behind figures now."""
    source.keep_until = (at + KEEP_USED).date()
    source.save(update_fields=["keep_until"])


def delete_expired(*, at: dt.datetime) -> int:
    """Delete the bytes whose time is over (rows stay), and uploads that broke off a day ago."""
    expired = SourceFile.objects.filter(keep_until__lt=at.date()).exclude(content="")[:200]
    for source in expired:
        path_of(source).unlink(missing_ok=True)
        SourceFile.objects.filter(pk=source.pk).update(content="")
    broken_off = (at - dt.timedelta(days=1)).timestamp()
    for leftover in Path(default_storage.path(INCOMING)).glob("*"):
        if leftover.stat().st_mtime < broken_off:
            leftover.unlink(missing_ok=True)
    return len(expired)
