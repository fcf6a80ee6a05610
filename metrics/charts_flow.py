"""Pure. Figures of what leads from one amount to another, and of amounts against their limits: long bridges, bullets,
stacked parts. Plain Plotly dicts; the page paints them by each trace's role."""

from collections.abc import Sequence
from decimal import Decimal

from metrics.charts import FORMAT, Shown, escaped, number, ticks

Step = tuple[str, Decimal, str]


def long_bridge(steps: Sequence[Step], *, short: Shown, signed: Shown, better: str = "up") -> dict:
    """A waterfall that runs down the page, so that many names have room: steps of (label, value, kind) as in a bridge.

    The axis is cut where all levels lie far from nought and says so in its range; every step carries its number.
    """
    values = [value for _label, value, _kind in steps]
    data = [
        {
            "type": "waterfall",
            "orientation": "h",
            "y": [escaped(label) for label, _value, _kind in steps],
            "x": [number(value) for value in values],
            "measure": [kind for _label, _value, kind in steps],
            "text": [
                escaped((signed if kind == "relative" else short)(value)) for _label, value, kind in steps
            ],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{text}<extra></extra>",
            "meta": {"role": "bridge", "better": better},
        }
    ]
    return {"data": data, "layout": {"xaxis": _wide(levels(steps)), "yaxis": _down(), "hovermode": "closest"}}


def levels(steps: Sequence[Step]) -> list[Decimal]:
    """The height that every step of a bridge reaches."""
    level, found = Decimal(0), []
    for _label, value, kind in steps:
        level = level + value if kind == "relative" else value
        found.append(level)
    return found


def _wide(values: Sequence[Decimal]) -> dict:
    """An axis without ticks, from nought, with room for the labels on both sides."""
    low, high = min(0.0, *map(float, values)), max(0.0, *map(float, values))
    room = (high - low or 1.0) * 0.28
    return {
        "showticklabels": False,
        "ticks": "",
        "showgrid": False,
        "zeroline": True,
        "tickformat": FORMAT,
        "range": [low - (room if low < 0 else 0), high + room],
    }


def _down() -> dict:
    return {"type": "category", "tickformat": "", "ticksuffix": " ", "autorange": "reversed"}


def bullets(
    rows: Sequence[tuple[str, Decimal, Decimal, Decimal]],
    *,
    budget: str,
    actual: str,
    time: str,
    short: Shown,
) -> dict:
    """(label, budget, actual, part of the time gone): budgets in outline, what was spent inside, a tick where time is.

    The tick is budget × time gone: spending beyond it runs ahead of its time.
    """
    labels = [escaped(label) for label, *_rest in rows]
    plans, spent = [row[1] for row in rows], [row[2] for row in rows]
    ticks = [row[1] * row[3] for row in rows]
    told = [escaped(f"{short(done)} / {short(plan)}") for plan, done in zip(plans, spent, strict=True)]
    furthest = [max(pair) for pair in zip(plans, spent, strict=True)]
    data = [
        _flat(labels, plans, budget, "bu", {"width": 0.62}),
        _flat(labels, spent, actual, "ac", {"width": 0.28}),
        {
            "type": "scatter",
            "mode": "markers",
            "name": escaped(time),
            "x": [number(value) for value in ticks],
            "y": labels,
            "marker": {"symbol": "line-ns-open", "size": 24},
            "hoverinfo": "skip",
            "meta": {"role": "target"},
        },
        {
            "type": "scatter",
            "mode": "text",
            "x": [number(value) for value in furthest],
            "y": labels,
            "text": [f"  {text}" for text in told],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        },
    ]
    axis = _wide([*furthest]) | {"range": [0, float(max(furthest, default=Decimal(1))) * 1.45]}
    return {
        "data": data,
        "layout": {"barmode": "overlay", "xaxis": axis, "yaxis": _down(), "hovermode": "closest"},
    }


def _flat(labels, values, name, role, more) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(name),
        "x": [number(value) for value in values],
        "y": labels,
        "hovertemplate": f"%{{y}}: %{{x:,.0f}}<extra>{escaped(name)}</extra>",
        "meta": {"role": role},
        **more,
    }


def columns(
    labels: Sequence[tuple[str, str]],
    parts: Sequence[tuple[str, str, Sequence[Decimal | None]]],
    *,
    axis: Shown,
    exact: Shown,
    total: tuple[str, Sequence[Decimal | None]] | None = None,
    top: Decimal | None = None,
) -> dict:
    """Stacked columns over time: parts of (name, role, value for each label), what is negative below the line.

    `total`: a marker on each column, the last one labelled. Labels are (full name, tick); `top` ends the axis.
    """
    names = [escaped(name) for name, _tick in labels]
    data = [
        {
            "type": "bar",
            "name": escaped(name),
            "x": names,
            "y": [number(value) for value in values],
            "customdata": ["–" if value is None else escaped(exact(value)) for value in values],
            "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
            "meta": {"role": role},
        }
        for name, role, values in parts
    ]
    if total:
        data.append(_marked(names, *total, exact))
    reached = [
        part for place in range(len(labels)) for part in _ends([values[place] for *_name, values in parts])
    ]
    up = ticks(reached if top is None else [Decimal(0), top], axis)
    up = up if top is None else up | {"range": [0, float(top)]}
    across = {
        "type": "category",
        "tickformat": "",
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": [escaped(tick).replace("\n", "<br>") for _name, tick in labels],
        "tickangle": 0,
    }
    layout = {"barmode": "relative", "bargap": 0.25, "showlegend": True, "xaxis": across, "yaxis": up}
    return {"data": data, "layout": layout}


def _ends(values: Sequence[Decimal | None]) -> tuple[Decimal, Decimal]:
    known = [value for value in values if value is not None]
    return sum((one for one in known if one > 0), Decimal(0)), sum(
        (one for one in known if one < 0), Decimal(0)
    )


def _marked(names, name: str, values, exact: Shown) -> dict:
    last = max((place for place, value in enumerate(values) if value is not None), default=-1)
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": escaped(name),
        "x": names,
        "y": [number(value) for value in values],
        "text": [escaped(exact(value)) if place == last else "" for place, value in enumerate(values)],
        "textposition": "top center",
        "cliponaxis": False,
        "customdata": ["–" if value is None else escaped(exact(value)) for value in values],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
        "meta": {"role": "ac"},
    }
