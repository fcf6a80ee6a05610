"""The names and marks of states, and the geometry of small drawings."""

from decimal import Decimal

from django.forms import widgets
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "queued": _("Queued"),
    "running": _("Running"),
    "pass": _("Passed"),
    "warn": _("Warning"),
    "fail": _("Failed"),
    "waived": _("Waived"),
    "na": _("Not applicable"),
    "draft": _("Draft"),
    "open": pgettext_lazy("state of a task", "Open"),
    "in_progress": _("In progress"),
    "done": _("Done"),
    "on_track": _("On track"),
    "at_risk": _("At risk"),
    "off_track": _("Off track"),
    "blocked": _("Blocked"),
}
MARKS = {
    "in_progress": "state-draft",
    "on_track": "status-on-track",
    "at_risk": "status-at-risk",
    "off_track": "status-off-track",
    "blocked": "status-blocked",
    "done": "state-pass",
    "open": "status-open",
}
BADGES = {
    "certified": _("Certified"),
    "provisional": _("Provisional"),
    "draft": _("Draft"),
    "none": _("No data"),
    "restated": _("Restated"),
    "late": _("Late"),
    "rejected": _("Rejected"),
    "live": _("Live"),
}
BADGE_MARKS = {"certified": "check", "restated": "history", "late": "clock", "rejected": "x", "live": "point"}
NOTE_ICONS = {"": "info-circle", "ok": "circle-check", "warn": "alert-triangle", "danger": "alert-circle"}
CONTROL_CLASSES = {
    "input": "form-control",
    "select": "form-select",
    "check": "form-check-input",
    "file": "form-control",
}


def state(code: str):
    return STATES.get(code, code)


def mark(code: str) -> str:
    return MARKS.get(code, f"state-{code}")


def badge(code: str):
    return BADGES.get(code, code)


def initials(name: str) -> str:
    """`Li Na` → LN, `王君` → 王君, `欧阳小雨` → 小雨: two characters by which colleagues know each other."""
    name = str(name).strip()
    if not name:
        return "?"
    if not name.isascii() and name[0] >= "\u2e80":
        return name[-2:]
    parts = name.replace("-", " ").split()
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def change(value, text: str, better: str) -> dict:
    """Direction and goodness of a variance. `better` is up, down, or empty where neither is."""
    direction = "" if not value else "up" if Decimal(value) > 0 else "down"
    good = "" if not direction or not better else "yes" if direction == better else "no"
    contrary = (direction, good) in {("up", "no"), ("down", "yes")}
    return {"direction": direction, "good": good, "contrary": contrary, "text": text}


def sparkline(values, width: int = 100, height: int = 28, rim: int = 3) -> dict:
    """Points of a small line in a box of `width` × `height`; gaps in the data stay gaps."""
    values = list(values)
    known = [float(value) for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    reach = (high - low) or 1.0
    step = width / max(len(values) - 1, 1)
    lines, line = [], []
    for place, value in enumerate(values):
        if value is None:
            lines, line = [*lines, line], []
            continue
        y = height - rim - (float(value) - low) / reach * (height - 2 * rim)
        line.append(f"{place * step:.1f},{y:.1f}")
    lines = [points for points in [*lines, line] if points]
    last = lines[-1][-1].replace(",", " ") if lines else ""
    return {"lines": [" ".join(points) for points in lines], "last": last, "box": f"0 0 {width} {height}"}


def control(bound) -> str:
    """Which kind of control a form field is drawn with."""
    widget = bound.field.widget
    if isinstance(widget, (widgets.RadioSelect, widgets.CheckboxSelectMultiple)):
        return "options"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, widgets.Select):
        return "select"
    return "file" if isinstance(widget, widgets.FileInput) else "input"
