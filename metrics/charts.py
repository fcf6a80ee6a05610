"""Pure. Figures as plain Plotly dicts, without colours, fonts or template: the page paints them by each trace's role.

Texts come in the reader's language; numbers become floats here, where they are only drawn.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Shown = Callable[[Decimal], str]
TICKS = 4
FORMAT = ",.0f"


@dataclass(frozen=True)
class Point:
    """One place on a time axis: its full name, and its tick with the year below where that must be said.

    `is_certain` False: not certified, drawn hollow.
    """

    label: str
    tick: tuple[str, str]
    now: Decimal | None
    then: Decimal | None
    is_certain: bool = True


@dataclass(frozen=True)
class Bar:
    """One member of a ranking."""

    label: str
    value: Decimal | None
    change: Decimal | None
    is_certain: bool = True


def escaped(text: str) -> str:
    """Plotly reads its texts as a small HTML with links: nothing of a user's text may be markup."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def ticks(values: Sequence[Decimal | None], shown: Shown, *, from_zero: bool = True) -> dict:
    """Axis settings with few round ticks over `values`, labelled by `shown` (万 or k); the axis starts at nought."""
    known = [float(value) for value in values if value is not None] or [0.0]
    low, high = (min(0.0, *known), max(0.0, *known)) if from_zero else (min(known), max(known))
    step = _step((high - low) / TICKS or 1.0)
    first, last = math.floor(low / step), math.ceil(high / step) or (0 if low < 0 else 1)
    places = [round(index * step, 10) for index in range(first, last + 1)]
    return {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [shown(_exact(place)) for place in places],
        "tickformat": FORMAT,
        "range": [places[0], places[-1] + step * 0.15],
    }


def _exact(place: float) -> Decimal:
    value = Decimal(repr(place))
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


def _step(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 × 10ⁿ."""
    power = 10 ** math.floor(math.log10(rough))
    return next(nice * power for nice in (1, 2, 2.5, 5, 10) if nice * power >= rough * 0.999)


def trend(points: Sequence[Point], *, now: str, then: str, axis: Shown, short: Shown, exact: Shown) -> dict:
    """A line of this year over last year's dotted one; the last point is labelled, uncertain points are hollow."""
    labels = [escaped(point.label) for point in points]
    last = max((place for place, point in enumerate(points) if point.now is not None), default=-1)
    texts = [escaped(short(point.now)) if place == last else "" for place, point in enumerate(points)]
    values = [value for point in points for value in (point.now, point.then)]
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": escaped(then),
            "x": labels,
            "y": [number(point.then) for point in points],
            "customdata": [told(point.then, exact) for point in points],
            "hovertemplate": f"%{{customdata}}<extra>{escaped(then)}</extra>",
            "meta": {"role": "py"},
            "connectgaps": False,
        },
        {
            "type": "scatter",
            "mode": "lines+markers+text",
            "name": escaped(now),
            "x": labels,
            "y": [number(point.now) for point in points],
            "text": texts,
            "textposition": "top left",
            "cliponaxis": False,
            "customdata": [told(point.now, exact) for point in points],
            "hovertemplate": f"%{{customdata}}<extra>{escaped(now)}</extra>",
            "marker": {"symbol": ["circle" if point.is_certain else "circle-open" for point in points]},
            "meta": {"role": "ac"},
            "connectgaps": False,
        },
    ]
    return {"data": data, "layout": {"xaxis": along(points), "yaxis": ticks(values, axis)}}


def along(points: Sequence, most: int = 16) -> dict:
    """An axis of time over `points` (anything with a `tick`): few labels, the last one always."""
    across = {"type": "category", "tickformat": "", "range": [-0.4, len(points) - 0.6]}
    return across | _sparse(points, most)


def _sparse(points: Sequence[Point], most: int = 16) -> dict:
    """Every tick, or evenly fewer of many; the last one always."""
    step = math.ceil(len(points) / most) or 1
    places = list(range(len(points) - 1, -1, -step))[::-1]
    texts = ["<br>".join(escaped(text) for text in points[place].tick if text) for place in places]
    return {"tickmode": "array", "tickvals": places, "ticktext": texts, "tickangle": 0}


def told(value: Decimal | None, shown: Shown) -> str:
    return "–" if value is None else escaped(shown(value))


def ranking(bars: Sequence[Bar], *, now: str, change: str, short: Shown, signed: Shown, better: str) -> dict:
    """Horizontal bars, the first on top, with the change against last year in a panel of its own beside them."""
    labels = [escaped(bar.label) for bar in bars][::-1]
    rows = list(bars)[::-1]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped(now),
            "x": [number(bar.value) for bar in rows],
            "y": labels,
            "text": [told(bar.value, short) for bar in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{y}}: %{{text}}<extra>{escaped(now)}</extra>",
            "marker": {"pattern": {"shape": ["" if bar.is_certain else "/" for bar in rows]}},
            "meta": {"role": "ac"},
        },
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped(change),
            "x": [number(bar.change) for bar in rows],
            "y": labels,
            "xaxis": "x2",
            "text": [told(bar.change, signed) for bar in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": f"%{{y}}: %{{text}}<extra>{escaped(change)}</extra>",
            "meta": {"role": "change", "better": better or "up"},
        },
    ]
    layout = {
        "xaxis": {"domain": [0, 0.57], **room([bar.value for bar in rows], 0.6)},
        "xaxis2": {"domain": [0.6, 1], "anchor": "y", **room([bar.change for bar in rows], 0.95)},
        "yaxis": {"type": "category", "tickformat": "", "ticksuffix": " "},
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}


def room(values: Sequence[Decimal | None], part: float) -> dict:
    """An axis without ticks (every bar is labelled), with room for the labels outside the bars."""
    known = [float(value) for value in values if value is not None] or [0.0]
    low, high = min(0.0, *known), max(0.0, *known)
    space = (high - low or 1.0) * part
    return {
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": True,
        "tickformat": FORMAT,
        "range": [low - (space if low < 0 else 0), high + (space if high > 0 or low == 0 else 0)],
    }


def bridge(
    steps: Sequence[tuple[str, Decimal, str]], *, axis: Shown, short: Shown, signed: Shown, better: str = "up"
) -> dict:
    """A waterfall: steps of (label, value, "absolute" | "relative" | "total"); changes carry their sign."""
    values = [value for _, value, _ in steps]
    level, tops = Decimal(0), []
    for value, kind in ((value, kind) for _, value, kind in steps):
        level = value if kind != "relative" else level + value
        tops.append(level)
    data = [
        {
            "type": "waterfall",
            "orientation": "v",
            "x": [escaped(label) for label, _, _ in steps],
            "y": [number(value) for value in values],
            "measure": [kind for _, _, kind in steps],
            "text": [escaped((signed if kind == "relative" else short)(value)) for _, value, kind in steps],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{x}: %{text}<extra></extra>",
            "meta": {"role": "bridge", "better": better},
        }
    ]
    across = {"type": "category", "tickformat": ""}
    return {"data": data, "layout": {"xaxis": across, "yaxis": ticks(tops, axis), "hovermode": "closest"}}


def shares(bars: Sequence[tuple[str, Decimal, str]]) -> dict:
    """Horizontal bars of (label, ratio, text), the first on top, on one scale from nought to the whole."""
    rows = list(bars)[::-1]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": [number(value) for _label, value, _text in rows],
            "y": [escaped(label) for label, _value, _text in rows],
            "text": [escaped(text) for _label, _value, text in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{text}<extra></extra>",
            "meta": {"role": "ac"},
        }
    ]
    axis = room([Decimal(1)], 0.7) | {"tickformat": ".0%"}
    layout = {"xaxis": axis, "yaxis": {"type": "category", "tickformat": "", "ticksuffix": " "}}
    return {"data": data, "layout": layout | {"hovermode": "closest"}}


def corner(x: float, y: float, text: str) -> dict:
    """A text at a place of the whole drawing, in parts of it, turned inwards."""
    return {
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "text": escaped(text),
        "showarrow": False,
        "xanchor": "left" if x < 0.5 else "right",
        "yanchor": "bottom" if y < 0.5 else "top",
    }
