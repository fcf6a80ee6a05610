"""Pure. The 6-12 form: six ISO weeks and twelve months of one figure, last year below, and LW, MTD, QTD, YTD."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from metrics import charts
from metrics.charts import Shown, escaped, number
from metrics.periods import Period

WEEKS, MONTHS = 6, 12
BOX = ("LW", "MTD", "QTD", "YTD")
# So many points apart labels stand clear of each other.
APART = 3
# Of a target so far beyond its point, in parts of the axis, so many empty lines keep a label clear.
CLEAR = ((0.06, 1), (0.13, 2))
# Where the two halves lie on the drawing.
WEEKS_WIDE, MONTHS_WIDE = (0, 0.34), (0.4, 1)


@dataclass(frozen=True)
class Spans:
    """The periods of a 6-12 that ends with a month: points, and the box by name."""

    weeks: tuple[Period, ...]
    months: tuple[Period, ...]
    box: dict[str, Period]

    def every(self) -> Iterator[Period]:
        """All of them, each once, in no order that means anything."""
        yield from dict.fromkeys((*self.weeks, *self.months, *self.box.values()))


def spans(month: Period, *, weekly: bool = True) -> Spans:
    """Six whole ISO weeks and twelve months up to the end of `month`, and the box; without weeks where not `weekly`."""
    quarter, year = (Period.containing(month.start, grain) for grain in ("quarter", "year"))
    week = Period.containing(month.last, "week")
    if week.end > month.end:  # a week that runs into the next month is not over
        week = week.before()
    box = {"LW": week} if weekly else {}
    box |= {
        "MTD": month,
        "QTD": Period.between(quarter.start, month.end),
        "YTD": Period.between(year.start, month.end),
    }
    return Spans(_up_to(week, WEEKS) if weekly else (), _up_to(month, MONTHS), box)


def _up_to(last: Period, count: int) -> tuple[Period, ...]:
    found = [last]
    while len(found) < count:
        found.append(found[-1].before())
    return tuple(found[::-1])


@dataclass(frozen=True)
class Place:
    """One point: its full name, its tick with the year below, and its figures. Not `is_certain`: hatched."""

    label: str
    tick: tuple[str, str]
    now: Decimal | None
    then: Decimal | None = None
    target: Decimal | None = None
    is_certain: bool = True


@dataclass(frozen=True)
class Names:
    """What the traces are called, in the reader's language."""

    now: str
    then: str
    target: str
    provisional: str


def figure(
    weeks: Sequence[Place],
    months: Sequence[Place],
    *,
    names: Names,
    axis: Shown,
    short: Shown,
    exact: Shown,
    is_sum: bool,
) -> dict:
    """The drawing as a plain dict. Sums have an axis for weeks and one for months; levels and ratios share one."""
    halves = [("", "x", "y", weeks), ("2", "x2", "y2", months)] if weeks else [("", "x", "y", months)]
    values = [
        value for _, _, _, places in halves for one in places for value in (one.now, one.then, one.target)
    ]
    data, layout = [], {}
    for number_, (suffix, x, y, places) in enumerate(halves):
        own = [value for one in places for value in (one.now, one.then, one.target)] if is_sum else values
        up = charts.ticks(own, axis, from_zero=is_sum)
        data += _traces(places, names, short, exact, x, y, up["range"])
        wide = (0, 1) if len(halves) == 1 else (WEEKS_WIDE, MONTHS_WIDE)[number_]
        across = {"domain": list(wide), "anchor": y, **charts.along(places, most=len(places) // len(halves))}
        # Otherwise the trace that is drawn first would say which period comes first.
        across |= {"categoryorder": "array", "categoryarray": [escaped(one.label) for one in places]}
        layout[f"xaxis{suffix}"] = across
        layout[f"yaxis{suffix}"] = {"anchor": x, **up, **({"side": "right"} if suffix else {})}
    return {"data": data, "layout": layout | {"barmode": "overlay", "bargap": 0.55}}


def _traces(places, names: Names, short: Shown, exact: Shown, x: str, y: str, scale: list) -> list[dict]:
    labels, axes = [escaped(one.label) for one in places], {"xaxis": x, "yaxis": y}
    found = []
    if open_ones := [one for one in places if not one.is_certain and one.now is not None]:
        found.append(_hatched(open_ones, names.provisional, scale[0]) | axes)
    if any(one.then is not None for one in places):
        found.append(_line(labels, [one.then for one in places], names.then, exact, "py") | axes)
    texts, positions, weights = _labelled(places, short, scale[1] - scale[0])
    found.append(
        _line(labels, [one.now for one in places], names.now, exact, "ac")
        | axes
        | {
            "mode": "lines+markers+text",
            "text": texts,
            "textposition": positions,
            "textfont": {"weight": weights},
            "cliponaxis": False,
            "marker": {"symbol": ["circle" if one.is_certain else "circle-open" for one in places]},
        }
    )
    if any(one.target is not None for one in places):
        line = _line(labels, [one.target for one in places], names.target, exact, "target")
        found.append(line | axes | {"mode": "markers"})
    return found


def _line(labels, values, name: str, exact: Shown, role: str) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escaped(name),
        "x": labels,
        "y": [number(value) for value in values],
        "customdata": ["–" if value is None else escaped(exact(value)) for value in values],
        "hovertemplate": f"%{{customdata}}<extra>{escaped(name)}</extra>",
        "meta": {"role": role},
        "connectgaps": False,
    }


def _hatched(places: Sequence[Place], name: str, floor: float) -> dict:
    """Columns under what is not certified yet, from the foot of the axis up to the point."""
    return {
        "type": "bar",
        "name": escaped(name),
        "x": [escaped(one.label) for one in places],
        "base": [floor for _ in places],
        "y": [float(one.now) - floor for one in places],
        "hoverinfo": "skip",
        "meta": {"role": "fc"},
    }


def _labelled(places: Sequence[Place], short: Shown, height: float) -> tuple[list[str], list[str], list[int]]:
    """The last point in bold, the highest and the lowest plain; every other point is bare. The highest is bare too
    where its label would lie under that of the last. A label keeps clear of the line that leads to its point and of
    the mark of its target."""
    known = [index for index, one in enumerate(places) if one.now is not None]
    texts, positions, weights = [""] * len(places), ["top center"] * len(places), [400] * len(places)
    if not known:
        return texts, positions, weights
    high = max(known, key=lambda index: (places[index].now, index))
    low = min(known, key=lambda index: (places[index].now, -index))
    for index in {low, known[-1]} if 0 < known[-1] - high < APART else {high, low, known[-1]}:
        texts[index] = escaped(short(places[index].now))
    weights[known[-1]] = 700
    for index in {high, low, known[-1]}:
        side = "right" if index == 0 else "left" if index == len(places) - 1 else "center"
        before = places[index - 1].now if index else None
        falls = index == known[-1] != high and before is not None and before > places[index].now
        is_below = index == low != high or falls
        positions[index] = f"{'bottom' if is_below else 'top'} {side}"
        if texts[index]:
            texts[index] = _clear(texts[index], places[index], height, is_below=is_below)
    return texts, positions, weights


def _clear(text: str, place: Place, height: float, *, is_below: bool) -> str:
    """The label, with as many empty lines towards its point as keep it off the mark of the target."""
    if place.target is None or not height:
        return text
    off = float(place.target - place.now) / height * (-1 if is_below else 1)
    lines = next((count for most, count in CLEAR if 0 <= off <= most), 0)
    return "<br>" * lines + text if is_below else text + "<br>&nbsp;" * lines
