"""The 6-12 form: which periods, and a drawing that Plotly accepts."""

import json
from dataclasses import replace
from decimal import Decimal as D

import plotly.graph_objects as go
import pytest

from metrics import six_twelve
from metrics.periods import Period
from metrics.six_twelve import Names, Place

NAMES = Names("Now", "PY", "Target", "Provisional")


def text(value):
    return f"{value:,.0f}"


def places(*values, **more):
    return [
        Place(f"P{n}", (f"{n}", ""), None if value is None else D(value), D(90), **more)
        for n, value in enumerate(values)
    ]


def drawn(weeks, months, *, is_sum=True):
    return six_twelve.figure(
        weeks, months, names=NAMES, axis=text, short=text, exact=text, is_sum=is_sum
    )  # fmt: skip


def test_six_whole_weeks_and_twelve_months_and_four_periods_to_date():
    spans = six_twelve.spans(Period.parse("2026-08"))
    assert [one.text for one in spans.weeks] == [f"2026-W{week}" for week in range(30, 36)]
    assert (spans.months[0].text, spans.months[-1].text, len(spans.months)) == ("2025-09", "2026-08", 12)
    assert {name: one.text for name, one in spans.box.items()} == {
        "LW": "2026-W35",
        "MTD": "2026-08",
        "QTD": "2026-07-01..2026-08-31",
        "YTD": "2026-01-01..2026-08-31",
    }


def test_a_week_that_runs_into_the_next_month_is_not_the_last_one():
    assert six_twelve.spans(Period.parse("2026-10")).weeks[-1].text == "2026-W43"


def test_the_first_month_of_a_year_is_its_own_quarter_and_year_to_date():
    spans = six_twelve.spans(Period.parse("2026-01"))
    assert spans.box["MTD"] == spans.box["QTD"] == spans.box["YTD"] == Period.parse("2026-01")
    assert spans.weeks[0].text == "2025-W51" and len(list(spans.every())) == 18


def test_what_is_known_by_month_alone_has_no_weeks():
    spans = six_twelve.spans(Period.parse("2026-10"), weekly=False)
    assert spans.weeks == () and list(spans.box) == ["MTD", "QTD", "YTD"]


@pytest.mark.parametrize("is_sum", [True, False])
@pytest.mark.parametrize("weeks", [[], places(1, None, 3)])
@pytest.mark.parametrize(
    "months", [places(10, 20, 15, is_certain=False), places(None, -4, None, target=D(5)), places(None, None)]
)
def test_plotly_accepts_every_form_and_it_carries_no_style(weeks, months, is_sum):
    figure = drawn(weeks, months, is_sum=is_sum)
    go.Figure(figure)
    plain = json.dumps(figure, allow_nan=False)
    assert "color" not in plain and all(trace["meta"]["role"] for trace in figure["data"])
    assert all("tickformat" in axis for key, axis in figure["layout"].items() if "axis" in key)


def test_sums_have_two_axes_and_levels_share_their_range():
    weeks, months = places(100, 110), places(400, 480)
    sums, levels = drawn(weeks, months)["layout"], drawn(weeks, months, is_sum=False)["layout"]
    assert sums["yaxis"]["range"] != sums["yaxis2"]["range"] and sums["yaxis"]["range"][0] == 0
    assert levels["yaxis"]["range"] == levels["yaxis2"]["range"]
    assert (sums["yaxis2"]["side"], sums["xaxis"]["domain"]) == ("right", [0, 0.34])


def test_the_last_point_is_bold_and_the_extremes_are_labelled():
    now = next(one for one in drawn([], places(5, 9, 2, 7, None))["data"] if one["meta"]["role"] == "ac")
    assert now["text"] == ["", "", "2", "7", ""]  # the 9 would lie under the 7
    assert now["textfont"]["weight"] == [400, 400, 400, 700, 400]
    assert now["textposition"][2:4] == ["bottom center", "top center"]
    now = next(one for one in drawn([], places(9, 5, 2, 7, None))["data"] if one["meta"]["role"] == "ac")
    assert now["text"] == ["9", "", "2", "7", ""] and now["textposition"][0] == "top right"


def labels_of(months):
    now = next(one for one in drawn([], months)["data"] if one["meta"]["role"] == "ac")
    return list(zip(now["text"], now["textposition"], strict=True))


def test_a_label_lies_below_where_the_line_falls_towards_the_last_point():
    assert labels_of(places(5, 9, 2, 8, 7))[-1] == ("7", "bottom left")
    assert labels_of(places(9, 2, 7))[-1] == ("7", "top left")


@pytest.mark.parametrize(
    ("target", "label"),  # last year's 90 gives an axis of 103.75
    [
        ("40", "<br>40"),  # on the point itself
        ("34", "<br>40"),
        ("33", "<br><br>40"),
        ("27", "<br><br>40"),
        ("26", "40"),  # far below: the label fits between
        ("41", "40"),  # above: on the other side
        (None, "40"),
    ],
)
def test_a_label_keeps_clear_of_the_mark_of_its_target(target, label):
    high, low, last = places(90, 40, 70)
    assert labels_of([high, replace(low, target=target and D(target)), last])[1] == (label, "bottom center")


def test_above_a_point_the_empty_line_follows_the_label():
    first, last = places(50, 90)
    assert labels_of([first, replace(last, target=D("92"))])[1] == ("90<br>&nbsp;", "top left")


def test_provisional_points_are_hatched_up_to_the_point():
    certain = places(5)[0]
    figure = drawn([], [certain, *places(4, is_certain=False)], is_sum=False)
    hatched = [one for one in figure["data"] if one["meta"]["role"] == "fc"]
    assert len(hatched) == 1 and hatched[0]["base"][0] + hatched[0]["y"][0] == 4
    assert next(one for one in figure["data"] if one["meta"]["role"] == "ac")["marker"]["symbol"] == [
        "circle",
        "circle-open",
    ]


def test_periods_stand_in_their_order_whatever_is_drawn_first():
    months = [*places(5, 6), Place("P9", ("9", ""), D(4), is_certain=False)]
    across = drawn([], months)["layout"]["xaxis"]
    assert (across["categoryorder"], across["categoryarray"]) == ("array", ["P0", "P1", "P9"])


def test_targets_are_diamonds_without_a_line():
    figure = drawn([], places(5, target=D(6)))
    target = next(one for one in figure["data"] if one["meta"]["role"] == "target")
    assert (target["mode"], target["y"], target["customdata"]) == ("markers", [6.0], ["6"])


def test_names_are_never_markup():
    names = Names("<b>", "<i>", "<u>", "<s>")
    figure = six_twelve.figure(
        [], places(1, target=D(1)), names=names, axis=text, short=text, exact=text, is_sum=True
    )
    assert "<i>" not in json.dumps(figure) and "&lt;i&gt;" in json.dumps(figure)
