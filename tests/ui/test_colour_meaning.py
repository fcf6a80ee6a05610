"""Meaning of colour: arrows say where a figure goes; what colour leaves open is said by a word."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from metrics.web.blocks import Bar
from reviewhub.ui import words

pytestmark = pytest.mark.browser
CSS = "".join(Path("static/css", name).read_text() for name in ("tokens.css", "components/figures.css"))
BLUE, ORANGE, GREEN, RED = "#0072b2", "#b34700", "#117a3d", "#c62828"
# meaning → colours of: up and good, down and bad, up and bad, down and good.
TABLE = {
    "A": (BLUE, ORANGE, ORANGE, BLUE),
    "B": (GREEN, RED, RED, GREEN),
    "C": (RED, GREEN, RED, GREEN),
    "D": (GREEN, RED, GREEN, RED),
}
CHANGES = [(1, "up"), (-1, "up"), (1, "down"), (-1, "down")]
SHOWN = """() => [...document.querySelectorAll(".change")].map((one) => [
  getComputedStyle(one).color, one.querySelector(".change-word").getBoundingClientRect().width > 10])"""
PAINTED = """async ([source, figure]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { inColours } = await import(url);
  return inColours(figure, getComputedStyle(document.documentElement)).data[0];
}"""


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.fixture
def shown(context):
    """`shown(meaning, body)` is a page with these colours."""

    def go(meaning: str, body: str = ""):
        page = context.new_page()
        head = f'<meta name="plotly" data-favourable="favourable" data-adverse="adverse"><style>{CSS}</style>'
        page.set_content(
            f'<html data-colours="{meaning}" data-bs-theme="light"><head>{head}</head><body>{body}</body></html>'
        )
        return page

    return go


@pytest.mark.parametrize("meaning", TABLE)
def test_a_change_has_the_colour_of_its_meaning_and_a_word_where_direction_and_goodness_part(shown, meaning):
    with translation.override("en"):
        body = "".join(
            render_to_string("ui/_change.html", words.change(value, "12", better) | {"reference": ""})
            for value, better in CHANGES
        )
    found = shown(meaning, body).evaluate(SHOWN)
    assert [colour for colour, _word in found] == [rgb(one) for one in TABLE[meaning]]
    forced = meaning in "CD"
    assert [word for _colour, word in found] == [False, False, forced, forced]


@pytest.mark.parametrize("meaning", TABLE)
@pytest.mark.parametrize("better", ["up", "down"])
def test_bars_of_changes_are_painted_and_worded_alike(shown, meaning, better):
    trace = {"type": "bar", "x": ["a", "b"], "y": [2, -2], "text": ["+2", "−2"]}
    trace["meta"] = {"role": "change", "better": better}
    source = Path("static/js/charts/colours.js").read_text()
    made = shown(meaning).evaluate(PAINTED, [source, {"data": [trace], "layout": {}}])
    up_good, down_bad, up_bad, down_good = TABLE[meaning]
    fills = (up_good, down_bad) if better == "up" else (up_bad, down_good)
    filled = {ORANGE: "#d55e00"}  # areas need less contrast than text
    assert made["marker"]["color"] == [filled.get(one, one) for one in fills]
    forced = meaning in "CD" and better == "down"
    assert made["text"] == (["+2 adverse", "−2 favourable"] if forced else ["+2", "−2"])


def test_only_the_steps_of_a_bridge_are_evaluated(shown):
    trace = {"type": "waterfall", "x": ["a", "b", "c"], "y": [9, 1, 10], "text": ["9", "+1", "10"]}
    trace |= {"measure": ["absolute", "relative", "total"], "meta": {"role": "bridge", "better": "down"}}
    source = Path("static/js/charts/colours.js").read_text()
    made = shown("C").evaluate(PAINTED, [source, {"data": [trace], "layout": {}}])
    assert made["text"] == ["9", "+1 adverse", "10"]
    assert made["increasing"]["marker"]["color"] == RED and made["decreasing"]["marker"]["color"] == GREEN


@pytest.mark.parametrize(
    ("bar", "direction", "contrary"),
    [
        (Bar(50, 9, "good"), "up", False),
        (Bar(50, 9, "bad"), "up", True),
        (Bar(41, 9, "good"), "down", True),
        (Bar(41, 9, "bad"), "down", False),
        (Bar(50, 9, "plain"), "", False),
    ],
)
def test_a_bar_in_a_cell_knows_its_direction(bar, direction, contrary):
    assert (bar.direction, bar.contrary) == (direction, contrary)
