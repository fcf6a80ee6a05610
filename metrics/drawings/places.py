"""Pure. Axes that the drawings share: numbered places with a word each, and small panels in a grid."""

import math
from collections.abc import Sequence

from metrics.charts import FORMAT, escaped

HIDDEN = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False, "tickformat": FORMAT}


def worded(words: Sequence[str], *, most: int = 16) -> dict:
    """Axis settings of places 0, 1, 2 … with their words; of many every second or third, the last one always."""
    step = math.ceil(len(words) / most) or 1
    places = list(range(len(words) - 1, -1, -step))[::-1]
    return {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [escaped(words[place]).replace("\n", "<br>") for place in places],
        "tickangle": 0,
        "tickformat": FORMAT,
        "range": [-0.6, len(words) - 0.4],
        "showgrid": False,
        "zeroline": False,
    }


def downwards(words: Sequence[str]) -> dict:
    """The same for rows: the first on top, every word shown."""
    axis = worded(words, most=len(words) or 1)
    return axis | {"range": [len(words) - 0.4, -0.6], "ticksuffix": " ", "ticks": ""}


def domain(place: int, count: int, *, gap: float) -> list[float]:
    """The part of the width (or height) that place `place` of `count` takes."""
    size = (1 - gap * (count - 1)) / count
    start = place * (size + gap)
    return [round(start, 4), round(start + size, 4)]


def axis_name(letter: str, number: int) -> str:
    """x, x2, x3 …: what a trace calls the axis `number` (from 0)."""
    return letter if number == 0 else f"{letter}{number + 1}"


def layout_name(letter: str, number: int) -> str:
    return f"{letter}axis" if number == 0 else f"{letter}axis{number + 1}"
