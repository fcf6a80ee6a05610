"""Pure. Steps and ranks: funnels with the rate from step to step, Paretos, bars around nought."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.charts import escaped, number
from metrics.drawings.places import HIDDEN, downwards

Shown = Callable[[Decimal], str]


@dataclass(frozen=True)
class Step:
    """One step: its count, the share of the step before that reached it, and that share's change in points."""

    label: str
    value: Decimal | None
    rate: Decimal | None = None
    change: Decimal | None = None


def funnel(steps: Sequence[Step], *, shown: Shown, rate: Shown, points: Shown, now: str, change: str) -> dict:
    """Bars on a scale of the first step in which every step can be seen (by the root), and the change beside them.

    A click is a hundredth of an impression: lengths go by the fourth root, the figures stand beside the bars.
    """
    lengths = [None if step.value is None else float(step.value) ** 0.25 for step in steps]
    texts = [_said(step, shown, rate) for step in steps]
    widest = max([length for length in lengths if length is not None] or [1.0]) or 1.0
    moves = [step.change for step in steps]
    data = [
        _bars(lengths, texts, now) | {"meta": {"role": "ac"}},
        _bars(
            [number(move) for move in moves], ["" if m is None else escaped(points(m)) for m in moves], change
        )
        | {"xaxis": "x2", "meta": {"role": "change", "better": "up"}},
    ]
    layout = {
        "xaxis": HIDDEN | {"domain": [0, 0.68], "range": [0, widest * 1.75]},
        "xaxis2": HIDDEN | {"domain": [0.72, 1], "anchor": "y", "zeroline": True, "range": _around(moves)},
        "yaxis": downwards([step.label for step in steps]),
        "hovermode": "closest",
    }
    return {"data": data, "layout": layout}


def _said(step: Step, shown: Shown, rate: Shown) -> str:
    value = "–" if step.value is None else shown(step.value)
    return escaped(value if step.rate is None else f"{value} · {rate(step.rate)}")


def _bars(lengths: Sequence[float | None], texts: Sequence[str], name: str) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(name),
        "x": list(lengths),
        "y": list(range(len(lengths))),
        "text": list(texts),
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": f"%{{text}}<extra>{escaped(name)}</extra>",
    }


def _around(values: Sequence[Decimal | None]) -> list[float]:
    most = max([abs(float(value)) for value in values if value is not None] or [0.0]) or 1.0
    return [-most * 2.9, most * 2.9]


def ranked(
    rows: Sequence[tuple[str, Decimal | None]], *, shown: Shown, name: str, role: str = "ac",
    target: tuple[str, Decimal] | None = None,
) -> dict:  # fmt: skip
    """Bars across, the first on top; `target`: an upright line with its word."""
    values = [value for _label, value in rows]
    most = max(
        [float(value) for value in (*values, target[1] if target else None) if value is not None] or [1.0]
    )
    texts = ["–" if value is None else escaped(shown(value)) for value in values]
    data = [_bars([number(value) for value in values], texts, name) | {"meta": {"role": role}}]
    layout = {
        "xaxis": HIDDEN | {"range": [0, (most or 1.0) * 1.3]},
        "yaxis": downwards([label for label, _value in rows]),
        "hovermode": "closest",
    }
    if target:
        at = float(target[1])
        line = {"type": "line", "xref": "x", "yref": "y domain", "x0": at, "x1": at, "y0": 0, "y1": 1}
        said = {
            "x": at,
            "y": 1,
            "xref": "x",
            "yref": "y domain",
            "text": escaped(target[0]),
            "yanchor": "bottom",
        }
        layout |= {"shapes": [line], "annotations": [said], "margin": {"t": 28}}
    return {"data": data, "layout": layout}


def pareto(rows: Sequence[tuple[str, Decimal]], *, shown: Shown, share: Shown, name: str) -> dict:
    """Ranked bars, each with its own figure and what it and all above it make of the whole."""
    whole, sum_so_far, texts = sum((value for _label, value in rows), Decimal(0)), Decimal(0), []
    for _label, value in rows:
        sum_so_far += value
        texts.append(escaped(f"{shown(value)} · {share(sum_so_far / whole)}") if whole else "")
    found = ranked(rows, shown=shown, name=name)
    found["data"][0]["text"] = texts
    found["layout"]["xaxis"]["range"][1] *= 1.15
    return found


def around_nought(
    rows: Sequence[tuple[str, Decimal | None]], *, shown: Shown, name: str, better: str
) -> dict:
    """Bars to both sides of nought, painted by whether that is good."""
    values = [value for _label, value in rows]
    texts = ["–" if value is None else escaped(shown(value)) for value in values]
    bars = _bars([number(value) for value in values], texts, name)
    layout = {
        "xaxis": HIDDEN | {"zeroline": True, "range": _around(values)},
        "yaxis": downwards([label for label, _value in rows]),
        "hovermode": "closest",
    }
    return {"data": [bars | {"meta": {"role": "change", "better": better}}], "layout": layout}
