"""Text of every token keeps 4.5:1, edges of controls 3:1, on every ground of both themes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

TOKENS = Path("static/css/tokens.css").read_text()
TEXTS = ["text", "text-muted", "text-faint", "action", "good", "bad", "warn", "danger", "ok"]
GROUNDS = ["page", "surface", "sunken", "raised", "hover"]
TINTED = [
    ("action", "action-tint"),
    ("text", "action-tint"),
    ("good", "good-tint"),
    ("bad", "bad-tint"),
    ("warn", "warn-tint"),
    ("text", "warn-tint"),
    ("danger", "danger-tint"),
    ("text", "danger-tint"),
    ("ok", "ok-tint"),
    ("action-text", "action"),
    ("action-text", "action-hover"),
]
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS] + TINTED


def block(selector: str) -> dict[str, str]:
    """The colours that the rule with this last selector sets."""
    body = re.search(re.escape(selector) + r" \{\n  (?:color-scheme|--good).*?\n\}", TOKENS, re.S).group(0)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


LIGHT = block('[data-bs-theme="light"]')
DARK = block('[data-bs-theme="dark"]')
THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light, green and red": LIGHT | block('[data-colours="B"]'),
    "light, by direction": LIGHT | {"good": "#117a3d", "bad": "#c62828"},
    "dark, by direction": DARK | {"good": "#4cc38a", "bad": "#ff6b6b"},
    "dark, green and red": DARK | block('[data-colours="B"][data-bs-theme="dark"]'),
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read_on_every_ground(theme):
    colours = THEMES[theme]
    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text, ground in PAIRS
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_and_marks_can_be_seen(theme):
    colours = THEMES[theme]
    marks = ["edge", "focus", "bad-fill", "chart-ac", "chart-2"]
    weak = {mark: contrast(colours[mark], colours["page"]) for mark in marks}
    assert {mark: ratio for mark, ratio in weak.items() if ratio < 3} == {}
