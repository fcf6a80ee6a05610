"""Several files of one hand-in, packed into one archive, so that they are kept, recognised and read as one."""

import contextlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from metrics import kept_files
from metrics.intake.findings import FileRefused, finding
from metrics.intake.kinds import file_kind
from metrics.intake.limits import MIB, Limits
from metrics.intake.names import display_name, extension

LONGEST_STEM = 80
# The same files make the same bytes, whenever they are packed.
STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """An archive on disk, and the name under which people see it."""

    path: Path
    name: str


@contextlib.contextmanager
def packed(files: Iterable[tuple], limits: Limits) -> Iterator[Packed]:
    """An archive of `files`, pairs of a path or uploaded file and its name, while the context lasts; it is called
    after the first.

    Raises FileRefused for a file that is no text, or when all together are too large; OSError for an unreadable path.
    """
    given = list(_named(files))
    named = sorted(given, key=lambda one: one[1].casefold())
    with tempfile.TemporaryDirectory(prefix="hand-in-") as folder:
        path, size = Path(folder) / "hand-in.zip", 0
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for file, name in named:
                copy = Path(folder) / "copy"
                size = _copied(file, copy, size, limits)
                _require_text(copy, name, limits)
                with archive.open(zipfile.ZipInfo(name, STAMP), "w") as out, copy.open("rb") as content:
                    while block := content.read(kept_files.BLOCK):
                        out.write(block)
        stem = given[0][1].rpartition(".")[0][:LONGEST_STEM]
        yield Packed(path, f"{stem} +{len(named) - 1}.zip")


def _named(files) -> Iterator[tuple]:
    """Each file under a name of its own."""
    seen: dict[str, int] = {}
    for file, given in files:
        name = display_name(given)
        if name is None:
            raise FileRefused(finding("BAD_FILE_NAME", value=given))
        seen[name] = seen.get(name, 0) + 1
        stem, dot, ending = name.rpartition(".")
        yield file, name if seen[name] == 1 else f"{stem} ({seen[name]}){dot}{ending}"


def _copied(file, copy: Path, size: int, limits: Limits) -> int:
    with copy.open("wb") as out:
        for block in kept_files.blocks(file):
            size += len(block)
            if size > limits.text_bytes:
                mib = {"size_mib": f"{size / MIB:.1f}", "limit_mib": f"{limits.text_bytes / MIB:.1f}"}
                raise FileRefused(finding("FILE_TOO_LARGE", size=size, limit=limits.text_bytes, **mib))
            out.write(block)
    return size


def _require_text(copy: Path, name: str, limits: Limits) -> None:
    """Each file has to be what could be handed in alone; a finding names the file."""
    if extension(name) in ("zip", "xlsx"):
        raise FileRefused(finding("ZIP_CONTENT", sheet=name, value=name))
    try:
        file_kind(copy, name, limits)
    except FileRefused as refused:
        raise FileRefused(*(replace(one, sheet=name) for one in refused.findings)) from None
