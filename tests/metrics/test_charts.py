"""Figures are plain Plotly dicts that Plotly's own schema accepts."""

import json
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import charts
from metrics.charts import Bar, Point


def text(value):
    return f"{value:,.0f}"


def points(*values, **more):
    return [Point(f"2026-{n:02}", (f"M{n}", "2026" if n == 1 else ""), D(v) if v is not None else None, D(90), **more)
            for n, v in enumerate(values, 1)]  # fmt: skip


def made(name):
    return {
        "trend": lambda: charts.trend(
            points(100, None, 300), now="Now", then="PY", axis=text, short=text, exact=text
        ),
        "empty trend": lambda: charts.trend(
            points(None, None), now="Now", then="PY", axis=text, short=text, exact=text
        ),
        "ranking": lambda: charts.ranking(
            [Bar("Germany", D(50), D(-3)), Bar("France", D(-2), None), Bar("–", None, None, is_certain=False)],
            now="Oct", change="Δ", short=text, signed=text, better="up",
        ),
        "bridge": lambda: charts.bridge(
            [("2025", D(100), "absolute"), ("Orders", D(30), "relative"),
             ("AOV", D(-5), "relative"), ("2026", D(125), "total")],
            axis=text, short=text, signed=text,
        ),
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", ["trend", "empty trend", "ranking", "bridge"])
def test_plotly_accepts_every_figure_and_it_carries_no_style(name):
    figure = made(name)
    go.Figure(figure)
    plain = json.dumps(figure, allow_nan=False)
    assert "color" not in plain and "template" not in figure["layout"]
    assert all(trace["meta"]["role"] for trace in figure["data"])
    axes = [axis for key, axis in figure["layout"].items() if "axis" in key]
    assert all("tickformat" in axis for axis in axes)


def test_a_missing_value_is_a_gap_not_a_nought():
    _then, now = made("trend")["data"]
    assert now["y"] == [100.0, None, 300.0] and now["connectgaps"] is False
    assert (now["text"], now["customdata"]) == (["", "", "300"], ["100", "–", "300"])


def test_what_is_not_certified_is_drawn_hollow():
    figure = charts.trend(
        [*points(1), *points(2, is_certain=False)], now="a", then="b", axis=text, short=text, exact=text
    )
    assert figure["data"][1]["marker"]["symbol"] == ["circle", "circle-open"]


def test_the_first_member_stands_on_top_with_its_change_beside_it():
    bars, changes = made("ranking")["data"]
    assert bars["y"] == changes["y"] == ["–", "France", "Germany"]
    assert changes["x"] == [None, None, -3.0] and changes["xaxis"] == "x2"


@pytest.mark.parametrize(
    "name", ["<b>x</b>", '<a href="javascript:alert(1)">x</a>', "A & B", "<img src=x onerror=alert(1)>"]
)
def test_a_name_is_never_markup(name):
    figure = charts.ranking([Bar(name, D(1), D(1))], now=name, change="Δ", short=text, signed=text, better="")
    assert (
        "<a " not in json.dumps(figure)
        and "<b>" not in json.dumps(figure)
        and "<img" not in json.dumps(figure)
    )
    assert figure["data"][0]["y"] == [charts.escaped(name)]


def test_axes_start_at_nought_with_round_ticks():
    axis = charts.ticks([D(812), D(399)], text)
    assert axis["tickvals"] == [0, 250, 500, 750, 1000]
    assert axis["range"][0] == 0 and axis["ticktext"][-1] == "1,000"
    assert charts.ticks([D(-30), D(70)], text)["tickvals"] == [-50, -25, 0, 25, 50, 75]


@given(st.lists(st.none() | st.decimals(-(10**12), 10**12, places=2), max_size=30))
def test_ticks_hold_every_value(values):
    axis = charts.ticks(values, text)
    low, high = axis["range"]
    assert all(low <= float(value) <= high for value in values if value is not None)
    assert 2 <= len(axis["tickvals"]) <= 8
