"""Pure. A cascade as one SVG: boxes from left to right, each beside the first of what stands below it. It needs neither
script nor style sheet, and has the light colours, whoever looks at it."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, GAP, BETWEEN = 264, 44, 10  # of a box; between columns and rows
EDGE, HEAD = 24, 64
LINE, SMALL = 18, 15  # heights of lines
INNER = WIDTH - 20
TEXT, MUTED, RULE, BAR, FULL = "#1f2933", "#52606d", "#cbd2d9", "#e4e7eb", "#0b4f8a"
BAD, WARN = "#b42318", "#8a5a00"
MOST_LINES = 4


@dataclass(frozen=True)
class Box:
    """One objective, key result or task; `percent` None where progress is not known."""

    title: str
    facts: str = ""
    percent: int | None = None
    said: str = ""
    marks: str = ""
    severe: bool = False
    small: bool = False
    below: list["Box"] = field(default_factory=list)


def drawing(title: str, note: str, boxes: list[Box]) -> str:
    """The whole document; its size is that of what is in it."""
    parts: list[str] = []
    top, deepest = EDGE + HEAD, 0
    for box in boxes:
        height, depth = _placed(parts, box, EDGE, top)
        top, deepest = top + height + 2 * BETWEEN, max(deepest, depth)
    width = max(2 * EDGE + (deepest + 1) * WIDTH + deepest * GAP, 2 * EDGE + 3 * WIDTH)
    height = top + EDGE
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" font-family="sans-serif"><title>{escape(_plain(title))}</title>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(EDGE, EDGE + 18, title, 20, TEXT, bold=True),
        _text(EDGE, EDGE + 42, note, 13, MUTED),
    ]
    return "".join([*head, *parts, "</svg>"])


def _placed(parts: list[str], box: Box, x: int, y: int) -> tuple[int, int]:
    """Draw a box at its place and what stands below it to its right: (height of all, columns beside it)."""
    own = _box(parts, box, x, y)
    below, deepest = 0, 0
    for one in box.below:
        parts.append(_line(x + WIDTH, y + own / 2, x + WIDTH + GAP, y + below + _height(one) / 2))
        height, depth = _placed(parts, one, x + WIDTH + GAP, y + below)
        below, deepest = below + height + BETWEEN, max(deepest, depth + 1)
    return max(own, below - BETWEEN), deepest


def _height(box: Box) -> int:
    bar = 0 if box.percent is None or box.small else 22
    lines = SMALL * (len(wrapped(box.facts, 12)) + len(wrapped(box.marks, 12)))
    return 16 + LINE * len(wrapped(box.title, 14)) + lines + bar


def _box(parts: list[str], box: Box, x: int, y: int) -> int:
    height = _height(box)
    edge = BAD if box.severe else RULE
    parts.append(
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{height}" rx="6" fill="#ffffff" stroke="{edge}"/>'
    )
    at = y + 8
    for line in wrapped(box.title, 14):
        parts.append(_text(x + 10, at + 13, line, 14, TEXT, bold=not box.small))
        at += LINE
    for line in wrapped(box.facts, 12):
        parts.append(_text(x + 10, at + 11, line, 12, MUTED))
        at += SMALL
    if box.percent is not None and not box.small:
        parts.append(f'<rect x="{x + 10}" y="{at + 9}" width="{INNER - 50}" height="6" rx="3" fill="{BAR}"/>')
        full = (INNER - 50) * min(100, box.percent) / 100
        parts.append(f'<rect x="{x + 10}" y="{at + 9}" width="{full:.0f}" height="6" rx="3" fill="{FULL}"/>')
        parts.append(_text(x + INNER - 32, at + 16, box.said, 12, TEXT))
        at += 22
    for line in wrapped(box.marks, 12):
        parts.append(_text(x + 10, at + 11, line, 12, BAD if box.severe else WARN))
        at += SMALL
    return height


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f'<path d="M{x} {y:.0f}H{middle:.0f}V{to_y:.0f}H{to_x}" fill="none" stroke="{RULE}"/>'


def _text(x: float, y: float, text: str, size: int, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x}" y="{y:.0f}" font-size="{size}" fill="{colour}"{weight}>{escape(_plain(text))}</text>'
    )


def _plain(text: str) -> str:
    """Without the signs that no XML holds."""
    return "".join(sign for sign in text if sign.isprintable())


def wrapped(text: str, size: int) -> list[str]:
    """Lines that fit into a box, MOST_LINES at most. A Chinese sign is as wide as high, a Latin one half."""
    lines, line, used = [], "", 0.0
    for word in _pieces(text):
        wide = sum(size if ord(sign) > 0x2E7F else 0.56 * size for sign in word)
        if line and used + wide > INNER:
            lines.append(line.rstrip())
            line, used = "", 0.0
            word = word.lstrip()
        line, used = line + word, used + wide
    if line.strip():
        lines.append(line.rstrip())
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a blank, and around every Chinese sign."""
    found, word = [], ""
    for sign in " ".join(text.split()):
        if ord(sign) > 0x2E7F:
            found += [word] if word else []
            found.append(sign)
            word = ""
        elif sign == " ":
            found.append(word + sign)
            word = ""
        else:
            word += sign
    pieces = [*found, word] if word else found
    fits = int(INNER / (0.56 * 14))
    return [one[at : at + fits] for one in pieces for at in range(0, len(one), fits)]
