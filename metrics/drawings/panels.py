"""Pure. Small multiples: many lines in panels of their own, on one scale unless each says its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics import charts
from metrics.charts import escaped, number
from metrics.drawings.places import axis_name, domain, layout_name, worded

Shown = Callable[[Decimal], str]
COLUMNS = 2
ACROSS, DOWN = 0.13, 0.13


@dataclass(frozen=True)
class Line:
    """One line of a panel. `provisional`: places drawn hollow; `low` and `high`: an interval at each place."""

    name: str
    role: str
    values: Sequence[Decimal | None]
    provisional: frozenset = frozenset()
    low: Sequence[Decimal | None] = ()
    high: Sequence[Decimal | None] = ()


@dataclass(frozen=True)
class Area:
    """A shaded band between two values: good, fair or poor."""

    role: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Panel:
    title: str
    lines: Sequence[Line]
    shown: Shown
    areas: Sequence[Area] = ()
    limit: Decimal | None = None

    @property
    def values(self) -> list[Decimal]:
        every = [
            value for line in self.lines for side in (line.values, line.low, line.high) for value in side
        ]
        return [value for value in (*every, self.limit) if value is not None]


def panels(
    drawn: Sequence[Panel], *, labels: Sequence[str], ticks: Sequence[str], axis: Shown | None = None,
    from_zero: bool = False, columns: int = COLUMNS,
) -> dict:  # fmt: skip
    """Panels in rows of `columns`. `axis` words the common scale; without it each panel has its own, printed."""
    rows = -(-len(drawn) // columns) or 1
    common = (
        charts.ticks([v for one in drawn for v in one.values], axis, from_zero=from_zero) if axis else None
    )
    data, layout, titles, limits = [], {}, [], []
    for place, one in enumerate(drawn):
        row, column = divmod(place, columns)
        across, up = axis_name("x", place), axis_name("y", place)
        high = domain(rows - 1 - row, rows, gap=DOWN if rows > 1 else 0)
        wide = domain(column, columns, gap=ACROSS)
        scale = _fewer(common or charts.ticks(one.values, one.shown, from_zero=from_zero), rows)
        layout[layout_name("x", place)] = worded(ticks, most=3) | {"domain": wide, "anchor": up}
        layout[layout_name("y", place)] = scale | {"domain": [high[0], high[1] - 0.07], "anchor": across}
        data += [_area(area, len(labels), scale) | {"xaxis": across, "yaxis": up} for area in one.areas]
        for line in one.lines:
            data.append(_line(line, one, labels) | {"xaxis": across, "yaxis": up})
        titles.append(_title(one.title, wide[0], high[1]))
        if one.limit is not None:
            limits.append(_limit(one.limit, across, up))
    layout |= {"annotations": titles, "shapes": limits, "hovermode": "closest"}
    return {"data": data, "layout": layout}


def _fewer(scale: dict, rows: int) -> dict:
    """Of many rows of panels each has room for three ticks only."""
    step = -(-len(scale["tickvals"]) // 3) if rows > 2 else 1
    return scale | {name: scale[name][::step] for name in ("tickvals", "ticktext")}


def _line(line: Line, panel: Panel, labels: Sequence[str]) -> dict:
    known = [place for place, value in enumerate(line.values) if value is not None]
    last = known[-1] if known else -1
    is_main = line.role != "py"
    texts = [escaped(panel.shown(v)) if is_main and p == last else "" for p, v in enumerate(line.values)]
    symbols = ["circle-open" if place in line.provisional else "circle" for place in range(len(line.values))]
    trace = {
        "type": "scatter",
        "mode": "lines+markers+text" if is_main else "lines",
        "name": escaped(line.name),
        "x": list(range(len(line.values))),
        "y": [number(value) for value in line.values],
        "text": texts,
        "textposition": "top left",
        "cliponaxis": False,
        "customdata": [_told(label, v, panel.shown) for label, v in zip(labels, line.values, strict=True)],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(panel.title)} · {escaped(line.name)}</extra>",
        "marker": {"symbol": symbols, "size": 4},
        "connectgaps": False,
        "meta": {"role": line.role},
    }
    return trace | ({"error_y": _interval(line)} if line.high else {})


def _told(label: str, value: Decimal | None, shown: Shown) -> str:
    return f"{escaped(label)}: {'–' if value is None else escaped(shown(value))}"


def _interval(line: Line) -> dict:
    above = [_apart(high, value) for high, value in zip(line.high, line.values, strict=True)]
    below = [_apart(value, low) for low, value in zip(line.low, line.values, strict=True)]
    return {
        "type": "data",
        "symmetric": False,
        "array": above,
        "arrayminus": below,
        "width": 2,
        "thickness": 1,
    }


def _apart(high: Decimal | None, low: Decimal | None) -> float:
    return 0.0 if high is None or low is None else float(high - low)


def _area(area: Area, count: int, scale: dict) -> dict:
    """Cut to the scale: a band never stretches it."""
    least, most = scale["range"]
    low, high = (min(max(float(value), least), most) for value in (area.low, area.high))
    left, right = -0.6, count - 0.4
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "x": [left, right, right, left, left],
        "y": [low, low, high, high, low],
        "hoverinfo": "skip",
        "meta": {"role": area.role},
    }


def _limit(value: Decimal, across: str, up: str) -> dict:
    at = float(value)
    return {"type": "line", "xref": f"{across} domain", "yref": up, "x0": 0, "x1": 1, "y0": at, "y1": at}


def _title(text: str, left: float, top: float) -> dict:
    return {
        "text": escaped(text), "xref": "paper", "yref": "paper", "x": left, "y": top,
        "xanchor": "left", "yanchor": "top", "align": "left",
    }  # fmt: skip
