"""Drawings of the boards: plain dicts that Plotly's schema accepts, without style, and true to their figures."""

import json
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest

from metrics.drawings import dots, grids, lines, panels, stacks, steps

LABELS = ["Aug 2026", "Sep 2026", "Oct 2026"]
TICKS = ["Aug\n2026", "Sep", "Oct"]


def text(value):
    return f"{value:,.1f}"


def panel(title="Germany", values=(D(1), None, D(3)), **more):
    line = panels.Line("Now", "ac", values)
    return panels.Panel(title, [line, panels.Line("Then", "py", (D(2), D(2), D(2)))], text, **more)


FIGURES = {
    "panels": lambda: panels.panels(
        [panel(areas=[panels.Area("band", D("1.5"), D(9))], limit=D(2)), panel("<b>")],
        labels=LABELS, ticks=TICKS, axis=text,
    ),
    "panels with scales of their own": lambda: panels.panels([panel()], labels=LABELS, ticks=TICKS),
    "intervals": lambda: panels.panels(
        [panels.Panel("DE", [panels.Line("n", "ac", (D(2), D(3), None), low=(D(1), D(2), None),
                                         high=(D(3), D(5), None))], text)],
        labels=LABELS, ticks=TICKS,
    ),
    "columns": lambda: stacks.columns(
        [stacks.Layer("A", "cat-1", (D(1), D(2), D(3))), stacks.Layer("B", "cat-2", (None, D(1), D(4)))],
        labels=LABELS, ticks=TICKS, axis=text, shown=text,
    ),
    "bars": lambda: stacks.bars(
        [stacks.Layer("A", "cat-1", (D(1), D(2))), stacks.Layer("B", "cat-2", (D(3), None))],
        labels=["x", "y"], shown=text,
    ),
    "whole bars": lambda: stacks.bars(
        [stacks.Layer("A", "cat-1", (D(1), D(2))), stacks.Layer("B", "cat-2", (D(3), D(2)))],
        labels=["x", "y"], shown=text, whole=True,
    ),
    "dots": lambda: dots.dots(
        [dots.Dot("DE", D(3), D(2), D(2), D(5), "n=420"), dots.Dot("US", None)],
        shown=text, axis=text, name="Now", before="Then", reference=("LTV180", D(4)),
    ),
    "dots in an area": lambda: dots.dots(
        [dots.Dot("DE", D(99))], shown=text, axis=text, name="Now", area=("band", D(95), D(105)),
    ),
    "strip": lambda: dots.strip(
        [("DE", [("W01", D(3)), ("W02", D(5))], D(4)), ("US", [], None)], shown=text, axis=text, name="Days"
    ),
    "channels": lambda: dots.channels(
        [dots.Channel("Search", D(1000), D("2.5"), D(40), "…"), dots.Channel("Social", D(500), None, D(1), "…")],
        spend=text, rate=text, amount=text, returns=[D(1000), D(2000)],
    ),
    "grid": lambda: grids.grid(
        [("DE", [grids.Cell("shade-1", "1", "Aug 1"), None, grids.Cell("immature", "3", "Oct 3")])], ticks=TICKS
    ),
    "funnel": lambda: steps.funnel(
        [steps.Step("Seen", D(10000)), steps.Step("Clicked", D(100), D("0.01"), D("-0.002"))],
        shown=text, rate=text, points=text, now="Oct", change="Δ",
    ),
    "pareto": lambda: steps.pareto([("A", D(3)), ("B", D(1))], shown=text, share=text, name="Units"),
    "ranked": lambda: steps.ranked([("A", D(3)), ("B", None)], shown=text, name="n", target=("Goal", D(5))),
    "around nought": lambda: steps.around_nought([("A", D(3)), ("B", D(-1))], shown=text, name="n", better="up"),
    "gap": lambda: lines.gap(
        ("Promise", (D("0.93"), None, D("0.91"))), ("SLA", (D("0.95"), D("0.96"), D("0.97"))),
        labels=LABELS, ticks=TICKS, axis=text, shown=text, target=("97 %", D("0.97")),
    ),
    "timeline": lambda: lines.timeline([("Rivals", [(0, "1", "1 note")]), ("Rules", [])], ticks=TICKS),
    "nothing": lambda: panels.panels([], labels=[], ticks=[]),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_every_drawing_and_it_carries_no_colour(name):
    figure = FIGURES[name]()
    go.Figure(figure)
    plain = json.dumps(figure, allow_nan=False)
    assert "color" not in plain and "template" not in figure["layout"] and "<b>" not in plain
    assert all(trace["meta"]["role"] for trace in figure["data"])
    assert all("tickformat" in axis for key, axis in figure["layout"].items() if "axis" in key)


def test_panels_share_one_scale_and_each_has_axes_of_its_own():
    figure = FIGURES["panels"]()
    assert figure["layout"]["yaxis"]["range"] == figure["layout"]["yaxis2"]["range"]
    assert {trace["yaxis"] for trace in figure["data"]} == {"y", "y2"}
    now = figure["data"][1]
    assert now["y"] == [1.0, None, 3.0] and now["connectgaps"] is False and now["text"] == ["", "", "3.0"]


def test_a_band_is_cut_to_the_scale_instead_of_stretching_it():
    area = FIGURES["panels"]()["data"][0]
    low, high = FIGURES["panels"]()["layout"]["yaxis"]["range"]
    assert (min(area["y"]), max(area["y"])) == (1.5, high) and low <= 1.5


def test_parts_of_a_whole_are_as_long_as_their_share_and_say_their_figure():
    first, second = FIGURES["whole bars"]()["data"]
    assert (first["x"], second["x"]) == ([0.25, 0.5], [0.75, 0.5])
    assert (first["text"], second["text"]) == (["1.0", "2.0"], ["3.0", "2.0"])


def test_the_top_of_a_column_is_its_parts_together():
    said = [note["text"] for note in FIGURES["columns"]()["layout"]["annotations"]]
    assert said == ["A", "B", "7.0"]


def test_every_point_of_a_curve_of_equal_return_has_that_return():
    curves = [trace for trace in FIGURES["channels"]()["data"] if trace["meta"]["role"] == "iso"]
    for curve, worth in zip(curves, (1000, 2000), strict=True):
        assert all(abs(x * y - worth) < 1e-6 for x, y in zip(curve["x"], curve["y"], strict=True))
    assert FIGURES["channels"]()["data"][-1]["x"] == [1000.0]  # a channel without a margin is not placed


def test_shades_go_from_the_least_to_the_largest_and_leave_gaps_out():
    assert grids.shades([D(1), None, D(3), D(2)]) == ["shade-1", "", "shade-5", "shade-3"]
    assert grids.shades([D(2), D(2)]) == ["shade-3", "shade-3"]
    assert grids.shades([None]) == [""]


def test_cells_of_one_kind_are_one_trace_and_stand_in_their_row_and_column():
    figure = FIGURES["grid"]()
    assert [(trace["meta"]["role"], trace["x"], trace["base"]) for trace in figure["data"]] == [
        ("immature", [2], [-0.44]),
        ("shade-1", [0], [-0.44]),
    ]


def test_a_funnel_prints_each_rate_and_its_change_in_points():
    now, change = FIGURES["funnel"]()["data"]
    assert now["text"] == ["10,000.0", "100.0 · 0.0"]
    assert change["x"] == [None, -0.002] and now["x"] == [10.0, pytest.approx(3.1623, abs=1e-4)]


def test_a_pareto_says_what_everything_so_far_makes_of_the_whole():
    assert FIGURES["pareto"]()["data"][0]["text"] == ["3.0 · 0.8", "1.0 · 1.0"]


def test_two_lines_are_filled_between_and_named_at_their_ends():
    figure = FIGURES["gap"]()
    assert figure["data"][1]["fill"] == "tonexty" and figure["data"][1]["meta"]["area"] == "gap"
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["Promise", "SLA", "97 %"]
