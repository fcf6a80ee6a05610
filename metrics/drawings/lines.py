"""Pure. Two lines with the gap between them shaded, and events on a line of time."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from metrics import charts
from metrics.charts import escaped, number
from metrics.drawings.places import HIDDEN, worded

Shown = Callable[[Decimal], str]


def gap(
    first: tuple[str, Sequence[Decimal | None]], second: tuple[str, Sequence[Decimal | None]], *,
    labels: Sequence[str], ticks: Sequence[str], axis: Shown, shown: Shown, target: tuple[str, Decimal] | None = None,
) -> dict:  # fmt: skip
    """Two truths of one thing: the second line is filled down to the first. Both are named at their last point."""
    values = [*first[1], *second[1], *([target[1]] if target else [])]
    scale = charts.ticks(values, axis, from_zero=False)
    least = scale["tickvals"][0]
    step = scale["tickvals"][1] - least if len(scale["tickvals"]) > 1 else 1.0
    scale["range"] = [least - step * 0.2, scale["range"][1]]
    data = [_line(*first, "ac", labels, shown), _line(*second, "cat-2", labels, shown)]
    data[0]["textposition"], data[1]["textposition"] = "bottom center", "top center"
    data[1] |= {"fill": "tonexty"}
    data[1]["meta"]["area"] = "gap"
    across = worded(ticks, most=10) | {"range": [-0.4, len(labels) - 0.4 + 0.12 * len(labels)]}
    layout = {"xaxis": across, "yaxis": scale, "hovermode": "closest", "annotations": []}
    for trace, (name, series) in zip(data, (first, second), strict=True):
        if series and series[-1] is not None:
            shift = -9 if trace["meta"]["role"] == "ac" else 9
            layout["annotations"].append(_named(name, len(labels) - 1, series[-1], shift))
    if target:
        at = float(target[1])
        line = {"type": "line", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": at, "y1": at}
        layout["shapes"] = [line]
        layout["annotations"].append(
            {
                "x": 0,
                "y": at,
                "xref": "x domain",
                "text": escaped(target[0]),
                "xanchor": "left",
                "yanchor": "bottom",
            }
        )
    return {"data": data, "layout": layout}


def _line(
    name: str, values: Sequence[Decimal | None], role: str, labels: Sequence[str], shown: Shown
) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": escaped(name),
        "x": list(range(len(values))),
        "y": [number(value) for value in values],
        "customdata": [
            f"{escaped(label)}: {'–' if value is None else escaped(shown(value))}"
            for label, value in zip(labels, values, strict=True)
        ],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
        "connectgaps": False,
        "meta": {"role": role},
    }


def _named(name: str, place: int, value: Decimal, shift: int) -> dict:
    return {
        "x": place, "y": float(value), "text": escaped(name), "xanchor": "left", "yanchor": "middle", "xshift": 8,
        "yshift": shift,
    }  # fmt: skip


def timeline(rows: Sequence[tuple[str, Sequence[tuple[int, str, str]]]], *, ticks: Sequence[str]) -> dict:
    """Rows of (label, events); an event is (place on the axis, what is written, what is told in full)."""
    data = []
    for line, (label, events) in enumerate(rows):
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": escaped(label),
                "x": [place for place, _word, _told in events],
                "y": [line for _ in events],
                "text": [escaped(word) for _place, word, _told in events],
                "textposition": "top center",
                "cliponaxis": False,
                "customdata": [escaped(told) for _place, _word, told in events],
                "hovertemplate": f"%{{customdata}}<extra>{escaped(label)}</extra>",
                "marker": {"size": 10, "symbol": "diamond"},
                "meta": {"role": f"cat-{line + 2}"},
            }
        )
    down = HIDDEN | {"showticklabels": True, "tickmode": "array", "tickvals": list(range(len(rows)))}
    down |= {
        "ticktext": [escaped(label) for label, _events in rows],
        "range": [len(rows) - 0.4, -0.8],
        "ticksuffix": " ",
    }
    layout = {"xaxis": worded(ticks, most=13), "yaxis": down, "hovermode": "closest"}
    return {"data": data, "layout": layout}
