"""Reads as much of a PDF as tests of printing ask for: its pages, their text and the colours that fill them.

Only what Chromium writes: objects as plain text, streams deflated, text as glyphs of fonts that say what they mean.
"""

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

OBJECT = re.compile(rb"^(\d+) 0 obj$", re.M)
STREAM = re.compile(rb"/Length (\d+).*?>>\s*stream\r?\n", re.S)
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bTd\b|\bTm\b|\bET\b")
FILL = re.compile(rb"(?:^|\s)([\d.]+) ([\d.]+) ([\d.]+) rg\b")


@dataclass(frozen=True)
class Sheet:
    text: str
    fills: frozenset[str]
    size: tuple[float, float]


def sheets(path: Path) -> list[Sheet]:
    """Every page of the file at `path`, in its order; sizes in points, colours as `#rrggbb`."""
    _head, *parts = OBJECT.split(path.read_bytes())
    found = {int(number): body for number, body in zip(parts[::2], parts[1::2], strict=True)}
    return [sheet(body, found) for body in found.values() if re.search(rb"/Type /Page\b", body)]


def sheet(body: bytes, found: dict[int, bytes]) -> Sheet:
    fonts = {
        name.decode(): meanings(found[int(number)], found)
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
    }
    box = re.search(rb"/MediaBox \[([^]]*)\]", body)[1].split()
    drawn = content(found[int(re.search(rb"/Contents (\d+) 0 R", body)[1])])
    fills = {"#" + "".join(f"{round(float(part) * 255):02x}" for part in one) for one in FILL.findall(drawn)}
    return Sheet(said(drawn, fonts), frozenset(fills), (float(box[2]), float(box[3])))


def content(body: bytes) -> bytes:
    head = STREAM.search(body)
    found = body[head.end() : head.end() + int(head[1])]  # its bytes may look like the end of an object
    return (
        zlib.decompress(found)
        if b"/FlateDecode" in head[0] or b"/FlateDecode" in body[: head.start()]
        else found
    )


def meanings(font: bytes, found: dict[int, bytes]) -> dict[int, str]:
    """Glyph to text."""
    table = re.search(rb"/ToUnicode (\d+) 0 R", font)
    glyphs, text = {}, content(found[int(table[1])]).decode("latin-1") if table else ""
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for glyph, meant in re.findall(r"<(\w+)> <(\w+)>", block):
            glyphs[int(glyph, 16)] = bytes.fromhex(meant).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, meant in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for place, glyph in enumerate(range(int(first, 16), int(last, 16) + 1)):
                glyphs[glyph] = chr(int(meant, 16) + place)
    return glyphs


def said(drawn: bytes, fonts: dict[str, dict[int, str]]) -> str:
    """The text in the order of its drawing, without the spaces between what was set apart."""
    words, font = [], {}
    for name, glyphs in SHOWN.findall(drawn):
        if name:
            font = fonts.get(name.decode(), {})
        elif glyphs:
            codes = [int(glyphs[place : place + 4], 16) for place in range(0, len(glyphs), 4)]
            words += [font.get(code, "") for code in codes]
    return "".join(words)
