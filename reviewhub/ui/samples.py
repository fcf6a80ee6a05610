"""What the style page shows: one of everything, in its states. Pure data, no rows."""

import datetime as dt

from django.core.paginator import Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reviewhub.ui import figures

TOAST = _("Handed in. The data owner has been told.")

MONTHS = [f"{year}-{month:02d}-01" for year in (2025, 2026) for month in range(1, 13)][9:21]
SALES = [6.12, 6.85, 9.41, 7.02, 5.31, 6.44, 6.71, 6.98, 7.24, 7.61, 7.33, 8.21]
BEFORE = [5.60, 6.10, 8.52, 6.41, 5.12, 6.02, 6.12, 6.33, 6.40, 6.90, 7.01, 7.33]
COUNTRIES = [
    ("United Kingdom", 3.12, 0.31),
    ("Germany", 2.05, 0.46),
    ("France", 1.10, -0.12),
    ("Japan", 0.84, 0.07),
    ("…", 1.10, -0.03),
]


def trend(chinese: bool) -> dict:
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": MONTHS,
                "y": BEFORE,
                "name": "PY",
                "meta": {"role": "py"},
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": MONTHS,
                "y": SALES,
                "name": "AC",
                "meta": {"role": "ac"},
            },
            {"type": "scatter", "x": MONTHS[-1:], "y": [8.0], "name": "BU", "meta": {"role": "target"}},
        ],
        "layout": {
            "xaxis": {"tickformat": "%-m月\n%Y" if chinese else "%b\n%Y", "dtick": "M2"},
            "yaxis": {"tickformat": ".0f"},
            "annotations": [
                {"x": MONTHS[-1], "y": SALES[-1], "text": "8.21", "yshift": 12},
                {"x": MONTHS[2], "y": SALES[2], "text": "9.41", "yshift": 12},
            ],
        },
    }


def ranking() -> dict:
    names, values, changes = zip(*reversed(COUNTRIES), strict=True)
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": values,
                "meta": {"role": "ac"},
                "text": values,
                "texttemplate": "%{x:.2f}",
                "textposition": "outside",
                "cliponaxis": False,
            },
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": changes,
                "xaxis": "x2",
                "meta": {"role": "change"},
                "text": [figures.signed(figures.number(change, 2), change) for change in changes],
                "texttemplate": "%{text}",
                "textposition": "outside",
                "cliponaxis": False,
            },
        ],
        "layout": {
            "xaxis": {"domain": [0, 0.62], "showticklabels": False, "showgrid": False, "ticks": ""},
            "xaxis2": {
                "domain": [0.7, 1],
                "range": [-0.4, 0.9],
                "showticklabels": False,
                "showgrid": False,
                "ticks": "",
                "zeroline": True,
            },
            "hovermode": "closest",
        },
    }


def bridge() -> dict:
    return {
        "data": [
            {
                "type": "waterfall",
                "x": ["PY", "Orders", "AOV", "FX", "AC"],
                "measure": ["absolute", "relative", "relative", "relative", "total"],
                "y": [7.33, 1.14, -0.2, -0.06, 0],
                "text": ["7.33", "+1.14", "−0.20", "−0.06", "8.21"],
                "textposition": "outside",
                "cliponaxis": False,
                "meta": {"role": "bridge", "better": "up"},
            }
        ],
        "layout": {"yaxis": {"tickformat": ".0f"}, "hovermode": "closest"},
    }


def strip(at: dt.datetime) -> dict:
    """A cycle in the middle, as of `at`."""
    days = [
        ("T−14", _("opens"), -8),
        ("T−7", _("data due"), 1),
        ("T−4", _("freeze"), 4),
        ("T-0", _("meeting"), 8),
        ("+48 h", _("budget"), 10),
    ]
    nodes = [
        {
            "key": label,
            "label": label,
            "sub": sub,
            "at": at + dt.timedelta(days=away),
            "url": "#",
            "state": "done" if away < 0 else "next" if away == 1 else "future",
        }
        for label, sub, away in days
    ]
    mine = {"label": _("submit sales data"), "at": at + dt.timedelta(days=1, hours=3, minutes=12), "url": "#"}
    return {"cycle": nodes, "cycle_today": _("today T−8"), "next_deadline": mine}


def navigation() -> list[dict]:
    entries = [
        ("home", _("My review"), 4),
        ("chart-line", _("Sales"), 0),
        ("upload", _("Data"), 2),
        ("shield-check", _("Certify"), 0),
        ("book", _("Dictionary"), 0),
        ("calendar-event", _("Meetings"), 0),
        ("checklist", _("Actions"), 7),
        ("building", _("Departments"), 0),
    ]
    return [
        {"icon": icon, "label": label, "badge": badge, "url": f"#{icon}", "active": icon == "home"}
        for icon, label, badge in entries
    ]


def context(query, at: dt.datetime) -> dict:
    """Everything the style page needs; `bare` in the query leaves the shell empty."""
    shell = {} if "bare" in query else {**strip(at), "navigation": navigation()}
    return {
        **shell,
        "company": "Northwind 北风",
        "current_review": _("September 2026 review"),
        "at": at,
        "states": ["pass", "warn", "fail", "waived", "na", "queued", "running", "draft"],
        "statuses": ["open", "in_progress", "done", "on_track", "at_risk", "off_track", "blocked"],
        "badges": ["certified", "provisional", "draft", "restated", "late", "rejected", "live", "none"],
        "trend": trend(figures.is_chinese(get_language() or "")),
        "ranking": ranking(),
        "bridge": bridge(),
        "countries": COUNTRIES,
        "spark": SALES,
        "changes": [
            {"value": 0.121, "text": "+12.1%", "better": "up", "reference": "PY"},
            {"value": 0.024, "text": "+2.4%", "better": "up", "reference": "BU"},
        ],
        "worse": [{"value": 0.021, "text": "+2.1 pp", "better": "down", "reference": "PY"}],
        "tabs": [
            {"label": _("Overview"), "url": "#", "active": True, "count": None},
            {"label": _("Checks"), "url": "#", "active": False, "count": 31},
            {"label": _("History"), "url": "#", "active": False, "count": None},
        ],
        "grains": [
            {"label": _("Day"), "url": "#", "active": False},
            {"label": _("Week"), "url": "#", "active": False},
            {"label": _("Month"), "url": "#", "active": True},
        ],
        "page": Paginator(range(487), 50).page(3),
        "two_problems": [_("3 items lack an owner or a date."), _("2 required checks fail.")],
        "segments": [
            _("Opening"),
            _("Sales"),
            _("Marketing"),
            _("Supply chain"),
            _("Finance"),
            _("Technology"),
        ],
    }
