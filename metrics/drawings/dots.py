"""Pure. Dots: one figure for each member with its interval and reference, strips of many, and channels by return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics import charts
from metrics.charts import escaped, number
from metrics.drawings.places import downwards

Shown = Callable[[Decimal], str]


@dataclass(frozen=True)
class Dot:
    """A member's figure, what it is compared with (drawn hollow), and its interval."""

    label: str
    value: Decimal | None
    before: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    note: str = ""


def dots(
    rows: Sequence[Dot], *, shown: Shown, axis: Shown, name: str, before: str = "",
    reference: tuple[str, Decimal] | None = None, area: tuple[str, Decimal, Decimal] | None = None,
) -> dict:  # fmt: skip
    """A dot for each row, the first on top, on one scale; `reference`: a line across all with its word."""
    known = [value for row in rows for value in (row.value, row.before, row.low, row.high)]
    scale = charts.ticks([*known, reference[1] if reference else None], axis, from_zero=False)
    data = []
    if area:
        low, high = (min(max(float(value), scale["range"][0]), scale["range"][1]) for value in area[1:])
        top, bottom = -0.6, len(rows) - 0.4
        data.append(_filled([low, high, high, low, low], [top, top, bottom, bottom, top], area[0]))
    if before:
        data.append(_markers([(p, row.before, row) for p, row in enumerate(rows)], before, shown, "py"))
    main = _markers([(place, row.value, row) for place, row in enumerate(rows)], name, shown, "ac")
    main |= {"mode": "markers+text", "textposition": "middle right", "cliponaxis": False}
    main["text"] = [
        "" if row.value is None else f"  {escaped(shown(row.value))}{_noted(row.note)}" for row in rows
    ]
    if any(row.high is not None for row in rows):
        main["error_x"] = {
            "type": "data", "symmetric": False, "thickness": 1.5, "width": 4,
            "array": [_apart(row.high, row.value) for row in rows],
            "arrayminus": [_apart(row.value, row.low) for row in rows],
        }  # fmt: skip
    data.append(main)
    room = (scale["range"][1] - scale["range"][0]) * 0.22
    across = scale | {"range": [scale["range"][0], scale["range"][1] + room], "showgrid": True}
    layout = {"xaxis": across, "yaxis": downwards([row.label for row in rows]), "hovermode": "closest"}
    if reference:
        layout |= _upright(*reference)
    return {"data": data, "layout": layout}


def _markers(rows: Sequence[tuple], name: str, shown: Shown, role: str) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(name),
        "x": [number(value) for _place, value, _row in rows],
        "y": [place for place, _value, _row in rows],
        "customdata": [
            f"{escaped(row.label)}: {'–' if value is None else escaped(shown(value))}"
            for _p, value, row in rows
        ],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
        "marker": {"symbol": "circle-open" if role == "py" else "circle", "size": 9},
        "meta": {"role": role},
    }


def _noted(note: str) -> str:
    return f" · {escaped(note)}" if note else ""


def _apart(high: Decimal | None, low: Decimal | None) -> float:
    return 0.0 if high is None or low is None else max(0.0, float(high - low))


def _filled(across: list[float], up: list[float], role: str) -> dict:
    return {"type": "scatter", "mode": "lines", "fill": "toself", "x": across, "y": up, "hoverinfo": "skip",
            "meta": {"role": role}}  # fmt: skip


def _upright(word: str, value: Decimal) -> dict:
    at = float(value)
    line = {"type": "line", "xref": "x", "yref": "y domain", "x0": at, "x1": at, "y0": 0, "y1": 1}
    said = {"x": at, "y": 1, "xref": "x", "yref": "y domain", "text": escaped(word), "yanchor": "bottom"}
    return {"shapes": [line], "annotations": [said], "margin": {"t": 28}}


def strip(
    rows: Sequence[tuple[str, Sequence[tuple[str, Decimal]], Decimal | None]],
    *,
    shown: Shown,
    axis: Shown,
    name: str,
) -> dict:
    """For each row (label, its cases as (word, value), its figure) every case as a faint dot and the figure strong."""
    cases = [(place, word, value) for place, (_label, many, _mean) in enumerate(rows) for word, value in many]
    scale = charts.ticks(
        [value for _p, _w, value in cases] + [mean for *_r, mean in rows], axis, from_zero=False
    )
    faint = {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(name),
        "x": [number(value) for _p, _w, value in cases],
        "y": [place for place, _w, _v in cases],
        "opacity": 0.35,
        "customdata": [f"{escaped(word)}: {escaped(shown(value))}" for _p, word, value in cases],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"size": 8},
        "meta": {"role": "cat-2"},
    }
    found = dots([Dot(label, mean) for label, _many, mean in rows], shown=shown, axis=axis, name=name)
    found["layout"]["xaxis"] |= {key: scale[key] for key in ("tickvals", "ticktext")}
    most = scale["range"][1]
    found["layout"]["xaxis"]["range"] = [scale["range"][0], most * 1.12]
    main = found["data"][-1] | {"textposition": "top center"}
    main["text"] = [text.strip() for text in main["text"]]
    return {"data": [faint, main], "layout": found["layout"]}


@dataclass(frozen=True)
class Channel:
    """What a channel cost and brought. `marginal`: what the last unit of money brought; None where it is not known."""

    label: str
    spend: Decimal
    marginal: Decimal | None
    size: Decimal | None
    told: str


def channels(
    rows: Sequence[Channel], *, spend: Shown, rate: Shown, amount: Shown, returns: Sequence[Decimal]
) -> dict:
    """Channels by spend and by what the last money brought; the area of a bubble: new customers.

    Curves join points of the same return (spend × marginal ROAS = one of `returns`).
    """
    known = [row for row in rows if row.marginal is not None]
    across = charts.ticks([row.spend for row in known], spend)
    up = charts.ticks([*(row.marginal for row in known), Decimal(1)], rate)
    curves = [_curve(worth, across["range"][1], up["range"][1], amount) for worth in returns]
    largest = max([float(row.size or 0) for row in known] or [1.0]) or 1.0
    bubbles = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [number(row.spend) for row in known],
        "y": [number(row.marginal) for row in known],
        "text": [escaped(row.label) for row in known],
        "textposition": "top center",
        "cliponaxis": False,
        "customdata": [escaped(row.told) for row in known],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": [float(row.size or 0) for row in known], "sizemode": "area", "sizemin": 5,
            "sizeref": 2 * largest / 44**2, "opacity": 0.75,
        },
        "meta": {"role": "cat-2"},
    }  # fmt: skip
    line = {"type": "line", "xref": "x domain", "yref": "y", "x0": 0, "x1": 1, "y0": 1, "y1": 1}
    layout = {"xaxis": across, "yaxis": up, "hovermode": "closest", "shapes": [line]}
    return {"data": [*curves, bubbles], "layout": layout}


def _curve(worth: Decimal, right: float, top: float, amount: Shown) -> dict:
    """Where spend × marginal return is `worth`, inside the axes."""
    value = float(worth)
    first = value / top
    places = [first + (right - first) * part / 30 for part in range(31)] if first < right else []
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": places,
        "y": [value / place for place in places],
        "text": ["" for _ in places[:-1]] + [escaped(amount(worth))] if places else [],
        "textposition": "top left",
        "hoverinfo": "skip",
        "meta": {"role": "iso"},
    }
