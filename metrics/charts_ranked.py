"""Pure. Figures of ranked members: bars with the change beside them as bars and pins, and Pareto with its limits.
Plain Plotly dicts; the page paints them by each trace's role."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.charts import FORMAT, Shown, escaped, number, room, told


@dataclass(frozen=True)
class Pinned:
    """One bar of a ranking with its change on the year before, absolute and in parts of it."""

    label: str
    value: Decimal | None
    change: Decimal | None
    ratio: Decimal | None


def pinned(
    bars: Sequence[Pinned],
    *,
    names: tuple[str, str, str],
    short: Shown,
    signed: Shown,
    percent: Shown,
    better: str,
) -> dict:
    """Horizontal bars, the first on top, with two panels beside them: the change as bars, and in percent as pins."""
    rows = list(bars)[::-1]
    labels = [escaped(bar.label) for bar in rows]
    shared = {"type": "bar", "orientation": "h", "y": labels, "textposition": "outside", "cliponaxis": False}
    data = [
        shared
        | {
            "name": escaped(names[0]),
            "x": [number(bar.value) for bar in rows],
            "text": [told(bar.value, short) for bar in rows],
            "hovertemplate": f"%{{y}}: %{{text}}<extra>{escaped(names[0])}</extra>",
            "meta": {"role": "ac"},
        },
        shared
        | {
            "name": escaped(names[1]),
            "x": [number(bar.change) for bar in rows],
            "xaxis": "x2",
            "text": [told(bar.change, signed) for bar in rows],
            "hovertemplate": f"%{{y}}: %{{text}}<extra>{escaped(names[1])}</extra>",
            "meta": {"role": "change", "better": better or "up"},
        },
        shared
        | {
            "name": escaped(names[2]),
            "x": [number(bar.ratio) for bar in rows],
            "xaxis": "x3",
            "width": 0.06,
            "hoverinfo": "skip",
            "meta": {"role": "change", "better": better or "up"},
        },
        {
            "type": "scatter",
            "mode": "markers+text",
            "name": escaped(names[2]),
            "x": [number(bar.ratio) for bar in rows],
            "y": labels,
            "xaxis": "x3",
            "text": [told(bar.ratio, percent) for bar in rows],
            "textposition": ["middle left" if (bar.ratio or 0) < 0 else "middle right" for bar in rows],
            "cliponaxis": False,
            "hovertemplate": f"%{{y}}: %{{text}}<extra>{escaped(names[2])}</extra>",
            "marker": {"size": 8},
            "meta": {"role": "ac"},
        },
    ]
    layout = {
        "xaxis": {"domain": [0, 0.42], **room([bar.value for bar in bars], 0.6)},
        "xaxis2": {"domain": [0.46, 0.74], "anchor": "y", **room([bar.change for bar in bars], 1.1)},
        "xaxis3": {"domain": [0.78, 1], "anchor": "y", **room([bar.ratio for bar in bars], 1.4)},
        "yaxis": {"type": "category", "tickformat": "", "ticksuffix": " "},
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}


def pareto(
    bars: Sequence[tuple[str, Decimal, Decimal, str]],
    *,
    value: str,
    reached: str,
    short: Shown,
    percent: Shown,
    limits,
) -> dict:
    """Bars of (label, value, share reached, class), largest first, and beside them, on a scale of its own panel, the
    share reached with a line at each limit. No second axis lies over the bars."""
    rows = list(bars)[::-1]
    labels = [escaped(f"{grade} · {label}" if grade else label) for label, _value, _reached, grade in rows]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": escaped(value),
            "x": [number(amount) for _label, amount, _reached, _grade in rows],
            "y": labels,
            "text": [escaped(short(amount)) for _label, amount, _reached, _grade in rows],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{text}<extra></extra>",
            "meta": {"role": "ac"},
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": escaped(reached),
            "x": [number(part) for _label, _amount, part, _grade in rows],
            "y": labels,
            "xaxis": "x2",
            "customdata": [escaped(percent(part)) for _label, _amount, part, _grade in rows],
            "hovertemplate": f"%{{y}}: %{{customdata}}<extra>{escaped(reached)}</extra>",
            "meta": {"role": "cat-2"},
        },
    ]
    high = max((float(amount) for _label, amount, _reached, _grade in rows), default=1.0) or 1.0
    flat = {"showgrid": False, "ticks": "", "zeroline": True, "tickformat": FORMAT}
    marks = [
        {"type": "line", "xref": "x2", "yref": "paper", "x0": float(one), "x1": float(one), "y0": 0, "y1": 1}
        for one in limits
    ]
    layout = {
        "xaxis": flat | {"domain": [0, 0.58], "showticklabels": False, "range": [0, high * 1.35]},
        "xaxis2": flat
        | {
            "domain": [0.64, 1],
            "anchor": "y",
            "range": [0, 1.05],
            "tickmode": "array",
            "tickvals": [float(one) for one in limits],
            "ticktext": [escaped(percent(one)) for one in limits],
            "tickformat": ".0%",
        },
        "yaxis": {"type": "category", "tickformat": "", "ticksuffix": " "},
        "shapes": marks,
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}
