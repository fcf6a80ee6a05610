"""Pure. Cells in rows and columns: heat maps of cohorts, strips of days, states by mark and not by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics.charts import escaped
from metrics.drawings.places import downwards, worded

SHADES = 5


@dataclass(frozen=True)
class Cell:
    """`kind`: shade-1 … shade-5, immature, good, watch, bad, muted; `text` stands inside, `told` says it in full."""

    kind: str
    text: str
    told: str


def shades(values: Sequence[Decimal | None], *, steps: int = SHADES) -> list[str]:
    """The shade of each value between the least and the largest; empty for a missing one."""
    known = [value for value in values if value is not None]
    if not known:
        return ["" for _ in values]
    low, width = min(known), max(known) - min(known)
    found = []
    for value in values:
        step = (
            steps // 2
            if not width or value is None
            else int((value - low) * (steps - 1) / width + Decimal("0.5"))
        )
        found.append("" if value is None else f"shade-{step + 1}")
    return found


def grid(rows: Sequence[tuple[str, Sequence[Cell | None]]], *, ticks: Sequence[str]) -> dict:
    """Rows of (label, cells), the first on top; a missing cell stays empty. One trace for each kind of cell."""
    found: dict[str, list[tuple[int, int, str, Cell]]] = {}
    for line, (label, cells) in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                found.setdefault(cell.kind, []).append((line, column, label, cell))
    layout = {
        "barmode": "overlay",
        "xaxis": worded(ticks, most=14) | {"side": "bottom"},
        "yaxis": downwards([label for label, _cells in rows]) | {"showgrid": False},
        "hovermode": "closest",
    }
    return {"data": [_trace(kind, found[kind]) for kind in sorted(found)], "layout": layout}


def _trace(kind: str, cells: Sequence[tuple[int, int, str, Cell]]) -> dict:
    return {
        "type": "bar",
        "x": [column for _line, column, _label, _cell in cells],
        "y": [0.88 for _ in cells],
        "base": [line - 0.44 for line, *_rest in cells],
        "width": [0.94 for _ in cells],
        "text": [escaped(cell.text) for *_place, cell in cells],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "customdata": [f"{escaped(label)} · {escaped(cell.told)}" for _line, _column, label, cell in cells],
        "hovertemplate": "%{customdata}<extra></extra>",
        "meta": {"role": kind},
    }
