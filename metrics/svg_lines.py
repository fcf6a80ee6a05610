"""Pure. A small line chart as SVG that needs neither script nor style sheet: this year over last year's dotted line."""

from collections.abc import Sequence
from decimal import Decimal
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 640, 150
LEFT, RIGHT, TOP, BOTTOM = 8, 96, 22, 24
NOW, THEN, FAINT = "#1f2933", "#7b8794", "#616e7c"


def line(
    title: str,
    labels: Sequence[str],
    now: Sequence[Decimal | None],
    then: Sequence[Decimal | None],
    *,
    last: str,
) -> str:
    """`labels`, `now` and `then` side by side; a missing value is a gap; `last` is written beside the last value.

    The axis starts at nought, unless values are negative.
    """
    known = [float(value) for value in (*now, *then) if value is not None]
    if not known:
        return ""
    low, high = min(0.0, *known), max(0.0, *known)
    high = high if high > low else low + 1

    def x(place: int) -> float:
        return LEFT + place * (WIDTH - LEFT - RIGHT) / max(1, len(labels) - 1)

    def y(value: float) -> float:
        return TOP + (high - value) * (HEIGHT - TOP - BOTTOM) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-family="sans-serif" font-size="11"><title>{escape(title)}</title>',
        f'<text x="{LEFT}" y="13" fill="{NOW}">{escape(title)}</text>',
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="#cbd2d9"/>',
        *_lines(then, x, y, f'stroke="{THEN}" stroke-dasharray="3 3"'),
        *_lines(now, x, y, f'stroke="{NOW}" stroke-width="2"'),
    ]
    places = [place for place, value in enumerate(now) if value is not None]
    if places:
        end = places[-1]
        at = f'cx="{x(end):.1f}" cy="{y(float(now[end])):.1f}"'
        parts.append(f'<circle {at} r="3" fill="{NOW}"/>')
        parts.append(
            f'<text x="{x(end) + 7:.1f}" y="{y(float(now[end])) + 4:.1f}" fill="{NOW}">{escape(last)}</text>'
        )
    for place in {0, len(labels) - 1}:
        anchor = "start" if place == 0 else "end"
        parts.append(
            f'<text x="{x(place):.1f}" y="{HEIGHT - 6}" fill="{FAINT}" text-anchor="{anchor}">'
            f"{escape(labels[place])}</text>"
        )
    return "".join([*parts, "</svg>"])


def _lines(values: Sequence[Decimal | None], x, y, look: str) -> list[str]:
    """One polyline for each run of values without a gap."""
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(place):.1f},{y(float(value)):.1f}")
    return [f'<polyline fill="none" {look} points="{" ".join(run)}"/>' for run in runs if len(run) > 1]
