"""In which encoding a text file is written, and a UTF-8 copy where it is another. Pure but for the files named.

Order: byte order mark, strict UTF-8, GB18030, then a guess that is shown before it is believed. The detector alone
reads short GB18030 files as Korean, so GB18030 is judged by how common its characters are.
"""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from metrics.intake.findings import FileRefused, Finding, finding
from metrics.intake.plausibility import plausibility

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("gb18030", "big5", "shift_jis", "cp1252", "euc_kr")
CHUNK = 4 * 1024 * 1024
# Small enough that every look at a block finds it in the processor's own memory.
SCANNED = 256 * 1024
PREVIEW_CHARS = 120
SURE, LIKELY, CLEARER = 0.9, 0.75, 0.1


@dataclass
class TextFile:
    """A text file as UTF-8: `path` starts at `start` (after a byte order mark)."""

    path: Path
    start: int
    encoding: str
    has_quotes: bool
    findings: tuple[Finding, ...] = ()


@dataclass
class _Seen:
    bad_at: int | None = None
    nul_at: int | None = None
    has_quotes: bool = False


def as_utf8(path: Path, scratch: Path, chosen: str = "", expected: tuple[str, ...] = ()) -> TextFile:
    """The file as UTF-8. `chosen` is an encoding that the user named, `expected` are those that such files have where
    they are not UTF-8. Raises FileRefused."""
    with path.open("rb") as stream:
        head = stream.read(4)
    mark, encoding = next(((m, e) for m, e in BOMS if head.startswith(m)), (b"", ""))
    if chosen and not mark:
        return _copied(path, scratch, _known_codec(chosen), ())
    if encoding in ("utf-16", "utf-32"):
        return _copied(path, scratch, encoding, ())
    seen = _scan(path, len(mark))
    if seen.nul_at is not None:
        raise FileRefused(_at_byte("NUL_BYTE", path, seen.nul_at))
    if seen.bad_at is None:
        return TextFile(path, len(mark), encoding or "utf-8", seen.has_quotes)
    data = path.read_bytes()
    if (name := next((one for one in expected if _decodes(data, one)), "")) and _mixed(data) is None:
        return _copied(path, scratch, name, ())
    return _other(path, scratch, seen.bad_at, data)


def _known_codec(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        info = None
    if info is None or not info._is_text_encoding or info.name in ("idna", "punycode", "undefined"):
        raise FileRefused(finding("ENCODING_UNKNOWN", previews=[], encoding=name[:40]))
    return info.name


def _scan(path: Path, start: int) -> _Seen:
    """One pass over the bytes: where UTF-8 breaks, where a NUL stands, whether there are quotes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen, offset = _Seen(), start
    with path.open("rb") as stream:
        stream.seek(start)
        while True:
            block = stream.read(SCANNED)
            if seen.nul_at is None and (at := block.find(0)) >= 0:
                seen.nul_at = offset + at
            seen.has_quotes = seen.has_quotes or b'"' in block
            pending = len(decoder.getstate()[0])
            if seen.bad_at is None and (pending or not block.isascii()):
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    seen.bad_at = offset - pending + error.start
            if not block:
                return seen
            offset += len(block)


def _other(path: Path, scratch: Path, bad_at: int, data: bytes) -> TextFile:
    """Not UTF-8 and without a mark: invalid, mixed, GB18030, or something to guess."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        pass
    else:
        raise FileRefused(_at_byte("ENCODING_INVALID", path, bad_at))
    if (mixed_at := _mixed(data)) is not None:
        raise FileRefused(_at_byte("ENCODING_MIXED", path, mixed_at))
    lines = [line for line in data[: 4 * CHUNK].splitlines() if not line.isascii()]
    sample = b"\n".join(lines[:2000])
    scores = sorted(((plausibility(sample, name), name) for name in CANDIDATES), reverse=True)
    chinese = dict((name, score) for score, name in scores)["gb18030"]
    if chinese >= SURE and _decodes(data, "gb18030"):
        warning = finding("ENCODING_GB18030", preview=_preview(sample, "gb18030"))
        return _copied(path, scratch, "gb18030", (warning,))
    score, best = scores[0]
    if score >= LIKELY and score - scores[1][0] >= CLEARER and _decodes(data, best):
        warning = finding("ENCODING_GUESSED", encoding=best, preview=_preview(sample, best))
        return _copied(path, scratch, best, (warning,))
    return _guessed(path, scratch, data, sample, scores)


def _guessed(path, scratch, data, sample, scores) -> TextFile:
    match = charset_normalizer.from_bytes(data[:CHUNK]).best()
    names = [name for _, name in scores]
    if match is not None and match.percent_coherence >= 60 and _decodes(data, match.encoding):
        warning = finding(
            "ENCODING_GUESSED", encoding=match.encoding, preview=_preview(sample, match.encoding)
        )
        return _copied(path, scratch, match.encoding, (warning,))
    previews = [{"encoding": name, "text": _preview(sample, name)} for name in names[:3]]
    raise FileRefused(finding("ENCODING_UNKNOWN", encoding="", previews=previews))


def _mixed(data: bytes) -> int | None:
    """Offset of the first line in another encoding, when some lines are clearly UTF-8 and others cannot be."""
    first_good = first_bad = None
    offset = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            try:
                clear = any(ord(char) >= 0x2000 for char in line.decode("utf-8"))
            except UnicodeDecodeError:
                first_bad = offset if first_bad is None else first_bad
            else:
                first_good = offset if clear and first_good is None else first_good
            if first_good is not None and first_bad is not None:
                return max(first_good, first_bad)
        offset += len(line)
    return None


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _preview(sample: bytes, name: str) -> str:
    return sample[:400].decode(name, "replace").replace("\n", " ⏎ ")[:PREVIEW_CHARS]


def _at_byte(code: str, path: Path, offset: int) -> Finding:
    """A finding at a byte: its row as a spreadsheet counts lines, its cell by the separators before it."""
    row, last = 1, b""
    with path.open("rb") as stream:
        left = offset
        while left > 0:
            block = stream.read(min(CHUNK, left))
            if not block:
                break
            left -= len(block)
            block = (last[-1:] if last.endswith(b"\r") else b"") + block if row else block
            joined = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            row += joined.count(b"\n")
            last = joined.rsplit(b"\n", 1)[-1] if b"\n" in joined else last + joined
    separator = max((b"\t", b";", b","), key=last.count)
    return finding(code, row=row, position=last.count(separator) + 1, byte=offset)


def _copied(path: Path, scratch: Path, encoding: str, findings) -> TextFile:
    """A UTF-8 copy of the file in `scratch`."""
    copy = scratch / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.utf8"
    decoder = codecs.getincrementaldecoder(encoding)()
    has_quotes, written = False, 0
    with path.open("rb") as source, copy.open("wb") as target:
        while True:
            block = source.read(CHUNK)
            try:
                text = decoder.decode(block, final=not block)
                out = text.encode("utf-8")
            except (UnicodeDecodeError, UnicodeEncodeError, UnicodeError) as error:
                at = source.tell() - len(block) + max(getattr(error, "start", 0), 0)
                raise FileRefused(finding("ENCODING_INVALID", byte=at, encoding=encoding)) from None
            if b"\0" in out:
                target.write(out)
                target.flush()
                raise FileRefused(_at_byte("NUL_BYTE", copy, written + out.index(0)))
            has_quotes = has_quotes or b'"' in out
            target.write(out)
            written += len(out)
            if not block:
                break
    start = 3 if _starts_with_bom(copy) else 0
    return TextFile(copy, start, encoding, has_quotes, tuple(findings))


def _starts_with_bom(copy: Path) -> bool:
    with copy.open("rb") as stream:
        return stream.read(3) == codecs.BOM_UTF8
