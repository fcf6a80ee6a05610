"""Pure. Figures of many members at once: scatter with quadrants, and heat maps.
Plain Plotly dicts; the page paints them by each trace's role."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.charts import Shown, corner, escaped, number, ticks

ONE = Decimal(1)
# Sides of a bubble, the best first, and how far off a name's middle stands there, in parts of the plot.
SIDES = {
    "top center": (0.0, 0.08),
    "bottom center": (0.0, -0.08),
    "middle right": (0.14, 0.0),
    "middle left": (-0.14, 0.0),
}


@dataclass(frozen=True)
class Dot:
    """One member of a scatter: where it stands, how large its bubble is, what the tip says, its role of colour.
    `url`: where a press on it leads."""

    label: str
    x: Decimal
    y: Decimal
    size: Decimal
    tip: str
    role: str = "cat-2"
    url: str = ""


def scatter(
    dots: Sequence[Dot],
    *,
    across: str,
    up: str,
    shown_x: Shown,
    shown_y: Shown,
    lines: tuple[Decimal | None, Decimal | None] = (None, None),
    corners: Sequence[tuple[float, float, str]] = (),
    areas: Sequence[str] = (),
) -> dict:
    """Bubbles with their names; `lines`: a dashed vertical and horizontal; `corners`: (x, y, text) in parts of the
    plot, where quadrants are named. `areas`: where a press beside the bubbles leads, upper right,
    upper left, lower right and lower left of the lines. Neither axis starts at nought."""
    largest = max((dot.size for dot in dots), default=Decimal(0)) or ONE
    beside = sides(dots)
    data = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [number(dot.x) for dot in dots if dot.role == role],
            "y": [number(dot.y) for dot in dots if dot.role == role],
            "text": [escaped(dot.label) for dot in dots if dot.role == role],
            "textposition": [beside[dot.label] for dot in dots if dot.role == role],
            "cliponaxis": False,
            "customdata": [escaped(dot.tip) for dot in dots if dot.role == role],
            "hovertemplate": "%{customdata}<extra></extra>",
            "marker": {
                "size": [_diameter(dot.size, largest) for dot in dots if dot.role == role],
                "opacity": 0.75,
            },
            "meta": {"role": role} | _leading([dot.url for dot in dots if dot.role == role]),
        }
        for role in dict.fromkeys(dot.role for dot in dots)
    ]
    x_axis = _around([dot.x for dot in dots] + [lines[0]], shown_x) | {"title": {"text": escaped(across)}}
    y_axis = _around([dot.y for dot in dots] + [lines[1]], shown_y) | {"title": {"text": escaped(up)}}
    shapes, named = _crossing(lines), [corner(*one) for one in corners]
    layout = {
        "xaxis": x_axis,
        "yaxis": y_axis,
        "hovermode": "closest",
        "shapes": shapes,
        "annotations": named,
    }
    if areas and None not in lines:
        layout["meta"] = {"lines": [number(one) for one in lines], "areas": list(areas)}
    return {"data": data, "layout": layout}


def _leading(urls: Sequence[str]) -> dict:
    return {"urls": list(urls)} if any(urls) else {}


def sides(dots: Sequence[Dot]) -> dict[str, str]:
    """On which side of its bubble each name stands, so that names near each other keep apart."""
    wide, high = (_span([getattr(dot, name) for dot in dots]) for name in ("x", "y"))
    taken: list[tuple[float, float]] = []
    found = {}
    for dot in sorted(dots, key=lambda one: (one.y, one.x), reverse=True):
        x, y = float(dot.x) / wide, float(dot.y) / high
        places = {side: (x + dx, y + dy) for side, (dx, dy) in SIDES.items()}
        side = next(
            (one for one, at in places.items() if not any(_near(at, other) for other in taken)), "top center"
        )
        taken += [(x, y), places[side]]
        found[dot.label] = side
    return found


def _span(values: Sequence[Decimal]) -> float:
    return float(max(values, default=ONE) - min(values, default=Decimal(0))) or 1.0


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 0.16 and abs(one[1] - other[1]) < 0.07


def _diameter(size: Decimal, largest: Decimal) -> float:
    """Areas, not diameters, stand for values: 8 to 44 pixels."""
    return round(8 + 36 * float(max(size, Decimal(0)) / largest) ** 0.5, 1)


def _around(values: Sequence[Decimal | None], shown: Shown) -> dict:
    """Round ticks around the values, with room for bubbles at both ends."""
    axis = ticks(values, shown, from_zero=False)
    low, high = axis["range"]
    margin = (high - low) * 0.1
    return axis | {"range": [low - margin, high + margin], "rangemode": "normal", "zeroline": False}


def _crossing(lines) -> list[dict]:
    found = []
    if lines[0] is not None:
        found.append(
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": number(lines[0]),
                "x1": number(lines[0]),
                "y0": 0,
                "y1": 1,
            }
        )
    if lines[1] is not None:
        found.append(
            {
                "type": "line",
                "xref": "paper",
                "yref": "y",
                "x0": 0,
                "x1": 1,
                "y0": number(lines[1]),
                "y1": number(lines[1]),
            }
        )
    return found


def heat(
    columns: Sequence[str], rows: Sequence[str], values: Sequence[Sequence[Decimal | None]], *, shown: Shown
) -> dict:
    """A heat map of one hue, the value as text in each cell; a missing value is left empty, never coloured as nought.

    The cells are bars of length one: a heat map of the library itself would set styles that a strict page refuses.
    """
    highest = max((float(value) for row in values for value in row if value is not None), default=1.0) or 1.0
    data = []
    for place, column in enumerate(columns):
        own = [(row, line[place]) for row, line in zip(rows, values, strict=True) if line[place] is not None]
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escaped(column),
                "base": [place] * len(own),
                "x": [1] * len(own),
                "y": [escaped(row) for row, _value in own],
                "text": [escaped(shown(value)) for _row, value in own],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "hovertemplate": f"%{{y}} · {escaped(column)}: %{{text}}<extra></extra>",
                "marker": {"color": [number(value) for _row, value in own], "cmin": 0, "cmax": highest},
                "meta": {"role": "heat"},
            }
        )
    across = {
        "tickmode": "array",
        "tickvals": [place + 0.5 for place in range(len(columns))],
        "ticktext": [escaped(one).replace(" ", "<br>") for one in columns],
        "tickformat": "",
        "tickangle": 0,
        "side": "top",
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "range": [0, len(columns)],
    }
    down = {
        "type": "category",
        "tickformat": "",
        "ticksuffix": " ",
        "autorange": "reversed",
        "categoryorder": "array",
        "categoryarray": [escaped(row) for row in rows],
    }
    layout = {"barmode": "overlay", "bargap": 0.06, "xaxis": across, "yaxis": down, "hovermode": "closest"}
    return {"data": data, "layout": layout}
