"""Pure. Figures of several paths at once: curves over their age, and small 6-12 charts on one scale.
Plain Plotly dicts; the page paints them by each trace's role."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.charts import FORMAT, Shown, corner, escaped, number, ticks

ONE = Decimal(1)


def curves(
    lines: Sequence[tuple[str, Sequence[Decimal | None]]],
    *,
    across: str,
    axis: Shown,
    exact: Shown,
    newest: int = -1,
) -> dict:
    """Lines over their age (0, 1, 2 …), each named at its end; the newest stands out, the others are grey and thin."""
    newest = newest % len(lines) if lines else 0
    data = []
    for place, (name, values) in enumerate(lines):
        last = max((age for age, value in enumerate(values) if value is not None), default=-1)
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "name": escaped(name),
                "x": list(range(len(values))),
                "y": [number(value) for value in values],
                "text": [escaped(name) if age == last else "" for age in range(len(values))],
                "textposition": "middle right",
                "cliponaxis": False,
                "customdata": ["–" if value is None else escaped(exact(value)) for value in values],
                "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
                "meta": {"role": "ac" if place == newest else f"cat-{(place + 1) % 7 + 1}"},
                "connectgaps": False,
            }
        )
    ages = max((len(values) for _name, values in lines), default=1)
    x_axis = {
        "title": {"text": escaped(across)},
        "tickformat": "d",
        "dtick": max(1, ages // 8),
        "range": [-0.3, ages + 1.2],
    }
    values = [value for _name, own in lines for value in own]
    return {"data": data, "layout": {"xaxis": x_axis, "yaxis": ticks(values, axis), "hovermode": "closest"}}


@dataclass(frozen=True)
class Small:
    """One of several small charts: a name, six weeks and twelve months with the year before."""

    name: str
    weeks: Sequence[tuple[Decimal | None, Decimal | None]]
    months: Sequence[tuple[Decimal | None, Decimal | None]]


def multiples(
    charts: Sequence[Small],
    *,
    weeks: Sequence[str],
    months: Sequence[str],
    now: str,
    then: str,
    short: Shown,
    exact: Shown,
) -> dict:
    """Small 6-12 charts below each other: weeks on the left, months on the right, each side on one scale for all."""
    data, layout, count = [], {"hovermode": "closest", "annotations": []}, len(charts)
    tops = [_top(chart.weeks for chart in charts), _top(chart.months for chart in charts)]
    for place, chart in enumerate(charts):
        bottom, top = 1 - (place + 0.94) / count, 1 - (place + 0.26) / count
        for side, (labels, values) in enumerate(((weeks, chart.weeks), (months, chart.months))):
            axis = place * 2 + side + 1
            key = "" if axis == 1 else str(axis)
            data += _pair(labels, values, key, now=now, then=then, short=short, exact=exact, label_last=True)
            layout[f"xaxis{key}"] = {
                "type": "category",
                "tickformat": "",
                "domain": [0, 0.33] if side == 0 else [0.4, 0.94],
                "anchor": f"y{key}",
                "showticklabels": place == count - 1,
                "ticks": "",
                "tickangle": 0,
                "nticks": 3 if side == 0 else 6,
            }
            layout[f"yaxis{key}"] = {
                "domain": [bottom, top],
                "anchor": f"x{key}",
                "range": [0, tops[side] * 1.15],
                "showticklabels": False,
                "showgrid": False,
                "tickformat": FORMAT,
            }
        layout["annotations"].append(corner(0, min(1, top + 0.26 / count), chart.name) | {"yanchor": "top"})
    return {"data": data, "layout": layout}


def _top(sides) -> float:
    values = [value for pairs in sides for pair in pairs for value in pair if value is not None]
    return float(max(values, default=ONE)) or 1.0


def _pair(labels, values, key, *, now, then, short, exact, label_last) -> list[dict]:
    last = max((place for place, (value, _before) in enumerate(values) if value is not None), default=-1)
    shared = {
        "x": [escaped(one) for one in labels],
        "xaxis": f"x{key}",
        "yaxis": f"y{key}",
        "connectgaps": False,
    }
    traces = []
    for place, name, role, mode in ((1, then, "py", "lines"), (0, now, "ac", "lines+text")):
        own = [pair[place] for pair in values]
        traces.append(
            shared
            | {
                "type": "scatter",
                "mode": mode,
                "name": escaped(name),
                "y": [number(value) for value in own],
                "customdata": ["–" if value is None else escaped(exact(value)) for value in own],
                "hovertemplate": f"%{{x}}: %{{customdata}}<extra>{escaped(name)}</extra>",
                "cliponaxis": False,
                "meta": {"role": role},
            }
        )
    traces[1]["text"] = [
        escaped(short(value)) if place == last and label_last and value is not None else ""
        for place, (value, _before) in enumerate(values)
    ]
    traces[1]["textposition"] = "middle right"
    return traces
