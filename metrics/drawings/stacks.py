"""Pure. Stacked columns and bars: parts of a whole, over time or over members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics import charts
from metrics.charts import escaped, number
from metrics.drawings.places import HIDDEN, downwards, worded

Shown = Callable[[Decimal], str]


@dataclass(frozen=True)
class Layer:
    """One part: its value in each column."""

    name: str
    role: str
    values: Sequence[Decimal | None]


def columns(layers: Sequence[Layer], *, labels: Sequence[str], ticks: Sequence[str], axis: Shown, shown: Shown,
            totals: bool = True) -> dict:  # fmt: skip
    """Columns over time, their parts named beside the last one; the whole stands above each where `totals`."""
    sums = [_sum(layer.values[place] for layer in layers) for place in range(len(labels))]
    data = [_trace(layer, labels, shown) | {"x": list(range(len(labels)))} for layer in layers]
    for trace, layer in zip(data, layers, strict=True):
        trace["y"] = [number(value) for value in layer.values]
    across = worded(ticks, most=8) | {"range": [-0.6, len(labels) - 0.4 + 0.2 * len(labels)]}
    up = charts.ticks(sums, axis)
    layout = {"barmode": "stack", "xaxis": across, "yaxis": up, "hovermode": "closest"}
    layout["annotations"] = _beside(layers, len(labels), up["range"][1])
    if totals and sums:
        layout["annotations"].append(_above(len(labels) - 1, sums[-1], shown))
    return {"data": data, "layout": layout}


def bars(layers: Sequence[Layer], *, labels: Sequence[str], shown: Shown, whole: bool = False) -> dict:
    """Bars across, the first on top, each part with its figure inside; `whole`: every bar is as long, 100 %."""
    data = []
    sums = [_sum(layer.values[place] for layer in layers) for place in range(len(labels))]
    for layer in layers:
        lengths = [
            _share(value, total) if whole else value for value, total in zip(layer.values, sums, strict=True)
        ]
        data.append(
            _trace(layer, labels, shown)
            | {
                "orientation": "h",
                "x": [number(value) for value in lengths],
                "y": list(range(len(labels))),
                "text": ["" if not value else escaped(shown(value)) for value in layer.values],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
            }
        )
    most = 1.0 if whole else max([float(value) for value in sums if value is not None] or [1.0])
    ends = [] if whole else [_end(place, value, shown) for place, value in enumerate(sums) if value]
    layout = {
        "barmode": "stack",
        "xaxis": HIDDEN | {"range": [0, most * (1.0 if whole else 1.2)]},
        "yaxis": downwards(labels),
        "hovermode": "closest",
        "showlegend": True,
        "legend": {"traceorder": "normal"},
        "margin": {"t": 40},
        "annotations": ends,
    }
    return {"data": data, "layout": layout}


def _trace(layer: Layer, labels: Sequence[str], shown: Shown) -> dict:
    return {
        "type": "bar",
        "name": escaped(layer.name),
        "customdata": [
            f"{escaped(label)}: {'–' if value is None else escaped(shown(value))}"
            for label, value in zip(labels, layer.values, strict=True)
        ],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(layer.name)}</extra>",
        "meta": {"role": layer.role},
    }


def _sum(values) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _share(value: Decimal | None, total: Decimal | None) -> Decimal | None:
    return None if value is None or not total else value / total


def _above(place: int, value: Decimal | None, shown: Shown) -> dict:
    return {
        "x": place, "y": number(value) or 0.0, "text": "" if value is None else escaped(shown(value)),
        "xanchor": "center", "yanchor": "bottom",
    }  # fmt: skip


def _end(place: int, value: Decimal, shown: Shown) -> dict:
    return {"x": float(value), "y": place, "text": escaped(shown(value)), "xanchor": "left", "yanchor": "middle",
            "xshift": 4}  # fmt: skip


def _beside(layers: Sequence[Layer], count: int, top: float) -> list[dict]:
    """Names beside the last column, each at the middle of its part and never over the one below."""
    found, level, lowest = [], 0.0, -1.0
    for layer in layers:
        last = layer.values[-1] if layer.values else None
        if not last:
            continue
        at = max(level + float(last) / 2, lowest)
        found.append(
            {"x": count - 0.45, "y": at, "text": escaped(layer.name), "xanchor": "left", "yanchor": "middle"}
        )
        level, lowest = level + float(last), at + top * 0.07
    return found
