"""The archive itself: a compressed tar whose last member, the manifest, knows the SHA-256 of every other."""

import errno
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20
SPEED = 1  # of gzip: five times as fast as the default for a tenth more bytes


class CannotBackUp(Exception):
    """Nothing was written; the text says why."""


class CannotRestore(Exception):
    """Nothing was changed; the text says why."""


class _Hashing:
    """Reads a file and remembers its digest."""

    def __init__(self, file: BinaryIO):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size=-1):
        block = self.file.read(size)
        self.digest.update(block)
        return block


class Writer:
    """Adds parts one after the other; `parts` is what the manifest will say of them."""

    def __init__(self, tar: tarfile.TarFile):
        self.tar, self.parts = tar, {}

    def add(self, name: str, path: Path) -> None:
        """The bytes of `path` under `name`. Raises FileNotFoundError before anything is written."""
        with path.open("rb") as file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
            reading = _Hashing(file)
            self.tar.addfile(info, reading)
        self.parts[name] = {"bytes": info.size, "sha256": reading.digest.hexdigest()}

    def close(self, manifest: dict) -> None:
        text = json.dumps(
            manifest | {"format": FORMAT, "parts": self.parts}, ensure_ascii=False, indent=1
        ).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(text), 0o600
        self.tar.addfile(info, io.BytesIO(text))
        self.tar.close()


@contextmanager
def new_archive(target: Path) -> Iterator[Writer]:
    """An archive that stands at `target` when the block ends well, and leaves nothing when it does not."""
    if target.exists():
        raise CannotBackUp(f"{target} exists already.")
    unfinished = target.with_name(target.name + ".part")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotBackUp(
            f"{unfinished} exists: another backup runs, or one was killed; then delete it."
        ) from None
    except OSError as error:
        raise CannotBackUp(f"{unfinished} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            with _compressed(file) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        # Not os.replace: a file that appeared meanwhile is not ours to overwrite.
        os.link(unfinished, target)
    except FileExistsError:
        raise CannotBackUp(f"{target} exists already.") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotBackUp(f"The disk of {target.parent} is full; no backup was made.") from error
        raise
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def streamed_archive(out: BinaryIO) -> Iterator[Writer]:
    """An archive that is written to a pipe, to be encrypted before it touches a disk (T38)."""
    with _compressed(out) as tar:
        yield Writer(tar)
    out.flush()


@contextmanager
def _compressed(out: BinaryIO) -> Iterator[tarfile.TarFile]:
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=SPEED, filename="") as packed:
        with tarfile.open(fileobj=packed, mode="w|") as tar:
            yield tar


def verified(path: Path) -> dict:
    """The manifest of the archive, after every part was read and compared. Raises CannotRestore."""
    found, manifest = {}, None
    try:
        with tarfile.open(path, "r|gz") as tar:
            for member in tar:
                if not member.isfile() or not _is_safe(member.name):
                    raise CannotRestore(f"{path} is no backup of ReviewHub: it holds {member.name!r}.")
                reading = _Hashing(tar.extractfile(member))
                if member.name == MANIFEST:
                    manifest = json.loads(reading.read())
                    continue
                while reading.read(BLOCK):
                    pass
                found[member.name] = {"bytes": member.size, "sha256": reading.digest.hexdigest()}
    except FileNotFoundError:
        raise CannotRestore(f"{path} does not exist.") from None
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise CannotRestore(f"{path} is damaged or no backup: {error}") from error
    if not isinstance(manifest, dict) or "parts" not in manifest:
        raise CannotRestore(f"{path} is cut off: its manifest is missing.")
    if manifest.get("format", 0) > FORMAT:
        raise CannotRestore(f"{path} was made by a newer version of ReviewHub. Install that version first.")
    if found != manifest["parts"]:
        changed = sorted(
            name for name in found | manifest["parts"] if found.get(name) != manifest["parts"].get(name)
        )
        raise CannotRestore(f"{path} is damaged: the checksum of {changed[0]} is wrong.")
    return manifest


def unpack(path: Path, into: Path) -> None:
    """Every part of a verified archive below the folder `into`."""
    with tarfile.open(path, "r|gz") as tar:
        for member in tar:
            if member.name == MANIFEST or not member.isfile() or not _is_safe(member.name):
                continue
            target = into / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                source = tar.extractfile(member)
                while block := source.read(BLOCK):
                    out.write(block)


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name and name != ""
